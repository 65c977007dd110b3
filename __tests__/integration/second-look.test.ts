import { deleteVersion } from "../../emulator/changes";
import type { VersionData } from "../../emulator/data";
import { imageManifest, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { untagManifest } from "../../src/plan/untag-manifest";
import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";

/** The second look at a package plans by the same recipe as the first (spec/action.md, "How a run behaves"). */

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

function tagged(id: number, ...tags: string[]): VersionData {
  return versionOf(imageManifest(`version ${id}`), { id, tags, createdAt: `${100 - id}d ago` });
}

it("leaves out what an interrupted removal of a tag left behind, as the first look does", async () => {
  const { body, digest } = untagManifest("acme/app", "a-9", 1);
  const leftover = { id: 9, name: digest, manifest: body, tags: ["a-9"], createdAt: "1d ago" };
  const emulator = await start([tagged(1, "a-1"), tagged(2, "a-2"), leftover]);
  let lists = 0;
  emulator.onRequest((_, { path }) => {
    if (!/\/versions\?/.test(path) || ++lists !== 2) return;
    const app = emulator.package("app");
    const kept = app.versions.find(({ id }) => id === 2);
    if (kept) deleteVersion(emulator.state, app, kept, Date.now());
  });
  const one = policy("a-*: 1", { untag: true, minKeep: 1 });
  await runPolicies([one], await localContext({ emulator }));
  expect(emulator.activeIds("app")).toEqual([1]);
});
