import { shortDigest, shortLabel } from "../model/label";
import { type Reason, reasonText } from "../model/reason";
import type { PackagePages } from "./package-pages";
import { isNotable, type PackageGroups, type ReasonGroup } from "./reason-groups";
import type { PackageReport, Report, VersionReport } from "./report";
import { doneCount } from "./report-counts";
import {
  byteLength,
  code,
  countOf,
  escapeMarkdown,
  formatAge,
  formatNumber,
  LONGEST_REASON,
  link,
} from "./report-text";
import { fitLines, type Part, type Piece, shareOut } from "./summary-budget";

const MOST_TAGS = 8;
const MOST_OVERVIEW = 20;
const MOST_EXAMPLES = 3;
const MOST_SHAPES = 8;
const MOST_REASONS = 5;
const MOST_GROUPS = 40;
const LONGEST_DATE = 40;

/** The address of a version's page, where it is known. */
type PageOf = (id: number) => string | undefined;

interface RowContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly pageOf: PageOf;
}

/**
 * For each package a table of its reasons, then a collapsed block of what changes and one of what is kept, by reason. Groups
 * are cut first, then groups are left out, then packages.
 */
export function renderDetails(
  report: Report,
  groups: readonly PackageGroups[],
  pages: PackagePages | undefined,
  budgetBytes: number,
): Piece {
  const parts = report.packages.map((pkg, index): Part => {
    const pageOf: PageOf = (id) => pages?.ofVersion(pkg, id);
    return {
      need: pkg.versions.length,
      render: (budget) =>
        renderPackage(report, pkg, groups[index] ?? { changed: [], kept: [] }, pageOf, budget),
    };
  });
  return joined(shareOut(parts, budgetBytes));
}

function renderPackage(
  report: Report,
  pkg: PackageReport,
  { changed, kept }: PackageGroups,
  pageOf: PageOf,
  budgetBytes: number,
): Piece {
  if (changed.length + kept.length === 0) return { text: "", whole: true };
  const heading = `### ${code(pkg.name)} (${pkg.type})\n\n`;
  const overview = renderOverview(pkg, { changed, kept }, budgetBytes / 4);
  const sections = [
    { title: whatChanges(pkg, sizeOf(changed), report.dryRun), groups: changed },
    { title: whatIsKept(sizeOf(kept)), groups: kept },
  ].filter((section) => section.groups.length > 0);
  const parts = sections.map(
    ({ title, groups }): Part => ({
      need: sizeOf(groups),
      render: (budget) =>
        renderSection(title, groups, { now: Date.parse(report.generatedAt), pageOf }, budget),
    }),
  );
  const details = joined(shareOut(parts, budgetBytes - byteLength(heading + overview)));
  const text = overview + details.text;
  return { text: text && heading + text, whole: details.whole };
}

/**
 * At a glance: how many versions change and are kept, for which reason, with a few of them. The blocks below it say the same at
 * more length, so that nothing is missing where it does not fit.
 */
function renderOverview({ versions }: PackageReport, groups: PackageGroups, budgetBytes: number): string {
  const comesBack = versions.some(({ verdict }) => verdict === "restore");
  const rows = [
    ...groups.changed.map((group) => overviewRow(comesBack ? "restore" : "delete", group)),
    ...groups.kept.map((group) => overviewRow("keep", group)),
  ];
  const head = "| | versions | reason | such as |\n|---|--:|---|---|\n";
  const { text } = fitLines(limited(rows), rows.length, budgetBytes - byteLength(head) - 1, moreRows);
  return text && `${head}${text}\n`;
}

function limited(rows: readonly string[]): readonly string[] {
  return rows.length > MOST_OVERVIEW ? rows.slice(0, MOST_OVERVIEW - 1) : rows;
}

function overviewRow(what: string, group: ReasonGroup): string {
  const such = group.shapes.length > 0 ? shapesOf(group) : examplesOf(group);
  return `| ${what} | ${formatNumber(group.count)} | ${code(group.title, LONGEST_REASON)} | ${such} |`;
}

function examplesOf({ count, examples }: ReasonGroup): string {
  const shown = examples.slice(0, MOST_EXAMPLES).map((version) => code(shortLabel(version)));
  return shown.join(", ") + (count > shown.length ? ", …" : "");
}

/** What `rest` deletes was named by nobody: here one sees that build caches are among it. */
function shapesOf({ shapes }: ReasonGroup): string {
  const shown = shapes.slice(0, MOST_SHAPES).map(([shape, count]) => `${formatNumber(count)} ${code(shape)}`);
  const left = shapes.length - shown.length;
  return shown.join(", ") + (left > 0 ? `, and ${formatNumber(left)} more kinds of tags` : "");
}

function moreRows(left: number): string {
  return `| | | … and ${countOf(left, "more reason")}, all below | |\n`;
}

function whatChanges(pkg: PackageReport, planned: number, isDryRun: boolean): string {
  const restore = pkg.versions.some((version) => version.verdict === "restore");
  const verb = restore ? "restored" : "deleted";
  const done = doneCount(pkg.counts, isDryRun);
  const howMany =
    done === planned
      ? countOf(planned, "version")
      : `${formatNumber(done)} of ${countOf(planned, "planned version")}`;
  return `${howMany} ${isDryRun ? "would be " : ""}${verb}`;
}

function whatIsKept(kept: number): string {
  return `${countOf(kept, "version")} ${kept === 1 ? "is" : "are"} kept`;
}

function renderSection(
  title: string,
  groups: readonly ReasonGroup[],
  context: RowContext,
  budgetBytes: number,
): Piece {
  const open = `<details><summary>${title}</summary>\n\n`;
  const close = "</details>\n\n";
  const reserve =
    byteLength(open) + byteLength(close) + byteLength(moreReasons(sizeOf(groups), groups.length));
  if (reserve > budgetBytes) return { text: "", whole: false };
  const listed = groups.slice(0, MOST_GROUPS);
  const parts = listed.map(
    (group): Part => ({
      need: group.count,
      render: (budget) => renderGroup(group, context, budget),
    }),
  );
  const pieces = shareOut(parts, budgetBytes - reserve);
  const missing = groups.filter((_, index) => !pieces[index]?.text);
  if (missing.length === groups.length) return { text: "", whole: false };
  const inner = joined(pieces);
  const rest = missing.length === 0 ? "" : moreReasons(sizeOf(missing), missing.length);
  return { text: open + inner.text + rest + close, whole: inner.whole && missing.length === 0 };
}

function renderGroup(group: ReasonGroup, context: RowContext, budgetBytes: number): Piece {
  const head = `**${countOf(group.count, "version")}**: ${code(group.title, LONGEST_REASON)}\n\n`;
  const allCut = `${head}All of them are in the report file.\n\n`;
  if (byteLength(allCut) > budgetBytes) return { text: "", whole: false };
  const withNotes = group.examples.some(
    (version) => isNotable(version) || otherReasons(version, group).length > 0,
  );
  const tableHead = `| version | id | created |${withNotes ? " notes |" : ""}\n|---|--:|---|${withNotes ? "---|" : ""}\n`;
  const frame = byteLength(head) + byteLength(tableHead) + 1;
  const rows = fitLines(
    versionRows(group, withNotes, context),
    group.count,
    budgetBytes - frame,
    moreVersions,
  );
  if (rows.text === "") return { text: allCut, whole: false };
  return { text: `${head}${tableHead}${rows.text}\n`, whole: rows.whole };
}

function* versionRows(group: ReasonGroup, withNotes: boolean, { now, pageOf }: RowContext): Iterable<string> {
  for (const version of group.examples) {
    const id = link(`${version.id}`, pageOf(version.id));
    const row = `| ${tagsOrDigest(version)} | ${id} | ${dates(version, now)} |`;
    yield withNotes ? `${row} ${notes(version, group)} |` : row;
  }
}

function tagsOrDigest(version: VersionReport): string {
  if (version.tags.length === 0) return code(shortDigest(version.name));
  const shown = version.tags.slice(0, MOST_TAGS).map((tag) => code(shortDigest(tag)));
  const left = version.tags.length - shown.length;
  return left === 0 ? shown.join(" ") : `${shown.join(" ")} + ${countOf(left, "tag")}`;
}

/** The day and the age of a version, and where it was updated on a later day, those of that too. */
function dates({ createdAt, updatedAt }: VersionReport, now: number): string {
  const [created, updated] = [Date.parse(createdAt), Date.parse(updatedAt)];
  if (Number.isNaN(created + updated + now)) return escapeMarkdown(updatedAt, LONGEST_DATE);
  const first = dayAndAge(created, now);
  return dayOf(updated) > dayOf(created) ? `${first}, updated ${dayAndAge(updated, now)}` : first;
}

function dayAndAge(time: number, now: number): string {
  return `${dayOf(time)} (${formatAge(time, now)})`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function notes(version: VersionReport, group: ReasonGroup): string {
  const parts: string[] = [];
  if (isNotable(version)) {
    const message =
      version.message === undefined ? "" : `: ${escapeMarkdown(version.message, LONGEST_REASON)}`;
    parts.push(`**${version.outcome ?? version.verdict}**${message}`);
  }
  const others = otherReasons(version, group);
  if (others.length > 0) {
    const shown = others
      .slice(0, MOST_REASONS)
      .map((reason) => code(shortDigest(reasonText(reason)), LONGEST_REASON));
    const left = others.length - shown.length;
    parts.push(shown.join(", ") + (left === 0 ? "" : ` + ${countOf(left, "reason")}`));
  }
  return parts.join("; ");
}

/** What the group's title does not say: a first reason that it shortens, and all further ones. */
function otherReasons({ reasons }: VersionReport, { title }: ReasonGroup): readonly Reason[] {
  const [first, ...others] = reasons;
  return first && reasonText(first) === title ? others : reasons;
}

function moreVersions(left: number): string {
  return `\n… and ${formatNumber(left)} more, all in the report file.\n`;
}

function moreReasons(versions: number, reasons: number): string {
  return `… and ${countOf(versions, "version")} more for ${countOf(reasons, "other reason")}, all in the report file.\n\n`;
}

function sizeOf(groups: readonly ReasonGroup[]): number {
  return groups.reduce((sum, group) => sum + group.count, 0);
}

function joined(pieces: readonly Piece[]): Piece {
  return { text: pieces.map((piece) => piece.text).join(""), whole: pieces.every((piece) => piece.whole) };
}
