import { type BodyOptions, publicUser } from "./bodies";
import { type Answer, apiError } from "./http";
import { type EmulatorState, findOwner } from "./state";
import { type Identity, type Namespace, needsSso } from "./tokens";

/** `GET /users/{username}`: users and organizations alike. */
export function answerUser(state: EmulatorState, login: string, options: BodyOptions): Answer {
  const owner = findOwner(state, login);
  return owner ? { status: 200, body: publicUser(owner, options) } : apiError(404, "Not Found");
}

/** `GET /user`: the owner of a PAT. */
export function answerSelf(state: EmulatorState, identity: Identity, options: BodyOptions): Answer {
  if (identity.kind === "github-token") return apiError(403, "Resource not accessible by integration");
  return identity.kind === "pat"
    ? answerUser(state, identity.login, options)
    : apiError(401, "Requires authentication");
}

/** Splits the segments of a packages path into whose packages they are about and the rest, or gives the answer that refuses. */
export function resolveNamespace(
  state: EmulatorState,
  identity: Identity,
  segments: readonly string[],
): { namespace: Namespace; rest: readonly string[] } | Answer {
  const isSelf = segments[0] === "user";
  if (segments[isSelf ? 1 : 2] !== "packages") return apiError(404, "Not Found");
  if (identity.kind === "anonymous") return apiError(401, "Requires authentication");
  const namespace = namespaceOf(state, identity, segments);
  if (!namespace) return apiError(404, "Not Found");
  if (needsSso(identity, namespace.owner)) return ssoRefusal(namespace.owner.login);
  return { namespace, rest: segments.slice(isSelf ? 2 : 3) };
}

function namespaceOf(
  state: EmulatorState,
  identity: Identity,
  segments: readonly string[],
): Namespace | undefined {
  const [prefix, name = ""] = segments;
  if (prefix === "user") {
    const login = accountOf(identity);
    const owner = login === undefined ? undefined : findOwner(state, login);
    return owner?.type === "User" ? { via: "user", owner } : undefined;
  }
  if (prefix === "organizations") {
    const owner = state.owners.find((one) => String(one.id) === name && one.type === "Organization");
    return owner && { via: "orgs", owner };
  }
  const owner = findOwner(state, name);
  if (prefix === "orgs") return owner?.type === "Organization" ? { via: "orgs", owner } : undefined;
  return prefix === "users" && owner?.type === "User" ? { via: "users", owner } : undefined;
}

/** Whose packages `/user/packages` has: those of a PAT's owner, or of the owner of a job's repository where that is so set. */
function accountOf(identity: Identity): string | undefined {
  if (identity.kind === "pat") return identity.login;
  const isOpen = identity.kind === "github-token" && identity.privateUserPackages;
  return isOpen && isOpen.user !== false ? identity.repository.split("/")[0] : undefined;
}

/** The answer for a token that must first be authorized for the SSO of an organization. */
export function ssoRefusal(login: string): Answer {
  return apiError(
    403,
    "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
    { "x-github-sso": `required; url=https://github.com/orgs/${login}/sso?authorization_request=emulated` },
  );
}
