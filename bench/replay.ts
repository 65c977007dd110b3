import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

interface Recorded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that answers GETs as another one did the first time. */
export interface Replay {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const KEPT_HEADERS = ["content-type", "link"];

/**
 * The emulator sorts a whole package for every page: nobody waits for that in tests, but with a thousand pages it
 * would be most of what is measured.
 *
 * @param latency milliseconds before each answer
 */
export async function startReplay(origin: string, latency = 0): Promise<Replay> {
  const recorded = new Map<string, Recorded>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    const answer = recorded.get(path) ?? (await record(`${origin}${path}`, request.headers.authorization));
    recorded.set(path, answer);
    if (latency > 0) await pause(latency);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function record(url: string, authorization = ""): Promise<Recorded> {
  const response = await fetch(url, { headers: { authorization } });
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { status: response.status, headers: Object.fromEntries(headers), body: await response.text() };
}
