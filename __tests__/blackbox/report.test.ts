import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { multiArch } from "../../emulator/images";
import { VERSION } from "../../src/inputs/action-inputs";
import { container, daysAgo, npm, release, run, startWorld } from "../support/world";

const OLD = daysAgo(30);
const NEW = daysAgo(2);
const LATEST = multiArch("app", { tags: ["latest"], createdAt: NEW }, { platforms: ["linux/amd64"] });
const [PART, PROVENANCE] = [...LATEST.images, ...LATEST.attestations].map(({ digest }) => digest);
const PR = `sha256:${"7".repeat(64)}`;

function app() {
  return container("app", [{ id: 1, name: PR, tags: ["pr-1"], createdAt: OLD }, ...LATEST.versions]);
}

/** The versions of the report, newest first; `outcome` is what became of the one that goes. */
function versions(outcome: string) {
  return [
    {
      id: 4,
      name: LATEST.index.digest,
      tags: ["latest"],
      createdAt: NEW,
      updatedAt: NEW,
      verdict: "keep",
      reasons: ["latest: always"],
      parts: expect.arrayContaining([PART, PROVENANCE]),
    },
    {
      id: 3,
      name: PROVENANCE,
      tags: [],
      createdAt: NEW,
      updatedAt: NEW,
      verdict: "keep",
      reasons: ["part of app:latest"],
    },
    {
      id: 2,
      name: PART,
      tags: [],
      createdAt: NEW,
      updatedAt: NEW,
      verdict: "keep",
      reasons: ["part of app:latest"],
    },
    {
      id: 1,
      name: PR,
      tags: ["pr-1"],
      createdAt: OLD,
      updatedAt: OLD,
      verdict: "delete",
      reasons: ["pr-*: older than 14d"],
      outcome,
    },
  ];
}

describe("the report", () => {
  it("of a dry run has the shape of the specification, with every version and its reasons", async () => {
    const emulator = await startWorld([app()]);
    const before = Date.now();
    const result = await run(emulator, { keep: "latest: always\npr-*: 14d" });
    expect(result.report).toEqual({
      schemaVersion: 1,
      generatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      dryRun: true,
      status: "dry-run",
      owner: "acme",
      actionVersion: VERSION,
      runUrl: "https://github.com/acme/app/actions/runs/1",
      policy: { input: "keep", text: "latest: always\npr-*: 14d" },
      packages: [
        {
          type: "container",
          name: "app",
          status: "dry-run",
          counts: { kept: 3, planned: 1 },
          versions: versions("planned"),
        },
      ],
    });
    const generated = Date.parse(result.report?.generatedAt ?? "");
    expect(generated).toBeGreaterThanOrEqual(before - 1000);
    expect(generated).toBeLessThanOrEqual(Date.now());
  });

  it("of an applied one has the same, and what became of it", async () => {
    const emulator = await startWorld([app()]);
    const result = await run(emulator, { keep: "latest: always\npr-*: 14d", "dry-run": "false" });
    expect(result.report).toMatchObject({ dryRun: false, status: "complete" });
    expect(result.report?.packages).toEqual([
      {
        type: "container",
        name: "app",
        status: "complete",
        counts: { kept: 3, planned: 1, deleted: 1 },
        versions: versions("deleted"),
      },
    ]);
  });

  it("is written where report-file says, in a directory that need not be there", async () => {
    const emulator = await startWorld([app()]);
    const result = await run(
      emulator,
      { keep: "rest: 1", "report-file": "out/reports/plan.json" },
      { built: true },
    );
    expect(result.exitCode).toBe(0);
    expect(result.outputs["report-file"]).toBe("out/reports/plan.json");
    const file = `${result.workspace}/out/reports/plan.json`;
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ schemaVersion: 1, status: "dry-run" });
  });

  it("is there, and says what was deleted, where the outputs and the summary cannot be written in the end", async () => {
    const emulator = await startWorld([app()]);
    const env = { GITHUB_OUTPUT: "/dev/full", GITHUB_STEP_SUMMARY: "/dev/full" };
    const result = await run(emulator, { keep: "latest: always\npr-*: 14d", "dry-run": "false" }, { env });
    expect(result.exitCode).toBe(1);
    expect(emulator.activeIds("app")).toEqual([2, 3, 4]);
    expect(result.annotations.errors).toEqual([
      expect.stringMatching(/^summary: the summary cannot be written, check the path: ENOSPC/),
      expect.stringMatching(
        /^outputs: status, .*report-file cannot be written, check the runner's disk: ENOSPC/,
      ),
    ]);
    expect(result.report).toMatchObject({ status: "complete", packages: [{ counts: { deleted: 1 } }] });
  });

  it("of a second use of the action in one job has a name of its own", async () => {
    const emulator = await startWorld([app()]);
    const first = await run(emulator, { keep: "latest: always" });
    const file = first.outputs["report-file"] ?? "";
    const second = await run(emulator, { keep: "latest: always" }, { env: { RUNNER_TEMP: dirname(file) } });
    expect(second.outputs["report-file"]).toBe(join(dirname(file), "package-retention-report-2.json"));
    expect(readdirSync(dirname(file)).sort()).toEqual([
      "package-retention-report-2.json",
      "package-retention-report.json",
    ]);
  });

  it("does not overwrite the report that it restores from, and nothing is requested", async () => {
    const emulator = await startWorld([app()]);
    const files = { "report.json": "{}" };
    const inputs = { restore: "report.json", "report-file": "./report.json" };
    const result = await run(emulator, inputs, { built: true, files });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors).toEqual([
      "report-file: ./report.json is what restore names, and the report would overwrite it: name another file",
    ]);
    expect(result.sent).toEqual([]);
  });

  it("that cannot be written fails the step, and the message says why", async () => {
    const emulator = await startWorld([app()]);
    const result = await run(
      emulator,
      { keep: "rest: 1", "report-file": "taken/plan.json" },
      { built: true, files: { taken: "a file, not a directory" } },
    );
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors).toHaveLength(1);
    expect(result.annotations.errors[0]).toMatch(
      /^report-file: the report cannot be written to taken\/plan\.json, check the path: /,
    );
    expect(result.outputs.status).toBe("failed");
    expect(result.sent).toEqual([]);
    expect(existsSync(`${result.workspace}/taken/plan.json`)).toBe(false);
  });
});

describe("the log", () => {
  it("has a digest of each package, and a line for each version where debugging is on", async () => {
    const emulator = await startWorld([npm("@acme/ui", [release(1, "1.0.0"), release(2, "1.1.0")])]);
    const inputs = { packages: "@acme/ui", "package-type": "npm", keep: "semver: 1" };
    const plain = await run(emulator, inputs);
    expect(plain.debug).toEqual([]);
    expect(plain.stdout).toBe(
      [
        "::add-mask::monas-token",
        "Dry run: nothing is deleted.",
        "The plan deletes 1 of 2 versions of 1 package.",
        "Applying it takes 1 deletion: about a minute and 2 requests.",
        "::group::npm package @acme/ui: 1 kept, 1 planned",
        "  delete 1, semver: beyond the last 1: 1.0.0",
        "  keep 1, semver: last 1: 1.1.0",
        "::endgroup::",
        "Dry run: 1 of 2 versions would be deleted from 1 package. Totals: 1 kept, 1 planned.",
        "",
      ].join("\n"),
    );
    const debugging = await run(emulator, inputs, { env: { RUNNER_DEBUG: "1" } });
    expect(debugging.debug).toEqual([
      "keep 2 1.1.0 semver: last 1",
      "delete 1 1.0.0 semver: beyond the last 1 → planned",
    ]);
  });
});

describe("the summary", () => {
  it("begins with the outcome, and says what can be done next", async () => {
    const emulator = await startWorld([app()]);
    const inputs = { keep: "latest: always\npr-*: 14d" };
    const dry = await run(emulator, inputs);
    expect(dry.summary).toMatch(/^## Dry run: 1 of 4 versions would be deleted from 1 package\n/);
    expect(dry.summary).toContain("**To apply this**, run it again with `dry-run: false`.");
    const applied = await run(emulator, { ...inputs, "dry-run": "false" });
    expect(applied.summary).toMatch(/^## Deleted 1 of 4 versions from 1 package\n/);
    expect(applied.summary).toContain("**To undo this** within 30 days");
    const again = await run(emulator, { ...inputs, "dry-run": "false" });
    expect(again.summary).toMatch(/^## Nothing to delete; all 3 versions in 1 package are kept\n/);
  });

  it("of a run that failed as a whole says why", async () => {
    const emulator = await startWorld([app()]);
    const result = await run(emulator, { owner: "acmee", keep: "latest: always" });
    expect(result.summary).toMatch(
      /^## Failed\n\n- \*\*Error\*\*: There is no user or organization "acmee": check the input owner\.\n/,
    );
  });
});
