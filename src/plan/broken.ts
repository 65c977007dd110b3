import type { Reason } from "../model/reason";
import type { Policy } from "../policy/policy";
import type { Entry } from "./entry";
import type { ImageGraph, Images } from "./image-graph";

/** A broken image: why it is deleted, and the digests that the registry must answer 404 for first. */
export interface Broken {
  readonly reason: Reason;
  readonly missing: readonly string[];
}

export interface BrokenImages {
  /** By node. */
  readonly broken: ReadonlyMap<number, Broken>;
  /** Nodes of images that looked broken, but the registry has a missing digest after all. */
  readonly presentAfterAll: readonly number[];
}

/**
 * The images whose manifest lists platform manifests that are missing from the package: all of them (`ghost`) or any
 * (`partial`) (spec/policy.md, `delete-broken`). A nested index that is such a one counts as missing; an index that
 * lists nothing is not broken; attestation entries are no platform manifests; within grace an image counts as whole.
 */
export function findBroken(
  policy: Policy,
  entries: readonly Entry[],
  graph: ImageGraph,
  images: Images,
  isYoung: (entry: Entry) => boolean,
): BrokenImages {
  const broken = new Map<number, Broken>();
  const presentAfterAll: number[] = [];
  const missingOf = new Map<number, readonly string[]>();
  if (policy.deleteBroken === "never") return { broken, presentAfterAll };

  for (const entry of entries) {
    if (isYoung(entry)) continue;
    const platforms = platformsOf(entry.node, graph);
    const missing = platforms.map(missingBelow);
    const count = missing.filter((digests) => digests.length > 0).length;
    if (!isBroken(policy, count, platforms.length)) continue;
    const digests = [...new Set(missing.flat())];
    if (digests.some((digest) => images.exists.get(digest))) presentAfterAll.push(entry.node);
    else
      broken.set(entry.node, {
        reason: { rule: "broken", missing: count, platforms: platforms.length },
        missing: digests,
      });
  }
  return { broken, presentAfterAll };

  /** The digests for which a listed one counts as missing: itself, or those of a nested index that is broken. */
  function missingBelow(digest: string): readonly string[] {
    const node = graph.nodeOf(digest);
    if (node === undefined || node >= entries.length) return [digest];
    const known = missingOf.get(node);
    if (known) return known;
    missingOf.set(node, []); // Ends cycles: what leads back to itself is not missing.
    const entry = entries[node];
    if (entry && isYoung(entry)) return [];
    const missing = platformsOf(node, graph).map(missingBelow);
    const count = missing.filter((digests) => digests.length > 0).length;
    const digests = isBroken(policy, count, missing.length) ? missing.flat() : [];
    missingOf.set(node, digests);
    return digests;
  }
}

function isBroken({ deleteBroken }: Policy, missing: number, platforms: number): boolean {
  return missing > 0 && (deleteBroken === "partial" || missing === platforms);
}

/** The digests that an index lists as platforms: attestations are none. */
export function platformsOf(node: number, graph: ImageGraph): string[] {
  return graph
    .entries(node)
    .filter(({ attestation }) => !attestation)
    .map(({ digest }) => digest);
}
