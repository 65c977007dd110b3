import { type BodyOptions, packageBody, versionBody } from "./bodies";
import { deletePackage, deleteVersion, type Refusal, restorePackage, restoreVersion } from "./changes";
import type { EmulatorData, Lag } from "./data";
import { ghostOf } from "./ghosts";
import { type Answer, apiError } from "./http";
import { type ListedVersion, type ListingLog, listedVersions } from "./lag";
import { linkHeader, pageOf, readPaging } from "./paging";
import { type EmulatorState, findPackage, type PackageState, type VersionState } from "./state";
import { type Identity, missingScope, type Namespace, roleOn } from "./tokens";

/** A request of the Packages API whose owner is known. */
export interface PackagesCall {
  readonly method: string;
  /** The absolute URL asked for. */
  readonly url: URL;
  /** Decoded path segments after `/packages`. */
  readonly rest: readonly string[];
  readonly identity: Identity;
  readonly namespace: Namespace;
  readonly state: EmulatorState;
  readonly now: number;
  readonly bodies: BodyOptions;
  readonly listing: NonNullable<EmulatorData["listing"]>;
  readonly lag: Lag | undefined;
  readonly listingLog: ListingLog;
}

type Action = "read" | "write" | "delete";

const TYPES = new Set(["npm", "maven", "rubygems", "docker", "nuget", "container"]);
const MAX_LISTED_PACKAGES = 10_000;
const NOT_FOUND = apiError(404, "Not Found");
const DONE: Answer = { status: 204 };

/** Answers everything below `{orgs/ORG,users/NAME,user}/packages`. */
export function answerPackages(call: PackagesCall): Answer {
  const { method, rest } = call;
  const [type = "", name = "", ...more] = rest;
  if (rest.length === 0) return method === "GET" ? listPackages(call) : NOT_FOUND;
  if (!name) return NOT_FOUND;
  const shape = `${method} ${more.map((part) => (/^\d+$/.test(part) ? "{id}" : part)).join("/")}`;
  const id = Number(more[1]);
  switch (shape) {
    case "GET ":
      return withPackage(call, type, name, "read", (one) =>
        found(packageBody(one, call.namespace, call.bodies)),
      );
    case "DELETE ":
      return withPackage(call, type, name, "delete", (one) => outcome(deletePackage(one, call.now)));
    case "POST restore":
      return restoreWhole(call, type, name);
    case "GET versions":
      return withPackage(call, type, name, "read", (one) => listVersions(call, one));
    case "GET versions/{id}":
      return withPackage(call, type, name, "read", (one) => getVersion(call, one, id));
    case "DELETE versions/{id}":
      return withVersion(call, type, name, id, "delete", (one, version) =>
        outcome(deleteVersion(call.state, one, version, call.now)),
      );
    case "POST versions/{id}/restore":
      return withVersion(call, type, name, id, "write", (one, version) =>
        outcome(restoreVersion(call.state, one, version, call.now)),
      );
    default:
      return NOT_FOUND;
  }
}

function listPackages(call: PackagesCall): Answer {
  const { identity, namespace, url } = call;
  if (identity.kind === "github-token") return apiError(403, "Resource not accessible by integration");
  const type = url.searchParams.get("package_type");
  if (type === null) return apiError(422, "Invalid request.\n\nMissing required parameter: package_type.");
  if (!TYPES.has(type)) return apiError(422, `Invalid request.\n\n${type} is not a member of package_type.`);
  const refusal = refuseScope(identity, type, "read", "list packages");
  if (refusal) return refusal;
  const paging = readPaging(url.searchParams);
  if (paging.page * paging.perPage > MAX_LISTED_PACKAGES)
    return apiError(400, "The value of `per_page` multiplied by `page` cannot be greater than 10000.");
  const visible = packagesOf(call, type).filter((one) => roleOn(identity, namespace, one) !== "none");
  const bodies = pageOf(visible, paging).map((one) => packageBody(one, namespace, call.bodies));
  return { status: 200, headers: linkHeader(linkUrl(call), paging, visible.length), body: bodies };
}

function packagesOf({ state, namespace, url }: PackagesCall, type: string): PackageState[] {
  const visibility = url.searchParams.get("visibility");
  return state.packages
    .filter((one) => one.owner.toLowerCase() === namespace.owner.login.toLowerCase())
    .filter((one) => one.type === type && one.deletedAt === undefined)
    .filter((one) => visibility === null || one.visibility === visibility)
    .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
}

function listVersions(call: PackagesCall, one: PackageState): Answer {
  const paging = readPaging(call.url.searchParams);
  const isDeleted = !call.listing.ignoreState && call.url.searchParams.get("state") === "deleted";
  const everything = listedVersions(call.state, one, call.lag, call.listingLog, paging.page, call.now);
  const all = (isDeleted ? everything : everything.map((listed) => haunted(call, one, listed)))
    .filter((listed) => (listed.deletedAt !== undefined) === isDeleted)
    .sort(orderOf(call.listing.order ?? "newest"));
  const bodies = pageOf(all, paging).map((listed) => versionBody(one, listed, call.namespace, call.bodies));
  return { status: 200, headers: linkHeader(linkUrl(call), paging, all.length), body: bodies };
}

function getVersion(call: PackagesCall, one: PackageState, id: number): Answer {
  const version = one.versions.find((other) => other.id === id);
  const isShown =
    version?.deletedAt === undefined || ghostOf(one, version, call.listingLog, call.now)?.get === true;
  if (!version || !isShown) return apiError(404, "Package version not found.");
  return found(versionBody(one, haunted(call, one, current(version)), call.namespace, call.bodies));
}

/** A ghost as if it had never been deleted; anything else as it is. */
function haunted({ listingLog, now }: PackagesCall, one: PackageState, listed: ListedVersion): ListedVersion {
  return ghostOf(one, listed.version, listingLog, now) ? { ...listed, deletedAt: undefined } : listed;
}

function orderOf(order: "newest" | "oldest" | "shuffled"): (a: ListedVersion, b: ListedVersion) => number {
  if (order === "shuffled") return (a, b) => scatter(a.version.id) - scatter(b.version.id);
  const sign = order === "oldest" ? 1 : -1;
  return ({ version: a }, { version: b }) => sign * (a.createdAt - b.createdAt || a.id - b.id);
}

/** An order that has nothing to do with the ids, yet is the same for every page. */
function scatter(id: number): number {
  return Math.imul(id, 2_654_435_761) >>> 0;
}

function linkUrl({ url, namespace, listing, bodies }: PackagesCall): URL {
  if (!listing.organizationLinks || namespace.via !== "orgs") return url;
  const path = url.href.slice(bodies.apiUrl.length).replace(/^\/[^/]+\/[^/]+/, "");
  return new URL(`${bodies.apiUrl}/organizations/${namespace.owner.id}${path}`);
}

function withPackage(
  call: PackagesCall,
  type: string,
  name: string,
  action: Action,
  answer: (one: PackageState) => Answer,
): Answer {
  const one = findPackage(call.state, call.namespace.owner.login, type, name);
  return authorize(call, type, one, action) ?? (one ? answer(one) : NOT_FOUND);
}

function restoreWhole(call: PackagesCall, type: string, name: string): Answer {
  const one = findPackage(call.state, call.namespace.owner.login, type, name, true);
  const refusal = authorize(call, type, one, "write");
  return refusal ?? (one ? outcome(restorePackage(call.state, one, call.now)) : NOT_FOUND);
}

function withVersion(
  call: PackagesCall,
  type: string,
  name: string,
  id: number,
  action: "write" | "delete",
  answer: (one: PackageState, version: VersionState) => Answer,
): Answer {
  return withPackage(call, type, name, action, (one) => {
    const version = one.versions.find((other) => other.id === id);
    const isThere = version && (version.deletedAt !== undefined) === (action === "write");
    return isThere ? answer(one, version) : apiError(404, "Package version not found.");
  });
}

/** The answer for a token that may not do this; a package that it may not change answers like one that is not there. */
function authorize(
  { identity, namespace }: PackagesCall,
  type: string,
  one: PackageState | undefined,
  action: Action,
): Answer | undefined {
  if (identity.kind === "github-token" && identity.packages === "none")
    return apiError(403, "Resource not accessible by integration");
  const refusal = refuseScope(identity, type, action, `${VERBS[action]} a package`);
  if (refusal) return refusal;
  const role = one ? roleOn(identity, namespace, one) : "none";
  const isAllowed = role === "admin" || (role === "read" && action === "read");
  if (!isAllowed || !one) return apiError(404, "Package not found.");
  return refusePrivate(identity, namespace, one, action);
}

/** A job's token may be told that a user's private package is to be asked for below `/user`. */
function refusePrivate(
  identity: Identity,
  { via }: Namespace,
  one: PackageState,
  action: Action,
): Answer | undefined {
  const refusal = identity.kind === "github-token" ? identity.privateUserPackages : undefined;
  if (!refusal || via !== "users" || one.visibility === "public") return undefined;
  if (action === "read" && refusal.reads) return undefined;
  return refusal.status === 403
    ? apiError(403, "Resource not accessible by integration")
    : apiError(404, "Package not found.");
}

const VERBS: Readonly<Record<Action, string>> = { read: "get", write: "restore", delete: "delete" };

function refuseScope(identity: Identity, type: string, action: Action, purpose: string): Answer | undefined {
  const scope = identity.kind === "pat" ? missingScope(identity, type, action) : undefined;
  return scope ? apiError(403, `You need at least ${scope} scope to ${purpose}.`) : undefined;
}

function current(version: VersionState): ListedVersion {
  return { version, tags: version.tags, updatedAt: version.updatedAt, deletedAt: version.deletedAt };
}

function found(body: unknown): Answer {
  return { status: 200, body };
}

function outcome(refusal: Refusal | undefined): Answer {
  return refusal ? apiError(refusal.status, refusal.message) : DONE;
}
