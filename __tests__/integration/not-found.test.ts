import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";

const VERSIONS = ["1.0.0", "1.0.1"].map((name) => ({ name, createdAt: "50d ago" }));

/** What becomes of the npm packages `app`, which is there, and `gone`, which is not, or of those that are named. */
async function run(ifNotFound: "error" | "warn", names: readonly string[]) {
  const emulator = await startAcme({
    packages: [{ owner: "acme", type: "npm", name: "app", versions: VERSIONS }],
  });
  const selected = { names, globs: [], excludes: [] };
  try {
    const context = await localContext({ emulator });
    const { report, warnings } = await runPolicies(
      [policy("semver: 1", { type: "npm", packages: selected, ifNotFound })],
      context,
    );
    return {
      status: report.status,
      packages: report.packages.map(
        ({ name, status, counts }) => `${name}: ${status}, ${counts.deleted ?? 0} deleted`,
      ),
      warned: warnings.filter(({ kind }) => kind === "not-found").map(({ message }) => message),
    };
  } finally {
    await emulator.close();
  }
}

describe("a package that is named and not found", () => {
  it("fails, without if-not-found", async () => {
    expect(await run("error", ["gone", "app"])).toEqual({
      status: "failed",
      packages: ["app: complete, 1 deleted", "gone: failed, 0 deleted"],
      warned: [],
    });
  });

  it("is left out with a warning, and the others are done", async () => {
    const { warned, ...result } = await run("warn", ["gone", "app"]);
    expect(result).toEqual({
      status: "complete",
      packages: ["app: complete, 1 deleted", "gone: not-found, 0 deleted"],
    });
    expect(warned).toEqual([expect.stringMatching(/acme\/gone.*404.*A missing right looks the same\.$/)]);
  });

  it("fails the run where none is found", async () => {
    expect(await run("warn", ["gone", "lost"])).toMatchObject({
      status: "failed",
      packages: ["gone: not-found, 0 deleted", "lost: not-found, 0 deleted"],
    });
  });
});
