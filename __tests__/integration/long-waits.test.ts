import { multiArch } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { compileGlob } from "../../src/policy/pattern";
import { runRestore } from "../../src/run/restore-run";
import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";

/** A registry that asks for a long wait stops the package that asked, and no other (spec/action.md). */

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** The packages `app` and `web`; the registry asks for a day whenever a manifest of `app` is read. */
async function start(): Promise<Emulator> {
  const packages = ["app", "web"].map((name) => ({
    owner: "acme",
    type: "container" as const,
    name,
    versions: ["v1", "pr-1"].flatMap(
      (tag, at) => multiArch(`${name} ${tag}`, { tags: [tag], createdAt: `${50 - at}d ago` }).versions,
    ),
  }));
  const emulator = await startAcme({ packages });
  running.push(emulator);
  const answer = { status: 429, headers: { "retry-after": "86400" } };
  emulator.faults.add({ match: { path: "/v2/acme/app/", count: "always" }, answer });
  return emulator;
}

const NAMES = { names: ["app", "web"], globs: [], excludes: [] };

it("stops a package before it is planned, and deletes of the other", async () => {
  const emulator = await start();
  const context = await localContext({ emulator });
  const policies = [policy("v*: always\nuntagged: never\npr-*: never", { packages: NAMES })];
  const { report, warnings } = await runPolicies(policies, context);
  expect(report.status).toBe("partial");
  expect(
    report.packages.map(({ name, status, counts }) => ({ name, status, deleted: counts.deleted })),
  ).toEqual([
    { name: "app", status: "partial", deleted: undefined },
    { name: "web", status: "complete", deleted: 5 },
  ]);
  expect(warnings).toEqual([
    {
      kind: "stopped",
      message: expect.stringMatching(
        /^The container package app could not be planned, and nothing of it was changed\. 127\.0\.0\.1:\d+ asks to slow down/,
      ),
    },
  ]);
  expect(emulator.activeIds("app")).toHaveLength(10);
});

it("stops the restoration of a package, and restores of the other", async () => {
  const emulator = await start();
  for (const name of ["app", "web"])
    for (const version of emulator.package(name).versions) version.deletedAt = Date.now() - 1_000;
  const context = await localContext({ emulator });
  const glob = compileGlob("*");
  if ("error" in glob) throw new Error(glob.error);
  const entries = [{ kind: "tags" as const, pattern: glob.value }];
  const order = { type: "container" as const, packages: NAMES, entries, reports: [] };
  const { report } = await runRestore(order, context);
  expect(report.status).toBe("partial");
  expect(report.packages.map(({ name, status }) => ({ name, status }))).toEqual([
    { name: "app", status: "partial" },
    { name: "web", status: "complete" },
  ]);
});
