import { type Context, registryName } from "./context.ts";
import { type Answer, exchange, waitFor } from "./http.ts";
import { callRegistry } from "./registry.ts";
import { keep, type Listed, readState } from "./state.ts";

/** A version as the API has it. */
interface ApiVersion {
  readonly id: number;
  readonly name: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted_at?: string;
  readonly metadata?: { readonly container?: { readonly tags?: readonly string[] } };
}

/** One request to GitHub's API. */
export function callApi(context: Context, method: string, path: string, body?: object): Promise<Answer> {
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${context.token}`,
    "user-agent": "package-retention-e2e",
    "x-github-api-version": "2022-11-28",
    ...(body && { "content-type": "application/json" }),
  };
  const url = path.startsWith("http") ? path : `${context.apiUrl}${path}`;
  return exchange(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** The same, about a package: `versions/7/restore`. */
export async function callPackage(
  context: Context,
  method: string,
  name: string,
  rest = "",
  type = "container",
): Promise<Answer> {
  const path = `${await prefixOf(context)}/packages/${type}/${encodeURIComponent(name)}`;
  return callApi(context, method, rest === "" ? path : `${path}/${rest}`);
}

/** All versions of a package, in the order in which GitHub lists them. Throws where it does not. */
export async function listVersions(
  context: Context,
  name: string,
  options: { readonly state?: "active" | "deleted"; readonly type?: string } = {},
): Promise<Listed[]> {
  const { state = "active", type = "container" } = options;
  const all: Listed[] = [];
  for (let page = 1; ; page++) {
    const answer = await callPackage(
      context,
      "GET",
      name,
      `versions?per_page=100&page=${page}&state=${state}`,
      type,
    );
    if (answer.status !== 200)
      throw new Error(`GitHub does not list ${name}: ${answer.status} ${answer.bytes}`);
    const versions = answer.json as readonly ApiVersion[];
    all.push(...versions.map(listed));
    if (versions.length < 100) return all;
  }
}

/** Waits until something is found in the list of a package, which may not be there yet. */
export function waitForVersions<T>(
  context: Context,
  name: string,
  what: string,
  find: (versions: readonly Listed[]) => T | undefined,
): Promise<{ value: T; seconds: number }> {
  return waitFor(`${name}: ${what}`, async () => {
    const { status } = await callPackage(context, "GET", name);
    return status === 200 ? find(await listVersions(context, name)) : undefined;
  });
}

/** Waits until GitHub lists versions of these names as deleted, so that they can be restored by what the list says. */
export async function waitForDeleted(
  context: Context,
  name: string,
  deleted: readonly string[],
  type = "container",
): Promise<void> {
  await waitFor(`${name}: what was deleted is listed so`, async () => {
    const versions = await listVersions(context, name, { state: "deleted", type });
    const names = versions.map((version) => version.name);
    return deleted.every((one) => names.includes(one)) || undefined;
  });
}

/** The versions that are listed, without ghosts: what is listed, not expected, and not in the registry. */
export async function listWithoutGhosts(
  context: Context,
  name: string,
  expected: readonly string[],
): Promise<Listed[]> {
  const versions: Listed[] = [];
  for (const version of await listVersions(context, name))
    if (expected.includes(version.name) || (await isInRegistry(context, name, version)))
      versions.push(version);
  return versions;
}

async function isInRegistry(context: Context, name: string, version: Listed): Promise<boolean> {
  const path = `manifests/${version.name}`;
  const { status } = await callRegistry(context, registryName(context, name), path, { method: "HEAD" });
  return status !== 404;
}

/** Tags of each version that is listed, by its name. */
export function tagsByName(versions: readonly Listed[]): Record<string, string[]> {
  const entries = versions.map(({ name, tags }) => [name, [...tags].sort()] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the prefix of all package requests is; asked for once a job. */
export async function prefixOf(context: Context): Promise<string> {
  const { prefix: known } = readState(context);
  if (known !== undefined) return known;
  const { status, json } = await callApi(context, "GET", `/users/${context.owner}`);
  if (status !== 200) throw new Error(`GitHub does not know ${context.owner}: ${status}`);
  const isOrganization = (json as { type: string }).type === "Organization";
  const prefix = `/${isOrganization ? "orgs" : "users"}/${context.owner}`;
  keep(context, { prefix });
  return prefix;
}

function listed({ id, name, metadata, ...times }: ApiVersion): Listed {
  return {
    id,
    name,
    tags: metadata?.container?.tags ?? [],
    createdAt: times.created_at,
    updatedAt: times.updated_at,
    ...(times.deleted_at !== undefined && { deletedAt: times.deleted_at }),
  };
}
