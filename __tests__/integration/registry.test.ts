import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EmulatorData, PackageData } from "../../emulator/data";
import {
  digestOf,
  imageManifest,
  MEDIA_TYPES,
  multiArch,
  referrerOf,
  versionOf,
} from "../../emulator/images";
import { ALL_MEDIA_TYPES, artifactManifest, schema1Manifest } from "../../emulator/old-images";
import { type Emulator, startEmulator } from "../../emulator/server";
import { systemClock } from "../../src/net/clock";
import { createPatience } from "../../src/net/patience";
import {
  createRegistry,
  type Registry,
  type RegistryOptions,
  type Repository,
} from "../../src/registry/registry";
import { type ProxyServer, startProxy } from "../support/proxy";
import { virtualClock } from "../support/virtual-clock";

const REPOSITORY = "octo-org/app";
const ADMIN = "admin-token";
const OUTSIDER = "outsider-token";
const day = { createdAt: "2026-11-01T00:00:00Z" };
const image = multiArch("app", { ...day, tags: ["latest"] });
const single = imageManifest("single");
const absent = digestOf("absent");

function world(changes: Partial<EmulatorData> = {}, packageChanges: Partial<PackageData> = {}): EmulatorData {
  const versions = [...image.versions, versionOf(single, { ...day, tags: ["single"] })];
  return {
    owners: [
      { login: "Octo-Org", type: "Organization", admins: ["octocat"] },
      { login: "octocat", type: "User" },
      { login: "outsider", type: "User" },
    ],
    tokens: [
      { kind: "pat", token: ADMIN, login: "octocat", scopes: ["write:packages"] },
      { kind: "pat", token: OUTSIDER, login: "outsider", scopes: [] },
    ],
    packages: [
      {
        owner: "Octo-Org",
        type: "container",
        name: "app",
        visibility: "private",
        versions,
        ...packageChanges,
      },
    ],
    ...changes,
  };
}

let emulator: Emulator | undefined;
let servers: Server[] = [];
let messages: string[] = [];

beforeEach(() => {
  messages = [];
});

afterEach(async () => {
  expect(messages.join("\n")).not.toMatch(/-token\b/);
  await emulator?.close();
  emulator = undefined;
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  servers = [];
});

async function start(
  changes: Partial<EmulatorData> = {},
  packageChanges: Partial<PackageData> = {},
): Promise<Emulator> {
  emulator = await startEmulator(world(changes, packageChanges));
  return emulator;
}

function registryAt(url: string, changes: Partial<RegistryOptions> = {}): Registry {
  const note = (message: string) => messages.push(message);
  const log = { debug: note, info: note, warning: note };
  return createRegistry({ url, token: ADMIN, log, clock: virtualClock(), ...changes });
}

/** The client of the repository `octo-org/app`. */
function client(url: string, changes: Partial<RegistryOptions> = {}): Repository {
  return registryAt(url, changes).of({ repository: REPOSITORY });
}

/** A server that answers as the test says; returns its address. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function asked({ requests }: Emulator): string[] {
  return requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
}

describe("a manifest", () => {
  it("is read by its digest, once the registry has given a token", async () => {
    const running = await start();
    const registry = registryAt(running.registryUrl);
    const repository = registry.of({ repository: REPOSITORY });
    const answer = await repository.manifest(image.index.digest);
    expect(answer).toMatchObject({
      kind: "found",
      digest: image.index.digest,
      mediaType: MEDIA_TYPES.ociIndex,
      raw: image.index.body,
    });
    expect(answer.kind === "found" && answer.manifest).toEqual({
      kind: "index",
      manifests: [
        ...image.images.map(({ digest }) => ({
          digest,
          mediaType: MEDIA_TYPES.ociManifest,
          attestation: false,
        })),
        ...image.attestations.map(({ digest }) => ({
          digest,
          mediaType: MEDIA_TYPES.ociManifest,
          attestation: true,
        })),
      ],
    });
    expect(asked(running)).toEqual([
      `GET /v2/octo-org/app/manifests/${image.index.digest}`,
      "GET /token",
      `GET /v2/octo-org/app/manifests/${image.index.digest}`,
    ]);
    expect(registry.reads).toBe(1);
  });

  it("is read by its tag, in a repository that is written in any case", async () => {
    const running = await start();
    const answer = await registryAt(running.registryUrl)
      .of({ repository: "Octo-Org/App" })
      .manifest("single");
    expect(answer).toMatchObject({ kind: "found", digest: single.digest, manifest: { kind: "image" } });
  });

  it("is asked for with all types that a package may have", async () => {
    const running = await start();
    await client(running.registryUrl).manifest("single");
    expect(running.requests[0]?.headers.accept?.split(", ").sort()).toEqual([...ALL_MEDIA_TYPES].sort());
  });

  it.each([
    ["an OCI artifact manifest", artifactManifest("scan", single), { kind: "image", subject: single.digest }],
    ["Docker schema 1", schema1Manifest("old"), { kind: "image" }],
    ["Docker schema 1 with a signature", schema1Manifest("old", { signed: true }), { kind: "image" }],
  ])("of an old type is read: %s", async (_, old, manifest) => {
    const versions = [versionOf(old, { ...day, tags: ["old"] })];
    const repository = client((await start({}, { versions })).registryUrl);
    const answer = { kind: "found", digest: old.digest, manifest, raw: old.body, mediaType: old.mediaType };
    expect(await repository.manifest(old.digest)).toEqual(answer);
    expect(await repository.manifest("old")).toEqual(answer);
  });

  it("with a signature is read by what was signed only", async () => {
    const signed = schema1Manifest("old", { signed: true });
    const altered = signed.body.replace("{", '{"manifests":[{"digest":"none"}],');
    const headers = { "content-type": signed.mediaType };
    const url = await serve((_, response) => response.writeHead(200, headers).end(altered));
    await expect(client(url).manifest(signed.digest)).rejects.toThrow("and not sha256:");
  });

  it("may be absent", async () => {
    const running = await start();
    const registry = registryAt(running.registryUrl);
    const repository = registry.of({ repository: REPOSITORY });
    expect(await repository.manifest(absent)).toEqual({ kind: "absent" });
    expect(await repository.manifest("nightly")).toEqual({ kind: "absent" });
    expect(registry.reads).toBe(0);
  });

  it("is read from a registry that is open to everyone", async () => {
    const running = await start({ registry: { challenge: false } });
    expect(await client(running.registryUrl).manifest(single.digest)).toMatchObject({
      kind: "found",
    });
    expect(running.requests).toHaveLength(1);
    expect(running.requests[0]?.headers.authorization).toBeUndefined();
  });

  it("is read sixteen at a time at most, with one token for all", async () => {
    const running = await start({ latency: { registry: 150 } });
    const registry = registryAt(running.registryUrl);
    const repository = registry.of({ repository: REPOSITORY });
    await Promise.all(Array.from({ length: 60 }, () => repository.manifest(single.digest)));
    expect(asked(running).filter((request) => request === "GET /token")).toHaveLength(1);
    expect(Math.max(...running.requests.map(({ inFlight }) => inFlight))).toBe(16);
    expect(registry.reads).toBe(60);
  });

  it("of a public package is read without rights", async () => {
    const running = await start({}, { visibility: "public" });
    const registry = client(running.registryUrl, { token: "unknown-token" });
    expect(await registry.manifest(single.digest)).toMatchObject({ kind: "found" });
    const tokens = running.requests.filter(({ path }) => path.startsWith("/token"));
    expect(tokens.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
  });

  it("that the token may not read is not taken for absent", async () => {
    const running = await start();
    const reading = client(running.registryUrl, { token: OUTSIDER }).manifest(single.digest);
    await expect(reading).rejects.toMatchObject({
      name: "RegistryError",
      repository: REPOSITORY,
      reference: single.digest,
      status: 403,
    });
    await expect(reading).rejects.toThrow(/403 DENIED.*Check that the token may use the package/);
  });
});

describe("a registry's token", () => {
  it("is renewed when it has expired", async () => {
    const running = await start({ registry: { tokenSeconds: 1 } });
    const registry = client(running.registryUrl);
    await registry.manifest(single.digest);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await registry.manifest(single.digest);
    expect(asked(running).filter((request) => request === "GET /token")).toHaveLength(2);
  });

  it("is renewed when the registry no longer takes it", async () => {
    const running = await start();
    const registry = client(running.registryUrl);
    await registry.manifest(single.digest);
    const challenge = `Bearer realm="${running.registryUrl}/token",service="ghcr.io"`;
    const headers = { "www-authenticate": challenge };
    running.faults.add({ match: { path: "/manifests/" }, answer: { status: 401, headers } });
    expect(await registry.manifest(single.digest)).toMatchObject({ kind: "found" });
  });

  it("is not fetched with the GitHub token from a host that is not the registry's", async () => {
    const seen: (string | undefined)[] = [];
    const stranger = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"token":"strange"}');
    });
    const registry = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { "www-authenticate": `Bearer realm="${stranger}/token"` }).end();
    });
    await expect(client(registry).manifest(single.digest)).rejects.toThrow("status 401");
    expect(seen).toEqual([undefined, undefined, "Bearer strange"]);
  });

  it("and the GitHub token do not follow a redirect to another host", async () => {
    const seen: (string | undefined)[] = [];
    const stranger = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200, { "content-type": MEDIA_TYPES.ociManifest }).end(single.body);
    });
    const registry = await serve((request, response) => {
      response.writeHead(307, { location: `${stranger}${request.url}` }).end();
    });
    const basic = await serve((request, response) => {
      if (request.headers.authorization) response.writeHead(307, { location: `${stranger}/blob` }).end();
      else response.writeHead(401, { "www-authenticate": 'Basic realm="registry"' }).end();
    });
    expect(await client(registry).manifest(single.digest)).toMatchObject({ kind: "found" });
    expect(await client(basic).manifest(single.digest)).toMatchObject({ kind: "found" });
    expect(seen).toEqual([undefined, undefined]);
  });

  it("that nobody gives is an error with the way out", async () => {
    const running = await start({
      faults: [{ match: { path: "^/token", count: "always" }, answer: { status: 200, body: "<html>" } }],
    });
    await expect(client(running.registryUrl).manifest(single.digest)).rejects.toThrow(
      "its token service gave no token",
    );
  });
});

describe("what a registry sends is not believed", () => {
  it("when it has another digest", async () => {
    const running = await start({
      faults: [
        { match: { path: "/manifests/", nth: 2, count: "always" }, answer: { status: 200, body: {} } },
      ],
    });
    await expect(client(running.registryUrl).manifest(single.digest)).rejects.toThrow(
      /what it sent has the digest sha256:[0-9a-f]{64} and not sha256:[0-9a-f]{64}\. Run the action again later\./,
    );
  });

  it("when its 404 is not one of a registry", async () => {
    const url = await serve((_, response) => {
      response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not Found</h1>");
    });
    const registry = client(url);
    await expect(registry.manifest(absent)).rejects.toThrow(
      `The registry gave no usable answer for octo-org/app@${absent}: it answered status 404. Check the input registry-url.`,
    );
    await expect(registry.exists(absent)).rejects.toThrow("status 404");
  });

  it("when it has a manifest of a type that nobody asked for", async () => {
    const message = "OCI artifact found, but accept header does not support OCI artifacts";
    const url = await serve((_, response) => {
      response.writeHead(404).end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message }] }));
    });
    await expect(client(url).manifest(absent)).rejects.toThrow(message);
  });

  it("when there is no end to it", async () => {
    const url = await serve((_, response) => {
      response.end(Buffer.alloc(16 * 1024 * 1024 + 1));
    });
    await expect(client(url).manifest(absent)).rejects.toThrow("larger than 16 MiB");
  });
});

describe("a registry in trouble", () => {
  it.each([
    ["cuts an answer off", { cutBody: true }],
    ["drops the connection", { drop: true }],
    ["answers 500", { answer: { status: 500 } }],
    ["answers 503", { answer: { status: 503 } }],
    ["answers 429", { answer: { status: 429, headers: { "retry-after": "3" } } }],
  ])("that %s is asked again", async (_, fault) => {
    const running = await start({ faults: [{ match: { path: "/manifests/", nth: 2 }, ...fault }] });
    const answer = await client(running.registryUrl).manifest(single.digest);
    expect(answer).toMatchObject({ kind: "found", digest: single.digest });
    expect(running.requests).toHaveLength(4);
  });

  it("is waited for as long as it says in its message", async () => {
    const body = {
      errors: [{ code: "TOOMANYREQUESTS", message: "retry-after: 1m30s, allowed: 44000/minute" }],
    };
    const running = await start({ faults: [{ answer: { status: 429, body } }] });
    const clock = virtualClock();
    const patience = createPatience({ waits: true, timeLeft: () => Number.POSITIVE_INFINITY });
    await client(running.registryUrl, { clock, patience }).manifest(single.digest);
    expect(clock.sleeps).toContain(90_000);
  });

  it.each(["^/token", "/manifests/"])("whose limit comes as a 403 at %s is waited for", async (path) => {
    for (const retryAfter of [30, undefined]) {
      const fault = { preset: "registry-secondary-limit", ...(retryAfter ? { retryAfter } : {}) } as const;
      const running = await start({ faults: [{ match: { path }, ...fault }] });
      const clock = virtualClock();
      const answer = await client(running.registryUrl, { clock }).manifest(single.digest);
      expect(answer).toMatchObject({ kind: "found" });
      expect(clock.sleeps).toContain(retryAfter ? 30_000 : 1_000);
      await running.close();
    }
  });

  it.each(["^/token", "/manifests/"])("whose limit at %s does not end is no missing right", async (path) => {
    const faults = [{ match: { path, count: "always" }, preset: "registry-secondary-limit" }] as const;
    const running = await start({ faults: [...faults] });
    const reading = client(running.registryUrl).manifest(single.digest);
    await expect(reading).rejects.toThrow(/secondary rate limit.*Run the action again later\.$/);
    const tokens = running.requests.filter((request) => request.path.startsWith("/token"));
    expect(tokens.every(({ headers }) => headers.authorization !== undefined)).toBe(true);
  });

  it("that answers a plain 403 speaks of a right, and is asked once", async () => {
    const faults = [{ match: { path: "/manifests/", nth: 2 }, preset: "registry-denied" }] as const;
    const running = await start({ faults: [...faults] });
    await expect(client(running.registryUrl).manifest(single.digest)).rejects.toThrow(
      /403 DENIED: requested access to the resource is denied\. Check that the token may use/,
    );
    expect(running.requests).toHaveLength(3);
  });

  it.each([
    ["a 429", { status: 429, headers: { "retry-after": "86400" } }],
    ["a 403", { status: 403, headers: { "retry-after": "86400" } }],
  ])("that asks for a day with %s stops the package that asked, and no other", async (_, answer) => {
    const running = await start({ registry: { challenge: false }, faults: [{ answer }] });
    const clock = virtualClock();
    const registry = registryAt(running.registryUrl, { clock });
    const before = clock.now();
    await expect(registry.of({ repository: REPOSITORY }).manifest(absent)).rejects.toMatchObject({
      name: "PackageStopped",
      message: expect.stringMatching(
        /^127\.0\.0\.1:\d+ asks to slow down \(status 4\d\d\): the run would have to wait 24 h\. Run it again after that/,
      ),
    });
    expect(await registry.of({ repository: REPOSITORY }).manifest(single.digest)).toMatchObject({
      kind: "found",
    });
    expect(clock.now() - before).toBeLessThan(60_000);
  });

  it("is sent nothing else either until the pause after a 429 is over", async () => {
    const running = await start({ registry: { challenge: false } });
    let other: Promise<unknown> | undefined;
    const note = () => {};
    const debug = () => {
      other ??= registry.manifest(image.index.digest);
    };
    const log = { debug, info: note, warning: note };
    const registry = client(running.registryUrl, { log, clock: systemClock });
    await registry.manifest(single.digest);
    running.faults.add({ answer: { status: 429, headers: { "retry-after": "0.5" } } });
    await registry.manifest(single.digest);
    expect(await other).toMatchObject({ kind: "found", digest: image.index.digest });
    const [limited = 0, ...after] = running.requests.slice(1).map(({ time }) => time);
    expect(after).toHaveLength(2);
    expect(Math.min(...after) - limited).toBeGreaterThanOrEqual(500);
  });

  it("is given up in the end", async () => {
    const faults = [{ match: { count: "always" as const }, answer: { status: 502 } }];
    const running = await start({ faults });
    await expect(client(running.registryUrl).manifest(absent)).rejects.toMatchObject({
      status: 502,
    });
    expect(running.requests).toHaveLength(5);
  });

  it("is not asked any more once the run is cancelled", async () => {
    const running = await start();
    const signal = AbortSignal.abort(new Error("cancelled"));
    const reading = client(running.registryUrl, { signal }).manifest(absent);
    await expect(reading).rejects.toThrow("cancelled");
    expect(running.requests).toEqual([]);
  });
});

describe("whether a manifest exists", () => {
  it("is asked without reading it", async () => {
    const running = await start();
    const registry = registryAt(running.registryUrl);
    const repository = registry.of({ repository: REPOSITORY });
    expect(await repository.exists(single.digest)).toBe(true);
    expect(registry.reads).toBe(0);
    expect(running.package("app").versions.every(({ downloads }) => downloads === 0)).toBe(true);
  });

  it("is denied only in so many words", async () => {
    const running = await start();
    const registry = registryAt(running.registryUrl);
    const repository = registry.of({ repository: REPOSITORY });
    expect(await repository.exists(absent)).toBe(false);
    expect(
      await registry
        .of({ repository: "octo-org/none" })
        .exists(absent)
        .catch(({ status }) => status),
    ).toBe(404);
    running.faults.add({ match: { method: "HEAD" }, answer: { status: 404 } });
    expect(await repository.exists(single.digest)).toBe(true);
  });
});

describe("a manifest that refers to another", () => {
  it("tells to which", async () => {
    const sbom = referrerOf(single, "application/spdx+json");
    const running = await start({}, { versions: [versionOf(single, day), versionOf(sbom, day)] });
    expect(await client(running.registryUrl).manifest(sbom.digest)).toMatchObject({
      kind: "found",
      manifest: { kind: "image", subject: single.digest },
    });
  });
});

describe("a manifest is pushed", () => {
  const body = JSON.stringify({ ...JSON.parse(single.body), annotations: { untagged: "single" } });

  it("to a tag, which moves", async () => {
    const running = await start();
    const registry = client(running.registryUrl);
    expect(await registry.putManifest("single", body, MEDIA_TYPES.ociManifest)).toBe(digestOf(body));
    expect(await registry.manifest("single")).toMatchObject({
      digest: digestOf(body),
      raw: body,
    });
    expect(running.requests.find(({ method }) => method === "PUT")?.headers["content-type"]).toBe(
      MEDIA_TYPES.ociManifest,
    );
  });

  it("or the error says what is missing", async () => {
    const running = await start({}, { visibility: "public" });
    const pushing = client(running.registryUrl, { token: OUTSIDER }).putManifest(
      "single",
      body,
      MEDIA_TYPES.ociManifest,
    );
    await expect(pushing).rejects.toThrow(
      /403 DENIED: permission_denied: write_package\..*write:packages to untag/,
    );
  });
});

describe("a proxy", () => {
  const named = ["http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"];
  const saved = named.map((name) => [name, process.env[name]] as const);
  let proxy: ProxyServer | undefined;

  afterEach(async () => {
    await proxy?.close();
    for (const [name, value] of saved) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it("is used for the registry when the environment names one", async () => {
    const running = await start({ registry: { challenge: false } });
    proxy = await startProxy(() => running.registryUrl);
    for (const name of named) delete process.env[name];
    process.env.http_proxy = proxy.url;
    const answer = await client("http://registry.example").manifest(single.digest);
    expect(answer).toMatchObject({ kind: "found", digest: single.digest });
    expect(proxy.tunnels).toEqual(["registry.example:80"]);
  });
});
