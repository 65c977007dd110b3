import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/** An answer as it came; redirects are not followed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body as JSON, or undefined where it is none. */
  readonly json: unknown;
  readonly seconds: number;
}

export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly redirect?: "manual" | "follow";
}

const TRIES = 3;
const PAUSE = 2_000;
/** Seconds until what was pushed or deleted is listed so. */
const LONGEST_LAG = 60;

/** Sends one request; a read that gets no answer, or a 5xx, is tried again. */
export async function exchange(url: string | URL, request: Request = {}): Promise<Answer> {
  const method = request.method ?? "GET";
  const isRead = method === "GET" || method === "HEAD";
  for (let tried = 1; ; tried++) {
    const isLast = !isRead || tried === TRIES;
    const answer = await once(url, request).catch((error: unknown) => {
      if (isLast) throw new Error(`${method} ${url}: no answer`, { cause: error });
    });
    if (answer && (isLast || answer.status < 500)) return answer;
    await sleep(PAUSE * tried);
  }
}

async function once(url: string | URL, request: Request): Promise<Answer> {
  const start = performance.now();
  const { method = "GET", headers = {}, body = null, redirect = "manual" } = request;
  const response = await fetch(url, {
    method,
    headers,
    body: body as NonNullable<RequestInit["body"]> | null,
    redirect,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const seconds = (performance.now() - start) / 1000;
  return { status: response.status, headers: response.headers, bytes, json: parse(bytes), seconds };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Asks until the answer is there, and says how many seconds that took. Throws after a minute. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined>,
): Promise<{ value: T; seconds: number }> {
  const start = performance.now();
  for (;;) {
    const value = await ask();
    const seconds = (performance.now() - start) / 1000;
    if (value !== undefined) return { value, seconds };
    if (seconds > LONGEST_LAG) throw new Error(`${what}: not within ${LONGEST_LAG} seconds.`);
    await sleep(PAUSE);
  }
}
