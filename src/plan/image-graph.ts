import { subjectOf } from "../model/bookkeeping";
import type { Descriptor, Manifest } from "../model/manifest";
import { isImageType } from "../model/media-type";
import type { PackageVersion } from "../model/package-version";
import { createRelation, type Nodes, numberDigests } from "./nodes";

/** What has been asked of the registry and of GitHub so far. What is not in a map has not been asked. */
export interface Images {
  /** By digest; `absent` is a definite 404. */
  readonly manifests: ReadonlyMap<string, Manifest | "absent">;
  /** Whether the registry has a digest that is not in the package's listing. */
  readonly exists: ReadonlyMap<string, boolean>;
  /** By id: whether GitHub has a version that it lists. */
  readonly versions: ReadonlyMap<number, boolean>;
}

export const NO_IMAGES: Images = { manifests: new Map(), exists: new Map(), versions: new Map() };

/**
 * What belongs to what in a container package (spec/policy.md, "Verdicts" 5).
 *
 * Nodes are numbers: a version's place in the given list, and numbers beyond it for digests that something names but
 * that are not in the package (their signatures may be).
 */
export interface ImageGraph {
  readonly nodeOf: (digest: string) => number | undefined;
  readonly digestOf: (node: number) => string;
  /** Digests that the node's manifest lists. */
  readonly listed: (node: number) => Nodes;
  /** Listed digests, and those whose bookkeeping tag or manifest makes the node their subject. */
  readonly parts: (node: number) => Nodes;
  /** The nodes whose manifests list this one. */
  readonly listers: (node: number) => Nodes;
  /** The subjects of the node: what its bookkeeping tags and its manifest name. */
  readonly subjects: (node: number) => Nodes;
  /** The nodes that this one is a part of. */
  readonly wholes: (node: number) => Nodes;
  /** True when the node's manifest was read, or an index that was read lists it as an image. */
  readonly isKnown: (node: number) => boolean;
  /** The entries of the node's manifest, where it was read and is an index. */
  readonly entries: (node: number) => readonly Descriptor[];
}

/** A graph that grows by what is learned. */
export interface GrowingGraph extends ImageGraph {
  /** Takes in the manifest of a version; that of any other digest says nothing. */
  readonly learn: (digest: string, manifest: Manifest | "absent") => void;
  /** Takes in that one digest lists another, by hearsay. */
  readonly list: (whole: string, part: string) => void;
  /** Takes in that one digest refers to another. */
  readonly attach: (subject: string, referrer: string) => void;
}

/** The graph of all that is known of the versions. */
export function buildGraph(versions: readonly PackageVersion[], { manifests }: Images): ImageGraph {
  const graph = createGraph(versions);
  for (const [digest, manifest] of manifests) graph.learn(digest, manifest);
  return graph;
}

/**
 * The graph of what the bookkeeping tags say. Self-references are dropped; cycles are kept, as hostile data has them. Where a
 * listing has a digest twice, both versions are the one image: each is a part of the other, and has all links of both.
 */
export function createGraph(versions: readonly PackageVersion[]): GrowingGraph {
  const { nodeOf, nodeFor, digestOf, firstOf, withTwins, hasTwins } = numberDigests(
    versions.map(({ name }) => name),
  );
  const lists = createRelation();
  const refers = createRelation();
  const entries = new Map<number, readonly Descriptor[]>();
  const saidImages = new Set<number>();
  const saidOthers = new Set<number>();
  const withTags = new Set<number>();

  function list(whole: string, part: string): void {
    lists.add(nodeFor(whole), nodeFor(part));
  }

  function attach(subject: string, referrer: string): void {
    refers.add(nodeFor(subject), nodeFor(referrer));
  }

  function learnTags({ name, tags }: PackageVersion): void {
    if (tags.length > 0) withTags.add(nodeFor(name));
    for (const tag of tags) {
      const subject = subjectOf(tag);
      if (subject !== undefined) attach(subject, name);
    }
  }

  function learn(digest: string, manifest: Manifest | "absent"): void {
    const node = nodeOf(digest);
    if (node === undefined || node >= versions.length) return;
    const listed = manifest !== "absent" && manifest.kind === "index" ? manifest.manifests : NO_ENTRIES;
    entries.set(node, listed);
    for (const entry of listed) {
      list(digest, entry.digest);
      (isSaidPart(entry) ? saidImages : saidOthers).add(nodeFor(entry.digest));
    }
    if (manifest !== "absent" && manifest.subject !== undefined) attach(manifest.subject, digest);
  }

  /** What can be pulled by its own tag is what its own manifest says, and so is what two indexes disagree about. */
  function isSaidImage(node: number): boolean {
    return saidImages.has(node) && !saidOthers.has(node) && !withTags.has(node);
  }

  /** Both versions of a digest that is listed twice are kept or deleted together. */
  function parts(node: number): Nodes {
    const first = firstOf(node);
    const found = joined(lists.from(first), refers.from(first));
    return hasTwins(first) ? withTwins(new Set([...found, first])) : withTwins(found);
  }

  for (const version of versions) learnTags(version);
  return {
    learn,
    list,
    attach,
    nodeOf,
    digestOf,
    parts,
    listed: (node) => withTwins(lists.from(firstOf(node))),
    listers: (node) => withTwins(lists.to(firstOf(node))),
    subjects: (node) => withTwins(refers.to(firstOf(node))),
    wholes: (node) => withTwins(joined(lists.to(firstOf(node)), refers.to(firstOf(node)))),
    isKnown: (node) => node >= versions.length || entries.has(firstOf(node)) || isSaidImage(firstOf(node)),
    entries: (node) => entries.get(firstOf(node)) ?? NO_ENTRIES,
  };
}

const NO_ENTRIES: readonly Descriptor[] = [];

/**
 * Whether an index says of an entry that it is a platform or an attestation, whose manifest nobody has to read
 * (spec/policy.md, "Known before it goes"). An index of referrers lists images as well, each of which has a subject.
 */
export function isSaidPart({ mediaType, mayRefer }: Descriptor): boolean {
  return isImageType(mediaType) && !mayRefer;
}

function joined(a: Nodes, b: Nodes): Nodes {
  if (a.size === 0) return b;
  return b.size === 0 ? a : new Set([...a, ...b]);
}

/**
 * Everything that the given nodes reach through `next`, without themselves unless something leads back to them.
 * Cycles end.
 */
export function reach(from: Iterable<number>, next: (node: number) => Iterable<number>): Set<number> {
  const found = new Set<number>();
  const open = [...from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const other of next(node)) {
      if (found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return found;
}
