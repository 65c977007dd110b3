import type { BlobStore } from "./blobs";
import type { BodyOptions } from "./bodies";
import type { EmulatorData, Lag } from "./data";
import { type Ending, endingOf, type FaultPlan, waitOf } from "./faults";
import { type Answer, apiError, pathSegments } from "./http";
import type { ListingLog } from "./lag";
import { admit, type Limits, refuseRegistry } from "./limits";
import { answerNpm, NPM_PATH } from "./npm-registry";
import { answerPackages } from "./packages-api";
import { answerRegistry } from "./registry";
import type { RegistryTokens } from "./registry-tokens";
import { answerRepositories } from "./repositories-api";
import type { LoggedRequest } from "./request-log";
import type { EmulatorState } from "./state";
import { type Identity, identify } from "./tokens";
import { answerSelf, answerUser, resolveNamespace } from "./users-api";

/** What all requests share. */
export interface World {
  readonly data: EmulatorData;
  readonly state: EmulatorState;
  readonly limits: Limits;
  readonly faults: FaultPlan;
  readonly listingLog: ListingLog;
  readonly registryTokens: RegistryTokens;
  readonly blobs: BlobStore;
  /** The emulator's clock. */
  readonly now: () => number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  lag: Lag | undefined;
}

/** Answers one request: limits, faults and latency first, then the route. `arrived` is awaited once the request is counted. */
export async function dispatch(
  world: World,
  entry: LoggedRequest,
  arrived: () => Promise<void>,
): Promise<Ending> {
  if (isRegistry(entry.path)) {
    const refusal = refuseRegistry(world.limits, entry, world.now());
    await arrived();
    const fault = world.faults.take(entry.method, entry.path);
    const wait = waitOf(world.data.latency?.registry, fault);
    return endingOf(
      fault,
      { entry, wait, headers: {} },
      () => refusal ?? (entry.path.startsWith(NPM_PATH) ? npmAnswer : registryAnswer)(world, entry),
    );
  }
  const identity = identify(world.state, entry.headers.authorization);
  const admission = admit(world.limits, world.state, identity, entry, world.now());
  const isRead = entry.method === "GET" || entry.method === "HEAD";
  const latency = isRead ? world.data.latency?.read : world.data.latency?.write;
  let wait = 0;
  try {
    await arrived();
    const fault = world.faults.take(entry.method, entry.path);
    wait = waitOf(latency, fault);
    const headers = { ...admission.headers, ...scopeHeader(identity) };
    return await endingOf(
      fault,
      { entry, wait, headers },
      () => admission.refusal ?? apiAnswer(world, entry, identity),
    );
  } finally {
    admission.end(wait, world.now());
  }
}

function apiAnswer(world: World, entry: LoggedRequest, identity: Identity): Answer {
  const prefix = world.data.apiPath ?? "";
  const url = new URL(entry.path, world.origin);
  const segments = pathSegments(url.pathname.slice(prefix.length));
  if (!segments || !url.pathname.startsWith(`${prefix}/`)) return apiError(404, "Not Found");
  if (identity.kind === "unknown") return apiError(401, "Bad credentials");
  if (entry.method === "GET" && segments.join("/") === "packages/container-registry-url")
    return containerRegistryUrl(world);
  const bodies = bodyOptions(world);
  if (entry.method === "GET" && segments[0] === "user" && segments.length === 1)
    return answerSelf(world.state, identity, bodies);
  if (entry.method === "GET" && segments[0] === "users" && segments.length === 2)
    return answerUser(world.state, segments[1] ?? "", bodies);
  if (segments[0] === "repos" || segments[0] === "repositories")
    return answerRepositories({
      method: entry.method,
      body: entry.body,
      now: world.now(),
      url,
      segments,
      identity,
      state: world.state,
      bodies,
    });
  const resolved = resolveNamespace(world.state, identity, segments);
  if ("status" in resolved) return resolved;
  const { state, lag, listingLog } = world;
  const listing = world.data.listing ?? {};
  const { method } = entry;
  return answerPackages({
    ...resolved,
    method,
    url,
    identity,
    state,
    bodies,
    lag,
    listing,
    listingLog,
    now: world.now(),
  });
}

function npmAnswer(world: World, { method, path, headers, body }: LoggedRequest): Answer {
  const identity = identify(world.state, headers.authorization);
  const name = path.slice(NPM_PATH.length);
  return answerNpm({ method, path: name, body, identity, state: world.state, now: world.now() });
}

function registryAnswer(world: World, { method, path, headers, body, bytes }: LoggedRequest): Answer {
  return answerRegistry({
    method,
    url: new URL(path, world.origin),
    accept: headers.accept ?? "*/*",
    authorization: headers.authorization,
    contentType: headers["content-type"],
    body,
    bytes,
    blobs: world.blobs,
    state: world.state,
    tokens: world.registryTokens,
    options: world.data.registry ?? {},
    listingLog: world.listingLog,
    now: world.now(),
  });
}

function containerRegistryUrl({ data, origin }: World): Answer {
  const { containerRegistryUrl: url } = data;
  if (url === undefined) return apiError(404, "Not Found");
  return { status: 200, body: { url: url === true ? origin : url } };
}

function bodyOptions({ data, origin }: World): BodyOptions {
  return {
    apiUrl: `${origin}${data.apiPath ?? ""}`,
    webUrl: data.webUrl ?? "https://github.com",
    dockerTags: data.listing?.dockerTags ?? "both",
  };
}

function scopeHeader(identity: Identity): Record<string, string> {
  return identity.kind === "pat" ? { "x-oauth-scopes": identity.scopes.join(", ") } : {};
}

function isRegistry(path: string): boolean {
  return path.startsWith("/v2/") || path.startsWith(NPM_PATH) || /^\/token(\?|$)/.test(path);
}
