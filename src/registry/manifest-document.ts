import { isDigest } from "../model/digest";
import { isObject, type Json, shown } from "../model/json";
import { type Blob, type Descriptor, type Manifest, UNTAG_ANNOTATION } from "../model/manifest";
import {
  DOCKER_IMAGE,
  DOCKER_LIST,
  DOCKER_SCHEMA_1,
  DOCKER_SIGNED,
  isIndexType,
  OCI_ARTIFACT,
  OCI_IMAGE,
  OCI_INDEX,
} from "../model/media-type";

/**
 * What a registry may answer with: a manifest of a missing type is a 404 to some registries, and others convert it, which
 * changes the digest.
 */
export const MANIFEST_TYPES = [
  OCI_INDEX,
  OCI_IMAGE,
  DOCKER_LIST,
  DOCKER_IMAGE,
  OCI_ARTIFACT,
  DOCKER_SIGNED,
  DOCKER_SCHEMA_1,
] as const;

/**
 * The manifest of a document; `mediaType` is what the registry called it. A document that lists manifests is an index
 * whatever it calls itself. Throws an Error that says what is wrong with a document that cannot be believed.
 */
export function parseManifest(raw: string, mediaType: string): Manifest {
  const document = parseJson(raw);
  const isIndex = isIndexType(document.mediaType) || isIndexType(mediaType);
  const more = { ...parseSubject(document.subject), ...parseMark(document.annotations) };
  if (!isIndex && !Array.isArray(document.manifests)) return { kind: "image", ...more };
  return { kind: "index", manifests: parseDescriptors(document.manifests), ...more };
}

function parseMark(annotations: unknown): Pick<Manifest, "untag"> {
  const untag = isObject(annotations) ? annotations[UNTAG_ANNOTATION] : undefined;
  return typeof untag === "string" ? { untag } : {};
}

/**
 * The config and the layers of a document, which may be there more than once. A list has none; nor do layers count that
 * are stored elsewhere (`urls`). Throws an Error that says why it cannot tell: the oldest images do not say sizes.
 */
export function parseBlobs(raw: string): readonly Blob[] {
  const { config, layers, blobs, fsLayers } = parseJson(raw);
  if (fsLayers !== undefined) throw new Error("it does not say the sizes of its layers");
  const configs = config === null || config === undefined ? [] : [config];
  return [...configs, ...listOf(layers), ...listOf(blobs)].filter(isStoredHere).map(parseBlob);
}

function listOf(entries: unknown): readonly unknown[] {
  if (entries === null || entries === undefined) return [];
  if (!Array.isArray(entries)) throw new Error("its layers are not a list");
  return entries;
}

function isStoredHere(descriptor: unknown): boolean {
  const { urls } = isObject(descriptor) ? descriptor : {};
  return !Array.isArray(urls) || urls.length === 0;
}

function parseBlob(descriptor: unknown): Blob {
  const digest = parseDigest(descriptor, "it is made of");
  const { size } = isObject(descriptor) ? descriptor : {};
  if (typeof size === "number" && Number.isSafeInteger(size) && size >= 0) return { digest, size };
  throw new Error(`the size of ${digest} is ${shown(size)}, which is not a number of bytes`);
}

function parseJson(raw: string): Json {
  let document: unknown;
  try {
    document = JSON.parse(raw);
  } catch {
    throw new Error("it is not JSON");
  }
  if (!isObject(document)) throw new Error("it is not a JSON object");
  return document;
}

function parseSubject(subject: unknown): Pick<Manifest, "subject"> {
  if (subject === null || subject === undefined) return {};
  return { subject: parseDigest(subject, "it refers to") };
}

/** An empty list may be written as null. */
function parseDescriptors(manifests: unknown): readonly Descriptor[] {
  if (manifests === null || manifests === undefined) return [];
  if (!Array.isArray(manifests)) throw new Error("its manifests are not a list");
  return manifests.map(parseDescriptor);
}

function parseDescriptor(entry: unknown): Descriptor {
  const digest = parseDigest(entry, "it lists");
  const { mediaType, annotations, platform, artifactType } = isObject(entry) ? entry : {};
  const type = isObject(annotations) ? annotations["vnd.docker.reference.type"] : undefined;
  const attestation = type === "attestation-manifest";
  const isPart = attestation || (isObject(platform) && artifactType === undefined);
  return {
    digest,
    ...(typeof mediaType === "string" ? { mediaType } : {}),
    attestation,
    ...(isPart ? {} : { mayRefer: true }),
  };
}

function parseDigest(descriptor: unknown, does: string): string {
  const { digest } = isObject(descriptor) ? descriptor : {};
  if (digest === undefined) throw new Error(`${does} something without a digest`);
  if (!isDigest(digest)) throw new Error(`${does} ${shown(digest)}, which is not a digest`);
  return digest;
}
