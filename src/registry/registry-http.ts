import type { Clock } from "../net/clock";
import { AnswerTooLarge, causeOf, type Fetch } from "../net/fetch";
import { createGate } from "../net/gate";
import { isLimitMessage } from "../net/limit-message";
import type { Log } from "../net/log";
import { NO_PACE } from "../net/pace";
import { type Attempt, parseRetryAfter, type RetryOptions, withRetries } from "../net/retry";
import { createSlots } from "../net/slots";
import { PackageStopped } from "../net/stop";
import { describeAnswer, parseErrors } from "./registry-error";

/** An answer of a registry; status 0 is none that can be used, and `problem` says why. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly problem?: string;
  /** Another try would bring the same. */
  readonly isFinal?: boolean;
  /** It asks to slow down, and has done so to the last try. */
  readonly isLimit?: boolean;
}

/** Says what is wrong with an answer that should be asked for again (cut off, altered); undefined for a good one. */
export type Check = (answer: RegistryAnswer) => string | undefined;

/** Sends one request. Rejects only when cancelled, and with Stopped where it would have to wait for too long. */
export type Exchange = (url: URL, init: RequestInit, check?: Check) => Promise<RegistryAnswer>;

export interface ExchangeParts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly retry: RetryOptions;
  readonly signal?: AbortSignal | undefined;
}

const AT_ONCE = 16;
/** Milliseconds that a first limit answer pauses for where it does not say; four times as long with each further one. */
const UNSAID = 1_000;
const LONGEST_UNSAID = 60_000;

/**
 * Sends requests to a registry, sixteen at once; a limit answer to one of them pauses all, unless it asks for longer than
 * the run waits: then the package stops that asked. Network errors, 5xx, limits and answers that the check refuses are
 * tried again.
 */
export function createExchange(parts: ExchangeParts): Exchange {
  const { clock, log, retry } = parts;
  const atOnce = createSlots(AT_ONCE);
  const gate = createGate(NO_PACE, parts.retry);
  const send = (url: URL, init: RequestInit) =>
    atOnce(async () => {
      await gate.opened();
      return receive(url, init, parts);
    });

  function judge(url: URL, answer: RegistryAnswer, check: Check | undefined, tried: number) {
    const problem = answer.problem ?? check?.(answer);
    if (problem) return { value: { ...answer, status: 0, problem }, again: !answer.isFinal };
    if (isLimit(answer)) return heldFor(url, answer, tried);
    const retryAfter = answer.status >= 500 ? retryDelay(answer, clock.now()) : undefined;
    return { value: answer, again: answer.status >= 500, retryAfter };
  }

  /** Other packages may continue where the wait is too long for the run, and so is that of the whole host. */
  function heldFor(url: URL, answer: RegistryAnswer, tried: number): Attempt<RegistryAnswer> {
    const unsaid = Math.min(UNSAID * 4 ** (tried - 1), LONGEST_UNSAID);
    const retryAfter = retryDelay(answer, clock.now()) ?? unsaid;
    const said = `${url.host} asks to slow down (${describeAnswer(answer.status, bodyText(answer))})`;
    const why = retry.patience.whyNot(retryAfter);
    if (why !== undefined) throw new PackageStopped(`${said}: ${why}`);
    gate.hold(retryAfter);
    return { value: { ...answer, isLimit: true }, again: true, retryAfter };
  }

  return async (url, init, check) => {
    const attempt = async (tried: number) => {
      const result = judge(url, await send(url, init), check, tried);
      if (result.again) log.debug(`${init.method ?? "GET"} ${url.pathname}: ${resultOf(result.value)}`);
      return result;
    };
    // A push is sent once: who repeats it looks before where the tag is.
    const tries = init.method === "PUT" ? 1 : retry.tries;
    return (await withRetries(attempt, { ...retry, tries })).value;
  };
}

function resultOf({ status, problem }: RegistryAnswer): string {
  return problem ?? `status ${status}`;
}

/** A plain 403 is about rights. */
function isLimit(answer: RegistryAnswer): boolean {
  if (answer.status === 429) return true;
  if (answer.status !== 403) return false;
  return answer.headers.has("retry-after") || isLimitMessage(bodyText(answer));
}

async function receive(
  url: URL,
  init: RequestInit,
  { fetch, signal }: ExchangeParts,
): Promise<RegistryAnswer> {
  try {
    const response = await fetch(url.href, init);
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes };
  } catch (error) {
    signal?.throwIfAborted();
    return { ...noAnswer(causeOf(error)), ...(error instanceof AnswerTooLarge ? { isFinal: true } : {}) };
  }
}

function noAnswer(problem: string): RegistryAnswer {
  return { status: 0, headers: new Headers(), bytes: new Uint8Array(), problem };
}

/** ghcr.io says it in the message: `retry-after: 985.86µs, allowed: 44000/minute`. */
function retryDelay(answer: RegistryAnswer, now: number): number | undefined {
  const message = parseErrors(bodyText(answer))[0]?.message ?? "";
  const said = answer.headers.get("retry-after") ?? /\bretry-after: ([^\s,]+)/i.exec(message)?.[1];
  return parseRetryAfter(said, now);
}

/** The body as text. */
export function bodyText({ bytes }: RegistryAnswer): string {
  return Buffer.from(bytes).toString("utf8");
}
