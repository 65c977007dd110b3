import { subjectOf } from "../model/bookkeeping";
import type { Descriptor, Manifest } from "../model/manifest";
import type { PackageVersion } from "../model/package-version";

/** What the registry has told so far. What is not in a map has not been asked. */
export interface Images {
  /** By digest; `absent` is a definite 404. */
  readonly manifests: ReadonlyMap<string, Manifest | "absent">;
  /** By subject: the digests that the referrers API names; `unsupported` after its 404. */
  readonly referrers: ReadonlyMap<string, readonly string[]> | "unsupported";
  /** Whether the registry has a digest that is not in the package's listing. */
  readonly exists: ReadonlyMap<string, boolean>;
}

export const NO_IMAGES: Images = { manifests: new Map(), referrers: new Map(), exists: new Map() };

/**
 * What belongs to what in a container package (spec/policy.md, "Verdicts" 5).
 *
 * Nodes are numbers: a version's place in the given list, and numbers beyond it for digests that a manifest lists
 * but that are not in the package (their signatures may be).
 */
export interface ImageGraph {
  readonly nodeOf: (digest: string) => number | undefined;
  readonly digestOf: (node: number) => string;
  /** Digests that the node's manifest lists. */
  readonly listed: (node: number) => Nodes;
  /** Listed digests and those whose bookkeeping tag, or the referrers API, makes the node their subject. */
  readonly parts: (node: number) => Nodes;
  /** The nodes whose manifests list this one. */
  readonly listers: (node: number) => Nodes;
  /** The nodes that this one is a part of. */
  readonly wholes: (node: number) => Nodes;
  /** True when the node's manifest was read, or something says that it is no index. */
  readonly isKnown: (node: number) => boolean;
  /** The entries of the node's manifest, where it was read and is an index. */
  readonly entries: (node: number) => readonly Descriptor[];
}

export type Nodes = ReadonlySet<number>;
type Links = Map<number, Set<number>>;

const NONE: Nodes = new Set();

/** Media types that are no index: an index that lists an entry as such need not have the entry read. */
export const IMAGE_MEDIA_TYPES = new Set([
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v1+prettyjws",
]);

/** cosign's own tags carry image manifests, never an index; the bare fallback tag is one. */
export const COSIGN_SUFFIX = /\.(sig|att|sbom)$/;

/**
 * Builds the graph of what is known so far. Self-references are dropped; cycles stay, as hostile data has them. Where a
 * listing has a digest twice, both versions are the one image: each is a part of the other, and has all links of both.
 */
export function buildGraph(versions: readonly PackageVersion[], images: Images): ImageGraph {
  const digests = versions.map(({ name }) => name);
  const nodes = new Map<string, number>();
  const twins: Links = new Map();
  for (const [node, digest] of digests.entries()) {
    const first = nodes.get(digest);
    if (first === undefined) nodes.set(digest, node);
    else add(twins, first, node);
  }
  const listed: Links = new Map();
  const listers: Links = new Map();
  const attached: Links = new Map();
  const subjects: Links = new Map();
  const entries = new Map<number, readonly Descriptor[]>();
  const known = new Set<number>();
  const saidImages = new Set<number>();
  const saidOthers = new Set<number>();
  const withTags = new Set<number>();

  function nodeFor(digest: string): number {
    const node = nodes.get(digest) ?? digests.push(digest) - 1;
    nodes.set(digest, node);
    return node;
  }

  function list(whole: number, { manifests }: Manifest & { kind: "index" }): void {
    entries.set(whole, manifests);
    for (const { digest, mediaType } of manifests) {
      const part = nodeFor(digest);
      link(listed, listers, whole, part);
      (mediaType !== undefined && IMAGE_MEDIA_TYPES.has(mediaType) ? saidImages : saidOthers).add(part);
    }
  }

  for (const [digest, manifest] of images.manifests) {
    const node = nodes.get(digest);
    if (node === undefined) continue;
    known.add(node);
    if (manifest !== "absent" && manifest.kind === "index") list(node, manifest);
  }
  for (const { name, tags } of versions) {
    const node = nodeFor(name);
    for (const tag of tags) {
      const subject = subjectOf(tag);
      if (subject === undefined) continue;
      link(attached, subjects, nodeFor(subject), node);
    }
    if (tags.length > 0) withTags.add(node);
    // One that carries any other tag may be an index all the same.
    if (tags.length > 0 && tags.every(isCosignTag)) known.add(node);
  }
  // What can be pulled by its own tag is what its own manifest says, and so is what two indexes disagree about.
  for (const part of saidImages) if (!saidOthers.has(part) && !withTags.has(part)) known.add(part);
  if (images.referrers !== "unsupported") {
    for (const [subject, referrers] of images.referrers)
      for (const digest of referrers) link(attached, subjects, nodeFor(subject), nodeFor(digest));
  }

  /** The node that has the links of all versions of a digest. */
  function firstOf(node: number): number {
    return twins.size === 0 ? node : nodeFor(digests[node] ?? "");
  }

  function withTwins(found: Nodes): Nodes {
    if (twins.size === 0) return found;
    return new Set([...found].flatMap((node) => [node, ...(twins.get(node) ?? NONE)]));
  }

  /** Both versions of a digest that is listed twice stay or go together. */
  function partsOf(node: number): Nodes {
    const first = firstOf(node);
    const parts = joined(listed.get(first), attached.get(first));
    return twins.has(first) ? withTwins(new Set([...parts, first])) : withTwins(parts);
  }

  return {
    nodeOf: (digest) => nodes.get(digest),
    digestOf: (node) => digests[node] ?? "",
    listed: (node) => withTwins(listed.get(firstOf(node)) ?? NONE),
    parts: partsOf,
    listers: (node) => withTwins(listers.get(firstOf(node)) ?? NONE),
    wholes: (node) => withTwins(joined(listers.get(firstOf(node)), subjects.get(firstOf(node)))),
    isKnown: (node) => node >= versions.length || known.has(firstOf(node)),
    entries: (node) => entries.get(firstOf(node)) ?? [],
  };
}

function isCosignTag(tag: string): boolean {
  return subjectOf(tag) !== undefined && COSIGN_SUFFIX.test(tag);
}

function link(forth: Links, back: Links, from: number, to: number): void {
  if (from === to) return;
  add(forth, from, to);
  add(back, to, from);
}

function add(links: Links, key: number, value: number): void {
  const nodes = links.get(key);
  if (nodes) nodes.add(value);
  else links.set(key, new Set([value]));
}

function joined(a: Nodes | undefined, b: Nodes | undefined): Nodes {
  return a && b ? new Set([...a, ...b]) : (a ?? b ?? NONE);
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
