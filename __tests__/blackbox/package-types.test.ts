import type { PackageData, VersionData } from "../../emulator/data";
import { multiArch } from "../../emulator/images";
import type { WrittenVersion } from "../../src/report/report";
import {
  container,
  daysAgo,
  type Run,
  release,
  run,
  startWorld,
  verdictsOf,
  writesOf,
} from "../support/world";

interface Case {
  readonly pkg: PackageData;
  /** The name as it travels. */
  readonly path: string;
  readonly keep: string;
  readonly verdicts: Record<number, string[]>;
  /** The ids of what goes, in the order of deletion. */
  readonly goes: readonly number[];
  readonly stays: readonly number[];
}

const RELEASES: readonly VersionData[] = [
  release(11, "1.0.0", 90),
  release(12, "1.1.0", 80),
  release(13, "2.0.0-rc.1", 70),
  release(14, "2.0.0", 60),
  release(15, "2.0.1-rc.1", 5),
  release(16, "nightly", 3),
];

/** npm, maven, nuget and rubygems: a version has one name, and no tags. */
function releases(type: PackageData["type"], name: string, path: string): Case {
  return {
    pkg: { owner: "acme", type, name, versions: [...RELEASES] },
    path,
    keep: "semver: 2\nprerelease: 14d",
    verdicts: {
      16: ["keep", 'tag "nightly" is not covered by any line'],
      15: ["keep", "prerelease: within 14d"],
      14: ["keep", "semver: last 2"],
      13: ["delete", "prerelease: older than 14d"],
      12: ["keep", "semver: last 2"],
      11: ["delete", "semver: beyond the last 2"],
    },
    goes: [13, 11],
    stays: [12, 14, 15, 16],
  };
}

const docker: Case = {
  pkg: {
    owner: "acme",
    type: "docker",
    name: "app/web",
    versions: [
      { ...release(11, "a1", 90), tags: ["1.0.0"] },
      { ...release(12, "b2", 80), tags: ["1.1.0"] },
      { ...release(13, "c3", 70), tags: [] },
      { ...release(14, "d4", 60), tags: ["2.0.0", "latest"] },
    ],
  },
  path: "docker/app%2Fweb",
  keep: "semver: 1\nlatest: always\nuntagged: never",
  verdicts: {
    14: ["keep", "semver: last 1", "latest: always"],
    13: ["delete", "untagged: never"],
    12: ["delete", "semver: beyond the last 1"],
    11: ["delete", "semver: beyond the last 1"],
  },
  goes: [13, 12, 11],
  stays: [14],
};

const V1 = multiArch("v1", { tags: ["v1", "latest"], createdAt: daysAgo(40) }, { attestations: false });
const PR = multiArch("pr", { tags: ["pr-7"], createdAt: daysAgo(30) }, { platforms: ["linux/amd64"] });

const image: Case = {
  pkg: container("team/app", [...V1.versions, ...PR.versions]),
  path: "container/team%2Fapp",
  keep: "v*: always\nlatest: always\npr-*: 14d",
  verdicts: {
    6: ["delete", "pr-*: older than 14d"],
    5: ["delete", "part of team/app:pr-7, which goes"],
    4: ["delete", "part of team/app:pr-7, which goes"],
    3: ["keep", "v*: always", "latest: always"],
    2: ["keep", "part of team/app:v1"],
    1: ["keep", "part of team/app:v1"],
  },
  goes: [6, 5, 4],
  stays: [1, 2, 3],
};

const CASES: Case[] = [
  image,
  releases("npm", "@acme/ui", "npm/%40acme%2Fui"),
  releases("maven", "com.acme.tool", "maven/com.acme.tool"),
  releases("nuget", "Acme.Tool", "nuget/Acme.Tool"),
  releases("rubygems", "acme-tool", "rubygems/acme-tool"),
  docker,
];

/** Verdicts with what became of the versions that go. */
function withOutcome(verdicts: Record<number, string[]>, outcome: string): Record<number, string[]> {
  return Object.fromEntries(
    Object.entries(verdicts).map(([id, texts]) => [
      id,
      texts[0] === "delete" ? [...texts, `→ ${outcome}`] : texts,
    ]),
  );
}

function withoutOutcome({ report }: Run): Omit<WrittenVersion, "outcome">[] {
  return (report?.packages[0]?.versions ?? []).map(({ outcome: _, ...version }) => version);
}

describe.each(CASES)("a $pkg.type package of an organization, $pkg.name", (one) => {
  const { type, name } = one.pkg;
  const inputs = { packages: name, "package-type": type, keep: one.keep };
  const planned = one.goes.length;
  const kept = one.stays.length;
  const counts = { kept, planned, deleted: 0, restored: 0, refused: 0, skipped: 0, failed: 0, remaining: 0 };
  const outputs = {
    "kept-count": `${kept}`,
    "planned-count": `${planned}`,
    "restored-count": "0",
    "refused-count": "0",
    "skipped-count": "0",
    "failed-count": "0",
    "remaining-count": "0",
    "report-file": expect.stringMatching(/[\\/]package-retention-report\.json$/),
  };

  it("is planned by a dry run, and then goes as it was planned", async () => {
    const emulator = await startWorld([one.pkg]);
    const dry = await run(emulator, inputs);
    expect(dry.exitCode).toBe(0);
    expect(dry.annotations).toEqual({ errors: [], warnings: [], notices: [] });
    expect(dry.outputs).toEqual({
      ...outputs,
      status: "dry-run",
      "deleted-count": "0",
      results: JSON.stringify([{ type, name, status: "dry-run", ...counts }]),
    });
    expect(dry.report).toMatchObject({ schemaVersion: 1, dryRun: true, status: "dry-run", owner: "acme" });
    expect(dry.report?.packages).toMatchObject([
      { type, name, status: "dry-run", counts: { kept, planned } },
    ]);
    expect(verdictsOf(dry)).toEqual(withOutcome(one.verdicts, "planned"));
    expect(writesOf(dry)).toEqual([]);
    expect(emulator.activeIds(name, type)).toHaveLength(kept + planned);

    const applied = await run(emulator, { ...inputs, "dry-run": "false" });
    expect(applied.exitCode).toBe(0);
    expect(applied.annotations).toEqual({ errors: [], warnings: [], notices: [] });
    expect(applied.outputs).toEqual({
      ...outputs,
      status: "complete",
      "deleted-count": `${planned}`,
      results: JSON.stringify([{ type, name, status: "complete", ...counts, deleted: planned }]),
    });
    expect(applied.report).toMatchObject({ dryRun: false, status: "complete" });
    expect(verdictsOf(applied)).toEqual(withOutcome(one.verdicts, "deleted"));
    expect(withoutOutcome(applied)).toEqual(withoutOutcome(dry));
    expect(writesOf(applied)).toEqual(
      one.goes.map((id) => `DELETE /orgs/acme/packages/${one.path}/versions/${id}`),
    );
    expect(emulator.activeIds(name, type)).toEqual(one.stays);
  });
});

describe("a container package", () => {
  it("loses nothing but what its lines let go: an untagged version without a line stays", async () => {
    const emulator = await startWorld([
      container("app", [
        { id: 1, createdAt: daysAgo(50) },
        { id: 2, tags: ["pr-1"], createdAt: daysAgo(40) },
        { id: 3, tags: ["v1"], createdAt: daysAgo(30) },
      ]),
    ]);
    const result = await run(emulator, { keep: "v*: always\npr-*: 14d", "dry-run": "false" });
    expect(verdictsOf(result)).toEqual({
      3: ["keep", "v*: always"],
      2: ["delete", "pr-*: older than 14d", "→ deleted"],
      1: ["keep", "untagged versions are not covered by any line"],
    });
    expect(emulator.activeIds("app")).toEqual([1, 3]);
  });
});
