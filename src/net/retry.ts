import type { Clock } from "./clock";
import type { Patience } from "./patience";

/** What one try brought: a value, and whether it is worth another try. */
export interface Attempt<T> {
  readonly value: T;
  readonly again: boolean;
  /** Milliseconds that the server wants us to wait. */
  readonly retryAfter?: number | undefined;
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
  /** From 0 (included) to 1, for the jitter. */
  readonly random: () => number;
  /** Tries in all, the first included. */
  readonly tries: number;
  /** Milliseconds: before the second try, at most before any, and of all waits together. */
  readonly firstDelay: number;
  readonly longestDelay: number;
  readonly totalDelay: number;
}

export const RETRY_DEFAULTS = {
  random: Math.random,
  tries: 5,
  firstDelay: 250,
  longestDelay: 8_000,
  totalDelay: 300_000,
} as const;

const GO_UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3, // U+00B5, micro sign
  μs: 1e-3, // U+03BC, Greek mu
  ns: 1e-6,
};
const GO_UNIT = /(\d+(?:\.\d+)?)(ms|us|\u00b5s|\u03bcs|ns|h|m|s)/g;
const GO_DURATION = /^(?:\d+(?:\.\d+)?(?:ms|us|\u00b5s|\u03bcs|ns|h|m|s))+$/;

/**
 * A `retry-after` value in milliseconds: seconds, an HTTP date, or a Go duration (`1m30s`, `985.86µs`).
 * Undefined where there is none or it makes no sense; a date that has passed is 0.
 */
export function parseRetryAfter(value: string | null | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (GO_DURATION.test(text)) return goDuration(text);
  // Date.parse makes dates of nearly anything; an HTTP date begins with the day of the week.
  const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}

function goDuration(text: string): number {
  let milliseconds = 0;
  for (const [, amount, unit] of text.matchAll(GO_UNIT)) {
    milliseconds += Number(amount) * (GO_UNITS[unit ?? ""] ?? 0);
  }
  return milliseconds;
}

/** Milliseconds to wait after try number `tried` (from 1): doubling, between half and all of it by chance. */
export function backoffDelay(
  tried: number,
  options: Pick<RetryOptions, "random" | "firstDelay" | "longestDelay">,
): number {
  const full = Math.min(options.firstDelay * 2 ** (tried - 1), options.longestDelay);
  return full / 2 + (options.random() * full) / 2;
}

/**
 * Tries until a value needs no other try, the tries or the total of the waits are used up, or the server asks for a
 * wait that is too long: then the last value is returned as it is. Waits at least as long as the server asks. Rejects with what `attempt` throws, and when
 * the signal aborts.
 */
export async function withRetries<T>(
  attempt: (tried: number) => Promise<Attempt<T>>,
  options: RetryOptions,
): Promise<{ readonly value: T; readonly tries: number }> {
  let waited = 0;
  for (let tries = 1; ; tries++) {
    options.signal?.throwIfAborted();
    const { value, again, retryAfter } = await attempt(tries);
    if (!again || tries >= options.tries) return { value, tries };
    const delay = Math.max(retryAfter ?? 0, backoffDelay(tries, options));
    waited += delay;
    if (waited > options.totalDelay || options.patience.whyNot(delay) !== undefined) return { value, tries };
    await options.clock.sleep(delay, options.signal);
  }
}
