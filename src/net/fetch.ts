import { getProxyUrl } from "@actions/http-client";
import type { Dispatcher, RequestInit as ProxyRequestInit } from "undici/types/index";
import { openTunnel } from "./tunnel";
import undici from "./undici.cjs";

/** Sends a request; the answer has been read in full. Rejects with AnswerTooLarge where there is too much of it. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** An answer of which there is no end in sight: it is not read any further. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

/** Milliseconds for a whole request, its body included. */
const REQUEST_TIMEOUT = 60_000;
const LARGEST_BODY = 16 * 1024 * 1024;
/** These have no body, and a Response must not be made with one. */
const BODILESS: readonly number[] = [101, 204, 205, 304];

/**
 * `fetch` with a time limit, a largest answer and cancellation for every request, through the proxy that `http_proxy`,
 * `https_proxy` and `no_proxy` name for the host. What writes follows no redirect: where it led to, nobody asked for.
 */
export function createFetch(signal: AbortSignal | undefined, timeout: number = REQUEST_TIMEOUT): Fetch {
  const dispatchers = new Map<string, Dispatcher | undefined>();

  function dispatcherFor(url: string): Dispatcher | undefined {
    const { origin } = new URL(url);
    if (!dispatchers.has(origin)) {
      const proxy = getProxyUrl(origin);
      dispatchers.set(origin, proxy === "" ? undefined : tunnelAgent(new URL(proxy)));
    }
    return dispatchers.get(origin);
  }

  return async (url, init) => {
    const limit = timeLimit(signal, timeout);
    const redirect = isRead(init?.method) ? "follow" : "manual";
    const bounded = { ...init, redirect, signal: limit.signal } as const;
    const dispatcher = dispatcherFor(url);
    try {
      const response = await (dispatcher ? fetchThrough(dispatcher, url, bounded) : fetch(url, bounded));
      return await readInFull(response, limit.signal);
    } finally {
      limit.end();
    }
  };
}

/**
 * A signal for one request that ends with the run's. By hand, since Node 20 may forget a signal that was made of others
 * before it has aborted.
 */
function timeLimit(signal: AbortSignal | undefined, timeout: number) {
  const controller = new AbortController();
  const cancel = () => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException(`no answer within ${timeout / 1000} s`, "TimeoutError")),
    timeout,
  );
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    },
  };
}

function isRead(method = "GET"): boolean {
  return method === "GET" || method === "HEAD";
}

async function readInFull(response: Response, signal: AbortSignal): Promise<Response> {
  const { status, statusText, headers } = response;
  try {
    const bytes = await readBytes(response);
    return new Response(BODILESS.includes(status) ? null : bytes, { status, statusText, headers });
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof AnswerTooLarge ? error : new Error("the answer was cut off");
  }
}

async function readBytes({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new AnswerTooLarge("the answer is larger than 16 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Opens each connection through the proxy. */
function tunnelAgent(proxy: URL): Dispatcher {
  return new undici.Agent({
    connect: ({ hostname, port, protocol, servername }, callback) => {
      const isSecure = protocol === "https:";
      const target = { hostname, port: Number(port || (isSecure ? 443 : 80)), servername, isSecure };
      openTunnel(proxy, target).then(
        (socket) => callback(null, socket),
        (error: Error) => callback(error, null),
      );
    },
  });
}

/** Node's own fetch may not understand the dispatcher of another undici: the two must come from one package. */
function fetchThrough(dispatcher: Dispatcher, url: string, init: RequestInit): Promise<Response> {
  const options = { ...init, dispatcher } as ProxyRequestInit;
  return undici.fetch(url, options) as unknown as Promise<Response>;
}

/** The innermost message of a failed fetch: `fetch failed` alone tells nothing. */
export function causeOf(error: unknown): string {
  const { message, cause, code } = (error ?? {}) as { message?: string; cause?: unknown; code?: string };
  if (typeof cause === "object" && cause !== null) return causeOf(cause);
  return message || code || String(error);
}
