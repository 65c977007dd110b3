import { isDigest } from "../model/digest";
import { isObject } from "../model/json";
import type { Descriptor, Manifest } from "../model/manifest";

/** The media type of an OCI index; the referrers API answers with one. */
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

/** What a registry may answer with: a missing type is converted by some registries, which changes the digest. */
export const MANIFEST_TYPES = [
  OCI_INDEX,
  "application/vnd.oci.image.manifest.v1+json",
  DOCKER_LIST,
  "application/vnd.docker.distribution.manifest.v2+json",
] as const;

/**
 * The manifest of a document; `mediaType` is what the registry called it. A document that lists manifests is an index
 * whatever it calls itself. Throws an Error that says what is wrong with a document that cannot be believed.
 */
export function parseManifest(raw: string, mediaType: string): Manifest {
  const document = parseJson(raw);
  const types = [document.mediaType, mediaType];
  const isIndex = types.some((type) => type === OCI_INDEX || type === DOCKER_LIST);
  if (!isIndex && !Array.isArray(document.manifests)) return { kind: "image" };
  return { kind: "index", manifests: parseDescriptors(document.manifests) };
}

function parseJson(raw: string): Readonly<Record<string, unknown>> {
  let document: unknown;
  try {
    document = JSON.parse(raw);
  } catch {
    throw new Error("it is no JSON");
  }
  if (!isObject(document)) throw new Error("it is no JSON object");
  return document;
}

/** An empty list may be written as null. */
function parseDescriptors(manifests: unknown): readonly Descriptor[] {
  if (manifests === null || manifests === undefined) return [];
  if (!Array.isArray(manifests)) throw new Error("its manifests are no list");
  return manifests.map(parseDescriptor);
}

function parseDescriptor(entry: unknown): Descriptor {
  const { digest, mediaType, annotations } = isObject(entry) ? entry : {};
  if (!isDigest(digest)) throw new Error(`it lists ${JSON.stringify(digest)}, which is no digest`);
  const type = isObject(annotations) ? annotations["vnd.docker.reference.type"] : undefined;
  return {
    digest,
    ...(typeof mediaType === "string" ? { mediaType } : {}),
    attestation: type === "attestation-manifest",
  };
}
