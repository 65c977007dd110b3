import type { Outlook } from "../model/outlook";
import type { Clock } from "../net/clock";
import { LONG_PAUSE } from "../net/gate";
import type { Log } from "../net/log";
import { durationText, type Patience } from "../net/patience";
import { Stopped } from "../net/stop";

/** What GitHub says about the token's hourly limit. */
export interface Budget {
  readonly limit?: number;
  readonly remaining: number;
  readonly reset: Date;
}

export type Headers = Readonly<Record<string, string | number | undefined>>;

/** `answer`: wait for an answer that is under way, since it may have been counted already. */
export type BudgetDecision =
  | { readonly kind: "go" }
  | { readonly kind: "answer" }
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "stop" };

export interface BudgetQuestion {
  readonly budget: Budget | undefined;
  /** Requests that were sent and not answered. */
  readonly underWay: number;
  /** Requests to leave for others. */
  readonly reserve: number;
  readonly patience: Patience;
  readonly now: number;
}

export interface BudgetWatch {
  /** Resolves when one more request may be sent; rejects with BudgetExhausted. */
  take(): Promise<void>;
  /** Throws BudgetExhausted when the run has to stop: for requests that would only queue for it. */
  check(): void;
  /** The request of a `take` is over, with these headers where there was an answer. */
  settle(headers: Headers | undefined): void;
  current(): Budget | undefined;
  /** When the last long wait for a reset ended, or will end; 0 where there was none. */
  pausedUntil(): number;
}

/** Resets that differ by less are those of one window. */
const SAME_WINDOW = 10_000;
/** The request after a reset must not arrive a moment too early. */
const RESET_MARGIN = 1_000;

/** The hourly limit is used up, down to the reserve: the run ends as `partial`. */
export class BudgetExhausted extends Stopped {
  override readonly name = "BudgetExhausted";
  readonly remaining: number;
  readonly reset: Date;

  constructor({ remaining, reset }: Budget) {
    super(
      `The token has ${remaining} requests left of its hourly limit, which resets at ${reset.toISOString()}. ` +
        "Run again after that, set `on-rate-limit: wait`, lower `rate-limit-reserve`, or use a token with a higher limit.",
    );
    this.remaining = remaining;
    this.reset = reset;
  }
}

/** The budget that the headers of an answer tell; undefined where there is none (GHES without limits). */
export function readBudget(headers: Headers): Budget | undefined {
  const remaining = wholeNumber(headers["x-ratelimit-remaining"]);
  const reset = wholeNumber(headers["x-ratelimit-reset"]);
  if (remaining === undefined || reset === undefined) return undefined;
  const limit = wholeNumber(headers["x-ratelimit-limit"]);
  return { remaining, reset: new Date(reset * 1000), ...(limit === undefined ? {} : { limit }) };
}

function wholeNumber(value: string | number | undefined): number | undefined {
  return value !== undefined && /^\d{1,12}$/.test(String(value)) ? Number(value) : undefined;
}

/**
 * What is known after an answer. Answers overtake each other, and the resets that they tell of one hour differ by a
 * second or so: within one hour the lowest count holds, and the latest reset.
 */
export function mergeBudget(known: Budget | undefined, seen: Budget, now: number): Budget {
  if (!known || known.reset.getTime() <= now) return seen;
  const later = seen.reset.getTime() - known.reset.getTime();
  if (Math.abs(later) >= SAME_WINDOW) return later > 0 ? seen : known;
  const { reset } = later > 0 ? seen : known;
  return { ...seen, remaining: Math.min(known.remaining, seen.remaining), reset };
}

/** Whether one more request may be sent (spec/action.md, "Rate limits"). */
export function decideBudget({ budget, underWay, reserve, patience, now }: BudgetQuestion): BudgetDecision {
  if (!budget || budget.reset.getTime() <= now) return { kind: "go" };
  const left = budget.remaining - 1;
  if (left - underWay >= reserve) return { kind: "go" };
  if (left >= reserve) return { kind: "answer" };
  if (!waitsForReset(patience, budget, now)) return { kind: "stop" };
  return { kind: "wait", milliseconds: budget.reset.getTime() - now + RESET_MARGIN };
}

/** Whether the run waits for the reset: where it is less than a minute away, or that is what it was told. */
export function waitsForReset({ whyNot }: Patience, { reset }: Budget, now: number): boolean {
  return whyNot(reset.getTime() - now + 1) === undefined;
}

/** What a longer work would take of the hourly limit. */
export interface BudgetNeed {
  readonly requests: number;
  readonly perMinute: number;
  readonly reserve: number;
  readonly patience: Patience;
  readonly now: number;
}

/** Whether so many requests at that pace can be sent before the run would have to stop for the limit. */
export function isEnough(
  budget: Budget,
  { requests, perMinute, reserve, patience, now }: BudgetNeed,
): boolean {
  const room = Math.max(budget.remaining - reserve, 0);
  if (requests <= room) return true;
  const usedUpAt = now + (room / perMinute) * 60_000;
  return waitsForReset(patience, budget, usedUpAt);
}

/** How far so many requests come. */
export function outlookOf(budget: Budget | undefined, need: BudgetNeed): Outlook {
  const { perMinute, reserve, patience } = need;
  const timeLeft = patience.timeLeft();
  if (budget === undefined) return { perMinute, possible: Number.POSITIVE_INFINITY, timeLeft };
  const { remaining, reset, limit } = budget;
  const room = Math.max(remaining - reserve, 0);
  const possible = isEnough(budget, need) ? Number.POSITIVE_INFINITY : room;
  const perHour = limit === undefined ? {} : { perHour: limit - reserve };
  return { perMinute, hour: { remaining, room, reset, ...perHour }, possible, timeLeft };
}

export interface BudgetParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
}

/** Watches the hourly limit over all requests of a run. */
export function createBudgetWatch(
  reserve: number,
  { clock, log, patience, signal }: BudgetParts,
): BudgetWatch {
  let budget: Budget | undefined;
  let underWay = 0;
  let waiting: (() => void)[] = [];
  let awaitedReset: number | undefined;
  let pausedUntil = 0;

  const decide = () => decideBudget({ budget, underWay, reserve, patience, now: clock.now() });

  function check(): void {
    if (budget && decide().kind === "stop") throw new BudgetExhausted(budget);
  }

  async function take(): Promise<void> {
    signal?.throwIfAborted();
    check();
    const decision = decide();
    if (decision.kind === "go") {
      underWay += 1;
      return;
    }
    if (decision.kind === "wait") await sleepOver(decision.milliseconds);
    if (decision.kind === "answer") await new Promise<void>((resolve) => waiting.push(resolve));
    return take();
  }

  function sleepOver(milliseconds: number): Promise<void> {
    const reset = budget?.reset.getTime();
    // Said once, for all requests that wait for it.
    if (reset !== awaitedReset)
      log.info(
        `The hourly limit is down to its reserve: waiting ${durationText(milliseconds)} for the reset.`,
      );
    awaitedReset = reset;
    if (milliseconds >= LONG_PAUSE) pausedUntil = Math.max(pausedUntil, clock.now() + milliseconds);
    return clock.sleep(milliseconds, signal);
  }

  function settle(headers: Headers | undefined): void {
    underWay -= 1;
    const seen = headers && readBudget(headers);
    if (seen) budget = mergeBudget(budget, seen, clock.now());
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  return { take, check, settle, current: () => budget, pausedUntil: () => pausedUntil };
}
