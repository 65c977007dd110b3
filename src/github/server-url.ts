import type { Parsed } from "../policy/problem";

/** An `http` or `https` address, without a slash at its end. */
export function parseUrl(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.search === "";
  if (plain) return { value: url.href.replace(/\/+$/, "") };
  return { error: `${JSON.stringify(text)} is not an address: write one such as https://ghcr.io` };
}

/** The API of a GitHub server, where the runner does not say it. */
export function apiOf(serverUrl: string): string {
  const url = URL.canParse(serverUrl) ? new URL(serverUrl) : undefined;
  if (url === undefined || url.hostname === "github.com") return "https://api.github.com";
  return url.hostname.endsWith(".ghe.com") ? `${url.protocol}//api.${url.host}` : `${url.origin}/api/v3`;
}

/** Whether it is no Enterprise Server and not GHE.com, as far as the address tells. */
export function isGitHubDotCom(serverUrl: string): boolean {
  return !URL.canParse(serverUrl) || new URL(serverUrl).hostname === "github.com";
}

/** Where the container registry of a GitHub server should be: ghcr.io, or `containers.HOST` on GHE.com and GHES. */
export function registryOf(serverUrl: string): string {
  if (isGitHubDotCom(serverUrl)) return "https://ghcr.io";
  const url = new URL(serverUrl);
  return `${url.protocol}//containers.${url.host}`;
}

/** github.com and GHE.com, which have the documented rate limits; GHES has its own, off by default. */
export function isGitHubCloud(serverUrl: string): boolean {
  const host = URL.canParse(serverUrl) ? new URL(serverUrl).hostname : "";
  return host === "github.com" || host.endsWith(".ghe.com");
}
