import { type ImageGraph, reach } from "../plan/image-graph";
import { findRings } from "./rings";

export interface WaitingOrder {
  /** What waits for nothing. */
  readonly free: readonly number[];
  /** The node is out of the way: answers what waited for nothing else. */
  release(node: number): number[];
}

/**
 * What waits for what, among the given nodes and all that belongs to them. A ring (tags can lie, and a digest may be
 * listed twice) waits as one, by a negative node of its own; within it only what a manifest lists waits for it.
 */
export function waitingOrder(from: Iterable<number>, graph: ImageGraph): WaitingOrder {
  const nodes = new Set(from);
  for (const node of reach(nodes, graph.parts)) nodes.add(node);
  const rings = findRings(nodes, graph.parts);
  const members = new Map<number, number[]>();
  for (const ring of rings.values()) members.set(-ring, []);
  for (const [node, ring] of rings) members.get(-ring)?.push(node);
  const all = [...nodes, ...members.keys()];
  const waits = new Map<number, number>();

  function followers(node: number): readonly number[] {
    if (node < 0) return members.get(node) ?? [];
    const ring = rings.get(node);
    const followers: number[] = [];
    for (const part of graph.parts(node)) {
      const other = rings.get(part);
      if (part === node) continue;
      if (other === undefined) followers.push(part);
      else if (other !== ring) followers.push(-other);
      else if (graph.listed(node).has(part)) followers.push(part);
    }
    return followers;
  }

  for (const node of all) for (const next of followers(node)) waits.set(next, (waits.get(next) ?? 0) + 1);
  return {
    free: all.filter((node) => !waits.has(node)),
    release: (node) =>
      followers(node).filter((next) => {
        const left = (waits.get(next) ?? 0) - 1;
        waits.set(next, left);
        return left === 0;
      }),
  };
}
