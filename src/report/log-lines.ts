import { errorWithoutName, packageName, shortLabel } from "../model/label";
import { reasonText } from "../model/reason";
import { followLogLines } from "./follow-hint";
import { groupByReason, isNotable, type ReasonGroup } from "./reason-groups";
import type { Counts, PackageReport, Report, VersionReport } from "./report";
import { COUNT_NAMES, totals } from "./report-counts";
import { formatNumber, LONGEST_MESSAGE, LONGEST_NAME, LONGEST_REASON, logLine, oneLine } from "./report-text";
import { freedOf } from "./sizes";
import { outcomeSentence } from "./summary-outcome";
import { untagLogLines } from "./untag-text";

const MOST_GROUPS = 20;
const MOST_EXAMPLES = 5;

/**
 * A package's part of the log at info level: its counts, what went wrong, then reason by reason how many versions change
 * and are kept, with a few examples. At most some fifty lines, however large the package is.
 */
export function logLines(pkg: PackageReport): string[] {
  const { changed, kept } = groupByReason(pkg.versions);
  const lines = [
    packageTitle(pkg),
    ...(pkg.error === undefined ? [] : [`  error: ${oneLine(errorWithoutName(pkg), LONGEST_MESSAGE)}`]),
    ...groupLines(changed),
    ...groupLines(kept),
    ...untagLogLines(pkg),
    ...followLogLines(pkg),
  ];
  return lines.map(logLine);
}

/** `container package app: 3 kept, 1 planned`, and with `sizes` what that frees. */
export function packageTitle(pkg: PackageReport): string {
  const { type, name, counts } = pkg;
  return `${packageName({ type, name: oneLine(name, LONGEST_NAME) })}: ${countsText(counts)}${freedOf(pkg)}`;
}

/** The first line of a run: whether it changes anything. */
export function firstLine({
  dryRun,
  restores,
}: {
  readonly dryRun: boolean;
  readonly restores: boolean;
}): string {
  if (dryRun) return `Dry run: nothing is ${restores ? "restored" : "deleted"}.`;
  return `This run ${restores ? "restores" : "deletes"}: dry-run is false.`;
}

/** The last line of a run: its result, with the totals. */
export function lastLine(report: Report): string {
  const sums = countsText(totals(report));
  return `${outcomeSentence(report)}. Totals: ${sums}.`;
}

/** One line for each version: `delete 123 sha256:… [pr-7] pr-*: older than 14d → deleted`. */
export function* debugLines(pkg: PackageReport): Iterable<string> {
  for (const version of pkg.versions) yield logLine(versionLine(version));
}

function countsText(counts: Counts): string {
  return COUNT_NAMES.filter((name) => name === "kept" || (counts[name] ?? 0) > 0)
    .map((name) => `${formatNumber(counts[name] ?? 0)} ${name}`)
    .join(", ");
}

function versionLine(version: VersionReport): string {
  const ownTags = version.tags.filter((tag) => tag !== version.name);
  const tags = ownTags.length === 0 ? "" : ` [${ownTags.join(" ")}]`;
  const outcome = version.outcome === undefined ? "" : ` → ${version.outcome}`;
  const reasons = version.reasons.map(reasonText).join("; ");
  const untag = version.untag === undefined ? "" : `; untag ${version.untag.join(" ")}`;
  const message = version.message === undefined ? "" : ` (${version.message})`;
  return `${version.verdict} ${version.id} ${version.name}${tags} ${reasons}${untag}${outcome}${message}`;
}

function groupLines(groups: readonly ReasonGroup[]): string[] {
  const lines = groups.slice(0, MOST_GROUPS).map(groupLine);
  const left = groups.length - lines.length;
  return left === 0
    ? lines
    : [...lines, `  … and ${formatNumber(left)} more reasons, all in the report file`];
}

function groupLine(group: ReasonGroup): string {
  const verdict = group.examples[0]?.verdict ?? "keep";
  const examples = group.examples.slice(0, MOST_EXAMPLES).map(example);
  const more = group.count > examples.length ? ", …" : "";
  return `  ${verdict} ${formatNumber(group.count)}, ${oneLine(group.title, LONGEST_REASON)}: ${examples.join(", ")}${more}`;
}

function example(version: VersionReport): string {
  const label = oneLine(shortLabel(version), LONGEST_NAME);
  return isNotable(version) ? `${label} (${version.outcome ?? "see the report file"})` : label;
}
