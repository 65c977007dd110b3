import { readFileSync } from "node:fs";
import type * as z from "zod/mini";
import { SCHEMAS } from "../../scripts/schema-text";
import { checkReport, type reportSchema } from "../../src/inputs/report-schema";
import { serialize } from "../../src/output/report-file";
import type { WrittenPackage, WrittenReport, WrittenVersion } from "../../src/report/report";
import { aPackage, aReport, aVersion, digest, previews } from "../support/report-builder";
import { reportFaults } from "../support/report-faults";

type Saved = z.infer<typeof reportSchema>;
type SavedPackage = Saved["packages"][number];

/** What a report can have and its schema does not know; `npm run typecheck` fails where there is anything. */
type Unknown =
  | Exclude<keyof WrittenReport, keyof Saved>
  | Exclude<keyof WrittenPackage, keyof SavedPackage>
  | Exclude<keyof WrittenPackage["counts"], keyof SavedPackage["counts"]>
  | Exclude<keyof WrittenVersion, keyof SavedPackage["versions"][number]>;
const unknown: Unknown[] = [] satisfies never[];

const FULL = aReport({
  status: "partial",
  restore: true,
  actionVersion: "1.2.3",
  runUrl: "https://github.com/acme/app/actions/runs/1/attempts/2",
  policy: { input: "policy-file", path: "retention.yml", text: "policies: []" },
  warnings: [{ kind: "refused", message: "No." }],
  packages: [
    aPackage({
      status: "failed",
      error: "No.",
      overMaxDelete: true,
      deletedPackage: true,
      restoredPackage: true,
      versions: [
        aVersion({ id: 9, parts: [digest("b")], untag: ["a"], untagged: ["a"], message: "No." }),
        ...previews(2, "gone"),
      ],
    }),
  ],
});

/** A report as its file has it. */
function written(report = FULL): Record<string, unknown> {
  return JSON.parse([...serialize(report)].join(""));
}

describe("the published JSON Schema of reports", () => {
  it.each(Object.entries(SCHEMAS))("%s is the one that is generated: run `npm run schema`", (name, text) => {
    const file = readFileSync(new URL(`../../schema/${name}`, import.meta.url), "utf8");
    expect(JSON.parse(file)).toEqual(JSON.parse(text()));
  });

  it("knows all that a report can have", () => {
    expect(unknown).toEqual([]);
    expect(reportFaults(written())).toEqual([]);
    expect(reportFaults(written(aReport()))).toEqual([]);
  });

  it.each([
    ["schemaVersion", 2],
    ["dryRun", "true"],
    ["status", "done"],
    ["owner", undefined],
    ["packages", {}],
    ["policy", "latest: always"],
    ["surprise", 1],
  ])("refuses one with %s %j", (key, value) => {
    const report = JSON.parse(JSON.stringify({ ...written(), [key]: value }));
    expect(reportFaults(report)).not.toEqual([]);
  });

  it("lets later versions of the action add to it: a report with more is read", () => {
    expect(checkReport({ ...written(), surprise: 1 })).toMatchObject({ report: { owner: "octo-org" } });
  });

  it("reads the reports of the first version, which have less", () => {
    const { actionVersion, runUrl, policy, warnings, restore, ...first } = written();
    expect(checkReport(first)).toMatchObject({ report: { owner: "octo-org" } });
  });
});
