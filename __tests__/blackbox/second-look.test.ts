import { pushManifest } from "../../emulator/changes";
import type { VersionData } from "../../emulator/data";
import { type Image, imageManifest, indexOf, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import type { Report, VersionReport } from "../../src/report/report";
import { start } from "../emulator/fixture";
import { type ActionResult, runAction } from "../support/run-action";
import { flaws } from "../support/wholeness";

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

interface Run {
  readonly emulator: Emulator;
  readonly result: ActionResult;
  readonly outcomes: Readonly<Record<number, string | undefined>>;
  readonly messages: Readonly<Record<number, string | undefined>>;
}

/** Applies the policy while something happens just before the package is listed for the second time. */
async function meanwhile(happens: (emulator: Emulator) => void, keep = KEEP): Promise<Run> {
  const emulator = await start({
    packages: [{ owner: "acme", type: "container", name: "app", repository: "acme/app", versions: VERSIONS }],
  });
  let listings = 0;
  emulator.onRequest((_, { path }) => {
    if (/\/versions\?/.test(path) && ++listings === 2) happens(emulator);
  });
  const inputs = { keep, "dry-run": "false", "deletes-per-minute": "60000" };
  const result = await runAction({ emulator, inputs });
  expect(listings).toBe(2);
  expect(flaws(emulator.package("app"))).toEqual([]);
  const rows = (result.report as Report).packages[0]?.versions ?? [];
  const table = <T>(of: (row: VersionReport) => T) =>
    Object.fromEntries(rows.map((row) => [row.id, of(row)]));
  return {
    emulator,
    result,
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
    expect(run.messages[3]).toBe("stays now: part of app:v2");
    expect(run.result.outputs).toMatchObject({
      status: "complete",
      "skipped-count": "1",
      "planned-count": "5",
    });
    expect(run.result.exitCode).toBe(0);
  });

  it("so does one that has no tag yet, and one that the policy would let go", async () => {
    const untagged = await meanwhile((emulator) => push(emulator, indexOf([arm])));
    expect(untagged.outcomes).toMatchObject({ 2: "deleted", 3: "skipped", 4: "deleted" });
    const never = await meanwhile(
      (emulator) => push(emulator, indexOf([arm]), "pr-3"),
      "v*: always\npr-*: never\nuntagged: never",
    );
    expect(never.outcomes).toMatchObject({ 2: "deleted", 3: "skipped", 4: "deleted" });
    expect(never.messages[3]).toBe("what it is a part of stays");
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
      2: "what it is a part of stays",
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
    expect(run.result.exitCode).toBe(1);
    expect(run.result.annotations.errors.join()).toContain(stranger.digest);
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
    expect(run.result.outputs.status).toBe("failed");
    expect(run.result.exitCode).toBe(1);
  });
});
