import type { PackageGroups, ReasonGroup } from "./reason-groups";
import { oneLine } from "./report-text";

interface Slice {
  readonly label: string;
  readonly count: number;
}

const MOST_SLICES = 10;
const LONGEST_LABEL = 60;

/** Mermaid reads quotes, backslashes, `#…;` and `%%` even inside a quoted label, and GitHub reads HTML. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  '"': "'",
  "\\": "＼",
  "#": "＃",
  ";": "；",
  "%": "％",
  "&": "＆",
  "<": "‹",
  ">": "›",
  "`": "ˋ",
  $: "＄",
};

/** A mermaid pie of what goes and what stays, by reason. Empty where there are no two slices to compare. */
export function renderChart(packages: readonly PackageGroups[]): string {
  const slices = [
    ...slicesOf(
      "goes",
      packages.flatMap((pkg) => pkg.goes),
    ),
    ...slicesOf(
      "stays",
      packages.flatMap((pkg) => pkg.stays),
    ),
  ].sort((a, b) => b.count - a.count);
  if (slices.length < 2) return "";
  const lines = atMost(slices).map(({ label, count }) => `  "${mermaidLabel(label)}" : ${count}`);
  return ["```mermaid", "pie showData", "  title Versions by first reason", ...lines, "```", "", ""].join(
    "\n",
  );
}

function slicesOf(verb: string, groups: readonly ReasonGroup[]): Slice[] {
  const counts = new Map<string, number>();
  for (const { title, count } of groups) counts.set(title, (counts.get(title) ?? 0) + count);
  return [...counts].map(([title, count]) => ({ label: `${verb}: ${title}`, count }));
}

function atMost(slices: readonly Slice[]): Slice[] {
  if (slices.length <= MOST_SLICES) return [...slices];
  const shown = slices.slice(0, MOST_SLICES - 1);
  const rest = slices.slice(MOST_SLICES - 1).reduce((sum, slice) => sum + slice.count, 0);
  return [...shown, { label: "other reasons", count: rest }];
}

function mermaidLabel(label: string): string {
  return oneLine(label, LONGEST_LABEL).replace(
    /["\\#;%&<>`$]/g,
    (character) => LOOKALIKES[character] ?? character,
  );
}
