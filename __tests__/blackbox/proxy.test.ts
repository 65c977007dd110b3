import { multiArch } from "../../emulator/images";
import { type ProxyServer, startProxy } from "../support/proxy";
import { container, daysAgo, run, startWorld } from "../support/world";

/** Runners of enterprises reach GitHub and the registry through a proxy only. */

const API = "http://api.github.example";
const REGISTRY = "http://registry.example";

let proxy: ProxyServer | undefined;

afterEach(async () => proxy?.close());

it("lists, reads and deletes through the proxy that the environment names", async () => {
  const old = multiArch("old", { tags: ["pr-1"], createdAt: daysAgo(50) });
  const kept = multiArch("kept", { tags: ["v1"], createdAt: daysAgo(50) });
  const packages = [container("app", [...old.versions, ...kept.versions])];
  // Without a token service, which would have another address than the one the action knows.
  const emulator = await startWorld(packages, { registry: { challenge: false } });
  proxy = await startProxy((host) => (host === "api.github.example" ? emulator.url : emulator.registryUrl));
  const { exitCode, outputs, sent, annotations } = await run(
    emulator,
    { keep: "v*: always\npr-*: 14d\nuntagged: never", "dry-run": "false", "registry-url": REGISTRY },
    { built: true, env: { GITHUB_API_URL: API, http_proxy: proxy.url } },
  );
  expect(annotations.errors).toEqual([]);
  expect(exitCode).toBe(0);
  expect(outputs["deleted-count"]).toBe(String(old.versions.length));
  expect(outputs["kept-count"]).toBe(String(kept.versions.length));
  expect(sent.filter((line) => line.startsWith("DELETE ")).length).toBe(old.versions.length);
  expect(new Set(proxy.tunnels)).toEqual(new Set(["api.github.example:80", "registry.example:80"]));
});

it("goes around the proxy where no_proxy names the host", async () => {
  const emulator = await startWorld([container("app", [])]);
  proxy = await startProxy(() => emulator.url);
  const { exitCode } = await run(
    emulator,
    { keep: "v*: always" },
    { built: true, env: { http_proxy: proxy.url, no_proxy: "127.0.0.1" } },
  );
  expect(exitCode).toBe(0);
  expect(proxy.tunnels).toEqual([]);
});

it("says which request failed when the proxy is not there", async () => {
  const emulator = await startWorld([container("app", [])]);
  proxy = await startProxy(() => emulator.url);
  const { url } = proxy;
  await proxy.close();
  proxy = undefined;
  const { exitCode, annotations } = await run(
    emulator,
    { keep: "v*: always" },
    { built: true, env: { GITHUB_API_URL: API, http_proxy: url } },
  );
  expect(exitCode).toBe(1);
  expect(annotations.errors.join("\n")).toMatch(/ECONNREFUSED/);
}, 120_000);
