import type { EmulatorData, PrimaryLimit, SecondaryLimit } from "./data";
import { type Answer, apiError } from "./http";
import { LIMIT_DOCS, presetAnswer, SECONDARY_LIMIT_MESSAGE } from "./presets";
import type { EmulatorState } from "./state";
import { findOwner } from "./state";
import type { Identity } from "./tokens";

/** A request that came although a limit was reached. */
export interface Violation {
  /** `points`, `concurrency`, `server-time`: it broke the secondary limit; `pause`: it came before `retry-after` was over; `primary`: nothing remained; `registry`, `registry-pause`: the same of the registry's limit. */
  readonly kind:
    | "points"
    | "concurrency"
    | "server-time"
    | "pause"
    | "primary"
    | "registry"
    | "registry-pause";
  readonly time: number;
  readonly method: string;
  readonly path: string;
}

interface Usage {
  windowStart: number;
  used: number;
  inFlight: number;
  pausedUntil: number;
  /** Times and points of the requests of the last window. */
  recent: { readonly time: number; readonly points: number }[];
  /** When answers of the last window were given, and how long the server took for each. */
  answered: { readonly time: number; readonly took: number }[];
}

export interface Limits {
  readonly primary: false | PrimaryLimit;
  readonly secondary: false | SecondaryLimit;
  readonly registry: false | SecondaryLimit;
  readonly usages: Map<string, Usage>;
  readonly violations: Violation[];
}

/** A request on its way; `end` gives its place among the concurrent ones back, and counts the server time that it took. */
export interface Admission {
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal: Answer | undefined;
  readonly end: (took: number, now: number) => void;
}

const HOUR_SECONDS = 3600;
const READ_POINTS = 1;
const WRITE_POINTS = 5;
const SERVER_SECONDS = 90;
const REGISTRY_POINTS = 44_000;

/** The limits that the data say: those of the API are on by default, that of the registry is not. */
export function newLimits({ primary = {}, secondary = {}, registry }: EmulatorData["limits"] = {}): Limits {
  return { primary, secondary, registry: registry ?? false, usages: new Map(), violations: [] };
}

/** Counts a request against the limits of its token, and says whether it is allowed. */
export function admit(
  limits: Limits,
  state: EmulatorState,
  identity: Identity,
  request: { readonly method: string; readonly path: string },
  now: number,
): Admission {
  const usage = usageOf(limits, keyOf(identity), now);
  usage.inFlight++;
  const end = (took: number, time: number) => {
    usage.inFlight--;
    if (took > 0) usage.answered.push({ time, took });
  };
  const kind =
    secondaryViolation(limits.secondary, usage, pointsOf(request.method), now) ??
    primaryViolation(limits, identity, usage, now);
  if (kind) limits.violations.push({ kind, time: now, ...request });
  const headers = limits.primary ? primaryHeaders(limits.primary, identity, usage) : {};
  return { headers, refusal: kind && refusalOf(kind, limits, state, identity, usage, now), end };
}

/** The registry's refusal of a request, if it has a limit; a token is no matter there. */
export function refuseRegistry(
  limits: Limits,
  { method, path }: { readonly method: string; readonly path: string },
  now: number,
): Answer | undefined {
  if (!limits.registry) return undefined;
  const usage = usageOf(limits, "registry", now);
  const limit = { points: REGISTRY_POINTS, concurrency: Number.POSITIVE_INFINITY, ...limits.registry };
  const broken = secondaryViolation(limit, usage, 1, now);
  if (!broken) return undefined;
  limits.violations.push({
    kind: broken === "pause" ? "registry-pause" : "registry",
    time: now,
    method,
    path,
  });
  const preset = limit.status === 403 ? "registry-secondary-limit" : "registry-minute-limit";
  return presetAnswer(preset, limit.retryAfterHeader === false ? undefined : secondsLeft(usage, now));
}

function pointsOf(method: string): number {
  return method === "GET" || method === "HEAD" ? READ_POINTS : WRITE_POINTS;
}

function secondsLeft(usage: Usage, now: number): number {
  return Math.max(1, Math.ceil((usage.pausedUntil - now) / 1000));
}

function secondaryViolation(
  limit: false | SecondaryLimit,
  usage: Usage,
  points: number,
  now: number,
): "points" | "concurrency" | "server-time" | "pause" | undefined {
  if (!limit) return undefined;
  if (now < usage.pausedUntil) return "pause";
  const since = now - (limit.windowSeconds ?? 60) * 1000;
  usage.recent = usage.recent.filter((one) => one.time > since);
  usage.recent.push({ time: now, points });
  const total = usage.recent.reduce((sum, one) => sum + one.points, 0);
  const broken =
    usage.inFlight > (limit.concurrency ?? 100)
      ? "concurrency"
      : total > (limit.points ?? 900)
        ? "points"
        : serverTimeViolation(limit, usage, since);
  if (!broken) return undefined;
  usage.pausedUntil = now + (limit.retryAfterSeconds ?? 60) * 1000;
  usage.recent = [];
  usage.answered = [];
  return broken;
}

/** The server cannot know how long a request will take: only what was answered counts. */
function serverTimeViolation(
  { serverSeconds = SERVER_SECONDS }: SecondaryLimit,
  usage: Usage,
  since: number,
): "server-time" | undefined {
  if (serverSeconds === false) return undefined;
  usage.answered = usage.answered.filter(({ time }) => time > since);
  const total = usage.answered.reduce((sum, { took }) => sum + took, 0);
  return total > serverSeconds * 1000 ? "server-time" : undefined;
}

function primaryViolation(
  { primary }: Limits,
  identity: Identity,
  usage: Usage,
  now: number,
): Violation["kind"] | undefined {
  if (!primary) return undefined;
  if (now - usage.windowStart >= (primary.windowSeconds ?? HOUR_SECONDS) * 1000) {
    usage.windowStart = now;
    usage.used = 0;
  }
  if (usage.used >= allowance(primary, identity)) return "primary";
  usage.used++;
  return undefined;
}

function primaryHeaders(primary: PrimaryLimit, identity: Identity, usage: Usage): Record<string, string> {
  const limit = allowance(primary, identity);
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(Math.max(0, limit - usage.used)),
    "x-ratelimit-used": String(usage.used),
    "x-ratelimit-reset": String(
      Math.ceil(usage.windowStart / 1000 + (primary.windowSeconds ?? HOUR_SECONDS)) + jitter(primary, usage),
    ),
    "x-ratelimit-resource": "core",
  };
}

function jitter({ resetJitterSeconds = 0 }: PrimaryLimit, { used }: Usage): number {
  return resetJitterSeconds * ((used % 3) - 1);
}

function refusalOf(
  kind: Violation["kind"],
  limits: Limits,
  state: EmulatorState,
  identity: Identity,
  usage: Usage,
  now: number,
): Answer {
  if (kind === "primary") {
    const status = limits.primary === false ? 403 : (limits.primary.status ?? 403);
    return apiError(status, `API rate limit exceeded for ${nameOf(state, identity)}.`, {}, LIMIT_DOCS);
  }
  const secondary = limits.secondary || {};
  return apiError(
    secondary.status ?? 403,
    SECONDARY_LIMIT_MESSAGE,
    secondary.retryAfterHeader === false ? {} : { "retry-after": String(secondsLeft(usage, now)) },
    LIMIT_DOCS,
  );
}

function usageOf(limits: Limits, key: string, now: number): Usage {
  const known = limits.usages.get(key);
  if (known) return known;
  const used = limits.primary ? (limits.primary.used ?? 0) : 0;
  const usage: Usage = { windowStart: now, used, inFlight: 0, pausedUntil: 0, recent: [], answered: [] };
  limits.usages.set(key, usage);
  return usage;
}

function allowance(primary: PrimaryLimit, identity: Identity): number {
  if (primary.limit !== undefined) return primary.limit;
  if (identity.kind === "pat") return 5000;
  return identity.kind === "github-token" ? 1000 : 60;
}

/** A user's tokens share their limit, and so do the tokens of a repository's jobs. */
function keyOf(identity: Identity): string {
  if (identity.kind === "pat") return `user ${identity.login.toLowerCase()}`;
  return identity.kind === "github-token" ? `repository ${identity.repository.toLowerCase()}` : "address";
}

function nameOf(state: EmulatorState, identity: Identity): string {
  if (identity.kind === "pat") return `user ID ${findOwner(state, identity.login)?.id ?? 0}`;
  return identity.kind === "github-token" ? "installation" : "127.0.0.1";
}
