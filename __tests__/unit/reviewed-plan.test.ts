import type { SavedReport, SavedVersion } from "../../src/inputs/saved-report";
import type { PackageVersion } from "../../src/model/package-version";
import type { ImageStore } from "../../src/plan/image-store";
import type { PreparedPackage } from "../../src/plan/prepared";
import { holdUnreviewed, requireDryRun, reviewWarnings } from "../../src/prepare/reviewed-plan";
import { ago, askNothing, digest, image, NOW, play, policy } from "../support/builder";

const KEEP = policy("v*: always\npr-*: never\nuntagged: never", { untag: true });

/** The index `pr-1` with two parts, one of them shared with `pr-2`. */
const versions = [
  image({ id: 5, name: "v1", tags: ["v1", "pr-9"] }),
  image({ id: 4, name: "pr-2", tags: ["pr-2"] }),
  image({ id: 3, name: "pr-1", tags: ["pr-1"] }),
  image({ id: 2, name: "amd" }),
  image({ id: 1, name: "arm" }),
];
const indexes = { "pr-1": ["amd", "arm"], "pr-2": ["amd"] };

function prepared(): PreparedPackage {
  const { plan } = play({ policy: KEEP, versions }, { indexes });
  const manifests = new Map(
    Object.entries(indexes).map(([name, parts]) => [
      digest(name),
      {
        kind: "index" as const,
        manifests: parts.map((part) => ({ digest: digest(part), attestation: false })),
      },
    ]),
  );
  const read = new Map<string, { kind: "image" } | NonNullable<ReturnType<typeof manifests.get>>>();
  const store: ImageStore = {
    images: () => ({ manifests: read, exists: new Map(), versions: new Map() }),
    askAgain: () => {},
    learn: async (needs) => {
      for (const name of needs.manifests) read.set(name, manifests.get(name) ?? { kind: "image" });
    },
  };
  return {
    pkg: { type: "container", name: "app" },
    policy: KEEP,
    repository: "acme/app",
    now: NOW,
    plan,
    inUseFiles: [],
    askFacts: askNothing,
    held: new Map(),
    store,
  };
}

function saved(version: PackageVersion, changes: Partial<SavedVersion> = {}): SavedVersion {
  const { id, name, createdAt, updatedAt } = version;
  const isKept = version.tags.includes("v1");
  return {
    id,
    name,
    tags: [...version.tags],
    createdAt,
    updatedAt,
    verdict: isKept ? "keep" : "delete",
    reasons: [],
    ...(isKept ? { untag: ["pr-9"] } : { outcome: "planned" as const }),
    ...changes,
  };
}

/** A reviewed plan of the same versions; by id what was different in it, or that it did not have the version. */
function reviewed(changes: Record<number, Partial<SavedVersion> | "absent"> = {}): SavedReport {
  const list = versions.flatMap((version) => {
    const change = changes[version.id];
    return change === "absent" ? [] : [saved(version, change)];
  });
  return {
    generatedAt: ago("1d"),
    dryRun: true,
    status: "dry-run",
    owner: "acme",
    packages: [{ type: "container", name: "app", versions: list }],
  };
}

async function heldBy(report: SavedReport): Promise<Record<number, string>> {
  return Object.fromEntries((await holdUnreviewed(prepared(), report)).held);
}

describe("a reviewed plan", () => {
  it("holds nothing back where it is the same", async () => {
    expect(await heldBy(reviewed())).toEqual({});
  });

  it("holds back what it does not have, keeps, or has otherwise", async () => {
    expect(await heldBy(reviewed({ 2: "absent" }))).toEqual({ 2: "not in the reviewed plan" });
    const kept = { verdict: "keep" as const };
    expect(await heldBy(reviewed({ 2: kept }))).toEqual({
      2: "not in the reviewed plan, in which it is kept",
    });
    const skipped = { outcome: "skipped" as const };
    expect(await heldBy(reviewed({ 2: skipped }))).toEqual({
      2: "not in the reviewed plan, in which it is kept",
    });
    const changed = "changed since it was reviewed";
    expect(await heldBy(reviewed({ 2: { updatedAt: ago("3d") } }))).toEqual({ 2: changed });
    expect(await heldBy(reviewed({ 2: { tags: ["edge"] } }))).toEqual({ 2: changed });
    expect(await heldBy(reviewed({ 2: { name: digest("other") } }))).toEqual({ 2: changed });
  });

  it("holds back the parts of what it holds back, as far as anything that stays needs them", async () => {
    expect(await heldBy(reviewed({ 3: { tags: [] } }))).toEqual({
      1: "what it is a part of is kept",
      2: "what it is a part of is kept",
      3: "changed since it was reviewed",
    });
    expect(await heldBy(reviewed({ 4: "absent" }))).toEqual({
      2: "what it is a part of is kept",
      4: "not in the reviewed plan",
    });
  });

  it("holds back all of a package that it does not have", async () => {
    const other = { ...reviewed(), packages: [{ ...reviewed().packages[0], type: "npm" as const }] };
    expect(Object.keys(await heldBy(other as SavedReport))).toEqual(["1", "2", "3", "4"]);
  });

  it("removes only tags that it removes as well, of versions that have not changed", async () => {
    const untag = async (report: SavedReport) =>
      (await holdUnreviewed(prepared(), report)).plan.verdicts.flatMap((verdict) => verdict.untag ?? []);
    expect(await untag(reviewed())).toEqual(["pr-9"]);
    expect(await untag(reviewed({ 5: { untag: [] } }))).toEqual([]);
    expect(await untag(reviewed({ 5: { updatedAt: ago("3d") } }))).toEqual([]);
    expect(await untag(reviewed({ 5: "absent" }))).toEqual([]);
  });

  it("is compared in one sentence", async () => {
    const report = reviewed({ 4: "absent", 5: { verdict: "delete", outcome: "planned" } });
    const gone = saved(image({ id: 9, name: "gone" }));
    report.packages[0]?.versions.push(gone);
    expect(reviewWarnings(await holdUnreviewed(prepared(), report), report)).toEqual([
      {
        kind: "reviewed-plan",
        message:
          "app is not quite what was reviewed: 1 not in the reviewed plan, 1 what it is a part of is kept, " +
          "1 reviewed, and kept by the policy now, 1 reviewed, and not there any more. Only what both plans delete is deleted.",
      },
    ]);
    expect(reviewWarnings(await holdUnreviewed(prepared(), reviewed()), reviewed())).toEqual([]);
  });

  it("is that of a dry run", () => {
    expect(() => requireDryRun(reviewed(), "plan.json")).not.toThrow();
    expect(() => requireDryRun({ ...reviewed(), dryRun: false }, "plan.json")).toThrow(
      "plan-file: plan.json is the report of a run that was applied",
    );
  });
});
