import type { EmulatorData, VersionData } from "../../emulator/data";
import type { Emulator } from "../../emulator/server";
import { compileGlob } from "../../src/policy/pattern";
import { runRestore } from "../../src/run/restore-run";
import type { RunResult } from "../../src/run/run";
import { localContext, startAcme } from "../support/local-run";

/** A list of deleted versions that GitHub did not filter is not believed (spec/action.md). */

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

async function start(versions: VersionData[], listing: EmulatorData["listing"]): Promise<Emulator> {
  const packages = [{ owner: "acme", type: "npm" as const, name: "app", versions }];
  const emulator = await startAcme({ packages, listing });
  running.push(emulator);
  return emulator;
}

async function restoreAll(emulator: Emulator): Promise<RunResult> {
  const glob = compileGlob("1.*");
  if ("error" in glob) throw new Error(glob.error);
  const entries = [{ kind: "tags" as const, pattern: glob.value }];
  const packages = { names: ["app"], globs: [], excludes: [] };
  const context = await localContext({ emulator });
  return runRestore({ type: "npm", packages, entries, reports: [] }, context);
}

const active: VersionData = { id: 1, name: "1.0.0", createdAt: "50d ago" };
const deleted: VersionData = { id: 2, name: "1.0.1", createdAt: "40d ago", deletedAt: "1d ago" };

it("fails the restoration where state=deleted is ignored, before anything is restored", async () => {
  const emulator = await start([active, deleted], { ignoreState: true });
  const { report } = await restoreAll(emulator);
  expect(report.status).toBe("failed");
  expect(report.packages[0]?.error).toMatch(
    /^GitHub's list of the deleted versions of the npm package app has active ones on it, such as 1: it does not tell/,
  );
  expect(emulator.requests.every(({ method }) => method === "GET")).toBe(true);
});

it("restores where the active list still has what was deleted", async () => {
  const emulator = await start([active, { ...deleted, ghost: true }], {});
  const { report } = await restoreAll(emulator);
  expect(report).toMatchObject({ status: "complete", packages: [{ counts: { restored: 1 } }] });
  expect(emulator.activeIds("app", "npm")).toEqual([1, 2]);
});
