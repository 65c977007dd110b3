/** A node on its way through the search: what it leads to, and how far back it reaches. */
interface Visit {
  readonly node: number;
  readonly next: Iterator<number>;
  readonly place: number;
  low: number;
}

/**
 * The rings among the nodes: those that lead to each other, with the number of their ring (Tarjan's strongly connected
 * components of more than one node). Takes as long as there are links, and no deeper stack for long chains.
 */
export function findRings(
  nodes: Iterable<number>,
  next: (node: number) => Iterable<number>,
): Map<number, number> {
  const places = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const rings = new Map<number, number>();
  const path: Visit[] = [];
  let count = 0;

  function enter(node: number): void {
    const place = places.size;
    places.set(node, place);
    open.push(node);
    isOpen.add(node);
    path.push({ node, next: next(node)[Symbol.iterator](), place, low: place });
  }

  function leave({ node, place, low }: Visit): void {
    const before = path.at(-1);
    if (before) before.low = Math.min(before.low, low);
    if (low !== place) return;
    const ring = open.splice(open.lastIndexOf(node));
    for (const member of ring) isOpen.delete(member);
    if (ring.length === 1) return;
    count++;
    for (const member of ring) rings.set(member, count);
  }

  for (const start of nodes) {
    if (places.has(start)) continue;
    enter(start);
    for (let visit = path.at(-1); visit; visit = path.at(-1)) {
      const { done, value } = visit.next.next();
      if (done) leave(path.pop() ?? visit);
      else if (!places.has(value)) enter(value);
      else if (isOpen.has(value)) visit.low = Math.min(visit.low, places.get(value) ?? visit.low);
    }
  }
  return rings;
}
