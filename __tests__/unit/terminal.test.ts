import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { removeFolder } from "../../scripts/remove-folder";
import { createTerminal, type TerminalOptions } from "../../src/output/terminal";
import { versionTable } from "../../src/output/version-table";
import {
  aPackage,
  aReport,
  aVersion,
  byLine,
  digest,
  GENERATED_AT,
  previews,
} from "../support/report-builder";

const NOW = Date.parse(GENERATED_AT);
const ESCAPE = "\u001b[";

/** A terminal, or a pipe, that remembers. */
function open(options: Partial<TerminalOptions> & { columns?: number; isTTY?: boolean } = {}) {
  const { columns = 80, isTTY = false, ...others } = options;
  const texts = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof texts) => ({
    isTTY,
    columns,
    write: (text: string) => {
      texts[name] += text;
    },
  });
  const output = createTerminal({
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    env: {},
    json: false,
    progress: true,
    ...others,
  });
  return { output, texts };
}

const REPORT = aReport({
  packages: [
    aPackage({
      versions: [
        aVersion({ id: 3, tags: ["v1.1.0", "latest"] }),
        aVersion({
          id: 2,
          name: digest("b"),
          tags: ["pr-7"],
          verdict: "delete",
          reasons: [byLine("pr-*", "older than 14d")],
          outcome: "planned",
        }),
        aVersion({ id: 1, name: digest("c"), reasons: [byLine("untagged", "last 3")] }),
      ],
    }),
  ],
});

describe("the table of a package", () => {
  it("has version, tags, age, verdict and first reason, and what goes first", () => {
    const { output, texts } = open();
    output.showPackages(REPORT);
    expect(texts.stdout).toBe(
      [
        "",
        "container package app: 2 kept, 1 planned",
        "version        tags           age  verdict  reason",
        "bbbbbbbbbbbb…  pr-7           20d  delete   pr-*: older than 14d",
        "aaaaaaaaaaaa…  v1.1.0 latest  20d  keep     latest: always",
        "cccccccccccc…                 20d  keep     untagged: last 3",
        "",
        "",
      ].join("\n"),
    );
  });

  it.each([40, 60, 80, 200])("fits a terminal of %i columns", (columns) => {
    const long = aVersion({
      id: 4,
      tags: ["x".repeat(90), "y".repeat(90)],
      reasons: [byLine("z".repeat(90), "never")],
    });
    const { output, texts } = open({ isTTY: true, columns, env: { NO_COLOR: "1" } });
    output.showPackages(
      aReport({ packages: [aPackage({ versions: [...(REPORT.packages[0]?.versions ?? []), long] })] }),
    );
    const lengths = texts.stdout.split("\n").map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(columns);
    expect(texts.stdout).toContain("…");
  });

  it("is cut to nothing in a pipe, for those who search it", () => {
    const { output, texts } = open({ columns: 20 });
    const version = aVersion({ id: 4, tags: ["x".repeat(90)] });
    output.showPackages(aReport({ packages: [aPackage({ versions: [version] })] }));
    expect(texts.stdout).toContain("x".repeat(90));
  });

  it("has no column of tags where the name says it all", () => {
    const versions = [aVersion({ id: 1, name: "1.0.0", tags: ["1.0.0"] })];
    const lines = [...versionTable(aPackage({ type: "npm", versions }), { now: NOW, width: 80 })];
    expect(lines.map(({ line }) => line)).toEqual([
      "version  age  verdict  reason",
      "1.0.0    20d  keep     latest: always",
    ]);
  });

  it("says what became of a version in place of the verdict", () => {
    const pkg = aPackage({ versions: previews(2, "refused") });
    const [, row] = versionTable(pkg, { now: NOW, width: 80 });
    expect(row?.line).toContain("refused");
    expect(row?.row?.tone).toBe("trouble");
  });

  it("has at most five hundred rows, of any number of versions", () => {
    const lines = [...versionTable(aPackage({ versions: previews(20_000) }), { now: NOW, width: 80 })];
    expect(lines).toHaveLength(502);
    expect(lines.at(-1)?.line).toBe("… and 19,500 versions more; --json and --report-file have them all");
  });
});

describe("a terminal", () => {
  it("has errors and warnings on stderr, one line each, and no workflow commands", () => {
    const { output, texts } = open();
    output.info("The plan deletes 1.");
    output.warning("one\ntwo", { title: "Max delete" });
    output.error("keep:1:8: no");
    expect(texts.stdout).toBe("The plan deletes 1.\n");
    expect(texts.stderr).toBe("warning: one\nwarning: two\nerror: keep:1:8: no\n");
  });

  it("shows what others wrote as text: nothing moves the cursor or changes colours", () => {
    const { output, texts } = open({ isTTY: true });
    const hostile = "a\u001b]0;pwned\u0007\r\n\u009b31mb\u202e";
    output.info(hostile);
    output.showPackages(
      aReport({ packages: [aPackage({ name: hostile, versions: [aVersion({ id: 1, tags: [hostile] })] })] }),
    );
    const text = stripVTControlCharacters(texts.stdout);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it("has colours, but not in a pipe, with NO_COLOR, or where it is dumb", () => {
    const isColoured = (options: Parameters<typeof open>[0]) => {
      const { output, texts } = open(options);
      output.showPackages(REPORT);
      output.error("no");
      return [texts.stdout.includes(ESCAPE), texts.stderr.includes(ESCAPE)];
    };
    expect(isColoured({ isTTY: true })).toEqual([true, true]);
    expect(isColoured({ isTTY: false })).toEqual([false, false]);
    expect(isColoured({ isTTY: true, env: { NO_COLOR: "1" } })).toEqual([false, false]);
    expect(isColoured({ isTTY: true, env: { TERM: "dumb" } })).toEqual([false, false]);
  });

  it("has one line of progress, which what is told takes the place of", () => {
    const { output, texts } = open({ isTTY: true, columns: 20, env: { NO_COLOR: "1" } });
    output.progress?.("3 of 9 versions, 170 a minute");
    output.progress?.("6 of 9");
    output.warning("no");
    expect(texts.stderr).toBe(`\r${ESCAPE}K3 of 9 versions, 17\r${ESCAPE}K6 of 9\r${ESCAPE}Kwarning: no\n`);
  });

  it("has no progress where none is wanted, nor in a pipe", () => {
    for (const { output, texts } of [open({ isTTY: true, progress: false }), open({ isTTY: false })]) {
      output.progress?.("3 of 9 versions");
      expect(texts).toEqual({ stdout: "", stderr: "" });
    }
  });

  it("has the report and nothing else on stdout with --json", () => {
    const { output, texts } = open({ json: true });
    output.info("Dry run: nothing is deleted.");
    output.showPackages(REPORT);
    expect(JSON.parse(texts.stdout)).toMatchObject({ schemaVersion: 1, packages: [{ name: "app" }] });
    expect(texts.stderr).toBe("Dry run: nothing is deleted.\n");
  });

  it("does not tell a secret", () => {
    const { output, texts } = open();
    output.hide("ghp_0123456789");
    output.error("refused: ghp_0123456789");
    output.info("x ghp_0123456789 y");
    expect(texts).toEqual({ stderr: "error: refused: ***\n", stdout: "x *** y\n" });
  });

  it("tells internals only where somebody debugs", () => {
    const quiet = open();
    quiet.output.debug("retry");
    expect(quiet.texts).toEqual({ stdout: "", stderr: "" });
    const { output, texts } = open({ env: { RUNNER_DEBUG: "1" } });
    output.debug("retry");
    expect(texts.stderr).toBe("retry\n");
  });

  it("writes the summary where it is told to", async () => {
    expect(open().output.hasSummary()).toBe(false);
    const folder = mkdtempSync(join(tmpdir(), "terminal-"));
    const { output } = open({ summaryFile: join(folder, "summary.md") });
    expect(output.hasSummary()).toBe(true);
    await output.writeSummary("## Dry run\n");
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toBe("## Dry run\n");
    removeFolder(folder);
  });
});
