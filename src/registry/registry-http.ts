import type { Clock } from "../net/clock";
import { causeOf, type Fetch } from "../net/fetch";
import { createGate, type Gate } from "../net/gate";
import type { Log } from "../net/log";
import { NO_PACE } from "../net/pace";
import { type Attempt, parseRetryAfter, type RetryOptions, withRetries } from "../net/retry";
import { createSlots } from "../net/slots";
import { parseErrors } from "./registry-error";

/** An answer of a registry; status 0 is none that can be used, and `problem` says why. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly problem?: string;
}

/** Says what is wrong with an answer that should be asked for again (cut off, altered); undefined for a good one. */
export type Check = (answer: RegistryAnswer) => string | undefined;

/** Sends one request. Rejects only when cancelled. */
export type Exchange = (url: URL, init: RequestInit, check?: Check) => Promise<RegistryAnswer>;

export interface ExchangeParts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly retry: RetryOptions;
  readonly signal?: AbortSignal | undefined;
}

const AT_ONCE = 8;
const LARGEST_BODY = 16 * 1024 * 1024;
const TOO_LARGE = "the answer is larger than 16 MiB";
/** Milliseconds that a first 429 pauses for where it does not say; four times as long with each further one. */
const UNSAID = 1_000;

/**
 * Sends requests to a registry, eight at once; a 429 to one of them pauses all. Network errors, 5xx, 429 and answers
 * that the check refuses are tried again.
 */
export function createExchange(parts: ExchangeParts): Exchange {
  const atOnce = createSlots(AT_ONCE);
  const gate = createGate(NO_PACE, parts.clock, parts.signal);
  const send = (url: URL, init: RequestInit) =>
    atOnce(async () => {
      await gate.opened();
      return receive(url, init, parts);
    });

  return async (url, init, check) => {
    const { value } = await withRetries(async (tried) => {
      const attempt = judge(await send(url, init), check, tried, gate, parts.clock.now());
      if (attempt.again)
        parts.log.debug(`${init.method ?? "GET"} ${url.pathname}: ${resultOf(attempt.value)}`);
      return attempt;
    }, parts.retry);
    return value;
  };
}

function resultOf({ status, problem }: RegistryAnswer): string {
  return problem ?? `status ${status}`;
}

function judge(
  answer: RegistryAnswer,
  check: Check | undefined,
  tried: number,
  gate: Gate,
  now: number,
): Attempt<RegistryAnswer> {
  const problem = answer.problem ?? check?.(answer);
  if (problem) return { value: { ...answer, status: 0, problem }, again: problem !== TOO_LARGE };
  const retryAfter = retryDelay(answer, now);
  if (answer.status === 429) gate.hold(retryAfter ?? UNSAID * 4 ** (tried - 1));
  return { value: answer, again: answer.status === 429 || answer.status >= 500, retryAfter };
}

async function receive(
  url: URL,
  init: RequestInit,
  { fetch, signal }: ExchangeParts,
): Promise<RegistryAnswer> {
  try {
    const response = await fetch(url.href, init);
    const bytes = await readBody(response);
    if (!bytes) return noAnswer(TOO_LARGE);
    return { status: response.status, headers: response.headers, bytes };
  } catch (error) {
    signal?.throwIfAborted();
    return noAnswer(causeOf(error));
  }
}

function noAnswer(problem: string): RegistryAnswer {
  return { status: 0, headers: new Headers(), bytes: new Uint8Array(), problem };
}

/** The whole body; undefined where there is too much of it. */
async function readBody(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** ghcr.io says it in the message: `retry-after: 985.86µs, allowed: 44000/minute`. */
function retryDelay(answer: RegistryAnswer, now: number): number | undefined {
  if (answer.status !== 429 && answer.status < 500) return undefined;
  const message = parseErrors(bodyText(answer))[0]?.message ?? "";
  const said = answer.headers.get("retry-after") ?? /\bretry-after: ([^\s,]+)/i.exec(message)?.[1];
  return parseRetryAfter(said, now);
}

/** The body as text. */
export function bodyText({ bytes }: RegistryAnswer): string {
  return Buffer.from(bytes).toString("utf8");
}
