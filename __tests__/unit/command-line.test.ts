import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { removeFolder } from "../../scripts/remove-folder";
import { ACTION_INPUTS } from "../../src/inputs/action-inputs";
import { readCommandLine } from "../../src/inputs/command-line";
import { findToken } from "../../src/inputs/find-token";
import { helpText } from "../../src/inputs/help";
import { formatProblem } from "../../src/policy/problem";

/** The inputs that these arguments give. */
function given(...args: string[]): Record<string, string> {
  const { inputs, problems } = readCommandLine(args);
  expect(problems).toEqual([]);
  return Object.fromEntries(inputs);
}

function problems(...args: string[]): string[] {
  return readCommandLine(args).problems.map(formatProblem);
}

describe("the options of the command line", () => {
  it("are the inputs of the action, with a value behind them or behind =", () => {
    expect(given("--owner", "acme", "--packages=app,web", "--keep", "pr-*: 14d")).toEqual({
      owner: "acme",
      packages: "app,web",
      keep: "pr-*: 14d",
    });
  });

  it("mean true by themselves where they are booleans", () => {
    expect(given("--untag", "--delete-empty-package=false", "--dry-run", "--owner", "acme")).toEqual({
      untag: "true",
      "delete-empty-package": "false",
      "dry-run": "true",
      owner: "acme",
    });
  });

  it("have a line each time that they are given", () => {
    expect(given("--keep", "latest: always", "--keep", "pr-*: 14d")).toEqual({
      keep: "latest: always\npr-*: 14d",
    });
  });

  it("may have values that begin with a dash, or are empty", () => {
    expect(given("--packages", "-app", "--grace=", "--keep=--x: 1")).toEqual({
      packages: "-app",
      grace: "",
      keep: "--x: 1",
    });
  });

  it("apply the plan with --apply", () => {
    expect(given("--apply")).toEqual({ "dry-run": "false" });
    expect(problems("--apply", "--dry-run")).toEqual([
      "--apply: --apply and --dry-run exclude each other: give only one of them",
    ]);
  });

  it("are some that the action does not have", () => {
    const { inputs, flags, summary } = readCommandLine([
      "--json",
      "--no-progress",
      "--summary",
      "out.md",
      "-h",
    ]);
    expect([...inputs]).toEqual([]);
    expect([...flags]).toEqual(["json", "no-progress", "help"]);
    expect(summary).toBe("out.md");
  });

  it.each([
    [["--packges", "app"], ['--packges: unknown option, did you mean "--packages"?']],
    [["--zzzzzzzzzzzz"], ["--zzzzzzzzzzzz: unknown option: use --help to list them"]],
    [["-x"], ["-x: unknown option: use --help to list them"]],
    [["--keep"], ["--keep: no value is given: write --keep VALUE"]],
    [["--keep", "--apply"], ["--keep: no value is given: write --keep VALUE"]],
    [["app"], ["app: this belongs to no option: write --packages NAME, or quote a value that has spaces"]],
    [
      ["--token", "s3cret"],
      [
        "--token: a token on the command line would stand in the shell's history: set GITHUB_TOKEN or GH_TOKEN, or log in with `gh auth login`",
      ],
    ],
    [["--ownr", "a", "--keeep", "b"], 2],
  ])("are wrong as in %j", (args, expected) => {
    const found = problems(...args);
    if (typeof expected === "number") expect(found).toHaveLength(expected);
    else expect(found).toEqual(expected);
  });
});

describe("the help", () => {
  it("lists each input but the token, with what action.yml says of it, on lines that fit", () => {
    const help = helpText(80);
    for (const { name, description } of ACTION_INPUTS.filter((one) => one.name !== "token")) {
      expect(help).toMatch(new RegExp(`^  --${name}( VALUE)?$`, "m"));
      expect(help.replaceAll(/\s+/g, " ")).toContain(description.slice(0, 60));
    }
    expect(help).not.toMatch(/--token\b/);
    expect(help).toMatch(/^ {2}--untag$/m);
    expect(help).toMatch(/^ {2}--min-keep VALUE$/m);
    expect(help).toContain("Default: `170`.");
    expect(Math.max(...help.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});

describe("the token of a person", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "gh-"));
    writeFileSync(
      join(folder, "gh"),
      '#!/bin/sh\n[ "$1 $2 $3" = "auth token --hostname" ] && echo "token-of-$4"\n',
    );
    chmodSync(join(folder, "gh"), 0o755);
  });

  afterAll(() => removeFolder(folder));

  it("is that of GITHUB_TOKEN, else of GH_TOKEN", () => {
    expect(findToken({ GITHUB_TOKEN: " a\n", GH_TOKEN: "b" }, "https://github.com")).toBe("a");
    expect(findToken({ GITHUB_TOKEN: "", GH_TOKEN: "b" }, "https://github.com")).toBe("b");
  });

  (process.platform === "win32" ? it.skip : it)("is else what gh prints for the server", () => {
    const PATH = `${folder}${delimiter}${process.env.PATH}`;
    expect(findToken({ PATH }, "https://ghe.example:8443")).toBe("token-of-ghe.example:8443");
    expect(findToken({ PATH: "/nowhere" }, "https://github.com")).toBeUndefined();
  });
});
