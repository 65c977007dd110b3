import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { newBlobStore } from "./blobs";
import { type EmulatorData, type Lag, type PackageData, parseData } from "./data";
import { dispatch, type World } from "./dispatch";
import { type FaultPlan, newFaultPlan } from "./faults";
import { readBody, send } from "./http";
import { newListingLog } from "./lag";
import { newLimits, type Violation } from "./limits";
import type { RepositoryState } from "./repositories";
import { findRepository } from "./repositories-api";
import { type LoggedRequest, newRequestLog, type RequestListener, type RequestLog } from "./request-log";
import { activeVersions, buildState, type EmulatorState, type PackageState } from "./state";
import { parseTime } from "./time";

/** A running emulator. */
export interface Emulator {
  /** Where the API is (`GITHUB_API_URL`). */
  readonly url: string;
  /** Where the registry is (input `registry-url`). */
  readonly registryUrl: string;
  /** Owners, tokens, packages, versions (deleted ones too) and manifests; live. */
  readonly state: EmulatorState;
  readonly requests: readonly LoggedRequest[];
  /** Requests that broke a rate limit. */
  readonly violations: readonly Violation[];
  readonly faults: FaultPlan;
  /** How far listings are behind; may be changed at any time. */
  lag: Lag | undefined;
  /** Calls back as each request arrives, before it is answered, and waits for the callback. Answers a function that ends it. */
  readonly onRequest: (listener: RequestListener) => () => void;
  /** The package of that name (the deleted one if there is no other). Throws if there is none. */
  readonly package: (name: string, type?: PackageData["type"]) => PackageState;
  /** Ids of the versions of a package that are not deleted, ascending; none if the package is deleted. */
  readonly activeIds: (name: string, type?: PackageData["type"]) => number[];
  /** What lives in the repository `owner/name`. Throws if there is none. */
  readonly repository: (fullName: string) => RepositoryState;
  readonly close: () => Promise<void>;
}

/** Starts an emulator on 127.0.0.1, on a free port unless one is given. Throws if the data is not valid or the port is taken. */
export async function startEmulator(
  data: EmulatorData,
  options: { readonly port?: number } = {},
): Promise<Emulator> {
  const checked = parseData(data);
  const clock = () => Date.now() + (checked.clockSkewMs ?? 0);
  const now = clock();
  const state = buildState(checked, checked.now === undefined ? now : (parseTime(checked.now, now) ?? now));
  const log = newRequestLog();
  const server = createServer();
  const origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  const world: World = {
    data: checked,
    state,
    limits: newLimits(checked.limits),
    faults: newFaultPlan(checked.faults ?? []),
    listingLog: newListingLog(),
    registryTokens: new Map(),
    blobs: newBlobStore(),
    now: clock,
    origin,
    lag: checked.lag,
  };
  server.on("request", (request, response) => {
    handle(world, log, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  return emulatorOf(world, log, server);
}

function emulatorOf(world: World, log: RequestLog, server: Server): Emulator {
  const { state, faults, limits, origin } = world;
  const find = (name: string, type: PackageData["type"] = "container") => packageNamed(state, name, type);
  return {
    url: `${origin}${world.data.apiPath ?? ""}`,
    registryUrl: origin,
    state,
    faults,
    requests: log.requests,
    violations: limits.violations,
    get lag() {
      return world.lag;
    },
    set lag(lag) {
      world.lag = lag;
    },
    onRequest: log.listen,
    package: find,
    activeIds: (name, type) => activeIds(find(name, type)),
    repository: (fullName) => repositoryNamed(state, fullName),
    close: () => close(server),
  };
}

async function handle(
  world: World,
  log: RequestLog,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const entry = log.begin(request, await readBody(request));
  try {
    const ending = await dispatch(world, entry, () => log.notify(entry));
    if (ending === "drop") {
      response.destroy();
      return;
    }
    entry.status = ending.answer.status;
    const date = new Date(world.now()).toUTCString();
    send(response, ending.answer, { head: entry.method === "HEAD", cut: ending.cut, date });
  } finally {
    log.end(entry);
  }
}

function packageNamed(state: EmulatorState, name: string, type: PackageData["type"]): PackageState {
  const matching = state.packages.filter((one) => one.name === name && one.type === type);
  const one = matching.find((other) => other.deletedAt === undefined) ?? matching[0];
  if (!one) throw new Error(`The emulator has no ${type} package "${name}".`);
  return one;
}

function repositoryNamed(state: EmulatorState, fullName: string): RepositoryState {
  const one = findRepository(state, [fullName]);
  if (!one) throw new Error(`The emulator has no repository "${fullName}".`);
  return one;
}

function activeIds(one: PackageState): number[] {
  if (one.deletedAt !== undefined) return [];
  return activeVersions(one)
    .map(({ id }) => id)
    .sort((a, b) => a - b);
}

async function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
