/**
 * What the bundle has of undici: a proxy's agent, and the `fetch` that understands it. `paths` in tsconfig.json puts it
 * in the place of the whole package, a third of which (mocks, caches, WebSockets) nobody here asks for. Each part is
 * loaded when it is used first: most runs meet no proxy.
 */
module.exports = {
  get ProxyAgent() {
    // As undici's own index does it: a proxy's agent opens its tunnels with it.
    const dispatcher = require("undici/lib/dispatcher/dispatcher.js");
    Object.assign(dispatcher.prototype, { connect: require("undici/lib/api/api-connect.js") });
    return require("undici/lib/dispatcher/proxy-agent.js");
  },
  get fetch() {
    return require("undici/lib/web/fetch/index.js").fetch;
  },
};
