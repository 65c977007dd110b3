import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Where a tunnel leads to. */
export interface Target {
  readonly hostname: string;
  readonly port: number;
  /** For TLS within the tunnel; undefined where there is none. */
  readonly servername?: string | undefined;
  readonly isSecure: boolean;
}

/** Milliseconds for a proxy to open a tunnel, the TLS within it included. */
const TUNNEL_TIMEOUT = 15_000;

/**
 * Opens a tunnel through a proxy, by one CONNECT. Rejects, once and for all, when the proxy refuses, closes the
 * connection, or says nothing: undici's own agent connects again and again to one that closes.
 */
export function openTunnel(proxy: URL, target: Target, timeout: number = TUNNEL_TIMEOUT): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let socket: Socket | undefined;
    const fail = (why: string) => {
      clearTimeout(timer);
      connecting.destroy();
      socket?.destroy();
      reject(new Error(`the proxy ${proxy.host} opened no tunnel to ${target.hostname}: ${why}`));
    };
    const timer = setTimeout(() => fail(`no answer within ${timeout / 1000} s`), timeout);
    const succeed = (opened: Socket) => {
      clearTimeout(timer);
      opened.removeAllListeners("error");
      resolve(opened);
    };
    const connecting = connectRequest(proxy, target);
    connecting.once("error", ({ message }) => fail(message));
    connecting.once("response", ({ statusCode }) => fail(`it answered ${statusCode}`));
    connecting.once("connect", ({ statusCode }, plain) => {
      socket = plain as Socket;
      if (statusCode !== 200) return fail(`it answered ${statusCode}`);
      if (target.isSecure) socket = secured(socket, target, succeed);
      else succeed(socket);
      socket.once("error", ({ message }) => fail(message));
    });
    connecting.end();
  });
}

function connectRequest(proxy: URL, { hostname, port }: Target) {
  const path = `${hostname}:${port}`;
  const { username, password } = proxy;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    "base64",
  );
  const request = proxy.protocol === "https:" ? requestHttps : requestHttp;
  return request({
    hostname: proxy.hostname.replace(/^\[|\]$/g, ""),
    ...(proxy.port === "" ? {} : { port: proxy.port }),
    method: "CONNECT",
    path,
    agent: false,
    headers: { host: path, ...(username || password ? { "proxy-authorization": `Basic ${login}` } : {}) },
  });
}

function secured(socket: Socket, { hostname, servername }: Target, ready: (socket: Socket) => void): Socket {
  const tls = connectTls({ socket, servername: servername ?? hostname, ALPNProtocols: ["http/1.1"] });
  return tls.once("secureConnect", () => ready(tls));
}
