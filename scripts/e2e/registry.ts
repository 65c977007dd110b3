import { createHash } from "node:crypto";
import type { RegistryAccess } from "./context.ts";
import { type Answer, exchange, type Request } from "./http.ts";

export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const ACCEPT = [
  OCI_INDEX,
  OCI_MANIFEST,
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** An entry of a manifest. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What is read of a manifest. */
interface Manifest {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: string;
  readonly content: Manifest;
}

export function digestOf(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** `GET /token`, with the token of the access unless another is given; `null`: with none. */
export function askToken(
  access: RegistryAccess,
  repository: string,
  actions: string,
  token: string | null = access.token,
): Promise<Answer> {
  const url = new URL("/token", access.registryUrl);
  url.searchParams.set("service", new URL(access.registryUrl).host);
  url.searchParams.set("scope", `repository:${repository}:${actions}`);
  const basic = Buffer.from(`e2e:${token}`).toString("base64");
  return exchange(url, token === null ? {} : { headers: { authorization: `Basic ${basic}` } });
}

/** Tokens by registry, repository and right. */
const tokens = new Map<string, string>();

/** One request about a repository, `manifests/v1` or an address that the registry named; a token is fetched where one is missing or has expired. */
export async function callRegistry(
  access: RegistryAccess,
  repository: string,
  path: string,
  request: Request & { readonly actions?: "pull" | "pull,push" } = {},
): Promise<Answer> {
  const { actions = "pull", ...more } = request;
  const key = `${access.registryUrl} ${access.token} ${repository} ${actions}`;
  const url = new URL(path, new URL(`/v2/${repository}/`, access.registryUrl));
  for (let tried = 1; ; tried++) {
    const token = tokens.get(key) ?? (await newToken(access, repository, actions));
    tokens.set(key, token);
    const headers = { accept: ACCEPT, ...more.headers, authorization: `Bearer ${token}` };
    const answer = await exchange(url, { ...more, headers });
    if (answer.status !== 401 || tried === 2) return answer;
    tokens.delete(key);
  }
}

async function newToken(access: RegistryAccess, repository: string, actions: string): Promise<string> {
  const { status, json, bytes } = await askToken(access, repository, actions);
  const { token } = (json ?? {}) as { token?: string };
  if (token === undefined)
    throw new Error(`The registry gives no token for ${repository}: ${status} ${bytes}`);
  return token;
}

/** A manifest, its digest verified; undefined where the registry answers 404. */
export async function readManifest(
  access: RegistryAccess,
  repository: string,
  reference: string,
): Promise<StoredManifest | undefined> {
  const answer = await callRegistry(access, repository, `manifests/${reference}`);
  if (answer.status === 404) return undefined;
  const body = answer.bytes.toString("utf8");
  if (answer.status !== 200) throw new Error(`${repository}, ${reference}: ${answer.status} ${body}`);
  const digest = digestOf(body);
  const isOther = reference.startsWith("sha256:") && reference !== digest;
  if (isOther)
    throw new Error(`${repository}, ${reference}: the registry sent a manifest of another digest.`);
  const mediaType = answer.headers.get("content-type") ?? "";
  return { digest, mediaType, body, content: JSON.parse(body) as Manifest };
}

/** Uploads a blob in one piece. */
export async function pushBlob(
  access: RegistryAccess,
  repository: string,
  mediaType: string,
  content: Buffer | string,
): Promise<Descriptor> {
  const bytes = Buffer.from(content);
  const digest = digestOf(bytes);
  const actions = "pull,push";
  const begun = await callRegistry(access, repository, "blobs/uploads/", { method: "POST", actions });
  const location = begun.headers.get("location");
  if (location === null) throw new Error(`${repository}: no upload begins: ${begun.status} ${begun.bytes}`);
  const target = new URL(location, access.registryUrl);
  target.searchParams.set("digest", digest);
  const headers = { "content-type": "application/octet-stream" };
  const ended = await callRegistry(access, repository, target.href, {
    method: "PUT",
    actions,
    headers,
    body: bytes,
  });
  if (ended.status !== 201)
    throw new Error(`${repository}: a blob is refused: ${ended.status} ${ended.bytes}`);
  return { mediaType, digest, size: bytes.length };
}

/** Pushes a manifest to a tag, or by its digest alone. */
export async function pushManifest(
  access: RegistryAccess,
  repository: string,
  manifest: { readonly mediaType: string; readonly body: string },
  tag?: string,
): Promise<Descriptor & { readonly answer: Answer }> {
  const { mediaType, body } = manifest;
  const digest = digestOf(body);
  const headers = { "content-type": mediaType };
  const request = { method: "PUT", actions: "pull,push", headers, body } as const;
  const answer = await callRegistry(access, repository, `manifests/${tag ?? digest}`, request);
  if (answer.status !== 201)
    throw new Error(`${repository}, ${tag ?? digest}: the push is refused: ${answer.status} ${answer.bytes}`);
  return { mediaType, digest, size: Buffer.byteLength(body), answer };
}

/** A manifest as it is pushed. */
export function manifestOf(mediaType: string, content: object): { mediaType: string; body: string } {
  return { mediaType, body: JSON.stringify({ schemaVersion: 2, mediaType, ...content }) };
}

/**
 * Pulls images with all their platforms: each manifest that they list, to any depth, and each blob; nothing twice.
 *
 * @throws Error that names what the registry does not have, or has with another digest
 */
export async function pullWhole(
  access: RegistryAccess,
  repository: string,
  references: readonly string[],
): Promise<void> {
  const pulled = new Set<string>();
  const open = [...references];
  for (let reference = open.shift(); reference !== undefined; reference = open.shift()) {
    if (pulled.has(reference)) continue;
    const manifest = await readManifest(access, repository, reference);
    if (!manifest) throw new Error(`${repository}: the registry has no manifest ${reference}.`);
    if (pulled.has(manifest.digest)) continue;
    pulled.add(manifest.digest);
    const { manifests = [], config, layers = [] } = manifest.content;
    open.push(...manifests.map(({ digest }) => digest));
    for (const { digest } of [...(config ? [config] : []), ...layers]) {
      if (!pulled.has(digest)) await pullBlob(access, repository, digest);
      pulled.add(digest);
    }
  }
}

async function pullBlob(access: RegistryAccess, repository: string, digest: string): Promise<void> {
  const blob = await callRegistry(access, repository, `blobs/${digest}`, { redirect: "follow" });
  if (blob.status !== 200 || digestOf(blob.bytes) !== digest)
    throw new Error(`${repository}: the registry does not have the blob ${digest}: ${blob.status}.`);
}
