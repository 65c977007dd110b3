import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { jest } from "@jest/globals";
import { pushManifest, restoreVersion } from "../../emulator/changes";
import type { VersionData } from "../../emulator/data";
import {
  attestationOf,
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
import { hasSignals } from "../support/signals";
import { flaws } from "../support/wholeness";
import {
  AT_FULL_SPEED,
  container,
  daysAgo,
  jobToken,
  npm,
  PAT,
  type Run,
  release,
  run,
  startWorld,
  verdictsOf,
  writesOf,
} from "../support/world";

jest.setTimeout(120_000);

const POLICY = "v*: always\npr-*: 14d\nuntagged: never";

/** Versions in the order in which they were pushed; ids ascend with it. */
function pushed(...images: [Image, ...string[]][]): VersionData[] {
  return images.map(([image, ...tags], at) =>
    versionOf(image, { tags, id: at + 1, createdAt: daysAgo(90 - at) }),
  );
}

/** Ids 1 to 5 stay: `v1` and its parts. Ids 6 to 15 go: `pr-1`, signed and scanned, and the nested `pr-2`. */
function images(): VersionData[] {
  const shared = imageManifest("shared", "linux/amd64");
  const arm = imageManifest("v1", "linux/arm64");
  const v1 = indexOf([shared, arm]);
  const amd = imageManifest("pr-1", "linux/amd64");
  const pr1 = indexOf([amd, shared, attestationOf(amd)]);
  const scan = referrerOf(pr1, "application/sarif+json");
  const leaf = imageManifest("leaf", "linux/amd64");
  const nested = indexOf([leaf]);
  const pr2 = indexOf([nested]);
  return pushed(
    [shared],
    [arm],
    [v1, "v1"],
    [cosignManifest(v1), cosignTag(v1)],
    [imageManifest("v2"), "v2"],
    [amd],
    [attestationOf(amd)],
    [pr1, "pr-1"],
    [cosignManifest(pr1), cosignTag(pr1)],
    [scan],
    [referrersIndex([scan]), fallbackTag(pr1)],
    [leaf],
    [nested],
    [pr2, "pr-2"],
    [imageManifest("pr-3"), "pr-3"],
  );
}

const GOING = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const ALL = [1, 2, 3, 4, 5, ...GOING];

const NO_LIMITS = { limits: { primary: false, secondary: false } } as const;

function startImages(): Promise<Emulator> {
  return startWorld([container("app", images())], NO_LIMITS);
}

/** All that is active: ids, digests, tags and times. */
function stateOf(emulator: Emulator, name = "app", type: "container" | "npm" = "container"): unknown {
  return emulator
    .package(name, type)
    .versions.filter(({ deletedAt }) => deletedAt === undefined)
    .map((version) => [version.id, version.name, [...version.tags].sort(), version.updatedAt]);
}

function fast(inputs: Record<string, string>): Record<string, string> {
  return { ...AT_FULL_SPEED.inputs, packages: "app", ...inputs };
}

const apply = (emulator: Emulator, keep = POLICY): Promise<Run> =>
  run(emulator, fast({ keep, "dry-run": "false" }), { env: AT_FULL_SPEED.env });

/** A run that restores; a report of an earlier run is there as `report.json`. */
function restore(
  emulator: Emulator,
  entries: string,
  { from, dry = false, ...more }: { from?: Run; dry?: boolean } & Partial<Parameters<typeof run>[2]> = {},
): Promise<Run> {
  return run(emulator, fast({ restore: entries, "dry-run": `${dry}` }), {
    env: AT_FULL_SPEED.env,
    ...(from ? { files: { "report.json": JSON.stringify(from.report) } } : {}),
    ...more,
  });
}

function activeTags(emulator: Emulator): string[] {
  return emulator
    .package("app")
    .versions.filter(({ deletedAt }) => deletedAt === undefined)
    .flatMap(({ tags }) => tags.filter((tag) => !tag.startsWith("sha256-")))
    .sort();
}

/** Notes each flaw that any request of the following runs would see. */
function watchFlaws(emulator: Emulator): string[] {
  const seen: string[] = [];
  emulator.onRequest(() => {
    seen.push(...flaws(emulator.package("app")));
  });
  return seen;
}

describe("restoring from a report", () => {
  it("is planned first, gives the state before, never shows a broken image, and is done once", async () => {
    const emulator = await startImages();
    const before = stateOf(emulator);
    const applied = await apply(emulator);
    expect(applied.outputs["deleted-count"]).toBe("10");
    const seen = watchFlaws(emulator);

    const dry = await restore(emulator, "report.json", { from: applied, dry: true });
    expect(dry.exitCode).toBe(0);
    expect(writesOf(dry)).toEqual([]);
    expect(dry.outputs).toMatchObject({ status: "dry-run", "planned-count": "10", "restored-count": "0" });
    expect(verdictsOf(dry)[8]).toEqual(["restore", "restored from report.json", "→ planned"]);
    expect(dry.summary).toContain("Dry run: 10 versions would be restored in 1 package");

    const restored = await restore(emulator, "report.json", { from: applied });
    expect(restored.exitCode).toBe(0);
    expect(restored.outputs).toMatchObject({
      status: "complete",
      "planned-count": "10",
      "restored-count": "10",
      "kept-count": "0",
    });
    expect(restored.annotations).toEqual({ errors: [], warnings: [], notices: [] });
    expect(restored.summary).toContain("Restored 10 versions in 1 package");
    expect(restored.stdout).toContain("restore 10, restored from report.json");
    expect(stateOf(emulator)).toEqual(before);
    expect(seen).toEqual([]);

    const again = await restore(emulator, "report.json", { from: applied });
    expect(again.exitCode).toBe(0);
    expect(writesOf(again)).toEqual([]);
    expect(again.outputs).toMatchObject({ status: "complete", "planned-count": "0", "kept-count": "10" });
    expect(verdictsOf(again)[8]).toEqual(["keep", "active already"]);
    expect(again.summary).toContain("Nothing to restore; 10 versions named are active already");
  });

  it.each(["report.json", "pr-*"])(
    "brings back with %s what GitHub still lists though it was deleted",
    async (entries) => {
      const emulator = await startWorld([{ ...container("app", images()), ghosts: true }], NO_LIMITS);
      const before = stateOf(emulator);
      const applied = await apply(emulator);
      expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5]);
      const restored = await restore(emulator, entries, { from: applied });
      expect(restored.exitCode).toBe(0);
      expect(restored.outputs).toMatchObject({ status: "complete", "restored-count": "10" });
      expect(stateOf(emulator)).toEqual(before);
    },
  );

  it("finishes on the second try, wherever the first one was killed", async () => {
    for (const nth of [2, 8]) {
      const emulator = await startImages();
      const before = stateOf(emulator);
      const applied = await apply(emulator);
      await restore(emulator, "report.json", { from: applied, killAt: { nth, method: "POST" } });
      expect(emulator.activeIds("app").length).toBeLessThan(ALL.length);
      expect(flaws(emulator.package("app"))).toEqual([]);
      const second = await restore(emulator, "report.json", { from: applied });
      expect(second.outputs.status).toBe("complete");
      expect(stateOf(emulator)).toEqual(before);
    }
  });

  it("reads it from anywhere, brings back packages of any type, and leaves other deleted versions alone", async () => {
    const emulator = await startWorld(
      [
        npm("@acme/ui", [
          release(21, "1.0.0"),
          release(22, "1.1.0"),
          { ...release(23, "1.2.0"), deletedAt: daysAgo(2) },
        ]),
        container("app", images()),
      ],
      NO_LIMITS,
    );
    const applied = await run(
      emulator,
      {
        ...AT_FULL_SPEED.inputs,
        "package-type": "npm",
        packages: "@acme/ui",
        keep: "semver: 1",
        "dry-run": "false",
      },
      { env: AT_FULL_SPEED.env },
    );
    expect(emulator.activeIds("@acme/ui", "npm")).toEqual([22]);
    const path = applied.outputs["report-file"] ?? "";
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ status: "complete" });
    const sameJob = { env: { ...AT_FULL_SPEED.env, RUNNER_TEMP: dirname(path) } };
    const restored = await restore(emulator, path, sameJob);
    expect(restored.outputs["restored-count"]).toBe("1");
    expect(emulator.activeIds("@acme/ui", "npm")).toEqual([21, 22]);
    expect(emulator.activeIds("app")).toEqual(ALL);
  });

  it("brings back parts that a later run deleted", async () => {
    const emulator = await startImages();
    const earlier = await run(emulator, fast({ keep: POLICY, "dry-run": "false", protect: "6\n7" }), {
      env: AT_FULL_SPEED.env,
    });
    await apply(emulator);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5]);
    const restored = await restore(emulator, "report.json", { from: earlier });
    expect(restored.exitCode).toBe(0);
    expect(verdictsOf(restored)[6]).toEqual(["restore", "part of app:pr-1", "→ restored"]);
    expect(emulator.activeIds("app")).toEqual(ALL);
  });

  it("says what is wrong with a file that is no report for it, and requests nothing", async () => {
    const emulator = await startImages();
    const report = {
      schemaVersion: 1,
      generatedAt: daysAgo(0),
      dryRun: false,
      status: "complete",
      owner: "acme",
    };
    const cases: [string, string][] = [
      ["{", "restore: report.json is not JSON"],
      ["[]", "restore: report.json is not a report of this action"],
      [JSON.stringify({ ...report, schemaVersion: 2 }), "restore: report.json has the schemaVersion 2"],
      [
        JSON.stringify(report),
        "restore: report.json is not a report of this action, or was changed (packages",
      ],
      [JSON.stringify({ ...report, owner: "mona", packages: [] }), "is about the packages of mona"],
    ];
    for (const [text, message] of cases) {
      const failed = await restore(emulator, "report.json", { files: { "report.json": text } });
      expect(failed.exitCode).toBe(1);
      expect(failed.annotations.errors.join()).toContain(message);
      expect(failed.sent).toEqual([]);
    }
    const missing = await restore(emulator, "nowhere.json");
    expect(missing.annotations.errors.join()).toContain("restore: nowhere.json cannot be read in ");
  });
});

describe("restoring without a report", () => {
  it("brings back by tag whole images, to any depth, with their referrers", async () => {
    const emulator = await startImages();
    const before = stateOf(emulator);
    await apply(emulator);

    const dry = await restore(emulator, "pr-*", { dry: true });
    expect(verdictsOf(dry)[8]).toEqual(["restore", 'tag "pr-1" matches pr-*', "→ planned"]);
    expect(verdictsOf(dry)[9]).toEqual(["restore", "part of app:pr-1", "→ planned"]);
    expect(dry.annotations.warnings.join()).toContain("known only after the restore");
    expect(writesOf(dry)).toEqual([]);

    const restored = await restore(emulator, "pr-*");
    expect(restored.exitCode).toBe(0);
    expect(restored.outputs).toMatchObject({ status: "complete", "restored-count": "10" });
    expect(verdictsOf(restored)[12]).toEqual([
      "restore",
      `part of app@${nameOf(emulator, 13)}`,
      "→ restored",
    ]);
    expect(stateOf(emulator)).toEqual(before);
  });

  it("finishes an image whose restoration was interrupted", async () => {
    const emulator = await startImages();
    const before = stateOf(emulator);
    await apply(emulator);
    await restore(emulator, "pr-*", { killAt: { nth: 5, method: "POST" } });
    const dry = await restore(emulator, "pr-*", { dry: true });
    expect(dry.outputs["planned-count"]).not.toBe("0");
    const second = await restore(emulator, "pr-*");
    expect(second.outputs.status).toBe("complete");
    expect(stateOf(emulator)).toEqual(before);
  });

  it("takes version ids and digests, and tells what matched nothing", async () => {
    const emulator = await startImages();
    await apply(emulator);
    const digest = nameOf(emulator, 14);
    const restored = await restore(emulator, `15\n${digest}\n999\nnightly-*`);
    expect(restored.exitCode).toBe(0);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5, 12, 13, 14, 15]);
    expect(verdictsOf(restored)[15]).toEqual(["restore", "version 15", "→ restored"]);
    expect(verdictsOf(restored)[14]).toEqual(["restore", `digest ${digest}`, "→ restored"]);
    expect(restored.annotations.warnings).toEqual([
      "restore: 999, nightly-*: nothing like this among the deleted versions of the container package app of acme.",
    ]);
  });

  it("fails where nothing matches, and says where it looked", async () => {
    const emulator = await startImages();
    const failed = await restore(emulator, "nightly-*");
    expect(failed.exitCode).toBe(1);
    expect(failed.annotations.errors.join()).toContain(
      "restore: nothing matches. nightly-*: nothing like this among the deleted versions of the container package app of acme.",
    );
    const dry = await run(emulator, fast({ keep: POLICY }));
    const fromDry = await restore(emulator, "report.json", { from: dry });
    expect(fromDry.exitCode).toBe(1);
    expect(fromDry.annotations.errors.join()).toContain("report.json is the report of a dry run");
    expect(writesOf(fromDry)).toEqual([]);
  });

  it("gives a tag that two deleted versions had to the newer one", async () => {
    const emulator = await startWorld(
      [
        container("app", [
          versionOf(imageManifest("old"), {
            id: 1,
            tags: ["pr-1"],
            createdAt: daysAgo(9),
            deletedAt: daysAgo(8),
          }),
          versionOf(imageManifest("new"), {
            id: 2,
            tags: ["pr-1"],
            createdAt: daysAgo(7),
            deletedAt: daysAgo(6),
          }),
          versionOf(imageManifest("v1"), { id: 3, tags: ["v1"], createdAt: daysAgo(5) }),
        ]),
      ],
      NO_LIMITS,
    );
    await restore(emulator, "pr-1");
    expect(emulator.package("app").versions.map(({ id, tags }) => [id, tags])).toEqual([
      [1, []],
      [2, ["pr-1"]],
      [3, ["v1"]],
    ]);
  });
});

function nameOf(emulator: Emulator, id: number): string {
  return emulator.package("app").versions.find((version) => version.id === id)?.name ?? "";
}

describe("what GitHub does not restore", () => {
  it("is refused where it is older than 30 days, and an image that needs it stays deleted", async () => {
    const emulator = await startImages();
    const applied = await apply(emulator);
    for (const version of emulator.package("app").versions)
      if ([6, 15].includes(version.id)) version.deletedAt = Date.now() - 31 * 86_400_000;
    const seen = watchFlaws(emulator);
    const report = withParts(
      applied,
      8,
      [6, 7, 9, 10, 11].map((id) => nameOf(emulator, id)),
    );
    const restored = await restore(emulator, "report.json", {
      files: { "report.json": JSON.stringify(report) },
    });
    expect(restored.exitCode).toBe(0);
    expect(restored.outputs).toMatchObject({
      status: "complete",
      "refused-count": "2",
      "skipped-count": "1",
    });
    expect(restored.annotations.warnings.join("\n")).toMatch(
      /app:pr-3 \(id 15\) was not restored: GitHub answered 404: it was deleted more than 30 days ago/,
    );
    expect(restored.annotations.warnings.join("\n")).toMatch(
      /app:pr-1 \(id 8\) was not restored: its part sha256:.* cannot be restored/,
    );
    expect(activeTags(emulator)).toEqual(["pr-2", "v1", "v2"]);
    expect(new Set(seen)).toEqual(new Set());
  });

  it("is refused where its name is taken again", async () => {
    const emulator = await startImages();
    const applied = await apply(emulator);
    const body = imageManifest("pr-3").body;
    pushManifest(emulator.state, emulator.package("app"), { body, tag: "pr-3" }, Date.now());
    const restored = await restore(emulator, "report.json", { from: applied });
    expect(restored.exitCode).toBe(0);
    expect(restored.outputs).toMatchObject({
      "restored-count": "9",
      "refused-count": "1",
      "failed-count": "0",
    });
    expect(restored.annotations.warnings.join()).toContain("its name is taken again");
    expect(verdictsOf(restored)[15]?.at(-1)).toBe("→ refused");
  });

  it("is refused by a rule in whatever words, and the step does not fail", async () => {
    const emulator = await startImages();
    const applied = await apply(emulator);
    const answer = { status: 422, body: { message: "Not on a Sunday." } };
    emulator.faults.add({ match: { method: "POST", path: "/versions/15/restore" }, answer });
    const restored = await restore(emulator, "report.json", { from: applied });
    expect(restored.exitCode).toBe(0);
    expect(restored.outputs).toMatchObject({
      status: "complete",
      "restored-count": "9",
      "refused-count": "1",
      "failed-count": "0",
    });
    expect(verdictsOf(restored)[15]?.at(-1)).toBe("→ refused");
    expect(restored.annotations.warnings.join()).toContain("GitHub answered 422: Not on a Sunday.");
  });

  it("is not asked for when the report is older than that", async () => {
    const emulator = await startImages();
    const applied = await apply(emulator);
    const old = { ...applied.report, generatedAt: daysAgo(40) };
    emulator.package("app").versions.splice(5);
    const restored = await restore(emulator, "report.json", {
      files: { "report.json": JSON.stringify(old) },
    });
    expect(restored.exitCode).toBe(0);
    expect(restored.outputs["refused-count"]).toBe("10");
    expect(writesOf(restored)).toEqual([]);
  });

  it("fails the package where a right is missing, and says which", async () => {
    const emulator = await startWorld([container("app", images())], {
      ...NO_LIMITS,
      tokens: [PAT, jobToken(), { ...PAT, token: "readers", scopes: ["read:packages"] }],
    });
    const applied = await run(emulator, fast({ keep: POLICY, "dry-run": "false", token: PAT.token }), {
      env: AT_FULL_SPEED.env,
    });
    for (const token of ["job-token", "readers"]) {
      const failed = await run(emulator, fast({ restore: "report.json", "dry-run": "false", token }), {
        env: AT_FULL_SPEED.env,
        files: { "report.json": JSON.stringify(applied.report) },
      });
      expect(failed.exitCode).toBe(1);
      expect(failed.outputs).toMatchObject({ status: "failed", "failed-count": "1", "remaining-count": "9" });
      expect(failed.annotations.errors.join()).toContain("write:packages");
      expect(writesOf(failed)).toHaveLength(1);
    }
  });

  (hasSignals ? it : it.skip)("remains when the job is cancelled, and the step does not fail", async () => {
    const emulator = await startImages();
    const applied = await apply(emulator);
    const cancelled = await restore(emulator, "report.json", {
      from: applied,
      killAt: { nth: 3, method: "POST", signal: "SIGTERM" },
    });
    expect(cancelled.outputs).toMatchObject({
      status: "partial",
      "restored-count": "3",
      "remaining-count": "7",
    });
    expect(cancelled.exitCode).toBe(0);
  });

  it("remains when the hour's requests are used up, and the step does not fail", async () => {
    const emulator = await startImages();
    const applied = await apply(emulator);
    const answer = {
      status: 403,
      body: { message: "API rate limit exceeded" },
      headers: {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": `${Math.floor(Date.now() / 1000) + 3000}`,
      },
    };
    emulator.faults.add({ match: { method: "POST", nth: 3 }, answer });
    const partial = await restore(emulator, "report.json", { from: applied });
    expect(partial.exitCode).toBe(0);
    expect(partial.outputs).toMatchObject({
      status: "partial",
      "kept-count": "0",
      "restored-count": "2",
      "remaining-count": "8",
    });
  });

  it("counts as restored where someone else was faster", async () => {
    const emulator = await startImages();
    const applied = await apply(emulator);
    const one = emulator.package("app");
    const quick = one.versions.find(({ id }) => id === 15);
    emulator.onRequest((_, request) => {
      if (request.method === "POST" && quick?.deletedAt !== undefined)
        restoreVersion(emulator.state, one, quick, Date.now());
    });
    const restored = await restore(emulator, "report.json", { from: applied });
    expect(restored.exitCode).toBe(0);
    expect(restored.outputs).toMatchObject({
      status: "complete",
      "restored-count": "10",
      "refused-count": "0",
    });
  });
});

describe("an image restored without a report", () => {
  it("that lacks a part which cannot come back is reported", async () => {
    const emulator = await startImages();
    await apply(emulator);
    for (const version of emulator.package("app").versions)
      if (version.id === 6) version.deletedAt = Date.now() - 31 * 86_400_000;
    const restored = await restore(emulator, "pr-1");
    expect(restored.exitCode).toBe(0);
    expect(restored.annotations.warnings.join("\n")).toMatch(
      /app:pr-1 is not whole: its part sha256:[0-9a-f]+… cannot be restored/,
    );
    expect(restored.outputs["refused-count"]).toBe("1");
  });

  it("that is not there as a package is explained", async () => {
    const emulator = await startImages();
    const failed = await run(emulator, { packages: "nope", restore: "v1" });
    expect(failed.exitCode).toBe(1);
    expect(failed.annotations.errors.join()).toContain('`restore: "*"` brings it back');
  });
});

/** The report as it would be, had that version's manifest been read. */
function withParts({ report }: Run, id: number, parts: string[]): unknown {
  const packages = report?.packages.map((pkg) => ({
    ...pkg,
    versions: pkg.versions.map((version) => (version.id === id ? { ...version, parts } : version)),
  }));
  return { ...report, packages };
}
