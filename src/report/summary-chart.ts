import type { Outcome } from "../model/outcome";
import type { Report, VersionReport } from "./report";
import { isRestore } from "./summary-outcome";

const DAY = 86_400_000;

/** The ages that a bar reaches up to, in days. */
const AGES: readonly (readonly [label: string, days: number])[] = [
  ["1 day", 1],
  ["1 week", 7],
  ["2 weeks", 14],
  ["1 month", 30],
  ["3 months", 90],
  ["6 months", 180],
  ["1 year", 365],
  ["older", Number.POSITIVE_INFINITY],
];

/** GitHub's own blue and red, which show on light and dark pages. */
const BLUE = "#54aeff";
const RED = "#cf222e";

const DELETED: readonly (Outcome | undefined)[] = ["planned", "deleted", "gone"];

interface Bar {
  readonly label: string;
  all: number;
  deleted: number;
}

/**
 * A mermaid chart of how many versions of which age are deleted and kept: that nothing new is deleted, and nothing old is forgotten,
 * shows at a glance. Empty where nothing is deleted or all bars but one are empty.
 */
export function renderChart(report: Report): string {
  if (isRestore(report)) return "";
  const bars = filled(barsOf(report));
  if (bars.length < 2 || bars.every(({ deleted }) => deleted === 0)) return "";
  const highest = Math.max(...bars.map(({ all }) => all));
  const row = (counts: readonly number[]) => `  bar [${counts.map((count) => count || -highest).join(", ")}]`;
  return [
    "```mermaid",
    "---",
    "config:",
    "  xyChart: { height: 260 }",
    `  themeVariables: { xyChart: { plotColorPalette: "${BLUE}, ${RED}" } }`,
    "---",
    "xychart-beta",
    `  title "Versions by age: blue is kept, red ${report.dryRun ? "would be deleted" : "was deleted"}"`,
    `  x-axis "age, up to" [${bars.map(({ label }) => `"${label}"`).join(", ")}]`,
    `  y-axis "versions" 0 --> ${highest}`,
    // Mermaid draws a strip for zero, and nothing for what is far below the axis.
    row(bars.map(({ all }) => all)),
    // Drawn over the first: what is left of that one is kept.
    row(bars.map(({ deleted }) => deleted)),
    "```",
    "",
    "",
  ].join("\n");
}

function barsOf({ packages, generatedAt }: Report): Bar[] {
  const now = Date.parse(generatedAt);
  const bars = AGES.map(([label]): Bar => ({ label, all: 0, deleted: 0 }));
  for (const version of packages.flatMap(({ versions }) => versions)) {
    const age = (now - lastChangeOf(version)) / DAY;
    const bar = bars[AGES.findIndex(([, days]) => age < days)];
    if (!bar) continue;
    bar.all += 1;
    if (version.verdict === "delete" && DELETED.includes(version.outcome)) bar.deleted += 1;
  }
  return bars;
}

/** Without the empty bars at both ends. */
function filled(bars: readonly Bar[]): readonly Bar[] {
  const isFilled = ({ all }: Bar) => all > 0;
  return bars.slice(Math.max(0, bars.findIndex(isFilled)), bars.findLastIndex(isFilled) + 1);
}

/** The later of created and updated, in epoch milliseconds; NaN where the report has no date. */
function lastChangeOf({ createdAt, updatedAt }: VersionReport): number {
  return Math.max(Date.parse(createdAt), Date.parse(updatedAt));
}
