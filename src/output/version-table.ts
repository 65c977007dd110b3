import { isBookkeepingTag } from "../model/bookkeeping";
import { shortDigest } from "../model/label";
import { reasonText } from "../model/reason";
import type { PackageReport, VersionReport } from "../report/report";
import { countOf, formatAge, LONGEST_REASON, oneLine } from "../report/report-text";

/** What a cell is painted for; the verdict is the one that people look for. */
export type Tone = "keep" | "change" | "trouble";

export interface Row {
  /** version, tags, age, verdict, first reason. */
  readonly cells: readonly string[];
  readonly tone: Tone;
}

export interface TableOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How many characters a line may have; Infinity where nothing has to fit. */
  readonly width: number;
}

const HEAD = ["version", "tags", "age", "verdict", "reason"];
const VERDICT = 3;
const GAP = 2;
/** Nobody scrolls through more of one package; the report file has them all. */
const MOST_ROWS = 500;
const SHORTEST_CELL = 6;
const TROUBLE = ["failed", "refused", "remaining", "skipped"];

/** The table of a package's versions, first what changes, then what is kept, each newest first. No line is longer than `width`. */
export function* versionTable(
  { versions }: PackageReport,
  { now, width }: TableOptions,
): Iterable<{ readonly line: string; readonly row?: Row; readonly verdictAt: readonly [number, number] }> {
  const changing = versions.filter(({ verdict }) => verdict !== "keep");
  const kept = versions.filter(({ verdict }) => verdict === "keep");
  const rows = [...changing, ...kept].slice(0, MOST_ROWS).map((version) => rowOf(version, now));
  if (rows.length === 0) return;
  const widths = fitted([{ cells: HEAD, tone: "keep" }, ...rows], width);
  const from = widths.slice(0, VERDICT).reduce((sum, one) => sum + (one === 0 ? 0 : one + GAP), 0);
  const verdictAt = [from, from + (widths[VERDICT] ?? 0)] as const;
  yield { line: lineOf(HEAD, widths), verdictAt };
  for (const row of rows) yield { line: lineOf(row.cells, widths), row, verdictAt };
  const left = versions.length - rows.length;
  if (left > 0)
    yield {
      line: `… and ${countOf(left, "version")} more; --json and --report-file have them all`,
      verdictAt,
    };
}

function rowOf(version: VersionReport, now: number): Row {
  const { name, tags, updatedAt, verdict, reasons, outcome } = version;
  const shown = tags.filter((tag) => tag !== name && !isBookkeepingTag(tag)).join(" ");
  const [reason] = reasons;
  const cells = [
    shortDigest(name).replace(/^sha256:/, ""),
    shown,
    formatAge(Date.parse(updatedAt), now),
    outcome === undefined || outcome === "planned" ? verdict : outcome,
    reason === undefined ? "" : shortDigest(reasonText(reason)),
  ];
  return { cells: cells.map((cell) => oneLine(cell, LONGEST_REASON)), tone: toneOf(version) };
}

function toneOf({ verdict, outcome = "planned" }: VersionReport): Tone {
  if (TROUBLE.includes(outcome)) return "trouble";
  return verdict === "keep" ? "keep" : "change";
}

/** The widths of the columns; 0 for one that is empty. What is too much is taken from the widest, by and by. */
function fitted(rows: readonly Row[], width: number): number[] {
  const widths = HEAD.map((_, column) => {
    const lengths = rows.slice(1).map(({ cells }) => cells[column]?.length ?? 0);
    const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
    return longest === 0 ? 0 : Math.max(longest, HEAD[column]?.length ?? 0);
  });
  for (let excess = lineWidth(widths) - width; excess > 0; excess = lineWidth(widths) - width) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= SHORTEST_CELL) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function lineWidth(widths: readonly number[]): number {
  const columns = widths.filter((one) => one > 0);
  return columns.reduce((sum, one) => sum + one, 0) + GAP * (columns.length - 1);
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => [cell, widths[column] ?? 0] as const)
    .filter(([, width]) => width > 0)
    .map(([cell, width]) => cut(cell, width).padEnd(width + GAP))
    .join("")
    .trimEnd();
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
