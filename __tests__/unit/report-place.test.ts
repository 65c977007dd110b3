import { linkSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { removeFolder } from "../../scripts/remove-folder";
import type { Mode } from "../../src/inputs/inputs";
import { freeReportFile, isSameFile, reportFileFaults } from "../../src/output/report-place";

let workspace: string;

beforeEach(() => {
  workspace = mkdtempSync(path.join(tmpdir(), "place-"));
  writeFileSync(path.join(workspace, "saved.json"), "{}");
});

afterEach(() => removeFolder(workspace));

const NONE = { names: [], globs: [], excludes: [] };

function restoring(...paths: string[]): Mode {
  const entries = paths.map((one) => ({ kind: "report", path: one }) as const);
  return { kind: "restore", type: "npm", packages: NONE, entries };
}

function planning(planFile: string): Mode {
  return {
    kind: "policies",
    policies: [],
    text: { input: "policy-file", path: "p.yml", text: "" },
    planFile,
  };
}

/** What is wrong with a report there, in words. */
async function faults(file: string, mode: Mode = restoring()): Promise<string[]> {
  const found = await reportFileFaults(path.join(workspace, file), { mode, workspace });
  return found.map(({ message }) => message.replaceAll(workspace + path.sep, ""));
}

describe("the place of the report", () => {
  it("may not be what the run reads, by whatever path", async () => {
    symlinkSync(path.join(workspace, "saved.json"), path.join(workspace, "symlink.json"));
    linkSync(path.join(workspace, "saved.json"), path.join(workspace, "hardlink.json"));
    mkdirSync(path.join(workspace, "a"));
    for (const file of ["saved.json", "symlink.json", "hardlink.json", "a/../saved.json"]) {
      expect(await faults(file, restoring("other.json", "saved.json"))).toEqual([
        expect.stringContaining(
          "is what restore names, and the report would overwrite it: name another file",
        ),
      ]);
      expect(await faults(file, planning(path.join(workspace, "saved.json")))).toEqual([
        expect.stringContaining("is what plan-file names"),
      ]);
    }
    writeFileSync(path.join(workspace, "p.yml"), "");
    expect(await faults("p.yml", planning("x"))).toEqual([
      expect.stringContaining("is what policy-file names"),
    ]);
  });

  it("may be any other file, also one that is there, and leaves nothing there before the run", async () => {
    expect(await faults("saved.json", restoring("other.json"))).toEqual([]);
    expect(await faults("a/b/report.json")).toEqual([]);
    expect(readdirSync(path.join(workspace, "a", "b"))).toEqual([]);
  });

  it("may not be a directory, a device or below a file", async () => {
    mkdirSync(path.join(workspace, "reports"));
    expect(await faults("reports")).toEqual([
      "the report cannot be written to reports, check the path: something else than a file is there",
    ]);
    expect(await faults("saved.json/report.json")).toEqual([
      expect.stringMatching(/^the report cannot be written to saved\.json\/report\.json, check the path: E/),
    ]);
    if (process.platform === "win32") return;
    expect(await reportFileFaults("/dev/null", { mode: restoring(), workspace })).toHaveLength(1);
  });

  it("is the next free name where none is given", () => {
    const name = (end: string) => path.join(workspace, `package-retention-report${end}.json`);
    for (const end of ["", "-2", "-3"]) {
      expect(freeReportFile(workspace)).toBe(name(end));
      writeFileSync(name(end), "");
    }
    expect(freeReportFile(workspace)).toBe(name("-4"));
  });
});

it("knows two names that differ in case as one file where the file system does", () => {
  writeFileSync(path.join(workspace, "Report.json"), "");
  const isOne =
    readdirSync(workspace).length === 2 && isSameFile(`${workspace}/Report.json`, `${workspace}/REPORT.json`);
  expect(isOne).toBe(process.platform === "darwin" || process.platform === "win32");
});
