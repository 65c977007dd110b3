import { createHash } from "node:crypto";
import type { VersionData } from "./data";

export const MEDIA_TYPES = {
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
} as const;

/** A manifest as the registry stores it; `body` is the very text whose SHA-256 is the digest. */
export interface Image {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: string;
  /** Which platform an index lists it with: `linux/amd64`, `linux/arm/v7`. */
  readonly platform?: string;
  /** Annotations of its entry in an index. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

/** What a version has apart from its manifest. */
export type VersionDetails = Omit<VersionData, "name" | "manifest">;

const EMPTY = { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf("{}"), size: 2 };

/** `sha256:` and the hash of a text. */
export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** An image of one layer; the same seed and platform give the same digest. */
export function imageManifest(seed: string, platform?: string): Image {
  const name = platform ? `${seed} ${platform}` : seed;
  const image = store(MEDIA_TYPES.ociManifest, {
    config: blob("application/vnd.oci.image.config.v1+json", `config of ${name}`),
    layers: [blob("application/vnd.oci.image.layer.v1.tar+gzip", `layer of ${name}`)],
  });
  return platform ? { ...image, platform } : image;
}

/** An OCI index (or, with `docker`, a manifest list) of images, nested indexes and attestations, in that order. */
export function indexOf(
  children: readonly Image[],
  options: { readonly docker?: boolean; readonly annotations?: Readonly<Record<string, string>> } = {},
): Image {
  return store(options.docker ? MEDIA_TYPES.dockerList : MEDIA_TYPES.ociIndex, {
    manifests: children.map(descriptorOf),
    ...(options.annotations && { annotations: options.annotations }),
  });
}

/** The provenance that buildx puts next to an image of an index: platform unknown/unknown. */
export function attestationOf(image: Image): Image {
  const manifest = store(MEDIA_TYPES.ociManifest, {
    config: blob("application/vnd.oci.image.config.v1+json", `attestation config of ${image.digest}`),
    layers: [blob("application/vnd.in-toto+json", `provenance of ${image.digest}`)],
  });
  const annotations = {
    "vnd.docker.reference.digest": image.digest,
    "vnd.docker.reference.type": "attestation-manifest",
  };
  return { ...manifest, platform: "unknown/unknown", annotations };
}

/** A cosign signature (`sig`), attestation (`att`) or SBOM (`sbom`) of an image, to be tagged `cosignTag(image, kind)`. */
export function cosignManifest(image: Image, kind: "sig" | "att" | "sbom" = "sig"): Image {
  return store(MEDIA_TYPES.ociManifest, {
    config: blob("application/vnd.oci.image.config.v1+json", `${kind} config of ${image.digest}`),
    layers: [blob("application/vnd.dev.cosign.simplesigning.v1+json", `${kind} of ${image.digest}`)],
  });
}

/** `sha256-<hex>.sig` */
export function cosignTag(image: Image, kind: "sig" | "att" | "sbom" = "sig"): string {
  return `${fallbackTag(image)}.${kind}`;
}

/** An OCI artifact that names an image as its subject. */
export function referrerOf(image: Image, artifactType: string): Image {
  const subject = { mediaType: image.mediaType, digest: image.digest, size: Buffer.byteLength(image.body) };
  const layers = [blob(artifactType, `${artifactType} of ${image.digest}`)];
  return {
    ...store(MEDIA_TYPES.ociManifest, { artifactType, config: EMPTY, layers, subject }),
    artifactType,
  };
}

/** The OCI referrers fallback: an index of an image's referrers, to be tagged `fallbackTag(image)`. */
export function referrersIndex(referrers: readonly Image[]): Image {
  return indexOf(referrers);
}

/** `sha256-<hex>` */
export function fallbackTag(image: Image): string {
  return image.digest.replace(":", "-");
}

/** A version of the data file that carries a manifest. */
export function versionOf(image: Image, details: VersionDetails): VersionData {
  return { ...details, name: image.digest, manifest: image.body };
}

/**
 * What `docker buildx build --platform …` pushes: untagged platform images (and their attestations, unless switched off)
 * and then the tagged index, all created at the same time.
 */
export function multiArch(
  seed: string,
  details: VersionDetails,
  options: { readonly platforms?: readonly string[]; readonly attestations?: boolean } = {},
): { index: Image; images: Image[]; attestations: Image[]; versions: VersionData[] } {
  const images = (options.platforms ?? ["linux/amd64", "linux/arm64"]).map((name) =>
    imageManifest(seed, name),
  );
  const attestations = options.attestations === false ? [] : images.map(attestationOf);
  const index = indexOf([...images, ...attestations]);
  const { tags: _tags, id: _id, ...untagged } = details;
  const parts = [...images, ...attestations].map((image) => versionOf(image, untagged));
  return { index, images, attestations, versions: [...parts, versionOf(index, details)] };
}

function store(mediaType: string, content: object): Image {
  const body = JSON.stringify({ schemaVersion: 2, mediaType, ...content });
  return { digest: digestOf(body), mediaType, body };
}

function descriptorOf(image: Image): object {
  return {
    mediaType: image.mediaType,
    digest: image.digest,
    size: Buffer.byteLength(image.body),
    ...(image.artifactType && { artifactType: image.artifactType }),
    ...(image.platform && { platform: platformOf(image.platform) }),
    ...(image.annotations && { annotations: image.annotations }),
  };
}

function platformOf(text: string): object {
  const [os, architecture, variant] = text.split("/");
  return { architecture, os, ...(variant && { variant }) };
}

function blob(mediaType: string, content: string): object {
  return { mediaType, digest: digestOf(content), size: Buffer.byteLength(content) };
}
