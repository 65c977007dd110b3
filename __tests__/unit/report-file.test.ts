import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { removeFolder } from "../../scripts/remove-folder";
import { reasonText } from "../../src/model/reason";
import { serialize, writeReport } from "../../src/output/report-file";
import type { Report, WrittenReport } from "../../src/report/report";
import { aPackage, aReport, aVersion, byLine, partOf, previews } from "../support/report-builder";

function text(report: Report): string {
  return [...serialize(report)].join("");
}

/** A report as its file has it. */
function written({ packages, ...report }: Report): WrittenReport {
  return {
    ...report,
    packages: packages.map(({ versions, ...pkg }) => ({
      ...pkg,
      versions: versions.map((version) => ({ ...version, reasons: version.reasons.map(reasonText) })),
    })),
  };
}

describe("the report as text", () => {
  it.each<[string, Report]>([
    ["without packages", aReport()],
    ["of a package without versions", aReport({ packages: [aPackage()] })],
    [
      "of several packages, with all that a version can have",
      aReport({
        status: "partial",
        packages: [
          aPackage({
            name: "a",
            versions: [aVersion({ id: 3, tags: ["latest"], parts: ["sha256:1"] }), ...previews(2)],
          }),
          aPackage({ name: "b", status: "failed", error: "GitHub answered 403: no", versions: [] }),
          aPackage({ name: "c", versions: [aVersion({ id: 9 })] }),
        ],
      }),
    ],
    [
      "of names that JSON has to escape",
      aReport({
        packages: [aPackage({ name: 'a"\\\n\u2028', versions: [aVersion({ id: 1, tags: ['"]}\n,{'] })] })],
      }),
    ],
  ])("%s is that report, as JSON", (_, report) => {
    expect(JSON.parse(text(report))).toEqual(written(report));
  });

  it("has the reasons as people read them", () => {
    const reasons = [byLine("pr-*", "older than 14d", "beyond the last 3"), partOf("app:v1")];
    const report = aReport({ packages: [aPackage({ versions: [aVersion({ id: 1, reasons })] })] });
    expect(JSON.parse(text(report))).toMatchObject({
      packages: [{ versions: [{ reasons: ["pr-*: older than 14d, beyond the last 3", "part of app:v1"] }] }],
    });
  });

  it("has one version a line, for those who read it with grep", () => {
    const lines = text(aReport({ packages: [aPackage({ versions: previews(3) })] }))
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[3]).toMatch(/^\{.*"tags":\["pr-2"\].*"outcome":"planned"\},$/);
  });

  it("comes in small pieces, however large it is", () => {
    const pieces = [...serialize(aReport({ packages: [aPackage({ versions: previews(1_000) })] }))];
    expect(pieces.length).toBeGreaterThan(1_000);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1_000);
  });
});

describe("the report file", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "package-retention-"));
  });

  afterEach(() => {
    removeFolder(directory);
  });

  it("has a large report in full, in a directory that was not there", async () => {
    const report = aReport({ packages: [aPackage({ versions: previews(5_000) })] });
    const file = path.join(directory, "a", "b", "report.json");
    await writeReport(report, file);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(written(report));
  });

  it("takes the place of an older and longer one", async () => {
    const file = path.join(directory, "report.json");
    await writeReport(aReport({ packages: [aPackage({ versions: previews(100) })] }), file);
    await writeReport(aReport(), file);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(aReport());
  });

  it("is the old one, whole, where the new one cannot be written to its end", async () => {
    const file = path.join(directory, "report.json");
    await writeReport(aReport(), file);
    const broken = aVersion({ id: 2 });
    Object.defineProperty(broken, "tags", {
      enumerable: true,
      get: () => {
        throw new Error("disk full");
      },
    });
    const large = aReport({ packages: [aPackage({ versions: [...previews(5_000), broken] })] });
    await expect(writeReport(large, file)).rejects.toThrow("disk full");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(aReport());
    expect(readdirSync(directory)).toEqual(["report.json"]);
  });

  it("that cannot be written is an error, however much there is to write", async () => {
    const directoryInItsPlace = path.join(directory, "report.json");
    mkdirSync(directoryInItsPlace);
    const large = aReport({ packages: [aPackage({ versions: previews(5_000) })] });
    await expect(writeReport(large, directoryInItsPlace)).rejects.toMatchObject({
      code: expect.stringMatching(/^E/),
    });
    const file = path.join(directory, "file");
    writeFileSync(file, "");
    await expect(writeReport(large, path.join(file, "report.json"))).rejects.toMatchObject({
      code: expect.stringMatching(/^E/),
    });
  });
});
