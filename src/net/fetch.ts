import { HttpClient } from "@actions/http-client";
import type { Dispatcher, RequestInit as ProxyRequestInit } from "undici/types/index";
import undici from "./undici.cjs";

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Milliseconds for a whole request, its body included. */
const REQUEST_TIMEOUT = 60_000;

/**
 * `fetch` with a time limit and cancellation for every request, through the proxy that `http_proxy`, `https_proxy`
 * and `no_proxy` name for the host.
 */
export function createFetch(signal: AbortSignal | undefined, timeout: number = REQUEST_TIMEOUT): Fetch {
  const dispatchers = new Map<string, Dispatcher | undefined>();

  function dispatcherFor(url: string): Dispatcher | undefined {
    const { origin } = new URL(url);
    if (!dispatchers.has(origin)) dispatchers.set(origin, new HttpClient().getAgentDispatcher(origin));
    return dispatchers.get(origin);
  }

  return (url, init) => {
    const limit = AbortSignal.timeout(timeout);
    const bounded = { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit };
    const dispatcher = dispatcherFor(url);
    return dispatcher ? fetchThrough(dispatcher, url, bounded) : fetch(url, bounded);
  };
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
