import fc from "fast-check";
import { asked, GRACE, type Reason } from "../../src/model/reason";
import type { PackageReport, Report, VersionReport } from "../../src/report/report";
import { byteLength } from "../../src/report/report-text";
import { renderSummary } from "../../src/report/summary";
import { aPackage, aPreview, aReport, aVersion, byLine, partOf, previews } from "../support/report-builder";

const LATEST = aVersion({
  id: 5,
  tags: ["latest", "v2.0.0"],
  reasons: [byLine("latest", "always"), byLine("v*", "always")],
});

describe("Text from outside", () => {
  const hostile = "a|b`c`<b>\n## *d* [e](http://f) $g$ & www.h ::\u202ei";
  const shown =
    "a&#124;b&#96;c&#96;&#60;b&#62; ## &#42;d&#42; &#91;e&#93;(http&#58;//f) &#36;g&#36; &#38; www&#46;h ::\ufffdi";
  const shownInMessages = shown.replace("http&#58;//", "http://").replace("www&#46;", "www.");
  const shownInWarnings = shownInMessages.replace("&#96;c&#96;", "<code>c</code>");
  const version = aVersion({ id: 1, tags: [hostile], reasons: [asked(hostile), asked(hostile)] });
  const lost = aVersion({ ...aPreview(2, "failed", hostile), name: hostile, tags: [] });
  const summary = renderSummary(
    aReport({
      status: "failed",
      packages: [aPackage({ name: hostile, status: "failed", error: hostile, versions: [version, lost] })],
    }),
    { warnings: [hostile], reportFile: hostile },
  );

  it.each([
    ["a package's name and error", `- **Error** in <code>${shown}</code> (container): ${shownInMessages}\n`],
    ["a warning, apart from code in backticks", `- **Warning**: ${shownInWarnings}\n`],
    ["the table", `| <code>${shown}</code> | container |`],
    ["the report file", `The report file <code>${shown}</code> has`],
    ["a package's heading", `### <code>${shown}</code> (container)\n`],
    ["a group's title", `**1 version**: <code>${shown}</code>\n`],
    ["a tag and a reason", `| <code>${shown}</code> | 1 | 2026-10-31 (20d) | <code>${shown}</code> |\n`],
    [
      "a version's name and message",
      `| <code>${shown}</code> | 2 | 2026-10-31 (20d) | **failed**: ${shownInMessages} |\n`,
    ],
  ])("shows as itself in %s", (_, expected) => {
    expect(summary).toContain(expected);
  });

  it("is shown as it is where it is no date", () => {
    const versions = [aVersion({ id: 1, tags: ["x"], updatedAt: "so|on" })];
    expect(renderSummary(aReport({ packages: [aPackage({ versions })] }))).toContain(
      "| <code>x</code> | 1 | so&#124;on |",
    );
  });

  it("is cut where it is long, and the rest is counted", () => {
    const tags = Array.from({ length: 1000 }, (_, index) => (index === 0 ? "t".repeat(200) : `t${index}`));
    const reasons = Array.from({ length: 1000 }, (_, index) => byLine(`k${index}`, "always"));
    const summary = renderSummary(
      aReport({ packages: [aPackage({ versions: [aVersion({ id: 1, tags, reasons })] })] }),
    );
    expect(summary).toContain(`<code>${"t".repeat(119)}…</code> <code>t1</code>`);
    expect(summary).toContain("<code>t7</code> + 992 tags |");
    expect(summary).toContain("<code>k5: always</code> + 994 reasons |");
  });
});

describe("A long summary", () => {
  it("lists a thousand versions of a reason, and says how many more there are", () => {
    const summary = renderSummary(aReport({ packages: [aPackage({ versions: previews(2234) })] }));
    expect(summary).toContain(
      "| <code>pr-1000</code> | 1000 | 2026-10-31 (20d) |\n\n… and 1,234 more, all in the report file.\n",
    );
    expect(summary).not.toContain("pr-1001");
    expect(summary).toContain("_This summary is shortened; the report file has everything._");
  });

  it("does not speak of being shortened when it is not", () => {
    expect(renderSummary(aReport({ packages: [aPackage({ versions: previews(1000) })] }))).not.toContain(
      "shortened",
    );
  });

  it("cuts the large groups first, so that the small ones stay whole", () => {
    const small = Array.from({ length: 10 }, (_, index) => aVersion({ id: 9000 + index, reasons: [GRACE] }));
    const report = aReport({ packages: [aPackage({ versions: [...previews(500), ...small] })] });
    const summary = renderSummary(report, { limitBytes: 8000 });
    expect(summary.match(/\| 90\d\d \|/g)).toHaveLength(10);
    expect(summary).toMatch(/… and \d+ more, all in the report file\./);
    expect(byteLength(summary)).toBeLessThanOrEqual(8000);
    expect(byteLength(summary)).toBeGreaterThan(7500);
  });

  it("keeps the headline, the table and as many lists as fit of ten thousand packages", () => {
    const versions = [aPreview(2, "planned"), LATEST];
    const packages = Array.from({ length: 10_000 }, (_, index) =>
      aPackage({ name: `app-${index}`, versions }),
    );
    const summary = renderSummary(aReport({ packages }));
    expect(summary).toContain(
      "## Dry run: 10,000 of 20,000 versions would be deleted from 10,000 packages\n",
    );
    expect(summary).toMatch(/… and [\d,]+ packages more, all in the report file\./);
    expect(summary.match(/<details>/g)?.length).toBeGreaterThan(500);
    expect(byteLength(summary)).toBeLessThanOrEqual(900 * 1024);
  });

  it("keeps warnings from crowding out the rest", () => {
    const warnings = Array.from({ length: 5000 }, (_, index) => `warning ${index}`);
    const report = aReport({ packages: [aPackage({ versions: [LATEST] })] });
    const summary = renderSummary(report, { limitBytes: 10_000, warnings });
    expect(summary).toMatch(/- … and 4,\d+ more; the log has them all\.\n/);
    expect(summary).toContain("<code>latest</code> <code>v2.0.0</code>");
    expect(byteLength(summary)).toBeLessThanOrEqual(10_000);
  });
});

describe("Whatever the report", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("latest", "</details>", "<details>", "```", "日本語"),
  );
  const reason: fc.Arbitrary<Reason> = fc.oneof(
    text.map(asked),
    fc.tuple(text, text).map(([key, word]) => byLine(key, word)),
    text.map((whole) => partOf(whole, true)),
  );
  const version: fc.Arbitrary<VersionReport> = fc.record(
    {
      id: fc.nat(),
      name: text,
      tags: fc.array(text, { maxLength: 12 }),
      createdAt: fc.oneof(text, fc.constant("2026-11-01T00:00:00Z")),
      updatedAt: fc.oneof(text, fc.constant("2026-11-01T00:00:00Z")),
      verdict: fc.constantFrom("keep", "delete", "restore"),
      reasons: fc.array(reason, { maxLength: 8 }),
      outcome: fc.constantFrom("planned", "deleted", "gone", "refused", "failed"),
      message: text,
    },
    { requiredKeys: ["id", "name", "tags", "createdAt", "updatedAt", "verdict", "reasons"] },
  );
  const status = fc.constantFrom<Report["status"]>("dry-run", "complete", "partial", "failed");
  const pkg: fc.Arbitrary<PackageReport> = fc
    .record({ name: text, status, versions: fc.array(version, { maxLength: 40 }), error: text })
    .map(aPackage);
  const report = fc
    .record({ status, dryRun: fc.boolean(), packages: fc.array(pkg, { maxLength: 12 }) })
    .map(aReport);
  const options = fc.record({ warnings: fc.array(text, { maxLength: 20 }), reportFile: text });

  it("the summary is no longer than its limit, and every block in it is closed", () => {
    fc.assert(
      fc.property(report, options, fc.nat({ max: 20_000 }), (anyReport, anyOptions, limitBytes) => {
        const summary = renderSummary(anyReport, { ...anyOptions, limitBytes });
        expect(byteLength(summary)).toBeLessThanOrEqual(limitBytes);
        expect(openBlocks(summary)).toBe(0);
        expect((summary.match(/^```/gm) ?? []).length % 2).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

/** How many blocks are open at the end; below zero where one is closed that never was opened. */
function openBlocks(summary: string): number {
  let open = 0;
  for (const [tag] of summary.matchAll(/<\/?details>/g)) {
    open += tag === "<details>" ? 1 : -1;
    if (open < 0) return open;
  }
  return open;
}
