import { pushManifest } from "../../emulator/changes";
import type { VersionData } from "../../emulator/data";
import { imageManifest, indexOf, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";
import { flaws } from "../support/wholeness";

/** A run looks at a package of one page every 30 seconds while it deletes, and at the end (spec/action.md). */

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

/** Deletes all of them while each deletion takes so many seconds; `meanwhile` happens as the second one arrives. */
async function deleteFor(seconds: number, meanwhile: (emulator: Emulator) => void) {
  const running = await startAcme({
    packages: [{ owner: "acme", type: "container", name: "app", repository: "acme/app", versions: VERSIONS }],
  });
  emulator = running;
  let passed = 0;
  const sent: string[] = [];
  running.onRequest((_, { method, path }) => {
    if (/\/versions\?/.test(path)) sent.push(path.includes("state=deleted") ? "list of the deleted" : "list");
    if (method !== "DELETE") return;
    sent.push("deletion");
    passed += seconds * 1_000;
    if (sent.filter((one) => one === "deletion").length === 2) meanwhile(running);
  });
  const context = { ...(await localContext({ emulator: running })), clock: () => passed };
  const line = policy("pr-*: never\nuntagged: never\nv*: always", {
    packages: { names: ["app"], globs: [], excludes: [] },
    minKeep: 0,
  });
  const { report } = await runPolicies([line], context);
  const versions = report.packages[0]?.versions ?? [];
  expect(flaws(running.package("app"))).toEqual([]);
  return { sent, outcomes: Object.fromEntries(versions.map(({ id, outcome }) => [id, outcome])) };
}

/** Someone pushes an image with the platform manifest of the first. */
function push(running: Emulator): void {
  const { body, mediaType } = indexOf(platforms.slice(0, 1), { annotations: { of: "v1" } });
  pushManifest(running.state, running.package("app"), { body, mediaType, tag: "v1" }, Date.now());
}

const END = ["list", "list of the deleted"];

it("sees after half a minute what came meanwhile, and keeps what it needs", async () => {
  const { sent, outcomes } = await deleteFor(31, push);
  expect(outcomes).toEqual({
    1: "skipped",
    2: "deleted",
    3: "deleted",
    4: "deleted",
    5: "deleted",
    6: "deleted",
    7: undefined,
  });
  const looks = Array.from({ length: 5 }, () => ["list", "deletion"]).flat();
  expect(sent).toEqual(["list", ...looks, ...END]);
});

it("looks no more often than that", async () => {
  const { sent, outcomes } = await deleteFor(16, () => {});
  expect(Object.values(outcomes)).toEqual([...Array(6).fill("deleted"), undefined]);
  const looks = Array.from({ length: 3 }, () => ["list", "deletion", "deletion"]).flat();
  expect(sent).toEqual(["list", ...looks, ...END]);
});
