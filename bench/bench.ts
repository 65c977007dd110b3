/** One thing measured, against its goal. */
export interface Measurement {
  readonly what: string;
  readonly measured: number;
  readonly goal: number;
  /** Whether the goal is the least or the most that is good. */
  readonly good: "at least" | "at most";
  readonly unit: string;
  /** What else there is to know of it. */
  readonly note?: string;
}

/** A benchmark gives its measurements one by one, as they are made. */
export interface Bench {
  readonly name: string;
  readonly about: string;
  readonly run: () => AsyncIterable<Measurement>;
}

export function isMet({ measured, goal, good }: Measurement): boolean {
  return good === "at most" ? measured <= goal : measured >= goal;
}

/** `  ok      100,000 versions are planned: 812 ms (goal: at most 1,000 ms; 0.81 of it)` */
export function describe(measurement: Measurement): string {
  const { what, measured, goal, good, unit, note } = measurement;
  const verdict = isMet(measurement) ? "ok    " : "missed";
  const ratio = goal === 0 ? "" : `; ${rounded(measured / goal)} of it`;
  const more = note === undefined ? "" : ` – ${note}`;
  return `  ${verdict}  ${what}: ${rounded(measured)} ${unit} (goal: ${good} ${rounded(goal)} ${unit}${ratio})${more}`;
}

/** Three digits are enough to compare. */
function rounded(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
