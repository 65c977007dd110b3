import type { Clock } from "./clock";

/** The clock by a server's time, as far as an answer has told it; until then it is ours. */
export interface ServerClock extends Clock {
  /** An answer's `Date`; the first one that tells the time counts for the run. */
  observe(date: string | undefined): void;
  /** Milliseconds by which the server's time is later than ours; negative where it is earlier. */
  offset(): number;
}

/** A `Date` header has whole seconds, and was on its way: so small a difference tells nothing. */
const UNSURE = 2_000;

/** A runner's clock may be days off, and so would be every age: what the server says counts (spec/action.md). */
export function createServerClock(clock: Clock): ServerClock {
  let offset: number | undefined;
  return {
    now: () => clock.now() + (offset ?? 0),
    sleep: clock.sleep,
    observe: (date) => {
      const told = offset === undefined ? Date.parse(date ?? "") : Number.NaN;
      if (Number.isNaN(told)) return;
      const difference = told - clock.now();
      offset = Math.abs(difference) < UNSURE ? 0 : difference;
    },
    offset: () => offset ?? 0,
  };
}
