import { pushManifest } from "../../emulator/changes";
import type { PackageData } from "../../emulator/data";
import { imageManifest, indexOf, multiArch, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { expectOutputsToAddUp } from "../support/fault-cases";
import { flaws } from "../support/wholeness";
import {
  AT_FULL_SPEED,
  container,
  daysAgo,
  npm,
  type Run,
  release,
  run,
  startWorld,
  verdictsOf,
  writesOf,
} from "../support/world";

const APPLY = {
  ...AT_FULL_SPEED.inputs,
  "package-type": "npm",
  keep: "semver: 1",
  "dry-run": "false",
};
const { env } = AT_FULL_SPEED;

/** Releases of an npm package, of which all but the newest go. */
function releases(name: string, count: number, first = 1): PackageData {
  const versions = Array.from({ length: count }, (_, at) => release(first + at, `1.0.${at}`, 400 - at));
  return npm(name, versions);
}

/** A limit of 1,000 an hour, of which so many requests are left above a reserve of 100. */
function left(requests: number, windowSeconds = 3_600) {
  return { limits: { primary: { limit: 1_000, used: 900 - requests, windowSeconds } } };
}

function deleted({ state }: Emulator): number {
  return state.packages.flatMap(({ versions }) => versions).filter(({ deletedAt }) => deletedAt !== undefined)
    .length;
}

const RESET =
  /which resets at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z\. Run again after that, set `on-rate-limit: wait`, lower `rate-limit-reserve`/;

describe("the hourly limit", () => {
  it("that is down to its reserve while listing ends the run before anything is deleted", async () => {
    const emulator = await startWorld([releases("ui", 450)], left(3));
    const result = await run(emulator, { ...APPLY, packages: "ui" }, { env });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: "partial", "planned-count": "0", "remaining-count": "0" });
    expect(result.annotations.warnings).toEqual([
      expect.stringMatching(
        /^Nothing was changed: the packages could not be listed in full\. The token has 100 requests left/,
      ),
    ]);
    expect(result.annotations.warnings[0]).toMatch(RESET);
    expect(result.summary).toContain("Stopped early");
    expect(emulator.requests).toHaveLength(3);
    expect(emulator.violations).toEqual([]);
  });

  describe("that is down to its reserve while deleting", () => {
    const PACKAGES = () => [releases("a", 21), releases("b", 11, 101)];
    let emulator: Emulator;
    let result: Run;

    beforeEach(async () => {
      // The owner, both lists, and a second look at a.
      emulator = await startWorld(PACKAGES(), left(4 + 8));
      result = await run(emulator, { ...APPLY, packages: "a, b" }, { env });
    });

    it("ends the run as partial, with the right counts and not one request too many", () => {
      expect(result.exitCode).toBe(0);
      expect(result.outputs).toMatchObject({
        status: "partial",
        "planned-count": "30",
        "deleted-count": "8",
        "remaining-count": "22",
        "kept-count": "2",
      });
      expectOutputsToAddUp(result);
      expect(result.report?.packages.map(({ status, counts }) => ({ status, counts }))).toEqual([
        { status: "partial", counts: { kept: 1, planned: 20, deleted: 8, remaining: 12 } },
        { status: "partial", counts: { kept: 1, planned: 10, remaining: 10 } },
      ]);
      expect(deleted(emulator)).toBe(8);
      expect(emulator.requests).toHaveLength(12);
      expect(emulator.violations).toEqual([]);
    });

    it("says at the start that it will not be enough, and at the end what remains and when the limit resets", () => {
      const [start, end] = result.annotations.warnings;
      expect(start).toMatch(
        /^The plan needs 32 requests, and the token has 109 left until \d{4}-.*Z, some of them for others/,
      );
      expect(end).toMatch(/^a: 12 versions planned and not attempted\. The token has 100 requests left/);
      expect(end).toMatch(/\nb: 10 versions planned and not attempted\. /);
      expect(end).toMatch(RESET);
      expect(result.annotations.errors).toEqual([]);
    });

    it("lets the next run go on", async () => {
      const next = await startWorld([releases("a", 21), releases("b", 11, 101)]);
      for (const one of next.state.packages)
        for (const version of one.versions) {
          const before = emulator.state.packages.flatMap(({ versions }) => versions);
          const gone = before.find(({ id }) => id === version.id)?.deletedAt;
          if (gone !== undefined) version.deletedAt = gone;
        }
      const second = await run(next, { ...APPLY, packages: "a, b" }, { env });
      expect(second.outputs).toMatchObject({ status: "complete", "deleted-count": "22" });
      expect([next.activeIds("a", "npm"), next.activeIds("b", "npm")]).toEqual([[21], [111]]);
    });
  });

  it("that resets in a moment is waited for, once, and nobody is warned", async () => {
    const emulator = await startWorld([releases("ui", 21)], left(3 + 7, 2));
    const result = await run(emulator, { ...APPLY, packages: "ui" }, { env });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: "complete", "deleted-count": "20" });
    expect(result.annotations).toEqual({ errors: [], warnings: [], notices: [] });
    expect(
      result.stdout.match(/^The hourly limit is down to its reserve: waiting \d s for the reset\.$/gm),
    ).toHaveLength(1);
    expect(emulator.violations).toEqual([]);
  });

  it("that is enough, or that GitHub says nothing of, is not spoken of", async () => {
    const enough = await startWorld([releases("ui", 11)], left(2 + 11));
    const done = await run(enough, { ...APPLY, packages: "ui" }, { env });
    expect(done.outputs).toMatchObject({ status: "complete", "deleted-count": "10" });
    expect(done.annotations.warnings).toEqual([]);
    expect(enough.requests).toHaveLength(13);

    const silent = await startWorld([releases("ui", 11)], { limits: { primary: false } });
    const other = await run(silent, { ...APPLY, packages: "ui" }, { env });
    expect(other.outputs).toMatchObject({ status: "complete", "deleted-count": "10" });
    expect(other.annotations.warnings).toEqual([]);
  });

  it("is no concern of a dry run, which deletes nothing", async () => {
    const emulator = await startWorld([releases("ui", 21)], left(2));
    const result = await run(emulator, { ...APPLY, packages: "ui", "dry-run": "true" }, { env });
    expect(result.outputs).toMatchObject({ status: "dry-run", "planned-count": "20" });
    expect(result.annotations.warnings).toEqual([]);
  });

  it("may be used up to its end with a reserve of 0", async () => {
    const emulator = await startWorld([releases("ui", 21)], { limits: { primary: { limit: 10 } } });
    const result = await run(emulator, { ...APPLY, packages: "ui", "rate-limit-reserve": "0" }, { env });
    expect(result.outputs).toMatchObject({
      status: "partial",
      "deleted-count": "7",
      "remaining-count": "13",
    });
    expect(emulator.requests).toHaveLength(10);
    expect(emulator.violations).toEqual([]);
  });
});

describe("max-minutes", () => {
  it("of a fraction that is over when the plan stands leaves everything, with a full report", async () => {
    const emulator = await startWorld([releases("ui", 6)]);
    const result = await run(emulator, { ...APPLY, packages: "ui", "max-minutes": "0.0001" }, { env });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: "partial", "planned-count": "5", "remaining-count": "5" });
    expect(result.annotations.warnings).toEqual([
      "ui: 5 versions planned and not attempted. The time of `max-minutes` (0.0001) is over; the next run continues.",
    ]);
    expect(verdictsOf(result)[1]?.at(-1)).toBe("→ remaining");
    expect(writesOf(result)).toEqual([]);
  });

  it("that is over while deleting starts nothing new", async () => {
    const emulator = await startWorld([releases("ui", 400)], { latency: { write: 100 } });
    const result = await run(emulator, { ...APPLY, packages: "ui", "max-minutes": "0.02" }, { env });
    expect(result.exitCode).toBe(0);
    expect(result.outputs.status).toBe("partial");
    expectOutputsToAddUp(result);
    expect(Number(result.outputs["deleted-count"])).toBe(deleted(emulator));
    expect(Number(result.outputs["remaining-count"])).toBeGreaterThan(0);
  });

  it("does not hide a failure that has nothing to do with it", async () => {
    const answer = { status: 404, body: { message: "Package not found." } };
    const faults = [{ match: { path: "/npm/gone/", count: "always" as const }, answer }];
    const emulator = await startWorld([releases("ui", 6), releases("gone", 2, 101)], { faults });
    const inputs = { ...APPLY, packages: "ui, gone", "max-minutes": "0.0001" };
    const result = await run(emulator, inputs, { env });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ status: "failed", "remaining-count": "5" });
    expect(result.annotations.errors).toEqual([
      expect.stringContaining("Cannot list the versions of the npm package acme/gone: GitHub answered 404"),
    ]);
  });

  it("starts no deletion after max-minutes, however many wait for their turn", async () => {
    const versions = Array.from({ length: 20 }, (_, at) => release(at + 1, `1.0.${at}`, 100 - at));
    const emulator = await startWorld([npm("app", versions)]);
    let first = Number.NaN;
    const late: number[] = [];
    emulator.onRequest((_, { method }) => {
      if (method !== "DELETE") return;
      first ||= Date.now();
      if (Date.now() - first > 4_000) late.push(Date.now() - first);
    });
    const inputs = { "package-type": "npm", keep: "semver: 1", "dry-run": "false", "max-minutes": "0.05" };
    const result = await run(emulator, { ...inputs, "deletes-per-minute": "60" });
    expect(late).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs.status).toBe("partial");
    const left = emulator.activeIds("app", "npm");
    expect(result.outputs["remaining-count"]).toBe(String(left.length - 1));
  });
});

describe("a secondary limit in the middle of the deletions", () => {
  it("pauses all traffic for as long as it says; then the run completes", async () => {
    const body = { message: "You have exceeded a secondary rate limit." };
    const answer = { status: 403, body, headers: { "retry-after": "2" } };
    const emulator = await startWorld([releases("ui", 41)], {
      faults: [{ match: { method: "DELETE", nth: 12 }, answer }],
      latency: { write: 30 },
    });
    const result = await run(emulator, { ...APPLY, packages: "ui" }, { env });
    expect(result.outputs).toMatchObject({ status: "complete", "deleted-count": "40" });
    expect(emulator.violations).toEqual([]);
    expect(result.stdout).toContain("All requests pause for 2 s.");
    const refused = emulator.requests.find(({ status }) => status === 403)?.time ?? Number.NaN;
    // What was under way when the refusal came could not be held back.
    const after = emulator.requests.map(({ time }) => time - refused).filter((time) => time > 500);
    expect(after.length).toBeGreaterThan(10);
    expect(Math.min(...after)).toBeGreaterThanOrEqual(2_000);
  });
});

it("requests that end before all deleted versions are listed are enough to restore what a push needs", async () => {
  const pr = multiArch(
    "pr",
    { id: 900, tags: ["pr-1"], createdAt: daysAgo(50) },
    { attestations: false, platforms: ["linux/amd64"] },
  );
  const [platform, index] = pr.versions;
  if (!platform || !index) throw new Error("no image");
  const image = (name: string, id: number, tags: string[] = [], deletedAt?: string) =>
    versionOf(imageManifest(name), { id, tags, createdAt: daysAgo(50), ...(deletedAt ? { deletedAt } : {}) });
  const versions = [
    image("v1", 1, ["v1"]),
    { ...platform, id: 899 },
    index,
    ...Array.from({ length: 30 }, (_, at) => image(`pr ${at}`, 100 + at, [`pr-${at + 10}`])),
    ...Array.from({ length: 3_000 }, (_, at) => image(`old ${at}`, 1_000 + at, [], "2d ago")),
  ];
  const limits = { primary: { limit: 45 }, secondary: false } as const;
  const emulator = await startWorld([container("app", versions)], { limits });
  const pushed = indexOf(pr.images, { annotations: { is: "new" } });
  let deletions = 0;
  emulator.onRequest((_, { method }) => {
    if (method !== "DELETE" || ++deletions !== 3) return;
    const { body, mediaType } = pushed;
    pushManifest(emulator.state, emulator.package("app"), { body, mediaType, tag: "new" }, Date.now());
  });
  const keep = "v*: always\nnew: always\npr-*: never";
  const inputs = { keep, packages: "app", "dry-run": "false", "rate-limit-reserve": "0" };
  const result = await run(emulator, { ...AT_FULL_SPEED.inputs, ...inputs }, { env });
  expect(emulator.activeIds("app")).toContain(899);
  expect(flaws(emulator.package("app"))).toEqual([]);
  expect(result.annotations.warnings.join("\n")).toContain(
    "It is unknown whether versions of the container package app got tags just before they were deleted",
  );
});

it("the end of the hour before a push has got its part back fails the package, and says what to restore", async () => {
  const pr = multiArch("pr", { id: 5, tags: ["pr-1"], createdAt: daysAgo(50) }, { attestations: false });
  const [amd, arm, index] = pr.versions;
  if (!amd || !arm || !index) throw new Error("no image");
  const v1 = versionOf(imageManifest("v1"), { id: 1, tags: ["v1"], createdAt: daysAgo(50) });
  const emulator = await startWorld([container("app", [v1, { ...amd, id: 3 }, { ...arm, id: 4 }, index])]);
  const pushed = indexOf(pr.images, { annotations: { is: "new" } });
  let deletions = 0;
  emulator.onRequest((_, { method }) => {
    if (method !== "DELETE" || ++deletions !== 3) return;
    const { body, mediaType } = pushed;
    pushManifest(emulator.state, emulator.package("app"), { body, mediaType, tag: "v2" }, Date.now());
  });
  const reset = `${Math.floor(Date.now() / 1_000) + 1_800}`;
  emulator.faults.add({
    match: { method: "POST", nth: 2, count: "always" },
    answer: {
      status: 403,
      body: { message: "API rate limit exceeded for user ID 1." },
      headers: { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset },
    },
  });
  const inputs = { keep: "v*: always\npr-*: never", packages: "app", "dry-run": "false" };
  const result = await run(emulator, { ...AT_FULL_SPEED.inputs, ...inputs }, { env });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ status: "failed", "deleted-count": "2", "skipped-count": "1" });
  expect(result.annotations.errors.join()).toMatch(
    /^GitHub did not restore what was deleted of app and must be restored: app@\S+ \(id [34]\), since app:v2, which was pushed during the run, needs it\. Write [34] into the input `restore`/,
  );
  expect(result.annotations.warnings.join()).toMatch(/\(id [34]\) was deleted and restored: app:v2/);
});
