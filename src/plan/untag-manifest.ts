import { digestOf } from "../model/digest";
import { OCI_INDEX } from "../model/media-type";

export const UNTAG_MEDIA_TYPE = OCI_INDEX;

/** Manifests with these serial numbers are known again as such. */
const KNOWN_SERIALS = 8;

/** A manifest that takes a tag away from an image: an index that lists nothing and is no other image's. */
export interface UntagManifest {
  readonly body: string;
  readonly digest: string;
}

/** The manifest for a tag of a repository (`owner/name`); another one for each serial number. */
export function untagManifest(repository: string, tag: string, serial: number): UntagManifest {
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: UNTAG_MEDIA_TYPE,
    manifests: [],
    annotations: { "package-retention.untag": `${repository.toLowerCase()}:${tag} ${serial}` },
  });
  return { body, digest: digestOf(body) };
}

/** The first manifest for a tag that is none of the versions that are there or were. */
export function unusedManifest(repository: string, tag: string, digests: ReadonlySet<string>): UntagManifest {
  for (let serial = 1; ; serial++) {
    const manifest = untagManifest(repository, tag, serial);
    if (!digests.has(manifest.digest)) return manifest;
  }
}

/** Whether a version is but the manifest that took its tag away from an image: nothing to bring back. */
export function isUntagManifest(
  repository: string,
  { name, tags }: { readonly name: string; readonly tags: readonly string[] },
): boolean {
  if (tags.length !== 1) return false;
  return tags.some((tag) =>
    Array.from({ length: KNOWN_SERIALS }, (_, index) => untagManifest(repository, tag, index + 1)).some(
      ({ digest }) => digest === name,
    ),
  );
}
