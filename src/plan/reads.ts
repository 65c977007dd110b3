import type { BrokenImages } from "./broken";
import type { Entry } from "./entry";
import type { ImageGraph, Images } from "./image-graph";

/** What must be asked before the plan stands. Each need is a question of its own; one that is empty asks nothing. */
export interface Needs {
  /** Digests whose manifests are to be read. */
  readonly manifests: readonly string[];
  /** Digests that nothing known lists, newest first: to be read unless a manifest read before them lists them. */
  readonly unlisted: readonly string[];
  /** Digests to look for in the registry. */
  readonly exists: readonly string[];
  /** Ids of versions to ask GitHub for. */
  readonly versions: readonly number[];
}

export const NO_NEEDS: Needs = { manifests: [], unlisted: [], exists: [], versions: [] };

/**
 * The manifests that must be known before anything is deleted (spec/policy.md, "Known before it goes"): those of all
 * versions but what a known index lists as an image. What has a tag, or is listed as an index, comes first: it may tell
 * that others need not be read.
 *
 * @returns undefined where all is known
 */
export function unreadManifests(entries: readonly Entry[], graph: ImageGraph): Needs | undefined {
  const unread = entries.filter(({ node }) => !graph.isKnown(node));
  if (unread.length === 0) return undefined;
  const mayTell = ({ node, version }: Entry) => version.tags.length > 0 || graph.listers(node).size > 0;
  const first = unread.filter(mayTell);
  return first.length > 0
    ? { ...NO_NEEDS, manifests: digestsOf(first) }
    : { ...NO_NEEDS, unlisted: digestsOf(unread) };
}

/**
 * The digests that broken images lack and of which the registry was not asked whether it has them.
 *
 * @returns undefined where it was asked for all of them
 */
export function unseenDigests({ broken }: BrokenImages, images: Images): Needs | undefined {
  const missing = new Set([...broken.values()].flatMap((one) => one.missing));
  const exists = [...missing].filter((digest) => !images.exists.has(digest));
  return exists.length > 0 ? { ...NO_NEEDS, exists } : undefined;
}

function digestsOf(entries: readonly Entry[]): string[] {
  return [...new Set(entries.map(({ version }) => version.name))];
}
