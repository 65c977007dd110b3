import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

export interface ProxyServer {
  readonly url: string;
  /** `host:port` of each tunnel that was asked for, in order. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

/** A proxy on this machine. Each tunnel, whatever host it is for, ends at the address that `target` names for it. */
export async function startProxy(target: (host: string) => string): Promise<ProxyServer> {
  const tunnels: string[] = [];
  const clients = new Set<Duplex>();
  const server = createServer((_, response) => response.writeHead(500).end());
  server.on("connect", ({ url = "" }, client) => {
    tunnels.push(url);
    clients.add(client);
    const { hostname, port } = new URL(target(url.replace(/:\d+$/, "")));
    const upstream = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    tunnels,
    close: () => {
      // Whoever uses a tunnel may keep it for the next request.
      for (const client of clients) client.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
