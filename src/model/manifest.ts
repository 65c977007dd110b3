/** One entry of an index's `manifests[]` (OCI image index, Docker manifest list). */
export interface Descriptor {
  readonly digest: string;
  readonly mediaType?: string;
  /** Buildx provenance and SBOM entries: no platform manifests (annotation `vnd.docker.reference.type`). */
  readonly attestation: boolean;
  /** It names no platform: it may be a referrer, and only its own manifest tells of what. */
  readonly mayRefer?: true;
}

/** A manifest as far as retention cares: an index and what it lists, or anything else (an image, an artifact). */
export type Manifest = Index | Image;

interface Index extends Referring {
  readonly kind: "index";
  readonly manifests: readonly Descriptor[];
}

interface Image extends Referring {
  readonly kind: "image";
}

/** A layer, a config, or another part of an image that the registry stores by itself. */
export interface Blob {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** By this annotation a manifest is known again that only takes a tag away from an image. */
export const UNTAG_ANNOTATION = "package-retention.untag";

interface Referring {
  /** The digest that the manifest refers to: it is a signature, a bill of materials or the like of that. */
  readonly subject?: string;
  /** Of a manifest that only takes a tag away from an image: which tag of which repository. */
  readonly untag?: string;
}
