export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
export const DOCKER_IMAGE = "application/vnd.docker.distribution.manifest.v2+json";
/** Images and artifacts as nobody pushes them any more; packages still have some. */
export const OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";
export const DOCKER_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+json";
export const DOCKER_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws";

const INDEXES: readonly unknown[] = [OCI_INDEX, DOCKER_LIST];
const IMAGES: readonly unknown[] = [OCI_IMAGE, DOCKER_IMAGE, OCI_ARTIFACT, DOCKER_SCHEMA_1, DOCKER_SIGNED];

/** Whether a manifest of this media type lists manifests. */
export function isIndexType(mediaType: unknown): boolean {
  return INDEXES.includes(mediaType);
}

/** Whether a manifest of this media type lists none: what an index lists as such need not be read. */
export function isImageType(mediaType: unknown): boolean {
  return IMAGES.includes(mediaType);
}
