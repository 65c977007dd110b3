import { pushManifest } from "../../emulator/changes";
import type { VersionData } from "../../emulator/data";
import { imageManifest, indexOf, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";
import { flaws } from "../support/wholeness";

/** A run that has been deleting for more than five minutes looks at the package again (spec/action.md). */

const MINUTE = 60_000;
const platforms = [1, 2, 3].map((id) => imageManifest(`pr-${id}`, "linux/arm64"));

/** Three images of one platform each, with the ids 2, 4, 6 after their parts 1, 3, 5. They go, and a fourth stays. */
const VERSIONS: VersionData[] = [
  ...platforms.flatMap((part, at) => [
    versionOf(part, { id: 2 * at + 1, createdAt: "50d ago" }),
    versionOf(indexOf([part]), { id: 2 * at + 2, tags: [`pr-${at + 1}`], createdAt: "50d ago" }),
  ]),
  versionOf(imageManifest("v0"), { id: 7, tags: ["v0"], createdAt: "50d ago" }),
];

let emulator: Emulator | undefined;

afterEach(async () => emulator?.close());

/** Deletes all of them while each deletion takes so many minutes; `meanwhile` happens as the second one arrives. */
async function deleteFor(minutes: number, meanwhile: (emulator: Emulator) => void) {
  const running = await startAcme({
    packages: [{ owner: "acme", type: "container", name: "app", repository: "acme/app", versions: VERSIONS }],
  });
  emulator = running;
  let passed = 0;
  let deletions = 0;
  let lists = 0;
  running.onRequest((_, { method, path }) => {
    if (/\/versions\?/.test(path)) lists += 1;
    if (method !== "DELETE") return;
    deletions += 1;
    passed += minutes * MINUTE;
    if (deletions === 2) meanwhile(running);
  });
  const context = { ...(await localContext({ emulator: running })), clock: () => passed };
  const line = policy("pr-*: never\nuntagged: never\nv*: always", {
    packages: { names: ["app"], globs: [], excludes: [] },
    minKeep: 0,
  });
  const { report } = await runPolicies([line], context);
  const versions = report.packages[0]?.versions ?? [];
  expect(flaws(running.package("app"))).toEqual([]);
  return { lists, outcomes: Object.fromEntries(versions.map(({ id, outcome }) => [id, outcome])) };
}

/** Someone pushes an image with the platform manifest of the first. */
function push(running: Emulator): void {
  const { body, mediaType } = indexOf(platforms.slice(0, 1), { annotations: { of: "v1" } });
  pushManifest(running.state, running.package("app"), { body, mediaType, tag: "v1" }, Date.now());
}

it("sees after five minutes what came meanwhile, and keeps what it needs", async () => {
  const { lists, outcomes } = await deleteFor(6, push);
  expect(outcomes).toEqual({
    1: "skipped",
    2: "deleted",
    3: "deleted",
    4: "deleted",
    5: "deleted",
    6: "deleted",
    7: undefined,
  });
  // To plan, right before deleting, and after each deletion but the last.
  expect(lists).toBe(2 + 4);
});

it("looks no more often than that", async () => {
  const { lists, outcomes } = await deleteFor(2, () => {});
  expect(Object.values(outcomes)).toEqual([...Array(6).fill("deleted"), undefined]);
  expect(lists).toBe(2 + 1);
});
