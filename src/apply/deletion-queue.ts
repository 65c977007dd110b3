import { type ImageGraph, reach } from "../plan/image-graph";

/** One version that the plan deletes. Its place in the plan is its node in the image graph. */
export interface Doomed {
  readonly node: number;
  readonly id: number;
}

/**
 * Hands out deletions so that wholes go before their parts (spec/action.md, "At every instant each image still listed
 * is whole"): by what the graph knows, and where a manifest was not read by descending id, since an index always
 * comes after what it lists.
 */
export interface DeletionQueue {
  /** A version whose deletion may start now; undefined when all that is left waits for a confirmation, or none is. */
  next(): Doomed | undefined;
  /** The version is gone: its parts may follow. */
  confirm(node: number): void;
  /** The version stays; it is not handed out (again). */
  hold(node: number): void;
  /** The graph has become richer. */
  learn(graph: ImageGraph): void;
  /** What was neither handed out nor held. */
  pending(): readonly Doomed[];
}

/** How many places of the queue are looked at for one that can start, before all of it is. */
const WINDOW = 64;

export function createDeletionQueue(versions: readonly Doomed[], graph: ImageGraph): DeletionQueue {
  const state = new Map(versions.map(({ node }): [number, State] => [node, "pending"]));
  const queue = wholesFirst(versions, graph);
  const byId = versions.toSorted((a, b) => b.id - a.id);
  let current = graph;
  let head = 0;
  let firstOpen = 0;
  let started = 0;

  /** Versions below this id may be parts of one that was not read and is not confirmed yet. */
  function lowestSafeId(): number {
    for (; firstOpen < byId.length; firstOpen++) {
      const version = byId[firstOpen];
      if (version && isOpaque(version)) return version.id;
    }
    return Number.NEGATIVE_INFINITY;
  }

  function isOpaque({ node }: Doomed): boolean {
    return !current.isKnown(node) && isUnsettled(node);
  }

  function isUnsettled(node: number): boolean {
    const now = state.get(node);
    return now === "pending" || now === "started";
  }

  function isReady({ node, id }: Doomed): boolean {
    return state.get(node) === "pending" && id >= lowestSafeId() && wholesOf(node).every(isConfirmed);
  }

  function isConfirmed(node: number): boolean {
    return state.get(node) === "confirmed";
  }

  /** The doomed versions that a node is a part of, at any depth. */
  function wholesOf(node: number): number[] {
    return [...reach([node], current.wholes)].filter((whole) => whole !== node && state.has(whole));
  }

  /** In a ring of tags (hostile data) nothing is ready: what nothing left can list goes first. */
  function breakRing(): Doomed | undefined {
    const left = queue.slice(head).filter(({ node }) => state.get(node) === "pending");
    const free = left.filter(({ node }) => wholesOf(node).every((whole) => state.get(whole) !== "held"));
    return free.find(({ node, id }) => id >= lowestSafeId() && !isListed(node)) ?? free[0];
  }

  function isListed(node: number): boolean {
    return [...current.listers(node)].some(isUnsettled);
  }

  function start(version: Doomed): Doomed {
    started++;
    state.set(version.node, "started");
    return version;
  }

  function settle(node: number, to: "confirmed" | "held"): void {
    if (state.get(node) === "started") started--;
    state.set(node, to);
  }

  return {
    next() {
      while (head < queue.length && state.get(queue[head]?.node ?? -1) !== "pending") head++;
      const near = queue.slice(head, head + WINDOW).find(isReady) ?? queue.slice(head).find(isReady);
      const version = near ?? (started === 0 ? breakRing() : undefined);
      return version && start(version);
    },
    confirm: (node) => settle(node, "confirmed"),
    hold: (node) => settle(node, "held"),
    learn: (graph) => {
      current = graph;
    },
    pending: () => queue.filter(({ node }) => state.get(node) === "pending"),
  };
}

type State = "pending" | "started" | "confirmed" | "held";

/**
 * By descending id, but each version after all that it is a part of, and its own parts right behind it: where a run has
 * to stop, few images are gone whose parts are still there.
 */
function wholesFirst(versions: readonly Doomed[], graph: ImageGraph): Doomed[] {
  const doomed = new Map(versions.map((version) => [version.node, version]));
  const placed = new Set<number>();
  const queued = new Set<number>();
  const queue: Doomed[] = [];

  function place(version: Doomed): void {
    if (placed.has(version.node)) return;
    placed.add(version.node);
    const wholes = [...reach([version.node], graph.wholes)].flatMap((node) => doomed.get(node) ?? []);
    for (const whole of wholes.sort((a, b) => b.id - a.id)) place(whole);
    queue.push(version);
    queued.add(version.node);
    const parts = [...graph.parts(version.node)].flatMap((node) => doomed.get(node) ?? []);
    for (const part of parts.sort((a, b) => b.id - a.id)) if (comesNext(part)) place(part);
  }

  function comesNext({ node }: Doomed): boolean {
    return [...reach([node], graph.wholes)].every((whole) => !doomed.has(whole) || queued.has(whole));
  }

  for (const version of versions.toSorted((a, b) => b.id - a.id)) place(version);
  return queue;
}
