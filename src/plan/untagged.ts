import { GRACE, type Reason, UNTAGGED_UNCOVERED } from "../model/reason";
import type { Line } from "../policy/policy";
import type { Entry } from "./entry";
import { type ImageGraph, reach } from "./image-graph";
import { type Judgement, judge, type Moment } from "./retention";

/** What rule 6 starts from. Nodes beyond the entries are digests that are not in the package. */
export interface UntaggedInput {
  readonly entries: readonly Entry[];
  readonly graph: ImageGraph;
  /** What the `untagged` line says of them (`judgeUntagged`). */
  readonly judgements: ReadonlyMap<number, Judgement>;
  /** Kept by the steps before, parts included. */
  readonly kept: ReadonlySet<number>;
  readonly broken: ReadonlyMap<number, { readonly reason: Reason }>;
  readonly isYoung: (entry: Entry) => boolean;
}

/** What rule 6 finds: the untagged versions that stay by themselves, and those that go by themselves. */
export interface UntaggedVerdicts {
  readonly keeps: ReadonlyMap<number, readonly Reason[]>;
  readonly lets: ReadonlyMap<number, readonly Reason[]>;
}

/** Untagged, part of no other version, without a bookkeeping tag (spec/policy.md, "Verdicts" 6c). */
export function isUntaggedRoot(
  { node, isTagged, hasBookkeepingTag }: Entry,
  graph: ImageGraph,
  count: number,
): boolean {
  return !isTagged && !hasBookkeepingTag && !isPart(node, graph, count);
}

/** Whether the node is a part of a version that is in the package. */
function isPart(node: number, graph: ImageGraph, count: number): boolean {
  return [...reach([node], graph.wholes)].some((whole) => whole < count && whole !== node);
}

/**
 * Decides the untagged versions that no kept version needs (spec/policy.md, "Verdicts" 6): first those that are part
 * of nothing, by grace and the `untagged` line; then the parts, which go with what goes, unless they are being pushed
 * again; last the members of cycles, which hostile data may have.
 */
export function decideUntagged(input: UntaggedInput): UntaggedVerdicts {
  const { entries, graph, judgements, kept } = input;
  const keeps = new Map<number, readonly Reason[]>();
  const lets = new Map<number, readonly Reason[]>();
  const keptNow = () => union(kept, keeps.keys(), graph);

  function decide(entry: Entry): void {
    const broken = input.broken.get(entry.node);
    const opinion = judgements.get(entry.node);
    if (broken) lets.set(entry.node, [broken.reason]);
    else if (input.isYoung(entry)) keeps.set(entry.node, [GRACE]);
    else if (!opinion) keeps.set(entry.node, [UNTAGGED_UNCOVERED]);
    else if (opinion.keeps.length > 0) keeps.set(entry.node, opinion.keeps);
    else lets.set(entry.node, opinion.lets);
  }

  const open = entries.filter(({ node, isTagged }) => !isTagged && !kept.has(node));
  const parts: Entry[] = [];
  for (const entry of open) {
    if (isPart(entry.node, graph, entries.length)) parts.push(entry);
    else decide(entry);
  }

  const needed = keptNow();
  const doomed = entries.filter(({ node, isTagged }) => !needed.has(node) && (isTagged || lets.has(node)));
  const goingParts = reach(
    doomed.map(({ node }) => node),
    graph.parts,
  );
  for (const entry of parts) {
    const isGoing = goingParts.has(entry.node) && !needed.has(entry.node);
    if (isGoing && isPushedAgain(entry, input)) keeps.set(entry.node, [GRACE]);
  }

  const neededToo = keptNow();
  for (const entry of parts) if (!neededToo.has(entry.node) && !goingParts.has(entry.node)) decide(entry);
  return { keeps, lets };
}

function union(kept: ReadonlySet<number>, more: Iterable<number>, graph: ImageGraph): Set<number> {
  const nodes = [...more];
  return new Set([...kept, ...nodes, ...reach(nodes, graph.parts)]);
}

/** A part within grace, listed by manifests and later than all of them, is being pushed for another image (6a). */
function isPushedAgain(entry: Entry, { entries, graph, isYoung }: UntaggedInput): boolean {
  const listers = [...graph.listers(entry.node)].flatMap((node) => entries[node] ?? []);
  return isYoung(entry) && listers.length > 0 && listers.every(({ touched }) => touched < entry.touched);
}

/** Only untagged roots that are not broken take a place in the counts of the `untagged` line. */
export function judgeUntagged(
  { entries, graph, broken }: Pick<UntaggedInput, "entries" | "graph" | "broken">,
  line: Line | undefined,
  moment: Moment,
): Map<number, Judgement> {
  if (!line) return new Map();
  const members = entries
    .filter(({ node, isTagged }) => !isTagged && !broken.has(node))
    .map((entry) => ({
      index: entry.node,
      time: entry.time,
      claims: [{}],
      ranked: isUntaggedRoot(entry, graph, entries.length),
    }));
  return judge(line, members, moment);
}
