import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { imageManifest, versionOf } from "../../emulator/images";
import { container, daysAgo, npm, PAT, release, run, startWorld } from "../support/world";

const ACTION = parse(readFileSync(new URL("../../action.yml", import.meta.url), "utf8")) as {
  readonly outputs: Record<string, unknown>;
};

const NPM = { "package-type": "npm", keep: "semver: 1" };

function ui() {
  return npm("ui", [release(1, "1.0.0"), release(2, "1.1.0"), release(3, "1.2.0")]);
}

describe("the outputs", () => {
  it("are those that action.yml declares, whatever became of the run", async () => {
    const emulator = await startWorld([ui()]);
    const declared = Object.keys(ACTION.outputs).sort();
    const done = await run(emulator, { ...NPM, packages: "ui" });
    const failed = await run(emulator, { ...NPM, packages: "nothing" });
    expect(Object.keys(done.outputs).sort()).toEqual(declared);
    expect(Object.keys(failed.outputs).sort()).toEqual(declared);
  });

  it("add up: what was deleted, refused, failed, skipped and what remains is what was planned", async () => {
    const popular = { ...release(11, "1.0.0", 200), downloads: 9000 };
    const packages = [
      ui(),
      {
        ...npm("popular", [popular, release(12, "1.1.0"), release(13, "1.2.0")]),
        visibility: "public" as const,
      },
      npm("many", [release(21, "1.0.0"), release(22, "1.1.0"), release(23, "1.2.0"), release(24, "1.3.0")]),
    ];
    const emulator = await startWorld(packages, { tokens: [PAT] });
    const inputs = { ...NPM, packages: "ui, popular, many", "max-delete": "2", "dry-run": "false" };
    const { outputs, exitCode } = await run(emulator, inputs);
    expect(exitCode).toBe(1);
    expect(outputs).toEqual({
      status: "failed",
      "kept-count": "3",
      "planned-count": "7",
      "deleted-count": "3",
      "restored-count": "0",
      "refused-count": "1",
      "skipped-count": "0",
      "failed-count": "0",
      "remaining-count": "3",
      results: expect.any(String),
      "report-file": expect.stringContaining("package-retention-report.json"),
    });
    const zeros = { deleted: 0, restored: 0, refused: 0, skipped: 0, failed: 0, remaining: 0 };
    expect(JSON.parse(outputs.results ?? "")).toEqual([
      { type: "npm", name: "many", status: "failed", kept: 1, planned: 3, ...zeros, remaining: 3 },
      {
        type: "npm",
        name: "popular",
        status: "complete",
        kept: 1,
        planned: 2,
        ...zeros,
        deleted: 1,
        refused: 1,
      },
      { type: "npm", name: "ui", status: "complete", kept: 1, planned: 2, ...zeros, deleted: 2 },
    ]);
  });

  it("say that there was nothing to do in a package without versions", async () => {
    const emulator = await startWorld([container("app", [])]);
    const result = await run(emulator, { keep: "rest: 1", "dry-run": "false" });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: "complete", "kept-count": "0", "planned-count": "0" });
    expect(result.annotations).toMatchObject({ errors: [], notices: [] });
    expect(result.annotations.warnings).toEqual([
      expect.stringMatching(/^GitHub lists no versions of the container package app, .* nothing to delete/),
    ]);
  });
});

describe("settings that keep more than the lines do", () => {
  it("are min-keep, protect, in-use-files and the uncovered tag, each with its reason", async () => {
    const five = imageManifest("five");
    const emulator = await startWorld([
      container("app", [
        { id: 1, tags: ["pr-1"], createdAt: daysAgo(60) },
        { id: 2, tags: ["pr-2"], createdAt: daysAgo(50) },
        { id: 3, tags: ["pr-3"], createdAt: daysAgo(40) },
        { id: 4, tags: ["pr-4", "edge"], createdAt: daysAgo(70) },
        versionOf(five, { id: 5, tags: ["pr-5"], createdAt: daysAgo(80) }),
        { id: 6, tags: ["pr-6"], createdAt: daysAgo(90) },
      ]),
    ]);
    const result = await run(
      emulator,
      {
        keep: "pr-*: 14d",
        protect: `${five.digest}\n2 # the last good one`,
        "in-use-files": "deploy/*.yaml",
        "min-keep": "5",
        "dry-run": "false",
      },
      { files: { "deploy/app.yaml": "image: ghcr.io/acme/app:pr-1\n" } },
    );
    expect(result.exitCode).toBe(0);
    const reasons = result.report?.packages[0]?.versions.map(({ id, reasons }) => [id, ...reasons]);
    expect(reasons).toEqual([
      [3, "min-keep"],
      [2, "protect"],
      [1, "in use: deploy/app.yaml"],
      [4, 'tag "edge" is not covered by any line'],
      [5, "protect"],
      [6, "pr-*: older than 14d"],
    ]);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5]);
  });
});
