import { answerBlobs, type BlobStore, hasBlob } from "./blobs";
import { createPackage, pushManifest } from "./changes";
import type { EmulatorData } from "./data";
import { ghostOf } from "./ghosts";
import { type Answer, pathSegments, registryError } from "./http";
import { MEDIA_TYPES } from "./images";
import type { ListingLog } from "./lag";
import { ALL_MEDIA_TYPES, manifestDigest, OLD_MEDIA_TYPES } from "./old-images";
import { answerToken, type RegistryTokens, registryTokenOf, repositoryPackage } from "./registry-tokens";
import {
  activeVersions,
  type EmulatorState,
  findOwner,
  type PackageState,
  type StoredManifest,
  storedManifest,
  type VersionState,
  versionsNamed,
} from "./state";

/** A request to the registry. */
export interface RegistryCall {
  readonly method: string;
  readonly url: URL;
  readonly accept: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
  readonly bytes: Buffer;
  readonly blobs: BlobStore;
  readonly state: EmulatorState;
  readonly tokens: RegistryTokens;
  readonly options: NonNullable<EmulatorData["registry"]>;
  readonly listingLog: ListingLog;
  readonly now: number;
}

const NAME_UNKNOWN = registryError(404, "NAME_UNKNOWN", "repository name not known to registry");
const TOKEN_SECONDS = 300;
const BLOBS = /^\/v2\/(.+)\/blobs\/(uploads\/)?([^/]*)$/;
const REFERENCE = /^\/v2\/(.+)\/(manifests|referrers|tags)\/([^/]+)$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Answers `/v2/…` and `/token`. */
export function answerRegistry(call: RegistryCall): Answer {
  const { url, state, tokens, options, now } = call;
  if (url.pathname === "/token")
    return answerToken(
      state,
      tokens,
      call.authorization,
      url.searchParams,
      options.tokenSeconds ?? TOKEN_SECONDS,
      now,
    );
  if (url.pathname === "/v2/") return answerPing(call);
  if (BLOBS.test(url.pathname)) return answerBlobCall(call);
  const [, repository, resource, reference] = REFERENCE.exec(url.pathname) ?? [];
  if (!repository || !reference) return registryError(404, "UNSUPPORTED", "no such endpoint");
  const target = pathSegments(`/${reference}`)?.[0] ?? "";
  const needed = call.method === "PUT" ? "push" : "pull";
  const refusal = authorize(call, repository, needed);
  if (refusal) return refusal;
  if (resource === "manifests" && needed === "push") return putManifest(call, repository, target);
  const one = repositoryPackage(state, repository);
  if (!one) return NAME_UNKNOWN;
  if (resource === "referrers") return answerReferrers(call, one, target);
  return resource === "manifests" ? answerManifest(call, one, target) : answerTags(one);
}

function answerBlobCall(call: RegistryCall): Answer {
  const { method, url, bytes, blobs } = call;
  const [, repository = "", uploads, rest = ""] = BLOBS.exec(url.pathname) ?? [];
  const reference = pathSegments(`/${rest}`)?.[0] ?? "";
  const isUpload = uploads !== undefined;
  const refusal = authorize(call, repository, isUpload ? "push" : "pull");
  return (
    refusal ?? answerBlobs(blobs, { method, repository, reference, isUpload, query: url.searchParams, bytes })
  );
}

function answerPing(call: RegistryCall): Answer {
  const isOpen = call.options.challenge === false;
  if (isOpen || registryTokenOf(call.tokens, call.authorization, call.now)) return { status: 200, body: {} };
  return challenge(call, "repository:user/image:pull");
}

function authorize(call: RegistryCall, repository: string, needed: "pull" | "push"): Answer | undefined {
  if (call.options.challenge === false) return undefined;
  const token = registryTokenOf(call.tokens, call.authorization, call.now);
  if (!token) return challenge(call, `repository:${repository}:${needed === "push" ? "pull,push" : "pull"}`);
  if (token.repository !== repository)
    return registryError(403, "DENIED", "requested access to the resource is denied");
  if (token.actions.has(needed)) return undefined;
  return registryError(
    403,
    "DENIED",
    `permission_denied: ${needed === "push" ? "write_package" : "read_package"}`,
  );
}

function challenge({ url }: RegistryCall, scope: string): Answer {
  const header = `Bearer realm="${url.origin}/token",service="ghcr.io",scope="${scope}"`;
  return registryError(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": header });
}

function answerManifest(call: RegistryCall, one: PackageState, reference: string): Answer {
  switch (call.method) {
    case "GET":
    case "HEAD":
      return readManifest(call, one, reference);
    default:
      return registryError(405, "UNSUPPORTED", "The operation is unsupported.");
  }
}

function readManifest(call: RegistryCall, one: PackageState, reference: string): Answer {
  const version = findVersion(one, reference) ?? findGhost(call, one, reference);
  const manifest = version?.manifest;
  if (!version || !manifest) return registryError(404, "MANIFEST_UNKNOWN", "manifest unknown");
  if (!accepts(call.accept, manifest.mediaType))
    return registryError(404, "MANIFEST_UNKNOWN", unaccepted(manifest.mediaType));
  if (call.method === "GET") version.downloads++;
  const headers = { "content-type": manifest.mediaType, "docker-content-digest": version.name };
  return { status: 200, headers, body: manifest.body };
}

function putManifest(call: RegistryCall, repository: string, reference: string): Answer {
  const { body, contentType, state, now } = call;
  const manifest = readPushed(body, contentType);
  if (!manifest) return registryError(400, "MANIFEST_INVALID", "manifest invalid");
  const digest = manifestDigest(body);
  const isTag = !reference.startsWith("sha256:");
  if (!isTag && reference !== digest)
    return registryError(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  if (isTag && !TAG.test(reference))
    return registryError(400, "TAG_INVALID", "manifest tag did not match URI");
  const known = repositoryPackage(state, repository);
  const missing = call.options.checkBlobs === false ? undefined : missingPart(call, repository, manifest);
  if (missing) return registryError(404, missing.code, `${missing.digest} unknown to registry`);
  const one = known ?? newPackage(call, repository);
  if (!one) return NAME_UNKNOWN;
  pushManifest(state, one, { body, mediaType: manifest.mediaType, ...(isTag && { tag: reference }) }, now);
  return { status: 201, headers: { location: `${call.url.pathname}`, "docker-content-digest": digest } };
}

/** The package of a first push, linked to the repository of the job that pushes. */
function newPackage(call: RegistryCall, repository: string): PackageState | undefined {
  const [login = "", ...name] = repository.split("/");
  const owner = findOwner(call.state, login);
  if (!owner || login !== login.toLowerCase()) return undefined;
  const pusher = registryTokenOf(call.tokens, call.authorization, call.now)?.pusher;
  const fields = { owner: owner.login, type: "container", name: name.join("/"), repository: pusher } as const;
  return createPackage(call.state, fields, call.now);
}

function readPushed(body: string, contentType: string | undefined): StoredManifest | undefined {
  try {
    const manifest = storedManifest(body, contentType);
    return ALL_MEDIA_TYPES.includes(manifest.mediaType) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Blobs count as there when they were uploaded, or any manifest of the package ever referred to them, as those of the data do. */
function missingPart(
  { state, blobs }: RegistryCall,
  repository: string,
  { content }: StoredManifest,
): { code: string; digest: string } | undefined {
  const one = repositoryPackage(state, repository);
  const known = new Set(
    one?.versions.flatMap((version) => (version.manifest ? blobsOf(version.manifest) : [])),
  );
  const blob = blobsOf({ content }).find(
    (digest) => !known.has(digest) && !hasBlob(blobs, repository, digest),
  );
  if (blob) return { code: "MANIFEST_BLOB_UNKNOWN", digest: blob };
  const names = new Set(one ? activeVersions(one).map((version) => version.name) : []);
  const child = content.manifests?.find((descriptor) => !names.has(descriptor.digest));
  return child && { code: "MANIFEST_UNKNOWN", digest: child.digest };
}

function blobsOf({ content }: Pick<StoredManifest, "content">): string[] {
  const { config, layers = [], blobs = [], fsLayers = [] } = content;
  const digests = [config, ...layers, ...blobs].flatMap((descriptor) => descriptor?.digest ?? []);
  return [...digests, ...fsLayers.map(({ blobSum }) => blobSum)];
}

function answerReferrers(call: RegistryCall, one: PackageState, digest: string): Answer {
  const { referrers = false } = call.options;
  if (referrers === false) return registryError(404, "MANIFEST_UNKNOWN", "manifest unknown");
  if (referrers !== true)
    return "redirect" in referrers
      ? redirected(referrers.redirect, one)
      : registryError(referrers.status, "TOOMANYREQUESTS", "too many requests");
  const manifests = activeVersions(one).flatMap((version) => {
    if (version.manifest?.content.subject?.digest !== digest) return [];
    const { mediaType, body, content } = version.manifest;
    const artifactType = content.artifactType ?? content.config?.mediaType;
    return [
      {
        mediaType,
        digest: version.name,
        size: Buffer.byteLength(body),
        ...(artifactType && { artifactType }),
      },
    ];
  });
  const body = JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests });
  return { status: 200, headers: { "content-type": MEDIA_TYPES.ociIndex }, body };
}

/** Where ghcr.io redirected to: pages for people, and an address that lost the digest. */
function redirected(target: string, one: PackageState): Answer {
  const path = encodeURIComponent(`${one.owner.toLowerCase()}/${one.name}/referrers/sha256`);
  return {
    status: 303,
    headers: { location: `${target.replace(/\/$/, "")}/-/v2/packages/container/package/${path}` },
  };
}

function answerTags(one: PackageState): Answer {
  const tags = activeVersions(one).flatMap((version) => version.tags);
  return { status: 200, body: { name: `${one.owner.toLowerCase()}/${one.name}`, tags: tags.sort() } };
}

function findVersion(one: PackageState, reference: string): VersionState | undefined {
  return versionsOf(one, reference).find(({ deletedAt }) => deletedAt === undefined);
}

/** A deleted version whose manifest the registry has all the same. */
function findGhost(
  { listingLog, now }: RegistryCall,
  one: PackageState,
  reference: string,
): VersionState | undefined {
  return versionsOf(one, reference).find(
    (version) => ghostOf(one, version, listingLog, now)?.manifest === true,
  );
}

/** The versions, deleted ones too, that a digest or a tag names. */
function versionsOf(one: PackageState, reference: string): readonly VersionState[] {
  if (reference.startsWith("sha256:")) return versionsNamed(one, reference);
  return one.versions.filter(({ tags }) => tags.includes(reference));
}

function accepts(accept: string, mediaType: string): boolean {
  const types = accept.split(",").map((part) => part.split(";")[0]?.trim());
  return types.some((type) => type === "*/*" || type === "application/*" || type === mediaType);
}

const KINDS: Readonly<Record<string, string>> = {
  [MEDIA_TYPES.ociManifest]: "OCI manifest",
  [MEDIA_TYPES.ociIndex]: "OCI index",
  [MEDIA_TYPES.dockerManifest]: "Docker manifest",
  [MEDIA_TYPES.dockerList]: "Docker index",
  [OLD_MEDIA_TYPES.ociArtifact]: "OCI artifact",
  [OLD_MEDIA_TYPES.dockerSchema1]: "Docker schema 1 manifest",
  [OLD_MEDIA_TYPES.dockerSchema1Signed]: "Docker schema 1 manifest",
};

function unaccepted(mediaType: string): string {
  const kind = KINDS[mediaType] ?? "manifest";
  return `${kind} found, but Accept header does not support ${kind.replace(/index$/, "indexe")}s`;
}
