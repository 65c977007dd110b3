import { createPackage, publishVersion } from "./changes";
import { type Answer, pathSegments } from "./http";
import { mayCreate } from "./registry-tokens";
import { activeVersions, type EmulatorState, findOwner, findPackage, type PackageState } from "./state";
import { type Identity, roleOn } from "./tokens";

/** A request to the npm registry. */
export interface NpmCall {
  readonly method: string;
  /** The raw path after the registry's own, `@acme%2ftools`. */
  readonly path: string;
  readonly body: string;
  readonly identity: Identity;
  readonly state: EmulatorState;
  readonly now: number;
}

/** Where the npm registry is, as on an Enterprise Server without subdomains. */
export const NPM_PATH = "/_registry/npm/";

interface Published {
  readonly versions?: Readonly<Record<string, { readonly description?: string }>>;
}

/** What `npm publish` needs: the versions that are there, and a place for a new one. There are no tarballs to download. */
export function answerNpm(call: NpmCall): Answer {
  const { state, identity, method } = call;
  if (identity.kind === "anonymous" || identity.kind === "unknown")
    return npmError(401, "unauthenticated: User cannot be authenticated with the token provided.");
  const [, login = "", name = ""] = /^@([^/]+)\/([^/]+)$/.exec(nameOf(call)) ?? [];
  const owner = findOwner(state, login);
  if (!owner) return npmError(404, "not found");
  const one = findPackage(state, login, "npm", name);
  if (method === "GET") return one ? { status: 200, body: packument(one) } : npmError(404, "not found");
  const namespace = { via: owner.type === "User" ? "users" : "orgs", owner } as const;
  const isAllowed = one ? roleOn(identity, namespace, one) === "admin" : mayCreate(identity, owner);
  if (!isAllowed) return npmError(403, "Permission permission_denied: write_package");
  return publish(call, one, { owner: owner.login, name });
}

function publish(
  call: NpmCall,
  known: PackageState | undefined,
  names: { owner: string; name: string },
): Answer {
  const { state, identity, now } = call;
  const { versions = {} } = JSON.parse(call.body) as Published;
  const taken = Object.keys(versions).find(
    (name) => known && activeVersions(known).some((one) => one.name === name),
  );
  if (taken !== undefined) return npmError(409, "Cannot publish over existing version.");
  const repository = identity.kind === "github-token" ? identity.repository : undefined;
  const one = known ?? createPackage(state, { ...names, type: "npm", repository }, now);
  for (const [name, { description }] of Object.entries(versions))
    publishVersion(state, one, { name, description }, now);
  return { status: 200, body: { ok: true } };
}

function packument(one: PackageState): object {
  const name = `@${one.owner.toLowerCase()}/${one.name}`;
  const versions = activeVersions(one).map((version) => version.name);
  return {
    name,
    "dist-tags": { latest: versions.at(-1) },
    versions: Object.fromEntries(versions.map((version) => [version, { name, version }])),
  };
}

function nameOf({ path }: NpmCall): string {
  return pathSegments(`/${path.replace(/\?.*$/, "")}`)?.join("/") ?? "";
}

function npmError(status: number, error: string): Answer {
  return { status, body: { error } };
}
