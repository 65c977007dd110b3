import { parseRetryAfter } from "../net/retry";
import { type Budget, type Headers, NEAR_RESET, readBudget } from "./budget";

/** An answer that says no for now. */
export interface Refused {
  readonly status: number;
  readonly message: string;
  readonly headers: Headers;
}

/** `pause`: nothing may be sent for that long. `exhausted`: the hourly limit is gone, for longer than a minute. */
export type Limit =
  | { readonly kind: "pause"; readonly milliseconds: number }
  | { readonly kind: "exhausted"; readonly budget: Budget };

const LIMIT_MESSAGE = /\brate limit exceeded\b|\bsecondary rate\b|\babuse detection\b/i;
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
  if (budget?.remaining === 0) return primaryLimit(budget, now);
  return pause(Math.min(UNSAID * 2 ** refusals, LONGEST_UNSAID));
}

/** Whether an answer is about limits, and not about rights. */
export function isLimit({ status, message, headers }: Refused): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const exhausted = text(headers["x-ratelimit-remaining"]) === "0";
  return exhausted || headers["retry-after"] !== undefined || LIMIT_MESSAGE.test(message);
}

function primaryLimit(budget: Budget, now: number): Limit {
  const untilReset = budget.reset.getTime() - now;
  return untilReset >= NEAR_RESET ? { kind: "exhausted", budget } : pause(untilReset + SHORTEST);
}

function pause(milliseconds: number): Limit {
  return { kind: "pause", milliseconds: Math.max(milliseconds, SHORTEST) };
}

function text(header: string | number | undefined): string | undefined {
  return header === undefined ? undefined : String(header);
}
