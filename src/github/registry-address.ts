import { isObject } from "../model/json";
import type { GitHub } from "./github";
import { isGitHubDotCom, parseUrl, registryOf } from "./server-url";

/**
 * The container registry of a GitHub server: ghcr.io, or what an Enterprise Server or GHE.com says, or else
 * `containers.` and its host.
 */
export async function askRegistryAddress(github: Pick<GitHub, "get">, serverUrl: string): Promise<string> {
  const guess = registryOf(serverUrl);
  if (isGitHubDotCom(serverUrl)) return guess;
  const { status, data } = await github.get("/packages/container-registry-url", {});
  const told = status === 200 && isObject(data) ? parseUrl(String(data.url)) : undefined;
  return told && "value" in told ? told.value : guess;
}

/** The warning about a registry to which the token is sent unencrypted; undefined where it is not, or does not leave this machine. */
export function plainHttpWarning(address: string): string | undefined {
  const { protocol, hostname } = new URL(address);
  if (protocol !== "http:" || isLoopback(hostname)) return undefined;
  return `The registry at ${address} is used without encryption, also for the token: give an https address as \`registry-url\`.`;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
