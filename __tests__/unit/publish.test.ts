import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { removeFolder } from "../../scripts/remove-folder";
import type { Warning } from "../../src/model/warning";
import type { Deleted } from "../../src/output/journal";
import { publish, publishProblems } from "../../src/output/publish";
import type { Report } from "../../src/report/report";
import { type FakeOutput, fakeOutput } from "../support/fake-output";
import { aPackage, aReport, previews } from "../support/report-builder";

const APPLIED = aReport({
  status: "complete",
  packages: [
    aPackage({ name: "web", status: "complete", versions: previews(2, "deleted") }),
    aPackage({ name: "app", status: "complete", versions: previews(3, "deleted") }),
  ],
});
const DISK_FULL = new Error("ENOSPC: no space left on device, write");

let directory: string;
let reportFile: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "publish-"));
  reportFile = path.join(directory, "report.json");
});

afterEach(() => {
  process.exitCode = 0;
  removeFolder(directory);
});

interface Situation {
  readonly output?: FakeOutput;
  readonly report?: Report;
  readonly file?: string | undefined;
  readonly deleted?: readonly Deleted[];
  readonly warnings?: readonly Warning[];
}

/** All that is told, and whether the step fails. */
async function told(situation: Situation): Promise<{ told: readonly string[]; fails: boolean }> {
  const { output = fakeOutput(), report = APPLIED, deleted = [], warnings = [] } = situation;
  const file = "file" in situation ? situation.file : reportFile;
  process.exitCode = 0;
  const destination = { output, reportFile: file, journal: { deleted: () => deleted }, pages: undefined };
  await publish({ report, warnings }, destination);
  return { told: output.told, fails: process.exitCode !== 0 };
}

function isWritten(): boolean {
  return JSON.parse(readFileSync(reportFile, "utf8")).status === "complete";
}

describe("the end of a run", () => {
  it("is told by the packages in the order of their names, the summary, the outputs, and the totals last", async () => {
    const { told: all, fails } = await told({ warnings: [{ kind: "refused", message: "No." }] });
    expect(fails).toBe(false);
    expect(all.map((line) => line.replace(/: .*/s, ""))).toEqual([
      "packages",
      "summary",
      ...["status", "kept-count", "planned-count", "deleted-count", "restored-count", "refused-count"].map(
        output,
      ),
      ...["skipped-count", "failed-count", "remaining-count", "results", "report-file"].map(output),
      "warning",
      "info",
    ]);
    expect(all[0]).toBe("packages: app web");
    expect(all.at(-1)).toBe(
      "info: Deleted all 5 versions from 2 packages. Totals: 0 kept, 5 planned, 5 deleted.",
    );
    expect(isWritten()).toBe(true);
  });

  it("has the report first: whatever fails after it, it is there", async () => {
    const fail = () => {
      throw DISK_FULL;
    };
    const output = fakeOutput({ showPackages: fail, setOutput: fail, writeSummary: async () => fail() });
    const { told: all, fails } = await told({ output });
    expect(fails).toBe(true);
    expect(isWritten()).toBe(true);
    expect(all).toEqual([
      "error: log: the packages cannot be shown: ENOSPC: no space left on device, write",
      "error: summary: the summary cannot be written, check the path: ENOSPC: no space left on device, write",
      "error: outputs: status, kept-count, planned-count, deleted-count, restored-count, refused-count, skipped-count, failed-count, remaining-count, results, report-file cannot be written, check the runner's disk: ENOSPC: no space left on device, write",
      expect.stringMatching(/^info: Deleted all 5 versions/),
    ]);
  });

  it("sets every output that can be set, where one cannot", async () => {
    const set: string[] = [];
    const setOutput = (name: string) => {
      if (name === "results") throw DISK_FULL;
      set.push(name);
    };
    const { told: all } = await told({ output: fakeOutput({ setOutput }) });
    expect(set).toHaveLength(10);
    expect(all).toContainEqual(expect.stringMatching(/^error: outputs: results cannot be written/));
  });

  it("without a report on the disk has the ids of what was deleted in the log", async () => {
    mkdirSync(reportFile);
    const ids = Array.from({ length: 250 }, (_, index) => index + 1);
    const deleted: Deleted[] = [
      { pkg: { type: "container", name: "app" }, ids, isWhole: false },
      { pkg: { type: "npm", name: "ui" }, ids: [], isWhole: true },
    ];
    const { told: all, fails } = await told({ deleted });
    expect(fails).toBe(true);
    expect(all[0]).toMatch(
      /^error: report-file: the report cannot be written to .*report\.json, check the path: E/,
    );
    expect(all.slice(2, 8)).toEqual([
      "info: Without a report, this is what `restore` needs. Deleted of the container package app:",
      `info:   ${ids.slice(0, 100).join(", ")}`,
      `info:   ${ids.slice(100, 200).join(", ")}`,
      `info:   ${ids.slice(200).join(", ")}`,
      "info: Without a report, this is what `restore` needs. Deleted of the npm package ui as a whole:",
      "info:   *",
    ]);
    expect(all).toContain("output status: failed");
    expect(all).toContain("output report-file: ");
  });

  it("without a place for a report has none, and does not fail", async () => {
    const { fails, told: all } = await told({ file: undefined });
    expect(fails).toBe(false);
    expect(all).toContain("output report-file: ");
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("a policy with a slip, which only the listing shows", () => {
  it("is an annotation at its place, and a wrong input, though the run has a report", async () => {
    const path = ".github/retention.yml";
    const problems = [{ source: path, line: 5, column: 7, message: '"lastest" claims nothing' }];
    const report = aReport({ status: "failed", policy: { input: "policy-file", path, text: "" } });
    const output = fakeOutput({ refusedStatus: 2 });
    process.exitCode = 0;
    const destination = { output, reportFile, journal: { deleted: () => [] }, pages: undefined };
    await publish({ report, warnings: [], error: "slip", problems }, destination);
    expect(process.exitCode).toBe(2);
    expect(output.told).toContain('error: .github/retention.yml:5:7: "lastest" claims nothing');
    expect(output.abouts).toEqual([{ title: "Wrong input: policy-file", file: path, line: 5, column: 7 }]);
  });
});

describe("wrong inputs", () => {
  it("are annotations with their place in the policy file, and with the name of the input", async () => {
    const output = fakeOutput();
    const file = ".github/retention.yml";
    const problems = [
      { source: file, line: 4, column: 14, message: "unknown word" },
      { source: "keep", line: 1, column: 2, message: "unknown word" },
      { source: "dry-run", message: "no boolean" },
    ];
    await publishProblems(problems, { output, file });
    expect(output.abouts).toEqual([
      { title: "Wrong input: policy-file", file, line: 4, column: 14 },
      { title: "Wrong input: keep" },
      { title: "Wrong input: dry-run" },
    ]);
    expect(output.told[0]).toBe("output status: failed");
    expect(output.told[1]).toBe("error: .github/retention.yml:4:14: unknown word");
  });

  it("of any number fit into a summary", async () => {
    let size = 0;
    const output = fakeOutput({
      writeSummary: async (markdown) => {
        size = Buffer.byteLength(markdown);
      },
    });
    const problems = Array.from({ length: 9_000 }, (_, line) => ({
      source: "keep",
      line,
      message: "<&".repeat(500),
    }));
    await publishProblems(problems, { output });
    expect(size).toBeGreaterThan(500_000);
    expect(size).toBeLessThan(1_048_576);
    expect(output.told).toHaveLength(9_001);
  });
});

function output(name: string): string {
  return `output ${name}`;
}

it("leaves no other files beside the report", async () => {
  writeFileSync(reportFile, "{}");
  await told({});
  expect(readdirSync(directory)).toEqual(["report.json"]);
});
