import { deleteVersion, pushManifest } from "../../emulator/changes";
import type { VersionData } from "../../emulator/data";
import { type Image, imageManifest, indexOf, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import type { PackageReport, VersionReport } from "../../src/report/report";
import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";
import { leftoverOf } from "../support/untag";
import { flaws } from "../support/wholeness";

/** A package is listed again right before it is changed, and planned by the same recipe (spec/action.md). */

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

async function start(versions: readonly VersionData[]): Promise<Emulator> {
  const emulator = await startAcme({
    packages: [{ owner: "acme", type: "container", name: "app", versions: [...versions] }],
  });
  running.push(emulator);
  return emulator;
}

const KEEP = "v*: always\npr-*: 14d\nuntagged: never";
const [amd, arm] = [imageManifest("pr", "linux/amd64"), imageManifest("pr", "linux/arm64")] as [Image, Image];
const pr = indexOf([amd, arm]);

function version(id: number, image: Image, age: string, ...tags: string[]): VersionData {
  return versionOf(image, { id, tags, createdAt: `${age} ago` });
}

/** `v1` stays; `pr-1` with two platforms, `pr-2` and an orphan are planned to go. */
const VERSIONS = [
  version(1, imageManifest("v1"), "90d", "v1"),
  version(2, amd, "50d"),
  version(3, arm, "50d"),
  version(4, pr, "50d", "pr-1"),
  version(5, imageManifest("pr-2"), "50d", "pr-2"),
  version(6, imageManifest("orphan"), "50d"),
];

/** Something happens as the package is listed for the second time. */
function atSecondList(emulator: Emulator, happens: () => void): void {
  let listings = 0;
  emulator.onRequest((_, { path }) => {
    if (/\/versions\?/.test(path) && ++listings === 2) happens();
  });
}

interface Run {
  readonly emulator: Emulator;
  readonly report: PackageReport;
  readonly errors: readonly string[];
  readonly outcomes: Readonly<Record<number, string | undefined>>;
  readonly messages: Readonly<Record<number, string | undefined>>;
}

/** Applies the policy while something happens just before the package is listed for the second time. */
async function meanwhile(happens: (emulator: Emulator) => void, keep = KEEP): Promise<Run> {
  const emulator = await start(VERSIONS);
  atSecondList(emulator, () => happens(emulator));
  const { report } = await runPolicies([policy(keep, { minKeep: 1 })], await localContext({ emulator }));
  expect(flaws(emulator.package("app"))).toEqual([]);
  const [app] = report.packages;
  if (!app) throw new Error("there is no report");
  const table = <T>(of: (row: VersionReport) => T) =>
    Object.fromEntries(app.versions.map((row) => [row.id, of(row)]));
  return {
    emulator,
    report: app,
    errors: [app.error ?? []].flat(),
    outcomes: table(({ outcome }) => outcome),
    messages: table(({ message }) => message),
  };
}

function push(emulator: Emulator, image: Image, tag?: string): void {
  const pushed = { body: image.body, mediaType: image.mediaType, ...(tag === undefined ? {} : { tag }) };
  pushManifest(emulator.state, emulator.package("app"), pushed, Date.now());
}

describe("just before deleting, the package is listed again", () => {
  it("a new image that shares a doomed platform manifest keeps it", async () => {
    const run = await meanwhile((emulator) => push(emulator, indexOf([arm]), "v2"));
    expect(run.outcomes).toEqual({
      1: undefined,
      2: "deleted",
      3: "skipped",
      4: "deleted",
      5: "deleted",
      6: "deleted",
    });
    expect(run.messages[3]).toBe("is kept now: part of app:v2");
    expect(run.report).toMatchObject({ status: "complete", counts: { planned: 5, deleted: 4, skipped: 1 } });
  });

  it("so does one that has no tag yet, and one that the policy would let go", async () => {
    const untagged = await meanwhile((emulator) => push(emulator, indexOf([arm])));
    expect(untagged.outcomes).toMatchObject({ 2: "deleted", 3: "skipped", 4: "deleted" });
    const never = await meanwhile(
      (emulator) => push(emulator, indexOf([arm]), "pr-3"),
      "v*: always\npr-*: never\nuntagged: never",
    );
    expect(never.outcomes).toMatchObject({ 2: "deleted", 3: "skipped", 4: "deleted" });
    expect(never.messages[3]).toBe("what it is a part of is kept");
  });

  it("a platform manifest that became an index of its own by a tag stays with its tag", async () => {
    const run = await meanwhile((emulator) => push(emulator, arm, "v2-arm64"));
    expect(run.outcomes).toMatchObject({ 2: "deleted", 3: "skipped", 4: "deleted" });
    expect(run.messages[3]).toBe("changed since it was planned");
  });

  it("what got another tag is skipped, and its parts with it, even if the policy lets the tag go", async () => {
    const run = await meanwhile(
      (emulator) => push(emulator, pr, "pr-9"),
      "v*: always\npr-*: never\nuntagged: never",
    );
    expect(run.outcomes).toEqual({
      1: undefined,
      2: "skipped",
      3: "skipped",
      4: "skipped",
      5: "deleted",
      6: "deleted",
    });
    expect(run.messages).toMatchObject({
      2: "what it is a part of is kept",
      4: "changed since it was planned",
    });
  });

  it("a tag that moved away leaves the version skipped: it is not what was planned", async () => {
    const run = await meanwhile((emulator) => push(emulator, imageManifest("pr-2 again"), "pr-2"));
    expect(run.outcomes).toMatchObject({ 5: "skipped" });
    expect(run.messages[5]).toBe("changed since it was planned");
  });

  it("an image pushed meanwhile that cannot be read stops the package before it deletes anything", async () => {
    const stranger = indexOf([arm]);
    const run = await meanwhile((emulator) => {
      push(emulator, stranger, "v2");
      const answer = { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } };
      emulator.faults.add({ match: { path: `/manifests/${stranger.digest}`, count: "always" }, answer });
    });
    expect(run.emulator.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
    expect(run.outcomes).toMatchObject({ 2: "remaining", 6: "remaining" });
    expect(run.report.status).toBe("failed");
    expect(run.errors.join()).toContain(stranger.digest);
  });

  it("a listing that fails stops the package before it deletes anything", async () => {
    const run = await meanwhile((emulator) =>
      emulator.faults.add({ match: { path: "/versions\\?", count: "always" }, answer: { status: 403 } }),
    );
    expect(run.emulator.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
    expect(run.outcomes).toEqual({
      1: undefined,
      2: "remaining",
      3: "remaining",
      4: "remaining",
      5: "remaining",
      6: "remaining",
    });
    expect(run.report.status).toBe("failed");
  });
});

describe("what an interrupted removal of a tag left behind", () => {
  it("is left out, as at the first look", async () => {
    const tagged = (id: number, ...tags: string[]) =>
      version(id, imageManifest(`version ${id}`), `${100 - id}d`, ...tags);
    const leftover = version(9, leftoverOf(imageManifest("version 2"), "a-9"), "1d", "a-9");
    const emulator = await start([tagged(1, "a-1"), tagged(2, "a-2"), leftover]);
    atSecondList(emulator, () => {
      const app = emulator.package("app");
      const kept = app.versions.find(({ id }) => id === 2);
      if (kept) deleteVersion(emulator.state, app, kept, Date.now());
    });
    const one = policy("a-*: 1", { untag: true, minKeep: 1 });
    await runPolicies([one], await localContext({ emulator }));
    expect(emulator.activeIds("app")).toEqual([1]);
  });
});
