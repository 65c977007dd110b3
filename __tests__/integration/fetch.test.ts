import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { causeOf, createFetch } from "../../src/net/fetch";
import { openTunnel } from "../../src/net/tunnel";

/** Requests through proxies that do not do as they should, and to servers that say nothing. */

const NAMES = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];
const saved = NAMES.map((name) => [name, process.env[name]] as const);
let servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  servers = [];
  for (const [name, value] of saved) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

interface Played {
  readonly port: number;
  connections: number;
}

/** A server that does this with each connection, and with the first data that it sends. */
async function serve(
  onData: (socket: Socket) => void,
  onConnection?: (socket: Socket) => void,
): Promise<Played> {
  const played = { port: 0, connections: 0 };
  const server = createServer((socket) => {
    played.connections++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => onData(socket));
    onConnection?.(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(played, { port: (server.address() as AddressInfo).port });
}

/** How a request through this proxy fails. */
async function failure(url: string, { port }: Played): Promise<string> {
  for (const name of NAMES) delete process.env[name];
  process.env.http_proxy = process.env.https_proxy = `http://127.0.0.1:${port}`;
  const response = createFetch(undefined, 5_000)(url);
  return response.then(
    () => "no failure",
    (error: unknown) => causeOf(error).replace(`127.0.0.1:${port}`, "<proxy>"),
  );
}

describe.each(["http://api.example.test", "https://api.example.test"])("a proxy on the way to %s", (url) => {
  const tunnel = "the proxy <proxy> opened no tunnel to api.example.test";

  it("that closes the connection on CONNECT is asked once", async () => {
    const proxy = await serve((socket) => socket.destroy());
    expect(await failure(url, proxy)).toMatch(`${tunnel}: `);
    expect(proxy.connections).toBe(1);
  });

  it("that closes each connection at once is asked once", async () => {
    const proxy = await serve(
      () => {},
      (socket) => socket.destroy(),
    );
    expect(await failure(url, proxy)).toMatch(`${tunnel}: `);
    expect(proxy.connections).toBe(1);
  });

  it.each(["407 Proxy Authentication Required", "502 Bad Gateway"])(
    "that answers %s is asked once",
    async (line) => {
      const proxy = await serve((socket) => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`));
      expect(await failure(url, proxy)).toBe(`${tunnel}: it answered ${line.slice(0, 3)}`);
      expect(proxy.connections).toBe(1);
    },
  );

  it("that opens tunnels and closes them is given up", async () => {
    const proxy = await serve((socket) => socket.end("HTTP/1.1 200 Connection established\r\n\r\n"));
    await failure(url, proxy);
    expect(proxy.connections).toBeLessThanOrEqual(4);
  });

  it("is shown the login of its address, and nothing else", async () => {
    let seen = "";
    const proxy = await serve(
      (socket) => socket.destroy(),
      (socket) =>
        socket.once("data", (data: Buffer) => {
          seen = data.toString("latin1");
        }),
    );
    for (const name of NAMES) delete process.env[name];
    process.env.http_proxy = process.env.https_proxy = `http://mona:p%40ss@127.0.0.1:${proxy.port}`;
    const headers = { authorization: "Bearer monas-token" };
    await createFetch(undefined, 5_000)(url, { headers }).catch(() => {});
    const host = `api.example.test:${url.startsWith("https") ? 443 : 80}`;
    expect(seen).toMatch(`CONNECT ${host} HTTP/1.1\r\n`);
    expect(seen).toContain(`proxy-authorization: Basic ${Buffer.from("mona:p@ss").toString("base64")}`);
    expect(seen).not.toContain("monas-token");
  });
});

it("a proxy that says nothing is given up", async () => {
  const proxy = await serve(() => {});
  const target = { hostname: "api.example.test", port: 443, isSecure: true };
  const opening = openTunnel(new URL(`http://127.0.0.1:${proxy.port}`), target, 100);
  await expect(opening).rejects.toThrow("opened no tunnel to api.example.test: no answer within 0.1 s");
});

it("a tunnel in which nobody speaks TLS is given up", async () => {
  const proxy = await serve((socket) => socket.write("HTTP/1.1 200 Connection established\r\n\r\n"));
  const target = { hostname: "api.example.test", port: 443, isSecure: true };
  const opening = openTunnel(new URL(`http://127.0.0.1:${proxy.port}`), target, 300);
  await expect(opening).rejects.toThrow("opened no tunnel to api.example.test");
});

describe("a server that says nothing", () => {
  it("is given up in time, with a run's signal too, whatever the garbage collector does meanwhile", async () => {
    const server = await serve(() => {});
    const run = new AbortController();
    const request = createFetch(run.signal, 300)(`http://127.0.0.1:${server.port}`);
    globalThis.gc?.();
    await expect(request).rejects.toThrow("no answer within 0.3 s");
  });

  it("is given up in the middle of an answer", async () => {
    const server = await serve((socket) =>
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"),
    );
    const request = createFetch(undefined, 300)(`http://127.0.0.1:${server.port}`);
    await expect(request).rejects.toThrow("no answer within 0.3 s");
  });

  it("does not hold up a run that is cancelled", async () => {
    const server = await serve(() => {});
    const run = new AbortController();
    const fetch = createFetch(run.signal);
    const request = fetch(`http://127.0.0.1:${server.port}`);
    run.abort(new Error("cancelled"));
    await expect(request).rejects.toThrow("cancelled");
    await expect(fetch(`http://127.0.0.1:${server.port}`)).rejects.toThrow("cancelled");
  });
});
