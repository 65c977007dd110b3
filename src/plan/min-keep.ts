import type { Entry } from "./entry";

/** What `min-keep` needs to know of the steps before it. */
export interface KeptSoFar {
  /** Those that take a place. */
  readonly entries: readonly Entry[];
  readonly isKept: (node: number) => boolean;
  readonly isBroken: (node: number) => boolean;
  /** Untagged, part of no other version, without a bookkeeping tag. */
  readonly isUntaggedRoot: (entry: Entry) => boolean;
}

/**
 * The nodes that `min-keep` adds to those kept so far (spec/policy.md, "Verdicts" 4): tagged ones first, then
 * untagged roots; of each the whole images first, and the newest first. Untagged versions that are kept so far count
 * only where all tagged ones are kept.
 */
export function minKeepNodes(
  minKeep: number,
  { entries, isKept, isBroken, isUntaggedRoot }: KeptSoFar,
): number[] {
  const tagged = entries.filter(({ isTagged }) => isTagged);
  const keptTagged = tagged.filter(({ node }) => isKept(node)).length;
  const missing = Math.max(0, minKeep - keptTagged);
  if (missing === 0) return [];
  const added = wholeFirst(tagged, isKept, isBroken).slice(0, missing);
  if (keptTagged + added.length < tagged.length) return added;

  const untagged = entries.filter(({ isTagged }) => !isTagged);
  const keptUntagged = untagged.filter(({ node }) => isKept(node)).length;
  const stillMissing = Math.max(0, missing - added.length - keptUntagged);
  const roots = untagged.filter(isUntaggedRoot);
  return [...added, ...wholeFirst(roots, isKept, isBroken).slice(0, stillMissing)];
}

function wholeFirst(
  entries: readonly Entry[],
  isKept: (node: number) => boolean,
  isBroken: (node: number) => boolean,
): number[] {
  const open = entries.map(({ node }) => node).filter((node) => !isKept(node));
  return [...open.filter((node) => !isBroken(node)), ...open.filter(isBroken)];
}
