import { npm, release, run, startWorld } from "../support/world";

const onUnix = process.platform === "win32" ? it.skip : it;

describe("something thrown where nobody catches it, after deletions", () => {
  onUnix("fails the step, and the report and the log have the ids of what was deleted", async () => {
    const versions = Array.from({ length: 12 }, (_, at) => release(at + 1, `1.0.${at}`, 50 - at));
    const emulator = await startWorld([npm("lib", versions)]);
    const preload = new URL("../support/throws-on-signal.mjs", import.meta.url);
    let deletions = 0;
    const result = await run(
      emulator,
      { "package-type": "npm", packages: "lib", keep: "semver: 1", "dry-run": "false" },
      {
        built: true,
        env: { NODE_OPTIONS: `--import ${preload}` },
        onSpawn: (child) => {
          emulator.onRequest((_, { method }) => {
            if (method === "DELETE" && ++deletions === 3) child.kill("SIGUSR2");
          });
        },
      },
    );
    expect(result.exitCode).toBe(1);
    expect(result.outputs.status).toBe("failed");
    const gone = versions
      .map((_, at) => at + 1)
      .filter((id) => !emulator.activeIds("lib", "npm").includes(id));
    const [pkg] = result.report?.packages ?? [];
    const [, ids = ""] =
      /had deleted the versions ([\d, ]+): to bring them back, give `restore`/.exec(pkg?.error ?? "") ?? [];
    const told = ids.split(", ").map(Number);
    expect(pkg?.error).toMatch(/^The run on lib ended before its report was made \(a defect\)\./);
    expect(told.length).toBeGreaterThanOrEqual(2);
    // What GitHub was asked to delete as it happened is not known to be deleted.
    expect(gone).toEqual(expect.arrayContaining(told));
    expect(gone.length - told.length).toBeLessThanOrEqual(1);
    expect(result.annotations.errors).toEqual([pkg?.error]);
  });
});
