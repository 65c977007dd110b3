import type { PackageType } from "../model/package-version";
import type { Counts, PackageReport, PackageStatus, Report, Sizes } from "./report";
import { byteLength } from "./report-text";

/** All counts of versions, zeros included. */
export type AllCounts = Required<Omit<Counts, keyof Sizes>>;

/** One package in the `results` output. */
export interface ResultRow extends AllCounts, Sizes {
  readonly type: PackageType;
  readonly name: string;
  readonly status: PackageStatus;
}

export interface ResultsOutput {
  /** A JSON array of `ResultRow`. */
  readonly json: string;
  /** How many packages at the end did not fit. The report file has them. */
  readonly leftOut: number;
}

/** Half of what GitHub takes for all outputs of a job. */
const RESULTS_LIMIT_BYTES = 500_000;

const NOTHING: AllCounts = {
  kept: 0,
  planned: 0,
  deleted: 0,
  restored: 0,
  refused: 0,
  skipped: 0,
  failed: 0,
  remaining: 0,
};

export const COUNT_NAMES = Object.keys(NOTHING) as readonly (keyof AllCounts)[];

/** The sums over all packages, for the `*-count` outputs (spec/action.md). */
export function totals(report: Report): AllCounts {
  const sums = { ...NOTHING };
  for (const { counts } of report.packages) {
    for (const name of COUNT_NAMES) sums[name] += counts[name] ?? 0;
  }
  return sums;
}

/** Whether GitHub showed none of the packages that the run was for. */
export function noneFound(packages: readonly Pick<PackageReport, "status">[]): boolean {
  return packages.length > 0 && packages.every(({ status }) => status === "not-found");
}

/** How many versions were deleted or restored; in a dry run, how many would be. */
export function doneCount(counts: Counts, isDryRun: boolean): number {
  const { planned, deleted = 0, restored = 0, refused = 0, skipped = 0, failed = 0, remaining = 0 } = counts;
  return isDryRun ? planned - refused - skipped - failed - remaining : deleted + restored;
}

/** One row of counts for each package, in the order of the report. */
export function resultRows(report: Report): ResultRow[] {
  return report.packages.map(({ type, name, status, counts }) => ({
    type,
    name,
    status,
    ...NOTHING,
    ...counts,
  }));
}

/** The `results` output: the rows from the first on, as many as fit in `limitBytes` of UTF-8. */
export function resultsOutput(report: Report, limitBytes = RESULTS_LIMIT_BYTES): ResultsOutput {
  const rows: string[] = [];
  let size = "[]".length;
  for (const row of resultRows(report)) {
    const text = JSON.stringify(row);
    size += byteLength(text) + ",".length;
    if (size >= limitBytes) break;
    rows.push(text);
  }
  return { json: `[${rows.join(",")}]`, leftOut: report.packages.length - rows.length };
}
