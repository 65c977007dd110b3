import type { Budget } from "../github/budget";
import type { Outcome } from "../model/outcome";
import type { Log } from "../net/log";

export interface Progress {
  /** One more version is settled: by a request, unless it was skipped. */
  readonly step: (outcome?: Outcome) => void;
  readonly stop: () => void;
}

const EVERY_MS = 5_000;
/** Where each line takes the place of the one before. */
const EVERY_MS_IN_PLACE = 1_000;
/** The pace is that of the last minute, so that a pause does not weigh on the rest of the run. */
const PACE_OF_MS = 60_000;

/** Tells every few seconds how far a long work has come. Short work is over before the first line. */
export function startProgress(
  total: number,
  log: Log,
  budget: () => Budget | undefined,
  clock = Date.now,
): Progress {
  let done = 0;
  let requested = 0;
  const tell = log.progress ?? log.info;
  const every = log.progress ? EVERY_MS_IN_PLACE : EVERY_MS;
  let lines = [{ at: clock(), requested }];
  const timer = setInterval(() => {
    const before = lines[0] ?? { at: clock(), requested: 0 };
    const recent = { done: requested - before.requested, elapsed: clock() - before.at };
    tell(progressLine({ done, total, recent, budget: budget() }));
    lines = [...lines, { at: clock(), requested }].slice(-PACE_OF_MS / every);
  }, every);
  timer.unref();
  return {
    step: (outcome) => {
      done++;
      if (outcome !== "skipped") requested++;
    },
    stop: () => clearInterval(timer),
  };
}

export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** What was done of late, and in how many milliseconds. */
  readonly recent: { readonly done: number; readonly elapsed: number };
  readonly budget: Budget | undefined;
}

/** `340 of 1200 versions, 168 a minute, 5 minutes left, 3120 requests left this hour`. */
export function progressLine({ done, total, recent, budget }: ProgressState): string {
  const pace = recent.elapsed > 0 ? (recent.done * 60_000) / recent.elapsed : 0;
  const left = pace > 0 ? `, ${minutes(Math.ceil((total - done) / pace))} left` : "";
  const requests = budget ? `, ${budget.remaining} requests left this hour` : "";
  return `${done} of ${total} versions, ${Math.round(pace)} a minute${left}${requests}`;
}

function minutes(count: number): string {
  return count === 1 ? "1 minute" : `${count} minutes`;
}
