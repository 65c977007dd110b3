/** One entry of an index's `manifests[]` (OCI image index, Docker manifest list). */
export interface Descriptor {
  readonly digest: string;
  readonly mediaType?: string;
  /** Buildx provenance and SBOM entries: no platform manifests (annotation `vnd.docker.reference.type`). */
  readonly attestation: boolean;
}

/** A manifest as far as retention cares: an index and what it lists, or anything else (an image, an artifact). */
export type Manifest =
  | { readonly kind: "index"; readonly manifests: readonly Descriptor[] }
  | { readonly kind: "image" };
