import type { RepositoryState } from "./repositories";
import type { Permissions } from "./repository-data";
import type { OwnerState } from "./state";
import { type Identity, sameLogin } from "./tokens";

export type Access = "none" | "read" | "push";

/** What a request reads; each token may read the metadata of what it can see. */
export type Resource = keyof Permissions | "metadata";

const RANK: Readonly<Record<Access, number>> = { none: 0, read: 1, push: 2 };

/** What a token may do with a part of a repository. Everyone reads what is public. */
export function accessTo(
  identity: Identity,
  owner: OwnerState,
  repository: RepositoryState,
  resource: Resource,
): Access {
  const own = ownAccess(identity, owner, repository, resource);
  const everyones: Access = repository.visibility === "public" ? "read" : "none";
  return RANK[own] > RANK[everyones] ? own : everyones;
}

function ownAccess(
  identity: Identity,
  owner: OwnerState,
  repository: RepositoryState,
  resource: Resource,
): Access {
  if (identity.kind === "github-token") {
    if (!sameLogin(identity.repository, repository.fullName)) return "none";
    if (resource === "metadata") return "read";
    const permission = identity.permissions?.[resource] ?? "read";
    return permission === "write" ? "push" : permission;
  }
  if (identity.kind !== "pat" || !hasScope(identity.scopes, repository, resource)) return "none";
  return roleOf(identity.login, owner);
}

/** `repo` is for everything, `public_repo` for what is public, `repo_deployment` for the deployments alone. */
function hasScope(scopes: readonly string[], { visibility }: RepositoryState, resource: Resource): boolean {
  if (scopes.includes("repo")) return true;
  if (visibility === "public") return scopes.includes("public_repo");
  return scopes.includes("repo_deployment") && (resource === "deployments" || resource === "metadata");
}

function roleOf(login: string, owner: OwnerState): Access {
  if (sameLogin(login, owner.login)) return "push";
  if (owner.type === "User") return "none";
  if (owner.admins === undefined || owner.admins.some((one) => sameLogin(one, login))) return "push";
  return (owner.members ?? []).some((one) => sameLogin(one, login)) ? "read" : "none";
}
