import { setTimeout as timer } from "node:timers/promises";

/** The time in milliseconds since 1970, and sleeping; tests bring their own. */
export interface Clock {
  now(): number;
  /** Sleeps for that many milliseconds; rejects at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Beyond this, Node's timers fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    timer(Math.min(Math.max(milliseconds, 0), LONGEST_TIMER), undefined, signal ? { signal } : {}),
};
