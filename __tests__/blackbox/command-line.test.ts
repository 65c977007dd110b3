import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { imageManifest, versionOf } from "../../emulator/images";
import { cleanUpCommandLines, runCommandLine } from "../../scripts/command-line";
import { recordSession } from "../../scripts/command-line-session";
import { readText } from "../../scripts/readme-tables";
import { container, daysAgo, npm, release, startWorld } from "../support/world";

afterAll(cleanUpCommandLines);

const hasTerminal = spawnSync("script", ["--version"]).stdout?.includes("util-linux") ?? false;
const inTerminal = hasTerminal ? it : it.skip;

const PR = `sha256:${"7".repeat(64)}`;
const LATEST = imageManifest("latest");
const OPTIONS = ["--owner", "acme", "--packages", "app", "--keep", "latest: always", "--keep", "pr-*: 14d"];

function app() {
  return startWorld([
    container("app", [
      { id: 1, name: PR, tags: ["pr-1"], createdAt: daysAgo(30) },
      versionOf(LATEST, { id: 2, tags: ["latest"], createdAt: daysAgo(2) }),
    ]),
  ]);
}

/** Versions enough to be cancelled among them. */
function many(count = 60) {
  const versions = Array.from({ length: count }, (_, index) => release(index + 1, `1.0.${index}`, 90));
  return startWorld([npm("ui", versions)]);
}

const TABLE = [
  "Dry run: nothing is deleted.",
  "The plan deletes 1 of 2 versions of 1 package.",
  "Applying it takes 1 deletion: about a minute and 6 requests.",
  "",
  "container package app: 1 kept, 1 planned",
  "version        tags    age  verdict  reason",
  "777777777777…  pr-1    30d  delete   pr-*: older than 14d",
  `${LATEST.digest.slice(7, 19)}…  latest  2d   keep     latest: always`,
  "",
  "Dry run: 1 of 2 versions would be deleted from 1 package. Totals: 1 kept, 1 planned.",
];

describe("the command line in a pipe", () => {
  it("says what the README shows: if not, run `npm run --silent demo -- --cli > docs/command-line.txt`", async () => {
    expect(await recordSession()).toBe(readText("docs/command-line.txt"));
  });

  it("shows a table and leaves nothing behind: no workflow command, no report, no token", async () => {
    const emulator = await app();
    const result = await runCommandLine({ emulator, args: OPTIONS });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout.trimEnd().split("\n")).toEqual(TABLE);
    expect(emulator.activeIds("app")).toEqual([1, 2]);
    expect(emulator.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  it("applies with --apply, and writes the report and the summary where it is told to", async () => {
    const emulator = await app();
    const args = [...OPTIONS, "--apply", "--report-file", "out/report.json", "--summary", "summary.md"];
    const { exitCode, stdout, directory } = await runCommandLine({ emulator, args });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^This run deletes: dry-run is false\.\n/);
    expect(stdout).toContain("777777777777…  pr-1    30d  deleted  pr-*: older than 14d\n");
    expect(emulator.activeIds("app")).toEqual([2]);
    const report = JSON.parse(readFileSync(join(directory, "out", "report.json"), "utf8"));
    expect(report).toMatchObject({ status: "complete", packages: [{ counts: { deleted: 1 } }] });
    expect(report.runUrl).toBeUndefined();
    expect(readFileSync(join(directory, "summary.md"), "utf8")).toMatch(/^## Deleted 1 of 2 versions/);
  });

  it("prints the report with --json, and nothing else on stdout", async () => {
    const emulator = await app();
    const { exitCode, stdout, stderr } = await runCommandLine({ emulator, args: [...OPTIONS, "--json"] });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "dry-run", packages: [{ name: "app" }] });
    expect(stderr).toMatch(/^Dry run: nothing is deleted\.\n/);
  });

  it("takes a policy file and reports from anywhere", async () => {
    const emulator = await app();
    const files = { "retention.yml": "policies:\n  - {packages: app, keep: {latest: always, pr-*: 14d}}\n" };
    const args = ["--owner", "acme", "--policy-file", "retention.yml", "--apply", "--report-file", "r.json"];
    const first = await runCommandLine({ emulator, args, files });
    expect(first.exitCode).toBe(0);
    expect(emulator.activeIds("app")).toEqual([2]);
    const undo = ["--owner", "acme", "--restore", join(first.directory, "r.json"), "--apply"];
    expect((await runCommandLine({ emulator, args: undo })).exitCode).toBe(0);
    expect(emulator.activeIds("app")).toEqual([1, 2]);
  });

  it.each([
    ["a wrong option", [...OPTIONS, "--aply"], 'error: --aply: unknown option, did you mean "--apply"?\n'],
    [
      "a wrong policy",
      [...OPTIONS, "--keep", "v*: {lst: 3}"],
      'error: keep:3:6: unknown word "lst", did you mean "last"?\n',
    ],
    [
      "no owner and no package, whatever repository a job is of",
      ["--keep", "latest: always"],
      "error: owner: no owner is given and there is no repository to take it from: name one\n" +
        "error: packages: no package is given and there is no repository to take the name from: name one\n",
    ],
  ])("ends with 2 for %s", async (_, args, says) => {
    const emulator = await app();
    const env = { GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "acme/app", GITHUB_REPOSITORY_OWNER: "acme" };
    const { exitCode, stdout, stderr } = await runCommandLine({ emulator, args, env });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: "", stderr: says });
    expect(emulator.requests).toEqual([]);
  });

  it("ends with 2 and says how to get a token where there is none", async () => {
    const emulator = await app();
    const { exitCode, stderr } = await runCommandLine({
      emulator,
      args: OPTIONS,
      env: { GITHUB_TOKEN: "", PATH: "/none" },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      "error: token: there is no token: set GITHUB_TOKEN or GH_TOKEN, or log in with `gh auth login`\n",
    );
  });

  it.each([
    [
      "a slip in the policy that only the list of versions shows",
      [
        "--owner",
        "acme",
        "--packages",
        "app",
        "--keep",
        "lastest: always",
        "--keep",
        "rest: never",
        "--min-keep",
        "0",
        "--apply",
      ],
      /^error: keep:1:1: "lastest" .*did you mean "latest"\?$/m,
    ],
    [
      "a report that is not there",
      ["--owner", "acme", "--restore", "nowhere.json"],
      /^error: restore: nowhere\.json cannot be read in /m,
    ],
  ])("ends with 2 for %s, and deletes nothing", async (_, args, says) => {
    const emulator = await app();
    const { exitCode, stderr } = await runCommandLine({ emulator, args });
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(2);
    expect(emulator.activeIds("app")).toEqual([1, 2]);
  });

  it("ends with 1 where the run fails, and says why", async () => {
    const emulator = await app();
    const args = ["--owner", "acme", "--packages", "nope", "--keep", "latest: always"];
    const { exitCode, stderr } = await runCommandLine({ emulator, args });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: .*nope/);
  });
});

describe("the command line in a terminal", () => {
  inTerminal("is coloured, and fits it", async () => {
    const emulator = await app();
    const { exitCode, stdout } = await runCommandLine({ emulator, args: OPTIONS, columns: 50 });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("\u001b[31mdelete");
    const lines = stripVTControlCharacters(stdout).split("\n");
    const from = lines.findIndex((line) => line.startsWith("version"));
    const table = lines.slice(from, lines.indexOf("", from));
    expect(table).toHaveLength(3);
    expect(Math.max(...table.map(({ length }) => length))).toBeLessThanOrEqual(50);
  });

  inTerminal("has no colours with NO_COLOR", async () => {
    const emulator = await app();
    const { stdout } = await runCommandLine({ emulator, args: OPTIONS, columns: 80, env: { NO_COLOR: "1" } });
    expect(stdout.trimEnd().split("\n")).toEqual(TABLE);
  });

  inTerminal("ends in good order on Ctrl-C, with a report of what it did and what remains", async () => {
    const emulator = await many();
    const args = ["--owner", "acme", "--package-type", "npm", "--packages", "ui", "--keep", "semver: 1"];
    const { exitCode, stdout, directory } = await runCommandLine({
      emulator,
      args: [...args, "--apply", "--report-file", "report.json"],
      columns: 80,
      onSpawn: (child) => {
        const unsubscribe = emulator.onRequest((_, { method }) => {
          if (method !== "DELETE") return;
          unsubscribe();
          child.stdin?.write("\u0003");
        });
      },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Stopping: what is under way is finished first.");
    expect(stdout).toContain("The job was cancelled (SIGINT). Run it again to continue.");
    const { status, packages } = JSON.parse(readFileSync(join(directory, "report.json"), "utf8"));
    const { deleted, remaining } = packages[0].counts;
    expect(status).toBe("partial");
    expect(deleted + remaining).toBe(59);
    expect(remaining).toBeGreaterThan(0);
    expect(emulator.activeIds("ui", "npm")).toHaveLength(60 - deleted);
    expect(existsSync(join(directory, "package-retention-report.json"))).toBe(false);
  });

  inTerminal("has a line of progress that takes its own place", async () => {
    const emulator = await many(9);
    const args = [
      "--owner",
      "acme",
      "--package-type",
      "npm",
      "--packages",
      "ui",
      "--keep",
      "semver: 1",
      "--apply",
    ];
    const { stdout } = await runCommandLine({ emulator, args, columns: 80 });
    expect(stdout).toContain("\r\u001b[K");
    expect(stripVTControlCharacters(stdout)).toMatch(/\r\d of 8 versions/);
  });
});
