import type { PackageClient } from "../../src/github/packages";
import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";
import { npm, release } from "../support/world";

it("in the middle of a package leaves the record of what was deleted, and the other packages are done", async () => {
  const versions = (from: number) => [0, 1, 2, 3].map((at) => release(from + at, `1.0.${at}`, 50 - at));
  const emulator = await startAcme({ packages: [npm("app", versions(1)), npm("web", versions(11))] });
  const context = await localContext({ emulator });
  const { packages } = context;
  let lists = 0;
  const broken = (client: PackageClient): PackageClient => ({
    ...client,
    list: (state) => {
      // After the deletions; the lists before them are the plan's and the second look's.
      if (client.pkg.name === "app" && ++lists > 2) throw new TypeError("x is not a function");
      return client.list(state);
    },
    deleteVersion: async (id, turn) => {
      if (client.pkg.name === "app" && id === 2) throw new TypeError("x is not a function");
      return client.deleteVersion(id, turn);
    },
  });
  const one = policy("semver: 1", {
    type: "npm",
    packages: { names: ["app", "web"], globs: [], excludes: [] },
  });
  const { report } = await runPolicies([one], {
    ...context,
    packages: {
      ...packages,
      of: (pkg) => broken(packages.of(pkg)),
      find: async (pkg) => {
        const found = await packages.find(pkg);
        return { ...found, client: broken(found.client) };
      },
    },
  });
  await emulator.close();
  const [app, web] = report.packages;
  expect(app).toMatchObject({ status: "failed", error: "x is not a function" });
  const active = emulator.activeIds("app", "npm");
  const deleted = app?.versions.filter(({ outcome }) => outcome === "deleted").map(({ id }) => id) ?? [];
  expect([...active, ...deleted].sort()).toEqual([1, 2, 3, 4]);
  expect(app?.counts).toMatchObject({ kept: 1, planned: 3 });
  expect(web).toMatchObject({ status: "complete", counts: { deleted: 3 } });
});
