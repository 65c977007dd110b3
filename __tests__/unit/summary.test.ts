import type { Report, VersionReport } from "../../src/report/report";
import { renderSummary } from "../../src/report/summary";
import { aPackage, aPreview, aReport, aVersion, digest, previews } from "../support/report-builder";

const LATEST = aVersion({ id: 5, tags: ["latest", "v2.0.0"], reasons: ["latest: always", "v*: always"] });
const PART_OF_LATEST = aVersion({ id: 4, name: digest("b"), reasons: ["part of app:latest"] });

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
            reasons: ["part of app:pr-3, which goes"],
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
      warnings: ["the line nightly-* claims nothing"],
      reportFile: "/tmp/report.json",
    });

    expect(summary).toBe(`## Dry run: 2 of 4 versions would be deleted from 1 of 2 packages

- **Error** in <code>@acme/ui</code> (npm): GitHub answered 403; grant the token read:packages
- **Warning**: the line nightly-&#42; claims nothing

| package | type | status | kept | planned |
|---|---|---|--:|--:|
| **all** | | | 2 | 2 |
| <code>app</code> | container | dry run | 2 | 2 |
| <code>@acme/ui</code> | npm | **failed** | 0 | 0 |

**To apply this**, run it again with \`dry-run: false\`. To delete then only what is listed here, give it this run's report file as \`plan-file\`.

The report file <code>/tmp/report.json</code> has every version with all its reasons. It goes with the runner: upload it as an artifact to keep it.

\`\`\`mermaid
pie showData
  title Versions by first reason
  "goes: pr-*: older than 14d" : 1
  "goes: part of a deleted image" : 1
  "stays: latest: always" : 1
  "stays: part of a kept image" : 1
\`\`\`

<details><summary><code>app</code> (container): 2 versions would be deleted</summary>

**1 version**: <code>pr-&#42;: older than 14d</code>

| version | id | last change |
|---|--:|---|
| <code>pr-3</code> | 3 | 2026-10-31 (20d) |

**1 version**: <code>part of a deleted image</code>

| version | id | last change | notes |
|---|--:|---|---|
| <code>sha256:cccccccccccc…</code> | 2 | 2026-11-19 (5h) | <code>part of app:pr-3, which goes</code> |

</details>

<details><summary><code>app</code> (container): 2 versions stay</summary>

**1 version**: <code>latest: always</code>

| version | id | last change | notes |
|---|--:|---|---|
| <code>latest</code> <code>v2.0.0</code> | 5 | 2026-10-31 (20d) | <code>v&#42;: always</code> |

**1 version**: <code>part of a kept image</code>

| version | id | last change | notes |
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
        "<details><summary><code>app</code> (container): 2 of 3 planned versions deleted</summary>",
        "",
        "**3 versions**: <code>pr-&#42;: older than 14d</code>",
        "",
        "| version | id | last change | notes |",
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
    ["## Dry run: nothing would be deleted; all 2 versions in 1 package stay", one("dry-run", kept)],
    ["## Dry run: nothing would be deleted; the only version in 1 package stays", one("dry-run", [LATEST])],
    ["## Dry run: all 1,200 versions would be deleted from 1 package", one("dry-run", previews(1200))],
    ["## Deleted 2 of 4 versions from 1 package", one("complete", [...kept, ...previews(2, "deleted")])],
    ["## Deleted all 12 versions from 1 package", one("complete", previews(12, "deleted"))],
    ["## Deleted the only version from 1 package", one("complete", previews(1, "deleted"))],
    [
      "## Dry run: 1 of the 2 planned versions would be deleted from 1 package; 1 skipped",
      one("dry-run", [...kept, aPreview(2, "planned"), aPreview(1, "skipped", "the registry has its parts")]),
    ],
    ["## Nothing to delete; all 2 versions in 1 package stay", one("complete", kept)],
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
    const versions = [aVersion({ id: 1, verdict: "restore", reasons: ["restore: *"], outcome: "planned" })];
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
    expect(renderSummary(report)).toContain("The next run goes on where this one stopped.");
  });
});

describe("The groups of reasons", () => {
  function groupTitles(reasons: readonly string[]): string[] {
    const versions = reasons.map((reason, index) => aVersion({ id: index + 1, reasons: [reason] }));
    const summary = renderSummary(aReport({ packages: [aPackage({ versions })] }));
    return [...summary.matchAll(/^\*\*(.*)\*\*: <code>(.*)<\/code>$/gm)].map(
      ([, count, title]) => `${count}: ${title}`,
    );
  }

  it("join what differs only by tag, file, image or value of per", () => {
    expect(
      groupTitles([
        'tag "edge" is not covered by any line',
        'tag "dev" is not covered by any line',
        "in use: deploy/a.yaml",
        "in use: deploy/b.yaml",
        "part of app:v1",
        "part of app@sha256:0123",
        "semver: highest 3 of 1.4",
        "semver: highest 3 of 1.5",
      ]),
    ).toEqual([
      "2 versions: a tag is not covered by any line",
      "2 versions: in use",
      "2 versions: semver: highest 3 of each group",
      "2 versions: part of a kept image",
    ]);
  });

  it("stand in the order of their size", () => {
    expect(groupTitles(["a: always", "b: always", "b: always", "grace"])).toEqual([
      "2 versions: b: always",
      "1 version: a: always",
      "1 version: grace",
    ]);
  });
});

describe("The chart", () => {
  it("is left out where there is only one slice", () => {
    expect(renderSummary(aReport({ packages: [aPackage({ versions: [LATEST] })] }))).not.toContain("mermaid");
  });

  it("sums up over packages, and joins the small slices above ten", () => {
    const reasons = Array.from({ length: 14 }, (_, index) => `tag-${index}: always`);
    const versions = [...reasons, "tag-3: always"].map((reason, id) => aVersion({ id, reasons: [reason] }));
    const summary = renderSummary(
      aReport({ packages: [aPackage({ versions }), aPackage({ name: "b", versions })] }),
    );
    const slices = [...summary.matchAll(/^ {2}"(.*)" : (\d+)$/gm)].map(
      ([, label, count]) => `${label} ${count}`,
    );
    expect(slices).toHaveLength(10);
    expect(slices[0]).toBe("stays: tag-3: always 4");
    expect(slices[9]).toBe("other reasons 10");
  });

  it("keeps quotes, entities and comments of labels from mermaid", () => {
    const versions = [
      aVersion({ id: 1, reasons: ['"a\\"#quot; %%{init}%% <b>&amp;`: always'] }),
      aVersion({ id: 2, reasons: ["rest: last 10"] }),
    ];
    const summary = renderSummary(aReport({ packages: [aPackage({ versions })] }));
    expect(summary).toContain(`  "stays: 'a＼'＃quot； ％％{init}％％ ‹b›＆amp；ˋ: always" : 1`);
  });
});
