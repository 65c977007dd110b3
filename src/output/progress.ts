import type { Outcome } from "../model/outcome";
import type { Outlook } from "../model/outlook";
import type { Log } from "../net/log";
import { aboutMinutes } from "../report/effort";
import { formatNumber } from "../report/report-text";

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
  outlook: (requests: number) => Outlook,
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
    tell(progressLine({ done, total, recent, outlook: outlook(total - done) }));
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
  readonly outlook: Outlook;
}

/**
 * `340 of 1,200 versions, 168 a minute, about 6 minutes left, 3,120 requests left this hour`; or, where the hour or
 * `max-minutes` ends it before, `…, stops at about 1,111 of them in about 5 minutes, …`.
 */
export function progressLine({ done, total, recent, outlook }: ProgressState): string {
  const pace = recent.elapsed > 0 ? (recent.done * 60_000) / recent.elapsed : 0;
  const hour = outlook.hour ? `, ${formatNumber(outlook.hour.remaining)} requests left this hour` : "";
  const begin = `${formatNumber(done)} of ${formatNumber(total)} versions, ${Math.round(pace)} a minute`;
  return `${begin}${pace > 0 ? whatIsLeft(total - done, done, pace, outlook) : ""}${hour}`;
}

function whatIsLeft(left: number, done: number, pace: number, { possible, timeLeft }: Outlook): string {
  const reach = Math.min(possible, Math.floor((pace * timeLeft) / 60_000));
  if (reach >= left) return `, ${aboutMinutes(left / pace)} left`;
  return `, stops at about ${formatNumber(done + reach)} in ${aboutMinutes(reach / pace)}`;
}
