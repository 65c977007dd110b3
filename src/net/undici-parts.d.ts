declare module "undici/lib/api/api-connect.js" {
  const connect: import("undici/types/dispatcher").default["connect"];
  export default connect;
}

declare module "undici/lib/dispatcher/dispatcher.js" {
  export { default } from "undici/types/dispatcher";
}

declare module "undici/lib/dispatcher/proxy-agent.js" {
  export { default } from "undici/types/proxy-agent";
}

declare module "undici/lib/web/fetch/index.js" {
  export { fetch } from "undici/types/fetch";
}
