import type { Agent, fetch, ProxyAgent } from "undici/types/index";

declare const undici: {
  readonly fetch: typeof fetch;
  readonly Agent: typeof Agent;
  readonly ProxyAgent: typeof ProxyAgent;
};
export = undici;
