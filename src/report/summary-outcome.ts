import type { PackageReport, Report } from "./report";
import { type AllCounts, doneCount, totals } from "./report-counts";
import { code, countOf, formatNumber } from "./report-text";
import { sizesText, sizeTotals } from "./sizes";

const UNDO_STEP =
  "**To undo this** within 30 days, run the action with this run's report file as `restore` in place of the policy, and `dry-run: false`.";

/** Whether the run brought versions back instead of deleting them. */
export function isRestore(report: Report): boolean {
  return (
    report.restore === true ||
    report.packages.some(
      (pkg) =>
        (pkg.counts.restored ?? 0) > 0 || pkg.versions.some((version) => version.verdict === "restore"),
    )
  );
}

/** The run in one sentence of plain words, with nothing from outside in it. */
export function outcomeSentence(report: Report): string {
  if (report.packages.length === 0) return withoutPackages(report);
  const failed = report.packages.filter((pkg) => pkg.status === "failed").length;
  const whatHappened = report.dryRun ? dryRunSentence(report) : appliedSentence(report);
  if (report.status === "partial") return `Stopped early: ${lowerFirst(whatHappened)}`;
  if (report.status !== "failed") return whatHappened;
  if (failed === 0) return `Failed: ${lowerFirst(whatHappened)}`;
  return `Failed: ${outOf(failed, report.packages.length)} failed; ${lowerFirst(whatHappened)}`;
}

function withoutPackages({ status }: Report): string {
  if (status === "failed") return "Failed";
  return status === "partial" ? "Stopped early: nothing was changed" : "No package was looked at";
}

interface NextStepsOptions {
  readonly reportFile?: string;
  /** What applying the plan takes. */
  readonly effort?: string;
}

/** What the reader can do now: apply, continue, undo. One Markdown line each. */
export function nextSteps(report: Report, { reportFile, effort }: NextStepsOptions = {}): string[] {
  const sum = totals(report);
  const steps: string[] = [];
  const isWhole = report.packages.some(({ restoredPackage }) => restoredPackage);
  if (report.dryRun && (sum.planned > 0 || isWhole)) steps.push(...stepsToApply(report, effort));
  if (report.status === "partial" && report.packages.length > 0)
    steps.push("The next run continues where this one stopped.");
  if (sum.deleted > 0) steps.push(UNDO_STEP);
  if (reportFile !== undefined && report.packages.some(({ versions }) => versions.length > 0)) {
    steps.push(
      `The report file ${code(reportFile, 300)} has every version with all its reasons. It is lost with the runner: upload it as an artifact to keep it.`,
    );
  }
  return steps;
}

function stepsToApply(report: Report, effort = ""): string[] {
  if (isRestore(report)) return ["**To restore them**, run this again with `dry-run: false`."];
  if (report.packages.every(({ overMaxDelete, counts }) => overMaxDelete || counts.planned === 0))
    return [
      "**To apply this**, raise `max-delete` or keep more: as it is, a run with `dry-run: false` would fail.",
    ];
  return [
    `**To apply this**, run it again with \`dry-run: false\`. To delete then only what is listed here, give it this run's report file as \`plan-file\`.${effort && ` ${effort}`}`,
  ];
}

function dryRunSentence(report: Report): string {
  const sum = totals(report);
  const all = sum.kept + sum.planned;
  if (sum.planned === 0) return `Dry run: ${nothingPlanned(report)}${allStay(report, all)}`;
  const verb = isRestore(report) ? "would be restored in" : "would be deleted from";
  const sentence = `Dry run: ${howMany(report, sum)} ${verb} ${affected(report)}${freed(report)}${exceptions(sum)}`;
  const over = report.packages.filter(({ overMaxDelete }) => overMaxDelete).length;
  if (over === 0) return sentence;
  const which = over === report.packages.length ? "it" : `${countOf(over, "package")} of them`;
  return `${sentence}; but \`max-delete\` forbids ${which}, and nothing of ${over === 1 ? "that" : "those"} would be deleted`;
}

/** A package that was deleted as a whole is restored with versions that nobody knows yet. */
function nothingPlanned(report: Report): string {
  const whole = countWhere(report, (pkg) => pkg.restoredPackage === true);
  if (whole > 0) return `${countOf(whole, "package")} would be restored as a whole`;
  return `nothing would be ${isRestore(report) ? "restored" : "deleted"}`;
}

function appliedSentence(report: Report): string {
  const sum = totals(report);
  if (sum.planned === 0) {
    const verbs = isRestore(report) ? (["restore", "restored"] as const) : (["delete", "deleted"] as const);
    const nothing = report.status === "complete" ? `Nothing to ${verbs[0]}` : `Nothing was ${verbs[1]}`;
    return `${nothing}${allStay(report, sum.kept)}`;
  }
  const restore = isRestore(report);
  const where = `${restore ? "in" : "from"} ${affected(report)}`;
  return `${restore ? "Restored" : "Deleted"} ${howMany(report, sum)} ${where}${freed(report)}${exceptions(sum)}`;
}

function howMany(report: Report, sum: AllCounts): string {
  const done = doneCount(sum, report.dryRun);
  if (done !== sum.planned) return `${formatNumber(done)} of the ${countOf(sum.planned, "planned version")}`;
  if (isRestore(report)) return countOf(done, "version");
  if (sum.kept > 0) return outOf(done, sum.kept + done, "version");
  return done === 1 ? "the only version" : `all ${countOf(done, "version")}`;
}

function freed(report: Report): string {
  const text = sizesText(sizeTotals(report));
  return text && `, which ${report.dryRun ? "would free" : "freed"} ${text}`;
}

function exceptions(sum: AllCounts): string {
  const parts = (["refused", "skipped", "failed", "remaining"] as const)
    .filter((name) => sum[name] > 0)
    .map((name) => `${formatNumber(sum[name])} ${name}`);
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
}

function allStay(report: Report, all: number): string {
  if (isRestore(report))
    return all === 0 ? "" : `; ${countOf(all, "version")} named ${all === 1 ? "is" : "are"} active already`;
  const where = `in ${countOf(
    countWhere(report, ({ status }) => status !== "not-found"),
    "package",
  )}`;
  if (all < 2) return all === 0 ? "" : `; the only version ${where} is kept`;
  return `; all ${countOf(all, "version")} ${where} are kept`;
}

/** The packages in which something happened; where nothing did, those in which something should have. */
function affected(report: Report): string {
  const happened = countWhere(report, ({ counts }) => doneCount(counts, report.dryRun) > 0);
  return outOf(happened || countWhere(report, ({ counts }) => counts.planned > 0), report.packages.length);
}

function countWhere(report: Report, condition: (pkg: PackageReport) => boolean): number {
  return report.packages.filter(condition).length;
}

/** `2 of 3 packages`, `3 packages` for all, `12 of 57 versions`. */
function outOf(part: number, all: number, noun = "package"): string {
  return part === all ? countOf(all, noun) : `${formatNumber(part)} of ${countOf(all, noun)}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
