import connect from "undici/lib/api/api-connect.js";
import Dispatcher from "undici/lib/dispatcher/dispatcher.js";

export { default as ProxyAgent } from "undici/lib/dispatcher/proxy-agent.js";
export { fetch } from "undici/lib/web/fetch/index.js";
/**
 * What the bundle has of undici: a proxy's agent, and the `fetch` that understands it. `paths` in tsconfig.json puts it
 * in the place of the whole package, a third of which (mocks, caches, WebSockets) nobody here asks for.
 */
export type { Dispatcher, RequestInit } from "undici/types/index";

// As undici's own index does it: a proxy's agent opens its tunnels with it.
Object.assign(Dispatcher.prototype, { connect });
