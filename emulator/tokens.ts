import type { TokenData } from "./data";
import type { EmulatorState, OwnerState, PackageState } from "./state";

type Pat = Extract<TokenData, { kind: "pat" }>;
type GithubToken = Extract<TokenData, { kind: "github-token" }>;

/** Who asks. */
export type Identity = { readonly kind: "anonymous" } | { readonly kind: "unknown" } | Pat | GithubToken;

/** Whose packages a request is about, and by which of the three prefixes it came. */
export interface Namespace {
  readonly via: "orgs" | "users" | "user";
  readonly owner: OwnerState;
}

export type Role = "none" | "read" | "admin";

/** Types whose packages have no permissions of their own but those of their repository. */
const REPOSITORY_SCOPED = new Set(["maven", "docker"]);

/** Reads an Authorization header: `Bearer`, `token`, or `Basic` with the token as the password. */
export function identify(state: EmulatorState, authorization: string | undefined): Identity {
  if (!authorization) return { kind: "anonymous" };
  const [scheme = "", value = ""] = authorization.split(" ");
  const token = scheme.toLowerCase() === "basic" ? passwordOf(value) : value;
  return state.tokens.find((one) => one.token === token) ?? { kind: "unknown" };
}

/** What this token may do with a package, its scopes aside. */
export function roleOn(identity: Identity, namespace: Namespace, one: PackageState): Role {
  if (identity.kind === "pat") return patRole(identity, namespace, one);
  if (identity.kind === "github-token") return githubTokenRole(identity, one);
  return one.visibility === "public" ? "read" : "none";
}

/** The first scope that a PAT lacks for an action, if any. `write:packages` includes `read:packages`. */
export function missingScope(
  token: Pat,
  type: string,
  action: "read" | "write" | "delete",
): string | undefined {
  const scopes = new Set(token.scopes);
  if (scopes.has("write:packages")) scopes.add("read:packages");
  const needed = ["read:packages", `${action}:packages`, ...(REPOSITORY_SCOPED.has(type) ? ["repo"] : [])];
  return needed.find((scope) => !scopes.has(scope));
}

/** Whether a PAT must first be authorized for the SAML SSO of an organization. */
export function needsSso(identity: Identity, owner: OwnerState): boolean {
  if (identity.kind !== "pat" || owner.type !== "Organization") return false;
  return (identity.ssoRequired ?? []).some((login) => sameLogin(login, owner.login));
}

export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function patRole(token: Pat, { via, owner }: Namespace, one: PackageState): Role {
  if (via === "user") return "admin";
  if (via === "users") {
    if (one.visibility !== "public") return "none";
    return sameLogin(token.login, owner.login) ? "admin" : "read";
  }
  if (owner.admins === undefined || owner.admins.some((login) => sameLogin(login, token.login)))
    return "admin";
  const isMember = (owner.members ?? []).some((login) => sameLogin(login, token.login));
  return isMember || one.visibility === "public" ? "read" : "none";
}

function githubTokenRole(token: GithubToken, one: PackageState): Role {
  const isLinked = one.repository !== undefined && sameLogin(one.repository, token.repository);
  const ownsName = sameLogin(one.owner, token.repository.split("/")[0] ?? "");
  const isPusher = one.admins.some((name) => sameLogin(name, token.repository));
  const isListed = isPusher || (ownsName && (token.admin ?? []).includes(one.name));
  const isAdmin = REPOSITORY_SCOPED.has(one.type) ? isLinked : isListed;
  if (isAdmin && token.packages === "write") return "admin";
  return isLinked || isListed || one.visibility === "public" ? "read" : "none";
}

function passwordOf(basic: string): string {
  const decoded = Buffer.from(basic, "base64").toString("utf8");
  return decoded.slice(decoded.indexOf(":") + 1);
}
