/** How long a run may wait for a server (spec/action.md, "No wait is longer than…"). */
export interface Patience {
  /** Why the run does not wait so many milliseconds, and what to do; undefined where it does. */
  readonly whyNot: (milliseconds: number) => string | undefined;
  /** Milliseconds until the run's time is over; infinite where it has no end. */
  readonly timeLeft: () => number;
}

export interface PatienceOptions {
  /** `on-rate-limit: wait`. */
  readonly waits: boolean;
  /** Milliseconds until `max-minutes` is over; infinite without it. */
  readonly timeLeft: () => number;
}

/** What a run waits for without `on-rate-limit: wait`. */
const LONGEST = 60_000;
/** So short a wait does not make a run late: what it has to put right at its end is not given up for it. */
const SHORT = 5_000;
const UNITS = [
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** The patience of a run; without options that of one that has no end, and does not wait for a limit's reset. */
export function createPatience({ waits, timeLeft }: PatienceOptions): Patience {
  function whyNot(milliseconds: number): string | undefined {
    const wait = `the run would have to wait ${durationText(milliseconds)}`;
    if (milliseconds > SHORT && milliseconds > timeLeft())
      return `${wait}, which is longer than \`max-minutes\` leaves. The next run continues.`;
    if (milliseconds > LONGEST && !waits)
      return `${wait}. Run it again after that, or set \`on-rate-limit: wait\`.`;
    return undefined;
  }
  return { whyNot, timeLeft };
}

export const IMPATIENT: Patience = createPatience({
  waits: false,
  timeLeft: () => Number.POSITIVE_INFINITY,
});

/** `45 s`, `15 min`, `24 h`: in the unit that has two of them at least. */
export function durationText(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => milliseconds >= 2 * each) ?? (["s", 1_000] as const);
  const amount = milliseconds / size;
  return `${unit === "s" ? Math.ceil(amount) : Math.round(amount)} ${unit}`;
}
