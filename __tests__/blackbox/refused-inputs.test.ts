import { container, daysAgo, run, startWorld } from "../support/world";

/** What is wrong with each input and each line of a policy, in words: unit/refused-inputs.test.ts. */
describe("a run with inputs that are wrong", () => {
  it("says all of it at once, as annotations and in the summary, and requests nothing", async () => {
    const emulator = await startWorld([container("app", [])]);
    const inputs = { "policy-file": "retention.yml", "dry-run": "yes" };
    const files = { "retention.yml": "policies:\n  - packages: app\n    keep:\n      pr-*: {lst: 3}\n" };
    const result = await run(emulator, inputs, { files });
    const errors = [
      'retention.yml:4:14: unknown word "lst", did you mean "last"?',
      'dry-run: "yes" is not a boolean: write true or false',
    ];
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors).toEqual(errors);
    expect(result.annotations.warnings).toEqual([]);
    expect(result.stdout).toContain("file=retention.yml,line=4,col=14::retention.yml:4:14");
    expect(result.summary).toBe(
      `## The inputs are wrong; nothing was requested\n\n${errors.map((error) => `- <code>${error}</code>\n`).join("")}`,
    );
    expect(result.report).toBeUndefined();
    expect(result.outputs).toEqual({ status: "failed" });
    expect(emulator.requests).toEqual([]);
  });

  it("names a glob of in-use-files that matches no file", async () => {
    const emulator = await startWorld([container("app", [])]);
    const result = await run(emulator, { keep: "latest: always", "in-use-files": "deploy/*.yaml" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors).toEqual([
      expect.stringMatching(
        /^in-use-files: deploy\/\*\.yaml matches no file in .*workspace: check the glob, and that the workspace is checked out before this step\.$/,
      ),
    ]);
    expect(emulator.requests).toEqual([]);
  });
});

describe("whether anything is deleted", () => {
  const old = () =>
    startWorld([
      container("app", [
        { id: 1, tags: ["pr-1"], createdAt: daysAgo(20) },
        { id: 2, tags: ["v1"], createdAt: daysAgo(20) },
      ]),
    ]);

  it("with dry-run false: what the plan deletes", async () => {
    const emulator = await old();
    const result = await run(emulator, { keep: "pr-*: 14d", "dry-run": "FALSE" });
    expect(result.annotations.errors).toEqual([]);
    expect(emulator.activeIds("app")).toEqual([2]);
  });

  it("with every input empty, as a schedule passes the boxes of workflow_dispatch: nothing, by the defaults", async () => {
    const emulator = await old();
    const empty = [
      "owner package-type packages policy-file dry-run timestamp timezone grace min-keep max-delete protect",
      "in-use-files delete-broken delete-empty-package untag plan-file restore deletes-per-minute rate-limit-reserve",
      "max-minutes registry-url report-file",
    ];
    const names = empty.join(" ").split(" ");
    const result = await run(emulator, {
      ...Object.fromEntries(names.map((name) => [name, ""])),
      "registry-url": emulator.registryUrl,
      keep: "pr-*: 14d",
    });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: "dry-run", "kept-count": "1", "planned-count": "1" });
    expect(emulator.activeIds("app")).toEqual([1, 2]);
  });
});
