import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { PackageData, VersionData } from "../../emulator/data";
import {
  cosignManifest,
  cosignTag,
  fallbackTag,
  type Image,
  imageManifest,
  indexOf,
  referrerOf,
  referrersIndex,
  versionOf,
} from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { removeFolder } from "../../scripts/remove-folder";
import type { RestoreEntry } from "../../src/inputs/restore-entry";
import { readSavedReport } from "../../src/inputs/saved-report";
import { serialize } from "../../src/output/report-file";
import { compileGlob } from "../../src/policy/pattern";
import type { Policy } from "../../src/policy/policy";
import type { Report } from "../../src/report/report";
import { runRestore } from "../../src/run/restore-run";
import { type RunResult, runPolicies } from "../../src/run/run";
import type { RunContext } from "../../src/run/run-context";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";
import { flaws } from "../support/wholeness";

/** One thing that was pushed. What it lists or signs are earlier things, by their place. */
interface Push {
  readonly kind: "image" | "index" | "signature" | "fallback" | "referrer";
  readonly of: readonly number[];
  readonly tag: string | undefined;
  readonly days: number;
  /** Deleted by someone else before the run. */
  readonly isDeleted: boolean;
}

const TAGS = ["latest", "edge", "v1", "v2", "pr-1", "pr-2", "pr-3", "pr-4"];
const LINES = [
  "v*: always",
  "v*: {last: 1}",
  "pr-*: 10d",
  "pr-*: never",
  "rest: {last: 1}",
  "rest: never",
  "untagged: never",
];

const pushes = fc.array(
  fc.record({
    kind: fc.constantFrom<Push["kind"]>(
      "image",
      "image",
      "index",
      "index",
      "signature",
      "fallback",
      "referrer",
    ),
    of: fc.uniqueArray(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }),
    tag: fc.option(fc.constantFrom(...TAGS), { nil: undefined }),
    days: fc.integer({ min: 0, max: 25 }),
    isDeleted: fc.integer({ min: 0, max: 6 }).map((n) => n === 0),
  }),
  { minLength: 3, maxLength: 14 },
);

const scenes = fc.record({
  pushes,
  lines: fc.uniqueArray(fc.constantFrom(...LINES), {
    minLength: 1,
    maxLength: 4,
    selector: (line) => line.split(":")[0],
  }),
  minKeep: fc.constantFrom(0, 0, 1, 3),
  grace: fc.boolean(),
  deleteEmptyPackage: fc.boolean(),
});

/** The versions of a package, from first to last pushed, each digest and each tag once. */
function versionsOf(list: readonly Push[]): VersionData[] {
  const images: Image[] = [];
  const versions: VersionData[] = [];
  const taken = new Set<string>();
  for (const [at, { kind, of, tag, days, isDeleted }] of list.entries()) {
    const parts = [...new Set(of.map((place) => images[place % Math.max(at, 1)]))].filter(
      (one) => one !== undefined,
    );
    const { image, ownTags } = make(kind, parts, `push ${at}`);
    if (taken.has(image.digest)) continue;
    const tags = [...ownTags, ...(tag === undefined ? [] : [tag])].filter((one) => !taken.has(one));
    for (const name of [image.digest, ...tags]) taken.add(name);
    images.push(image);
    const deleted = isDeleted ? { deletedAt: "1d ago" } : {};
    versions.push(versionOf(image, { id: at + 1, tags, createdAt: `${days + 1}d ago`, ...deleted }));
  }
  return versions;
}

function make(
  kind: Push["kind"],
  parts: readonly Image[],
  seed: string,
): { image: Image; ownTags: string[] } {
  const [first] = parts;
  if (kind === "image" || !first) return { image: imageManifest(seed), ownTags: [] };
  if (kind === "index") {
    // Nobody lists a signature as a platform, which is not read.
    const platforms = parts.filter(({ artifactType }) => artifactType === undefined);
    return { image: indexOf(platforms, { annotations: { seed } }), ownTags: [] };
  }
  if (kind === "signature") return { image: cosignManifest(first), ownTags: [cosignTag(first)] };
  if (kind === "referrer") return { image: referrerOf(first, `application/${seed}`), ownTags: [] };
  return { image: referrersIndex([referrerOf(first, `application/${seed}`)]), ownTags: [fallbackTag(first)] };
}

async function withPackage<T>(
  versions: readonly VersionData[],
  use: (emulator: Emulator, context: (isDryRun: boolean) => RunContext) => Promise<T>,
): Promise<T> {
  const app: PackageData = { owner: "acme", type: "container", name: "app", versions: [...versions] };
  const emulator = await startAcme({ packages: [app], limits: { primary: false, secondary: false } });
  const local = await localContext({ emulator });
  const context = (isDryRun: boolean): RunContext => ({ ...local, isDryRun });
  try {
    return await use(emulator, context);
  } finally {
    await emulator.close();
  }
}

/** All that is active: ids, digests, tags, times. */
function stateOf(emulator: Emulator): unknown {
  const one = emulator.package("app");
  if (one.deletedAt !== undefined) return "deleted";
  return one.versions
    .filter(({ deletedAt }) => deletedAt === undefined)
    .map(({ id, name, tags, updatedAt }) => ({ id, name, tags: [...tags].sort(), updatedAt }))
    .sort((a, b) => a.id - b.id);
}

const place = mkdtempSync(join(tmpdir(), "package-retention-"));
afterAll(() => removeFolder(place));

async function restoreFrom(report: Report, context: RunContext): Promise<RunResult> {
  writeFileSync(join(place, "report.json"), [...serialize(report)].join(""));
  const saved = await readSavedReport({
    path: "report.json",
    workspace: place,
    places: [place],
    input: "restore",
    owner: "acme",
  });
  const entries: RestoreEntry[] = [{ kind: "report", path: "report.json" }];
  const reports = [{ path: "report.json", report: saved }];
  return runRestore({ type: "container", packages: NOTHING, entries, reports }, context);
}

const NOTHING = { names: [], globs: [], excludes: [] };

function policyOf(lines: readonly string[], settings: Partial<Policy>, isGraceful: boolean): Policy {
  const made = policy(lines.join("\n"), settings);
  if (isGraceful) return made;
  const { grace: _, ...rest } = made;
  return rest;
}

describe("whatever the policy and the package", () => {
  it("restoring from the report gives the state before, and no image is broken on the way", async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ({ pushes: list, lines, grace, ...settings }) => {
        await withPackage(versionsOf(list), async (emulator, context) => {
          const before = stateOf(emulator);
          const flawsBefore = new Set(flaws(emulator.package("app")));
          const { report } = await runPolicies([policyOf(lines, settings, grace)], context(false));
          const deleted = report.packages[0]?.counts.deleted ?? 0;
          if (deleted === 0) return;
          const appeared: string[] = [];
          emulator.onRequest(() => {
            if (emulator.package("app").deletedAt !== undefined) return;
            appeared.push(...flaws(emulator.package("app")).filter((flaw) => !flawsBefore.has(flaw)));
          });
          const restored = await restoreFrom(report, context(false));
          expect(restored.report.packages[0]?.counts).toEqual({
            kept: 0,
            planned: deleted,
            restored: deleted,
          });
          expect(stateOf(emulator)).toEqual(before);
          expect(appeared).toEqual([]);
          const again = await restoreFrom(report, context(false));
          expect(again.report.packages[0]?.counts).toEqual({ kept: deleted, planned: 0 });
        });
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it("what a tag brings back without a report is whole, as far as it ever was", async () => {
    await fc.assert(
      fc.asyncProperty(pushes, async (list) => {
        // Of what was deleted, only a report tells that it refers to something, where no tag does.
        const told = list.filter(({ kind }) => kind !== "referrer");
        const versions = versionsOf(told.map((push) => ({ ...push, isDeleted: false })));
        const tagged = versions.filter(({ tags }) => tags?.some((tag) => TAGS.includes(tag)));
        if (tagged.length < 2) return;
        await withPackage(versions, async (emulator, context) => {
          const before = stateOf(emulator);
          const flawsBefore = new Set(flaws(emulator.package("app")));
          const lines = ["rest: never", "untagged: never"];
          const settings = { minKeep: 0, deleteEmptyPackage: false };
          await runPolicies([policyOf(lines, settings, false)], context(false));
          const glob = compileGlob("*");
          if ("error" in glob) throw new Error(glob.error);
          const entries: RestoreEntry[] = [{ kind: "tags", pattern: glob.value }];
          const packages = { ...NOTHING, names: ["app"] };
          await runRestore({ type: "container", packages, entries, reports: [] }, context(false));
          const back = new Set((stateOf(emulator) as { id: number }[]).map(({ id }) => id));
          expect(tagged.filter(({ id }) => !back.has(id ?? 0))).toEqual([]);
          expect(flaws(emulator.package("app")).filter((flaw) => !flawsBefore.has(flaw))).toEqual([]);
          const known = new Set((before as { id: number }[]).map(({ id }) => id));
          expect([...back].filter((id) => !known.has(id))).toEqual([]);
        });
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
