export type Nodes = ReadonlySet<number>;

const NONE: Nodes = new Set();

/** Which nodes are linked to which. No node is linked to itself. */
export interface Relation {
  readonly add: (from: number, to: number) => void;
  readonly from: (node: number) => Nodes;
  readonly to: (node: number) => Nodes;
}

export function createRelation(): Relation {
  const forth = new Map<number, Set<number>>();
  const back = new Map<number, Set<number>>();
  return {
    add: (from, to) => {
      if (from === to) return;
      addTo(forth, from, to);
      addTo(back, to, from);
    },
    from: (node) => forth.get(node) ?? NONE,
    to: (node) => back.get(node) ?? NONE,
  };
}

/** Numbers that stand for digests. */
export interface Numbering {
  readonly nodeOf: (digest: string) => number | undefined;
  /** The node of a digest, with a new number where it has none. */
  readonly nodeFor: (digest: string) => number;
  readonly digestOf: (node: number) => string;
  /** The first node with the digest of this one. */
  readonly firstOf: (node: number) => number;
  readonly hasTwins: (first: number) => boolean;
  /** The nodes, and all others that have one of their digests. */
  readonly withTwins: (nodes: Nodes) => Nodes;
}

/** Numbers digests by their places in a list. Where one is there twice, both places are its nodes. */
export function numberDigests(list: readonly string[]): Numbering {
  const digests = [...list];
  const nodes = new Map<string, number>();
  const twins = new Map<number, Set<number>>();
  for (const [node, digest] of digests.entries()) {
    const first = nodes.get(digest);
    if (first === undefined) nodes.set(digest, node);
    else addTo(twins, first, node);
  }

  function nodeFor(digest: string): number {
    const node = nodes.get(digest) ?? digests.push(digest) - 1;
    nodes.set(digest, node);
    return node;
  }

  const digestOf = (node: number) => digests[node] ?? "";
  return {
    nodeOf: (digest) => nodes.get(digest),
    nodeFor,
    digestOf,
    firstOf: (node) => (twins.size === 0 ? node : (nodes.get(digestOf(node)) ?? node)),
    hasTwins: (first) => twins.has(first),
    withTwins: (found) => {
      if (twins.size === 0) return found;
      return new Set([...found].flatMap((node) => [node, ...(twins.get(node) ?? NONE)]));
    },
  };
}

function addTo(links: Map<number, Set<number>>, key: number, value: number): void {
  const nodes = links.get(key);
  if (nodes) nodes.add(value);
  else links.set(key, new Set([value]));
}
