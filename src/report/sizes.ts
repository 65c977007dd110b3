import type { Blob } from "../model/manifest";
import type { Outcome } from "../model/outcome";
import type { PackageReport, Report, Sizes, VersionReport } from "./report";
import { formatBytes } from "./report-text";

type Sized = Pick<VersionReport, "name" | "outcome">;

const GONE: readonly (Outcome | undefined)[] = ["planned", "deleted", "gone"];

/**
 * The bytes of all layers and configs of the versions, each digest once, and of those that no kept version needs.
 * `blobs` has them by the names of the versions; those of a version that is not in it are not known.
 */
export function sizesOf(
  versions: readonly Sized[],
  blobs: ReadonlyMap<string, readonly Blob[]>,
): Required<Sizes> {
  const sizes = new Map<string, number>();
  const staying = new Set<string>();
  for (const { name, outcome } of versions) {
    for (const { digest, size } of blobs.get(name) ?? []) {
      if (!sizes.has(digest)) sizes.set(digest, size);
      if (!GONE.includes(outcome)) staying.add(digest);
    }
  }
  const freed = [...sizes].filter(([digest]) => !staying.has(digest)).map(([, size]) => size);
  return { totalBytes: sumOf([...sizes.values()]), freedBytes: sumOf(freed) };
}

/** The sums over all packages whose sizes are known; undefined where none are. */
export function sizeTotals({ packages }: Pick<Report, "packages">): Required<Sizes> | undefined {
  const known = packages.flatMap(({ counts }) => knownSizes(counts) ?? []);
  if (known.length === 0) return undefined;
  return {
    totalBytes: sumOf(known.map(({ totalBytes }) => totalBytes)),
    freedBytes: sumOf(known.map(({ freedBytes }) => freedBytes)),
  };
}

/** `12.4 GiB of 31.0 GiB`; empty where the sizes are not known. */
export function sizesText(sizes: Sizes | undefined): string {
  const known = sizes && knownSizes(sizes);
  return known ? `${formatBytes(known.freedBytes)} of ${formatBytes(known.totalBytes)}` : "";
}

/** `, would free 12.4 GiB of 31.0 GiB` behind the counts of a package; empty where the sizes are not known. */
export function freedOf({ status, counts }: Pick<PackageReport, "status" | "counts">): string {
  const text = sizesText(counts);
  return text && `, ${status === "dry-run" ? "would free" : "freed"} ${text}`;
}

function knownSizes({ totalBytes, freedBytes }: Sizes): Required<Sizes> | undefined {
  return totalBytes === undefined || freedBytes === undefined ? undefined : { totalBytes, freedBytes };
}

/** No manifest has to tell the truth of its layers, and the report has only numbers that JSON can hold. */
function sumOf(sizes: readonly number[]): number {
  return Math.min(
    sizes.reduce((sum, size) => sum + size, 0),
    Number.MAX_SAFE_INTEGER,
  );
}
