import fc from "fast-check";
import { describeVersion, packageName, shortDigest, shortLabel } from "../../src/model/label";
import type { PackageRef } from "../../src/model/package-version";
import { asked } from "../../src/model/reason";
import { debugLines, logLines } from "../../src/report/log-lines";
import { resultRows, resultsOutput, totals } from "../../src/report/report-counts";
import { byteLength } from "../../src/report/report-text";
import { aPackage, aReport, aVersion, byLine, digest, partOf } from "../support/report-builder";

const BOOKKEEPING = `sha256-${"a".repeat(64)}.sig`;

const APP = aPackage({
  status: "failed",
  error: "container package app: GitHub answered 403 to the deletion of app:pr-2",
  versions: [
    aVersion({
      id: 4,
      tags: ["latest", "v2"],
      reasons: [byLine("latest", "always"), byLine("v*", "always")],
    }),
    aVersion({
      id: 3,
      name: digest("b"),
      tags: ["pr-3"],
      verdict: "delete",
      reasons: [byLine("pr-*", "older than 14d")],
      outcome: "deleted",
    }),
    aVersion({
      id: 2,
      name: digest("c"),
      tags: ["pr-2"],
      verdict: "delete",
      reasons: [byLine("pr-*", "older than 14d")],
      outcome: "failed",
      message: "Forbidden",
    }),
    aVersion({
      id: 1,
      name: digest("d"),
      verdict: "delete",
      reasons: [partOf("app:pr-2", true)],
      outcome: "remaining",
    }),
  ],
});

describe("The log of a package", () => {
  it("gives the counts, the error, and each reason with a few examples", () => {
    expect(logLines(APP)).toEqual([
      "container package app: 1 kept, 3 planned, 1 deleted, 1 failed, 1 remaining",
      "  error: GitHub answered 403 to the deletion of app:pr-2",
      "  delete 2, pr-*: older than 14d: pr-2 (failed), pr-3",
      "  delete 1, part of a deleted image: sha256:dddddddddddd… (remaining)",
      "  keep 1, latest: always: latest",
    ]);
  });

  it("stays short for a large package with many reasons", () => {
    const versions = Array.from({ length: 3000 }, (_, index) =>
      aVersion({ id: index, tags: [`t${index}`], reasons: [byLine(`key-${index % 30}`, "always")] }),
    );
    const lines = logLines(aPackage({ versions }));
    expect(lines).toHaveLength(22);
    expect(lines[0]).toBe("container package app: 3,000 kept");
    expect(lines[1]).toBe("  keep 100, key-0: always: t0, t30, t60, t90, t120, …");
    expect(lines[21]).toBe("  … and 10 more reasons, all in the report file");
  });

  it("has one line a version for debugging, with every reason and the outcome", () => {
    expect([...debugLines(APP)]).toEqual([
      `keep 4 ${digest("a")} [latest v2] latest: always; v*: always`,
      `delete 3 ${digest("b")} [pr-3] pr-*: older than 14d → deleted`,
      `delete 2 ${digest("c")} [pr-2] pr-*: older than 14d → failed (Forbidden)`,
      `delete 1 ${digest("d")} part of app:pr-2, which goes → remaining`,
    ]);
  });

  it("does not repeat a version that is its own tag", () => {
    const versions = [
      aVersion({ id: 9, name: "1.4.2", tags: ["1.4.2"], reasons: [byLine("semver", "last 3")] }),
    ];
    expect([...debugLines(aPackage({ type: "npm", versions }))]).toEqual(["keep 9 1.4.2 semver: last 3"]);
  });

  it("cannot be made to command the runner", () => {
    const command = "\n::stop-commands::x\r##[add-mask]y\u2028";
    const versions = [
      aVersion({
        id: 1,
        name: command,
        tags: [command],
        verdict: "delete",
        reasons: [asked(command)],
        outcome: "failed",
        message: command,
      }),
    ];
    const pkg = aPackage({ name: command, error: command, versions });
    const shown = ": :stop-commands: :x ## [add-mask]y";
    expect(logLines(pkg)).toEqual([
      `container package ${shown}: 0 kept, 1 planned, 1 failed`,
      `  error: ${shown}`,
      `  delete 1, ${shown}: ${shown} (failed)`,
    ]);
    expect([...debugLines(pkg)]).toEqual([`delete 1  ${shown}   ${shown}  → failed ( ${shown} )`]);
  });

  it("is free of line breaks and commands whatever the names are", () => {
    const text = fc.string({
      unit: fc.constantFrom(":", "#", "[", "\n", "\r", "\u2029", "a", " ", "→"),
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, text, text, text, (name, tag, reason, message) => {
        const versions = [
          aVersion({ id: 1, tags: [tag], reasons: [asked(reason)], outcome: "skipped", message }),
        ];
        const pkg = aPackage({ name, error: message, versions });
        for (const line of [...logLines(pkg), ...debugLines(pkg)]) {
          expect(line).not.toMatch(/[\n\r\u2028\u2029]|::|##\[/);
        }
      }),
    );
  });
});

describe("A label", () => {
  const app: PackageRef = { type: "container", name: "app" };

  it.each([
    [["v1.2.3", "latest"], "app:v1.2.3", "v1.2.3"],
    [[BOOKKEEPING, "v1"], "app:v1", "v1"],
    [[BOOKKEEPING], `app@${digest("f")}`, "sha256:ffffffffffff…"],
    [[], `app@${digest("f")}`, "sha256:ffffffffffff…"],
  ])("of a version with the tags %j is %s, and %s in its package", (tags, long, short) => {
    expect(describeVersion(app, { name: digest("f"), tags })).toBe(long);
    expect(shortLabel({ name: digest("f"), tags })).toBe(short);
  });

  it("of a version of another package type is the name with the version", () => {
    const ui: PackageRef = { type: "npm", name: "@acme/ui" };
    expect(describeVersion(ui, { name: "1.4.2", tags: ["1.4.2"] })).toBe("@acme/ui@1.4.2");
    expect(packageName(ui)).toBe("npm package @acme/ui");
  });

  it("shortens digests and nothing else", () => {
    expect(shortDigest(digest("0"))).toBe("sha256:000000000000…");
    expect(shortDigest("1.4.2")).toBe("1.4.2");
  });
});

describe("The counts", () => {
  const report = aReport({
    status: "failed",
    packages: [
      APP,
      aPackage({ type: "npm", name: "@acme/ui", status: "complete", versions: [aVersion({ id: 7 })] }),
    ],
  });

  it("add up over the packages, zeros included", () => {
    expect(totals(report)).toEqual({
      kept: 2,
      planned: 3,
      deleted: 1,
      restored: 0,
      refused: 0,
      skipped: 0,
      failed: 1,
      remaining: 1,
    });
  });

  it("come as one row a package, zeros included", () => {
    const zeros = {
      kept: 0,
      planned: 0,
      deleted: 0,
      restored: 0,
      refused: 0,
      skipped: 0,
      failed: 0,
      remaining: 0,
    };
    const rows = [
      {
        ...zeros,
        type: "container",
        name: "app",
        status: "failed",
        kept: 1,
        planned: 3,
        deleted: 1,
        failed: 1,
        remaining: 1,
      },
      { ...zeros, type: "npm", name: "@acme/ui", status: "complete", kept: 1 },
    ];
    expect(resultRows(report)).toEqual(rows);
    expect(JSON.parse(resultsOutput(report).json)).toEqual(rows);
    expect(resultsOutput(report).leftOut).toBe(0);
  });

  it("leave out the last packages where the output would grow too long for GitHub", () => {
    const packages = Array.from({ length: 10_000 }, (_, index) => aPackage({ name: `日本語-${index}` }));
    const { json, leftOut } = resultsOutput(aReport({ packages }));
    const rows = JSON.parse(json);
    expect(byteLength(json)).toBeLessThan(500_000);
    expect(byteLength(json)).toBeGreaterThan(499_000);
    expect(rows.length + leftOut).toBe(10_000);
    expect(rows[0].name).toBe("日本語-0");
    expect(rows.at(-1).name).toBe(`日本語-${rows.length - 1}`);
  });
});
