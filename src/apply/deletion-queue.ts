import { type ImageGraph, reach } from "../plan/image-graph";
import { waitingOrder } from "./waiting-order";

/** One version that the plan deletes. Its place in the plan is its node in the image graph. */
export interface Doomed {
  readonly node: number;
  readonly id: number;
  /** The registry has no manifest of it: GitHub may have deleted it long ago, which tells nothing of the right to delete. */
  readonly isGhost?: boolean;
}

/**
 * Hands out deletions so that an image is deleted before its parts (spec/action.md, "At every instant each image still
 * listed is whole"). All parts are known, so chains that share no version are deleted side by side.
 */
export interface DeletionQueue {
  /** A version whose deletion may start now; undefined while all that is left waits for deletions under way. */
  next(): Doomed | undefined;
  /** The deletion did not start after all: it is handed out again. False where an image that it belongs to is kept now. */
  putBack(version: Doomed): boolean;
  /** The version is deleted: its parts may follow. */
  confirm(node: number): void;
  /** The version is kept, and so are all its parts: answers those of them that were not yet handed out, itself aside. */
  hold(node: number): readonly Doomed[];
  /** Whether the version was neither handed out nor held. */
  isPending(node: number): boolean;
  /** How many versions were neither handed out nor held. */
  readonly left: number;
}

type State = "pending" | "started" | "confirmed" | "held";

/**
 * The versions come by descending id, what may be a ghost last, and the parts of a version right behind it: where a run
 * has to stop, few images are deleted whose parts are still listed.
 */
export function createDeletionQueue(versions: readonly Doomed[], graph: ImageGraph): DeletionQueue {
  const doomed = new Map(versions.map((version) => [version.node, version]));
  const state = new Map(versions.map(({ node }): [number, State] => [node, "pending"]));
  const order = waitingOrder(doomed.keys(), graph);
  const ready: Doomed[] = [];
  /** Parts of images that are kept. */
  const needed = new Set<number>();
  let left = versions.length;

  function release(nodes: Iterable<number>): void {
    const open = [...nodes];
    const freed: Doomed[] = [];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const version = doomed.get(node);
      if (version) freed.push(version);
      // What the plan does not delete, such as a digest that is nowhere, keeps nothing waiting.
      else open.push(...order.release(node));
    }
    for (const version of freed.sort(comesLater)) ready.push(version);
  }

  function settle(node: number, to: State): void {
    left += Number(to === "pending") - Number(isPending(node));
    state.set(node, to);
  }

  function isPending(node: number): boolean {
    return state.get(node) === "pending";
  }

  release(order.free);
  return {
    next() {
      for (let version = ready.pop(); version; version = ready.pop()) {
        if (!isPending(version.node)) continue;
        settle(version.node, "started");
        return version;
      }
      return undefined;
    },
    putBack(version) {
      const isNeeded = needed.has(version.node);
      settle(version.node, isNeeded ? "held" : "pending");
      if (!isNeeded) ready.push(version);
      return !isNeeded;
    },
    confirm(node) {
      settle(node, "confirmed");
      release(order.release(node));
    },
    hold(node) {
      settle(node, "held");
      const parts = reach([node], graph.parts);
      const held = [...parts].flatMap((part) => (isPending(part) ? (doomed.get(part) ?? []) : []));
      for (const part of parts) needed.add(part);
      for (const part of held) settle(part.node, "held");
      return held;
    },
    isPending,
    get left() {
      return left;
    },
  };
}

/** Sorts what comes first to the end, from where it is taken. */
function comesLater(a: Doomed, b: Doomed): number {
  return Number(b.isGhost ?? false) - Number(a.isGhost ?? false) || a.id - b.id;
}
