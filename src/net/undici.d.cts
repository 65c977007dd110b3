import type { fetch, ProxyAgent } from "undici/types/index";

declare const undici: { readonly fetch: typeof fetch; readonly ProxyAgent: typeof ProxyAgent };
export = undici;
