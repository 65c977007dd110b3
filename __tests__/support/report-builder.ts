import type { Outcome } from "../../src/model/outcome";
import type { Reason } from "../../src/model/reason";
import { countsOf } from "../../src/report/package-report";
import type { PackageReport, Report, VersionReport } from "../../src/report/report";

/** When the reports of the tests were made. */
export const GENERATED_AT = "2026-11-20T00:00:00Z";

/** A digest made of one repeated hexadecimal digit. */
export function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

/** What words of a line say: `byLine("pr-*", "older than 14d")`. */
export function byLine(key: string, ...words: readonly string[]): Reason {
  return { rule: "line", key, says: words.map((text) => ({ text })) };
}

/** `part of app:pr-2, which goes`, or of what stays. */
export function partOf(whole: string, isDeleted = false): Reason {
  return { rule: "part", whole, isDeleted };
}

/** A version, 20 days old where nothing else is said. */
export function aVersion(version: Partial<VersionReport> & Pick<VersionReport, "id">): VersionReport {
  return {
    name: digest("a"),
    tags: [],
    createdAt: "2026-10-31T00:00:00Z",
    updatedAt: "2026-10-31T00:00:00Z",
    verdict: "keep",
    reasons: [byLine("latest", "always")],
    ...version,
  };
}

/** A package whose counts are those of its versions. */
export function aPackage(pkg: Partial<PackageReport> = {}): PackageReport {
  return {
    type: "container",
    name: "app",
    status: "dry-run",
    counts: countsOf(pkg.versions ?? []),
    versions: [],
    ...pkg,
  };
}

/** A report: a dry run where nothing else is said. */
export function aReport(report: Partial<Report> = {}): Report {
  const status = report.status ?? "dry-run";
  return {
    schemaVersion: 1,
    generatedAt: GENERATED_AT,
    dryRun: status === "dry-run",
    status,
    owner: "octo-org",
    packages: [],
    ...report,
  };
}

/** A pull request's version that the policy lets go, with the tag `pr-<id>`. */
export function aPreview(id: number, outcome: Outcome, message?: string): VersionReport {
  return aVersion({
    id,
    tags: [`pr-${id}`],
    verdict: "delete",
    reasons: [byLine("pr-*", "older than 14d")],
    outcome,
    ...(message === undefined ? {} : { message }),
  });
}

/** So many of them, with the ids from 1. */
export function previews(count: number, outcome: Outcome = "planned"): VersionReport[] {
  return Array.from({ length: count }, (_, index) => aPreview(index + 1, outcome));
}
