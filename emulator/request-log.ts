import type { IncomingMessage } from "node:http";

/** One request as it came, and how it was answered. */
export interface LoggedRequest {
  /** Counts from 1. */
  readonly index: number;
  readonly method: string;
  /** The raw path with its query, nothing decoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as it came, of blobs too. */
  readonly bytes: Buffer;
  /** Milliseconds since 1970, as it arrived. */
  readonly time: number;
  /** Requests under way as it arrived, itself included. */
  readonly inFlight: number;
  /** The status answered; undefined while it is under way, and if the connection was dropped. */
  status: number | undefined;
  /** Milliseconds since 1970, as it was answered or dropped. */
  endedAt: number | undefined;
}

export type RequestListener = (index: number, request: LoggedRequest) => void | Promise<void>;

export interface RequestLog {
  readonly requests: readonly LoggedRequest[];
  readonly begin: (request: IncomingMessage, bytes: Buffer) => LoggedRequest;
  readonly notify: (entry: LoggedRequest) => Promise<void>;
  readonly end: (entry: LoggedRequest) => void;
  readonly listen: (listener: RequestListener) => () => void;
}

const KEPT_HEADERS = ["authorization", "accept", "content-type", "user-agent", "x-github-api-version"];

export function newRequestLog(): RequestLog {
  const requests: LoggedRequest[] = [];
  const listeners = new Set<RequestListener>();
  let underWay = 0;
  return {
    requests,
    begin: (request, bytes) => {
      underWay++;
      const entry = entryOf(request, bytes, requests.length + 1, underWay);
      requests.push(entry);
      return entry;
    },
    notify: async (entry) => {
      for (const listener of [...listeners]) await listener(entry.index, entry);
    },
    end: (entry) => {
      underWay--;
      entry.endedAt = Date.now();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function entryOf(request: IncomingMessage, bytes: Buffer, index: number, inFlight: number): LoggedRequest {
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return {
    index,
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: Object.fromEntries(headers),
    body: bytes.toString("utf8"),
    bytes,
    time: Date.now(),
    inFlight,
    status: undefined,
    endedAt: undefined,
  };
}
