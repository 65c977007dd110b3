import { isLimitMessage } from "../net/limit-message";
import { parseRetryAfter } from "../net/retry";
import { type Budget, type Headers, readBudget } from "./budget";

/** An answer that says no for now. */
export interface Refused {
  readonly status: number;
  readonly message: string;
  readonly headers: Headers;
}

/** Nothing may be sent for so many milliseconds. `budget`: it is the hourly limit that is gone. */
export interface Limit {
  readonly milliseconds: number;
  readonly budget?: Budget;
}

/** What GitHub's documentation advises where the answer does not say how long; doubled with each refusal. */
const UNSAID = 60_000;
const LONGEST_UNSAID = 900_000;
const SHORTEST = 1_000;

/**
 * What a 403 or 429 says about limits; undefined for a 403 that is about rights. `refusals` counts those that the
 * same request got before. Every 429 is a limit, and so is every 403 with `retry-after`.
 */
export function limitOf(answer: Refused, refusals: number, now: number): Limit | undefined {
  if (!isLimit(answer)) return undefined;
  const retryAfter = parseRetryAfter(text(answer.headers["retry-after"]), now);
  if (retryAfter !== undefined) return pause(retryAfter);
  const budget = readBudget(answer.headers);
  if (budget?.remaining === 0) return { ...pause(budget.reset.getTime() - now + SHORTEST), budget };
  return pause(Math.min(UNSAID * 2 ** refusals, LONGEST_UNSAID));
}

/** Whether an answer is about limits, and not about rights. */
export function isLimit({ status, message, headers }: Refused): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const exhausted = text(headers["x-ratelimit-remaining"]) === "0";
  return exhausted || headers["retry-after"] !== undefined || isLimitMessage(message);
}

function pause(milliseconds: number): Limit {
  return { milliseconds: Math.max(milliseconds, SHORTEST) };
}

function text(header: string | number | undefined): string | undefined {
  return header === undefined ? undefined : String(header);
}
