/**
 * What the bundle has of undici: agents, and the `fetch` that understands them. `paths` in tsconfig.json puts it in the
 * place of the whole package, a third of which (mocks, caches, WebSockets) nobody here asks for. Each part is loaded when
 * it is used first: most runs meet no proxy.
 */
module.exports = {
  get Agent() {
    return require("undici/lib/dispatcher/agent.js");
  },
  // Made by @actions/github where the environment names a proxy, and never used: see tunnel.ts.
  get ProxyAgent() {
    return require("undici/lib/dispatcher/proxy-agent.js");
  },
  get fetch() {
    return require("undici/lib/web/fetch/index.js").fetch;
  },
};
