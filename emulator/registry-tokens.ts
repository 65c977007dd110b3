import { randomUUID } from "node:crypto";
import { type Answer, registryError } from "./http";
import { type EmulatorState, findOwner, findPackage, type OwnerState, type PackageState } from "./state";
import { type Identity, identify, missingScope, roleOn, sameLogin } from "./tokens";

/** A bearer token of the registry. */
export interface RegistryToken {
  readonly repository: string;
  readonly actions: ReadonlySet<"pull" | "push">;
  /** The repository of the job that asked for it: a package that it pushes first is linked to it. */
  readonly pusher: string | undefined;
  readonly expiresAt: number;
}

export type RegistryTokens = Map<string, RegistryToken>;

const SCOPE = /^repository:([^:]+):([a-z,*]+)$/;

/** `GET /token`: a bearer token for one repository, by Basic auth or, for public packages, without any. 403 without access. */
export function answerToken(
  state: EmulatorState,
  tokens: RegistryTokens,
  authorization: string | undefined,
  query: URLSearchParams,
  seconds: number,
  now: number,
): Answer {
  const identity = identify(state, authorization);
  if (identity.kind === "unknown") return registryError(403, "DENIED", "denied");
  const scope = SCOPE.exec(query.get("scope") ?? "");
  if (!scope) return registryError(400, "UNSUPPORTED", "the scope must be repository:OWNER/NAME:ACTIONS");
  const repository = scope[1] ?? "";
  const allowed = allowedActions(state, identity, repository);
  if (!allowed.has("pull")) return registryError(403, "DENIED", "requested access to the resource is denied");
  const asked = (scope[2] ?? "").split(",");
  const actions = new Set([...allowed].filter((action) => asked.includes(action) || asked.includes("*")));
  const token = randomUUID();
  const pusher = identity.kind === "github-token" ? identity.repository : undefined;
  tokens.set(token, { repository, actions, pusher, expiresAt: now + seconds * 1000 });
  return { status: 200, body: { token, expires_in: seconds, issued_at: new Date(now).toISOString() } };
}

/** The registry token that a request carries; undefined if there is none, or it has expired. */
export function registryTokenOf(
  tokens: RegistryTokens,
  authorization: string | undefined,
  now: number,
): RegistryToken | undefined {
  const token = tokens.get(authorization?.replace(/^bearer /i, "") ?? "");
  return token && token.expiresAt > now ? token : undefined;
}

/** The container package behind `owner/name`; owners are found by their lower-case login alone. */
export function repositoryPackage(state: EmulatorState, repository: string): PackageState | undefined {
  const [login = "", ...name] = repository.split("/");
  return login === login.toLowerCase() ? findPackage(state, login, "container", name.join("/")) : undefined;
}

function allowedActions(state: EmulatorState, identity: Identity, repository: string): Set<"pull" | "push"> {
  const owner = findOwner(state, repository.split("/")[0] ?? "");
  if (!owner) return new Set();
  const one = repositoryPackage(state, repository);
  if (!one && mayCreate(identity, owner)) return new Set(["pull", "push"]);
  const isOwn = identity.kind === "pat" && sameLogin(identity.login, owner.login);
  const via = isOwn ? "user" : owner.type === "User" ? "users" : "orgs";
  const role = one ? roleOn(identity, { via, owner }, one) : "none";
  const isPublic = one?.visibility === "public";
  const mayPull = isPublic || (role !== "none" && mayUse(identity, "read"));
  const mayPush = role === "admin" && mayUse(identity, "write");
  return new Set([...(mayPull ? (["pull"] as const) : []), ...(mayPush ? (["push"] as const) : [])]);
}

/** Whether a token may push a package that is not there yet: a job for the owner of its repository, a person for themselves and their organizations. */
export function mayCreate(identity: Identity, owner: OwnerState): boolean {
  if (!mayUse(identity, "write")) return false;
  if (identity.kind === "github-token")
    return sameLogin(identity.repository.split("/")[0] ?? "", owner.login);
  return identity.kind === "pat" && belongsTo(owner, identity.login);
}

function belongsTo({ type, login, admins, members = [] }: OwnerState, person: string): boolean {
  if (type === "User") return sameLogin(login, person);
  return admins === undefined || [...admins, ...members].some((one) => sameLogin(one, person));
}

function mayUse(identity: Identity, action: "read" | "write"): boolean {
  if (identity.kind === "pat") return missingScope(identity, "container", action) === undefined;
  if (identity.kind !== "github-token") return false;
  return identity.packages === "write" || (action === "read" && identity.packages === "read");
}
