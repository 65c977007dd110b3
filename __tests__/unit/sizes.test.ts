import fc from "fast-check";
import type { Blob } from "../../src/model/manifest";
import type { Outcome } from "../../src/model/outcome";
import { logLines } from "../../src/report/log-lines";
import { resultRows, totals } from "../../src/report/report-counts";
import { formatBytes } from "../../src/report/report-text";
import { sizesOf } from "../../src/report/sizes";
import { renderSummary } from "../../src/report/summary";
import { aPackage, aPreview, aReport, aVersion, previews } from "../support/report-builder";

const GIB = 1024 ** 3;

/** What a version with these outcomes and blobs is, and nothing else of it: `["planned", {base: 10}]`. */
type Image = readonly [outcome: Outcome | undefined, blobs: Readonly<Record<string, number>> | undefined];

function sizes(...images: readonly Image[]) {
  const versions = images.map(([outcome], at) => ({
    name: `image ${at}`,
    ...(outcome === undefined ? {} : { outcome }),
  }));
  const blobs = new Map<string, readonly Blob[]>();
  for (const [at, [, parts]] of images.entries())
    if (parts)
      blobs.set(
        `image ${at}`,
        Object.entries(parts).map(([digest, size]) => ({ digest, size })),
      );
  return sizesOf(versions, blobs);
}

describe("what a plan frees", () => {
  it("is what only versions have that go", () => {
    expect(sizes([undefined, { base: 10, kept: 1 }], ["planned", { base: 10, old: 2 }])).toEqual({
      totalBytes: 13,
      freedBytes: 2,
    });
  });

  it("has each digest once, however many have it", () => {
    expect(sizes(["planned", { base: 10, a: 1 }], ["planned", { base: 10, b: 2 }])).toEqual({
      totalBytes: 13,
      freedBytes: 13,
    });
  });

  it.each<[Outcome, number]>([
    ["planned", 5],
    ["deleted", 5],
    ["gone", 5],
    ["refused", 0],
    ["failed", 0],
    ["skipped", 0],
    ["remaining", 0],
  ])("of a version that is %s is %d of its five bytes", (outcome, freedBytes) => {
    expect(sizes([outcome, { layer: 5 }])).toEqual({ totalBytes: 5, freedBytes });
  });

  it("leaves out versions of which nothing is known", () => {
    expect(sizes(["planned", undefined], ["planned", { a: 1 }])).toEqual({ totalBytes: 1, freedBytes: 1 });
  });

  it("stays a number that JSON has, whatever manifests say", () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(sizes(["planned", { a: most, b: most }])).toEqual({ totalBytes: most, freedBytes: most });
  });

  it("and what stays make the total: freed is what is no part of any version that stays", () => {
    const layers = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e"), fc.constant(1));
    const outcomes = fc.constantFrom<Outcome | undefined>(undefined, "planned", "deleted", "failed");
    fc.assert(
      fc.property(fc.array(fc.tuple(outcomes, layers)), (images) => {
        const isStaying = ([outcome]: Image) => outcome === undefined || outcome === "failed";
        const { totalBytes, freedBytes } = sizes(...images);
        const staying = sizes(...images.filter(isStaying));
        expect(staying.freedBytes).toBe(0);
        expect(freedBytes + staying.totalBytes).toBe(totalBytes);
      }),
    );
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1023, "1,023 bytes"],
    [1024, "1.0 KiB"],
    [1024 ** 2 - 1, "1.0 MiB"],
    [12.4 * GIB, "12.4 GiB"],
    [1000 * GIB, "1,000.0 GiB"],
    [1024 ** 4, "1.0 TiB"],
    [Number.MAX_SAFE_INTEGER, "8.0 PiB"],
  ])("%d are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("the sizes of a run", () => {
  const kept = aVersion({ id: 9 });
  const counts = { kept: 1, planned: 2, totalBytes: 31 * GIB, freedBytes: 12.4 * GIB };
  const app = aPackage({ versions: [kept, ...previews(2)], counts });
  const npm = aPackage({ type: "npm", name: "web", versions: [kept] });

  it("stand in the summary's first line and in its table, where a package has any", () => {
    const text = renderSummary(aReport({ packages: [app, npm] }));
    expect(text.split("\n")[0]).toBe(
      "## Dry run: 2 of 4 versions would be deleted from 1 of 2 packages, which would free 12.4 GiB of 31.0 GiB",
    );
    expect(text).toContain(
      [
        "| package | type | status | kept | planned | freed |",
        "|---|---|---|--:|--:|--:|",
        "| **all** | | | 2 | 2 | 12.4 GiB of 31.0 GiB |",
        "| <code>app</code> | container | dry run | 1 | 2 | 12.4 GiB of 31.0 GiB |",
        "| <code>web</code> | npm | dry run | 1 | 0 |  |",
      ].join("\n"),
    );
  });

  it("are what was freed, once it is", () => {
    const done = { status: "complete", counts: { ...counts, deleted: 2 } } as const;
    const applied = aPackage({ ...done, versions: [kept, aPreview(1, "deleted"), aPreview(2, "deleted")] });
    expect(renderSummary(aReport({ status: "complete", packages: [applied] })).split("\n")[0]).toBe(
      "## Deleted 2 of 3 versions from 1 package, which freed 12.4 GiB of 31.0 GiB",
    );
    expect(logLines(applied)[0]).toBe(
      "container package app: 1 kept, 2 planned, 2 deleted, freed 12.4 GiB of 31.0 GiB",
    );
  });

  it("stand in the log, and in the rows of results; the counts of versions are without them", () => {
    expect(logLines(app)[0]).toBe(
      "container package app: 1 kept, 2 planned, would free 12.4 GiB of 31.0 GiB",
    );
    const report = aReport({ packages: [app, npm] });
    expect(resultRows(report)[0]).toMatchObject(counts);
    expect(resultRows(report)[1]).not.toHaveProperty("freedBytes");
    expect(totals(report)).not.toHaveProperty("freedBytes");
  });
});
