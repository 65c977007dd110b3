import { asked, GRACE, type Reason } from "../../src/model/reason";
import type { Report, VersionReport } from "../../src/report/report";
import { renderSummary } from "../../src/report/summary";
import {
  aPackage,
  aPreview,
  aReport,
  aVersion,
  byLine,
  digest,
  GENERATED_AT,
  partOf,
  previews,
} from "../support/report-builder";

const LATEST = aVersion({
  id: 5,
  tags: ["latest", "v2.0.0"],
  reasons: [byLine("latest", "always"), byLine("v*", "always")],
});
const PART_OF_LATEST = aVersion({ id: 4, name: digest("b"), reasons: [partOf("app:latest")] });

function headlineOf(report: Report): string {
  return renderSummary(report).split("\n")[0] ?? "";
}

describe("The summary of a dry run", () => {
  const report = aReport({
    packages: [
      aPackage({
        versions: [
          LATEST,
          PART_OF_LATEST,
          aPreview(3, "planned"),
          aVersion({
            id: 2,
            name: digest("c"),
            createdAt: "2026-11-19T18:30:00Z",
            verdict: "delete",
            reasons: [partOf("app:pr-3", true)],
            outcome: "planned",
          }),
        ],
      }),
      aPackage({
        type: "npm",
        name: "@acme/ui",
        status: "failed",
        error: "npm package @acme/ui: GitHub answered 403; grant the token read:packages",
      }),
    ],
  });

  it("tells the outcome, the problems, the counts, what to do, and what goes and stays by reason", () => {
    const summary = renderSummary(report, {
      warnings: ["the line nightly-* claims nothing: write `sha-*: follow` | or `<b>`"],
      reportFile: "/tmp/report.json",
    });

    expect(summary).toBe(`## Dry run: 2 of 4 versions would be deleted from 1 of 2 packages

- **Error** in <code>@acme/ui</code> (npm): GitHub answered 403; grant the token read:packages
- **Warning**: the line nightly-&#42; claims nothing: write <code>sha-&#42;: follow</code> &#124; or <code>&#60;b&#62;</code>

| package | type | status | kept | planned |
|---|---|---|--:|--:|
| **all** | | | 2 | 2 |
| <code>app</code> | container | dry run | 2 | 2 |
| <code>@acme/ui</code> | npm | **failed** | 0 | 0 |

**To apply this**, run it again with \`dry-run: false\`. To delete then only what is listed here, give it this run's report file as \`plan-file\`.

The report file <code>/tmp/report.json</code> has every version with all its reasons. It is lost with the runner: upload it as an artifact to keep it.

\`\`\`mermaid
---
config:
  xyChart: { height: 260 }
  themeVariables: { xyChart: { plotColorPalette: "#54aeff, #cf222e" } }
---
xychart-beta
  title "Versions by age: blue is kept, red would be deleted"
  x-axis "age, up to" ["1 day", "1 week", "2 weeks", "1 month"]
  y-axis "versions" 0 --> 3
  bar [1, -3, -3, 3]
  bar [1, -3, -3, 1]
\`\`\`

### <code>app</code> (container)

| | versions | reason | such as |
|---|--:|---|---|
| delete | 1 | <code>pr-&#42;: older than 14d</code> | <code>pr-3</code> |
| delete | 1 | <code>part of a deleted image</code> | <code>sha256:cccccccccccc…</code> |
| keep | 1 | <code>latest: always</code> | <code>latest</code> |
| keep | 1 | <code>part of a kept image</code> | <code>sha256:bbbbbbbbbbbb…</code> |

<details><summary>2 versions would be deleted</summary>

**1 version**: <code>pr-&#42;: older than 14d</code>

| version | id | created |
|---|--:|---|
| <code>pr-3</code> | 3 | 2026-10-31 (20d) |

**1 version**: <code>part of a deleted image</code>

| version | id | created | notes |
|---|--:|---|---|
| <code>sha256:cccccccccccc…</code> | 2 | 2026-11-19 (5h) | <code>part of app:pr-3, which goes</code> |

</details>

<details><summary>2 versions are kept</summary>

**1 version**: <code>latest: always</code>

| version | id | created | notes |
|---|--:|---|---|
| <code>latest</code> <code>v2.0.0</code> | 5 | 2026-10-31 (20d) | <code>v&#42;: always</code> |

**1 version**: <code>part of a kept image</code>

| version | id | created | notes |
|---|--:|---|---|
| <code>sha256:bbbbbbbbbbbb…</code> | 4 | 2026-10-31 (20d) | <code>part of app:latest</code> |

</details>
`);
  });
});

describe("The summary of a run that deleted", () => {
  const refusal = "Publicly visible package versions with more than 5000 downloads cannot be deleted.";
  const report = aReport({
    status: "complete",
    packages: [
      aPackage({
        status: "complete",
        versions: [LATEST, aPreview(3, "deleted"), aPreview(2, "refused", refusal), aPreview(1, "gone")],
      }),
    ],
  });
  const summary = renderSummary(report);

  it("has a column for each count that is not zero, and no row of sums for a single package", () => {
    expect(summary).toContain(
      [
        "| package | type | status | kept | planned | deleted | refused |",
        "|---|---|---|--:|--:|--:|--:|",
        "| <code>app</code> | container | complete | 1 | 3 | 2 | 1 |",
        "",
      ].join("\n"),
    );
  });

  it("lists first what did not go as planned, in GitHub's own words", () => {
    expect(summary).toContain(
      [
        "<details><summary>2 of 3 planned versions deleted</summary>",
        "",
        "**3 versions**: <code>pr-&#42;: older than 14d</code>",
        "",
        "| version | id | created | notes |",
        "|---|--:|---|---|",
        `| <code>pr-2</code> | 2 | 2026-10-31 (20d) | **refused**: ${refusal} |`,
        "| <code>pr-1</code> | 1 | 2026-10-31 (20d) | **gone** |",
        "| <code>pr-3</code> | 3 | 2026-10-31 (20d) |  |",
      ].join("\n"),
    );
  });

  it("says how to undo it", () => {
    expect(summary).toContain(
      "**To undo this** within 30 days, run the action with this run's report file as `restore`",
    );
    expect(summary).not.toContain("To apply this");
  });
});

describe("The first line", () => {
  const kept = [LATEST, PART_OF_LATEST];
  const one = (status: Report["status"], versions: VersionReport[], more: Partial<Report> = {}) =>
    aReport({ status, packages: [aPackage({ status, versions })], ...more });

  it.each<[string, Report]>([
    [
      "## Dry run: 1 of 3 versions would be deleted from 1 package",
      one("dry-run", [...kept, aPreview(1, "planned")]),
    ],
    ["## Dry run: nothing would be deleted; all 2 versions in 1 package are kept", one("dry-run", kept)],
    ["## Dry run: nothing would be deleted; the only version in 1 package is kept", one("dry-run", [LATEST])],
    ["## Dry run: all 1,200 versions would be deleted from 1 package", one("dry-run", previews(1200))],
    ["## Deleted 2 of 4 versions from 1 package", one("complete", [...kept, ...previews(2, "deleted")])],
    ["## Deleted all 12 versions from 1 package", one("complete", previews(12, "deleted"))],
    ["## Deleted the only version from 1 package", one("complete", previews(1, "deleted"))],
    [
      "## Dry run: 1 of the 2 planned versions would be deleted from 1 package; 1 skipped",
      one("dry-run", [...kept, aPreview(2, "planned"), aPreview(1, "skipped", "the registry has its parts")]),
    ],
    ["## Nothing to delete; all 2 versions in 1 package are kept", one("complete", kept)],
    [
      "## Deleted 1 of the 3 planned versions from 1 package; 1 refused, 1 skipped",
      one("complete", [aPreview(3, "deleted"), aPreview(2, "refused"), aPreview(1, "skipped")]),
    ],
    [
      "## Stopped early: deleted 1 of the 3 planned versions from 1 package; 2 remaining",
      one("partial", [aPreview(3, "deleted"), aPreview(2, "remaining"), aPreview(1, "remaining")]),
    ],
    [
      "## Failed: 1 package failed; deleted 0 of the 2 planned versions from 1 package; 2 remaining",
      one("failed", previews(2, "remaining")),
    ],
    ["## Failed: 1 package failed; nothing was deleted", one("failed", [])],
    [
      "## Failed: 1 package failed; dry run: all 2 versions would be deleted from 1 package",
      one("failed", previews(2), { dryRun: true }),
    ],
    ["## Failed", aReport({ status: "failed" })],
    ["## No package was looked at", aReport()],
    [
      "## Dry run: 1 version would be restored in 1 package",
      one("dry-run", [{ ...aPreview(1, "planned"), verdict: "restore" }]),
    ],
    [
      "## Restored 1 version in 1 package",
      one("complete", [{ ...aPreview(1, "restored"), verdict: "restore" }]),
    ],
    [
      "## Restored 1 of the 2 planned versions in 1 package; 1 refused",
      one("complete", [
        { ...aPreview(2, "restored"), verdict: "restore" },
        { ...aPreview(1, "refused"), verdict: "restore" },
      ]),
    ],
  ])("is %s", (headline, report) => {
    expect(headlineOf(report)).toBe(headline);
  });

  it("names only the packages that lose something, out of all", () => {
    const packages = [
      aPackage({ name: "a", versions: previews(2) }),
      aPackage({ name: "b", versions: [LATEST] }),
      aPackage({ name: "c", versions: [LATEST, aPreview(1, "planned")] }),
    ];
    expect(headlineOf(aReport({ packages }))).toBe(
      "## Dry run: 3 of 5 versions would be deleted from 2 of 3 packages",
    );
  });
});

describe("What to do next", () => {
  it("is to run a restore again without dry run", () => {
    const versions = [
      aVersion({ id: 1, verdict: "restore", reasons: [asked("restore: *")], outcome: "planned" }),
    ];
    const summary = renderSummary(aReport({ packages: [aPackage({ versions })] }));
    expect(summary).toContain("**To restore them**, run this again with `dry-run: false`.");
    expect(summary).not.toContain("plan-file");
  });

  it("is nothing to apply where nothing would be deleted", () => {
    expect(renderSummary(aReport({ packages: [aPackage({ versions: [LATEST] })] }))).not.toContain(
      "dry-run: false",
    );
  });

  it("is to wait for the next run where this one stopped early", () => {
    const versions = [aPreview(1, "remaining")];
    const report = aReport({ status: "partial", packages: [aPackage({ status: "partial", versions })] });
    expect(renderSummary(report)).toContain("The next run continues where this one stopped.");
  });
});

describe("The groups of reasons", () => {
  function groupTitles(reasons: readonly Reason[]): string[] {
    const versions = reasons.map((reason, index) => aVersion({ id: index + 1, reasons: [reason] }));
    const summary = renderSummary(aReport({ packages: [aPackage({ versions })] }));
    return [...summary.matchAll(/^\*\*(.*)\*\*: <code>(.*)<\/code>$/gm)].map(
      ([, count, title]) => `${count}: ${title}`,
    );
  }

  it("join what differs only by tag, file, image or value of per", () => {
    expect(
      groupTitles([
        { rule: "uncovered", tag: "edge" },
        { rule: "uncovered", tag: "dev" },
        { rule: "in-use", by: "deploy/a.yaml" },
        { rule: "in-use", by: "deploy/b.yaml" },
        partOf("app:v1"),
        partOf("app@sha256:0123"),
        { rule: "line", key: "semver", says: [{ text: "highest 3", group: "1.4" }] },
        { rule: "line", key: "semver", says: [{ text: "highest 3", group: "1.5" }] },
        { rule: "held", version: "app:v1" },
        { rule: "held", version: "app:v2" },
      ]),
    ).toEqual([
      "2 versions: a tag is not covered by any line",
      "2 versions: in use",
      "2 versions: semver: highest 3 of each group",
      "2 versions: held: a kept version has no manifest",
      "2 versions: part of a kept image",
    ]);
  });

  it("stand in the order of their size", () => {
    expect(groupTitles([byLine("a", "always"), byLine("b", "always"), byLine("b", "always"), GRACE])).toEqual(
      ["2 versions: b: always", "1 version: a: always", "1 version: grace"],
    );
  });
});

describe("A dry run above max-delete", () => {
  const over = { overMaxDelete: true } as const;
  const versions = [LATEST, ...previews(2)];

  it("says in its first line that nothing would be deleted, and what to do", () => {
    const summary = renderSummary(aReport({ packages: [aPackage({ versions, ...over })] }));
    expect(summary).toContain(
      "## Dry run: 2 of 3 versions would be deleted from 1 package; but `max-delete` forbids it, and nothing of that would be deleted\n",
    );
    expect(summary).toContain("| <code>app</code> | container | **over max-delete** | 1 | 2 |");
    expect(summary).toContain("**To apply this**, raise `max-delete` or keep more");
    expect(summary).not.toContain("run it again with `dry-run: false`");
  });

  it("of some packages says so of these", () => {
    const packages = [aPackage({ versions, ...over }), aPackage({ name: "b", versions })];
    const summary = renderSummary(aReport({ packages }));
    expect(summary).toContain(
      "; but `max-delete` forbids 1 package of them, and nothing of that would be deleted\n",
    );
    expect(summary).toContain("run it again with `dry-run: false`");
  });
});

describe("The lists", () => {
  it("groups what a glob matches, and names parts as those of restored images", () => {
    const back = { verdict: "restore", outcome: "planned" } as const;
    const versions = [
      aVersion({
        id: 1,
        tags: ["pr-1"],
        reasons: [{ rule: "tag-matches", tag: "pr-1", glob: "pr-*" }],
        ...back,
      }),
      aVersion({
        id: 2,
        tags: ["pr-2"],
        reasons: [{ rule: "tag-matches", tag: "pr-2", glob: "pr-*" }],
        ...back,
      }),
      aVersion({ id: 3, reasons: [partOf("app:pr-2")], ...back }),
    ];
    const summary = renderSummary(aReport({ restore: true, packages: [aPackage({ versions })] }));
    expect(summary).toContain(
      "| restore | 2 | <code>tags that match pr-&#42;</code> | <code>pr-1</code>, <code>pr-2</code> |",
    );
    expect(summary).toContain("| restore | 1 | <code>part of a restored image</code> |");
  });

  it("shows both days where a version was updated later than it was created", () => {
    const versions = [aPreview(1, "planned"), aVersion({ id: 2, updatedAt: "2026-11-19T00:00:00Z" })];
    const summary = renderSummary(aReport({ packages: [aPackage({ versions })] }));
    expect(summary).toContain("| 2 | 2026-10-31 (20d), updated 2026-11-19 (1d) |");
  });
});

describe("The chart", () => {
  const aged = (id: number, days: number, changes: Partial<VersionReport> = {}) => {
    const createdAt = new Date(Date.parse(GENERATED_AT) - days * 86_400_000).toISOString();
    return aVersion({ id, createdAt, updatedAt: createdAt, ...changes });
  };
  const bars = (report: Report) =>
    [...renderSummary(report).matchAll(/^ {2}(?:title|x-axis|bar) .*$/gm)].map(([line]) => line.trim());

  it("counts the versions of all packages by the time of their last change, without bars for zero", () => {
    const goes = { verdict: "delete", outcome: "planned" } as const;
    const a = [aged(1, 0.5), aged(2, 6), aged(3, 10, goes), aged(4, 400, goes)];
    const b = [aged(5, 7), aged(6, 29.9, goes), aged(7, 5, { createdAt: "2020-01-01T00:00:00Z" })];
    const packages = [aPackage({ versions: a }), aPackage({ name: "b", versions: b })];
    expect(bars(aReport({ packages }))).toEqual([
      'title "Versions by age: blue is kept, red would be deleted"',
      'x-axis "age, up to" ["1 day", "1 week", "2 weeks", "1 month", "3 months", "6 months", "1 year", "older"]',
      "bar [1, 2, 2, 1, -2, -2, -2, 1]",
      "bar [-2, -2, 1, 1, -2, -2, -2, 1]",
    ]);
  });

  it("shows as gone only what was deleted", () => {
    const outcomes = ["deleted", "gone", "refused", "skipped", "failed", "remaining"] as const;
    const versions = outcomes.map((outcome, id) => aged(id, 100, { verdict: "delete", outcome }));
    const packages = [aPackage({ versions: [...versions, aged(9, 0)] })];
    expect(bars(aReport({ status: "complete", packages }))).toEqual([
      'title "Versions by age: blue is kept, red was deleted"',
      'x-axis "age, up to" ["1 day", "1 week", "2 weeks", "1 month", "3 months", "6 months"]',
      "bar [1, -6, -6, -6, -6, 6]",
      "bar [-6, -6, -6, -6, -6, 2]",
    ]);
  });

  it("is left out where nothing goes, where all are of one age, and for a restoration", () => {
    const goes = { verdict: "delete", outcome: "planned" } as const;
    const back = { verdict: "restore", outcome: "planned" } as const;
    const dull = [
      [aged(1, 1), aged(2, 50)],
      [aged(1, 50), aged(2, 50, goes)],
      [aged(1, 1, back), aged(2, 50, back)],
    ];
    for (const versions of dull)
      expect(renderSummary(aReport({ packages: [aPackage({ versions })] }))).not.toContain("mermaid");
  });
});

describe("The table of reasons", () => {
  it("ends with how many more there are above twenty", () => {
    const versions = Array.from({ length: 23 }, (_, id) =>
      aVersion({ id, reasons: [byLine(`tag-${id}`, "always")] }),
    );
    const summary = renderSummary(aReport({ packages: [aPackage({ versions })] }));
    expect(summary.match(/^\| keep \|/gm)).toHaveLength(19);
    expect(summary).toContain("| | | … and 4 more reasons, all below | |\n\n<details>");
  });

  it("says of a restoration what comes back", () => {
    const versions = [
      aVersion({ id: 1, tags: ["v1"], verdict: "restore", reasons: [asked("v1")], outcome: "planned" }),
    ];
    const summary = renderSummary(aReport({ packages: [aPackage({ versions })] }));
    expect(summary).toContain("| restore | 1 | <code>v1</code> | <code>v1</code> |");
  });
});
