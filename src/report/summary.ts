import { errorWithoutName } from "../model/label";
import { followParagraph } from "./follow-hint";
import type { PackagePages } from "./package-pages";
import { groupByReason } from "./reason-groups";
import type { PackageReport, PackageStatus, Report, Sizes } from "./report";
import { type AllCounts, COUNT_NAMES, totals } from "./report-counts";
import {
  byteLength,
  code,
  countOf,
  escapeMarkdown,
  formatNumber,
  link,
  messageMarkdown,
} from "./report-text";
import { sizesText, sizeTotals } from "./sizes";
import { fitLines, type Piece, SUMMARY_LIMIT_BYTES } from "./summary-budget";
import { renderChart } from "./summary-chart";
import { renderDetails } from "./summary-details";
import { nextSteps, outcomeSentence } from "./summary-outcome";
import { untagParagraph } from "./untag-text";

export interface SummaryOptions {
  /** The most that the summary may measure, in bytes of UTF-8. GitHub rejects one above 1 MiB whole. */
  readonly limitBytes?: number;
  /** Why the run failed as a whole. */
  readonly error?: string;
  /** What the run warned of. */
  readonly warnings?: readonly string[];
  /** Path of the report file, for the words about what to do next. */
  readonly reportFile?: string;
  /** What applying the plan of a dry run takes. */
  readonly effort?: string;
  /** The addresses of packages and versions, to link to. */
  readonly pages?: PackagePages;
}

const CUT_NOTE = "_This summary is shortened; the report file has everything._\n\n";

const STATUS_WORDS: Readonly<Record<PackageStatus, string>> = {
  "dry-run": "dry run",
  complete: "complete",
  partial: "stopped early",
  failed: "**failed**",
  "not-found": "not found",
};

/**
 * The step summary, in GitHub's Markdown: the outcome, what went wrong, a table of packages, what to do next, a chart of
 * ages, and for each package its reasons and collapsed lists of what changes and what is kept.
 *
 * It is never longer than `limitBytes`; what does not fit is left out from the lists upwards, and the summary says so.
 * Names, tags, reasons and messages show as themselves, whatever is in them.
 */
export function renderSummary(report: Report, options: SummaryOptions = {}): string {
  const limit = options.limitBytes ?? SUMMARY_LIMIT_BYTES;
  const headline = `## ${outcomeSentence(report)}\n\n`;
  if (byteLength(headline) > limit) return headline.slice(0, Math.max(0, limit));

  const groups = report.packages.map((pkg) => groupByReason(pkg.versions));
  let left = limit - byteLength(headline) - byteLength(CUT_NOTE);
  const take = (piece: Piece): Piece => {
    left -= byteLength(piece.text);
    return piece;
  };
  const next = take(ifItFits(paragraphs(nextSteps(report, options)), left / 2));
  const problems = take(renderProblems(report, options, left / 3));
  const table = take(renderTable(report, options.pages, left / 2));
  const untag = take(ifItFits(untagParagraph(report.packages, report.dryRun), left / 4));
  const follow = take(ifItFits(followParagraph(report.packages), left / 4));
  const chart = take(ifItFits(renderChart(report), left / 4));
  const details = take(renderDetails(report, groups, options.pages, left));

  const pieces = [problems, table, untag, follow, next, chart, details];
  const note = left >= 0 && pieces.some((piece) => !piece.whole) ? CUT_NOTE : "";
  return `${[headline, note, ...pieces.map((piece) => piece.text)].join("").trimEnd()}\n`;
}

function renderProblems(report: Report, options: SummaryOptions, budgetBytes: number): Piece {
  const { error, warnings = [] } = options;
  const failed = report.packages.filter((pkg) => pkg.error !== undefined);
  const count = (error === undefined ? 0 : 1) + failed.length + warnings.length;
  if (count === 0) return { text: "", whole: true };
  const { text, whole } = fitLines(
    problemLines(error, failed, warnings),
    count,
    budgetBytes - 1,
    moreProblems,
  );
  return { text: text && `${text}\n`, whole };
}

function* problemLines(
  error: string | undefined,
  failed: readonly PackageReport[],
  warnings: readonly string[],
): Iterable<string> {
  if (error !== undefined) yield `- **Error**: ${escapeMarkdown(error)}`;
  for (const pkg of failed) {
    yield `- **Error** in ${code(pkg.name)} (${pkg.type}): ${escapeMarkdown(errorWithoutName(pkg))}`;
  }
  for (const warning of warnings) yield `- **Warning**: ${messageMarkdown(warning)}`;
}

function renderTable(report: Report, pages: PackagePages | undefined, budgetBytes: number): Piece {
  if (report.packages.length === 0) return { text: "", whole: true };
  const sum = totals(report);
  const columns = COUNT_NAMES.filter((name) => sum[name] > 0);
  const sizes = sizeTotals(report);
  const names = sizes ? [...columns, "freed"] : columns;
  const head = [
    `| package | type | status |${names.map((name) => ` ${name} |`).join("")}`,
    `|---|---|---|${"--:|".repeat(names.length)}`,
    "",
  ].join("\n");
  const total =
    report.packages.length > 1 ? `| **all** | | |${cells(sum, columns)}${sizeCell(sizes, sizes)}\n` : "";
  const rows = fitLines(
    packageRows(report, pages, columns),
    report.packages.length,
    budgetBytes - byteLength(head) - byteLength(total) - 1,
    morePackages,
  );
  return rows.text === "" ? rows : { text: `${head}${total}${rows.text}\n`, whole: rows.whole };
}

function* packageRows(
  report: Report,
  pages: PackagePages | undefined,
  columns: readonly (keyof AllCounts)[],
): Iterable<string> {
  const sizes = sizeTotals(report);
  for (const { name, type, status, counts, overMaxDelete } of report.packages) {
    const word = overMaxDelete ? "**over max-delete**" : STATUS_WORDS[status];
    const shown = link(code(name), pages?.ofPackage({ type, name }));
    yield `| ${shown} | ${type} | ${word} |${cells(counts, columns)}${sizeCell(sizes, counts)}`;
  }
}

function cells(counts: Partial<AllCounts>, columns: readonly (keyof AllCounts)[]): string {
  return columns.map((column) => ` ${formatNumber(counts[column] ?? 0)} |`).join("");
}

/** A cell of the last column, which is there where any sizes are known. */
function sizeCell(all: Sizes | undefined, sizes: Sizes | undefined): string {
  return all === undefined ? "" : ` ${sizesText(sizes)} |`;
}

function ifItFits(text: string, budgetBytes: number): Piece {
  return byteLength(text) > budgetBytes ? { text: "", whole: false } : { text, whole: true };
}

function paragraphs(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n\n`).join("");
}

function moreProblems(left: number): string {
  return `- … and ${formatNumber(left)} more; the log has them all.\n`;
}

function morePackages(left: number): string {
  return `\n… and ${countOf(left, "package")} more, all in the report file.\n`;
}
