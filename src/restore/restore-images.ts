import type { SavedPackage } from "../inputs/saved-report";
import { subjectOf } from "../model/bookkeeping";
import type { Manifest } from "../model/manifest";
import type { PackageVersion } from "../model/package-version";
import { COSIGN_SUFFIX, IMAGE_MEDIA_TYPES } from "../plan/image-graph";

/** What belongs to what among the versions of a container package, by digest; it grows as manifests are read. */
export interface RestoreImages {
  /** What belongs to a digest directly, as far as it is known. */
  readonly parts: (digest: string) => ReadonlySet<string>;
  /** All that belongs to it, to any depth; without itself. */
  readonly partsOf: (digest: string) => Set<string>;
  /** Whether a part is needed to pull the whole; signatures and other referrers are not. */
  readonly needs: (whole: string, part: string) => boolean;
  /** Whether all that it lists is known. */
  readonly isKnown: (digest: string) => boolean;
  readonly learn: (digest: string, manifest: Manifest | "absent") => void;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * @param versions active and deleted ones: their bookkeeping tags say what is attached to what
 * @param saved what earlier reports say of the package: its versions, and their `parts`
 */
export function createRestoreImages(
  versions: readonly PackageVersion[],
  saved: readonly SavedPackage[],
): RestoreImages {
  const reported = saved.flatMap((pkg) => pkg.versions);
  const links = new Map<string, Set<string>>();
  const known = new Set<string>();
  const referrers = new Set<string>();

  for (const { name, tags } of [...versions, ...reported]) {
    for (const tag of tags) {
      const subject = subjectOf(tag);
      if (subject === undefined) continue;
      link(subject, name);
      referrers.add(name);
      if (COSIGN_SUFFIX.test(tag)) known.add(name);
    }
  }
  for (const { name, parts = [] } of reported) for (const part of parts) link(name, part);

  function link(whole: string, part: string): void {
    if (whole === part) return;
    const parts = links.get(whole);
    if (parts) parts.add(part);
    else links.set(whole, new Set([part]));
  }

  const parts = (digest: string) => links.get(digest) ?? NONE;
  return {
    parts,
    partsOf: (digest) => reach(digest, parts),
    needs: (whole, part) => parts(whole).has(part) && !referrers.has(part),
    isKnown: (digest) => known.has(digest),
    learn: (digest, manifest) => {
      known.add(digest);
      if (manifest === "absent" || manifest.kind === "image") return;
      for (const entry of manifest.manifests) {
        link(digest, entry.digest);
        if (entry.mediaType !== undefined && IMAGE_MEDIA_TYPES.has(entry.mediaType)) known.add(entry.digest);
      }
    },
  };
}

function reach(from: string, next: (digest: string) => Iterable<string>): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
    for (const other of next(digest)) {
      if (found.has(other) || other === from) continue;
      found.add(other);
      open.push(other);
    }
  }
  return found;
}
