import { GRACE, type Reason, UNTAGGED_UNCOVERED } from "../model/reason";
import type { Line } from "../policy/policy";
import type { BrokenImages } from "./broken";
import type { Entry } from "./entry";
import { type ImageGraph, reach } from "./image-graph";
import { type Judgement, judge, type Moment } from "./retention";

/** What rule 6 starts from. Nodes beyond the entries are digests that are not in the package. */
export interface UntaggedInput {
  readonly entries: readonly Entry[];
  readonly graph: ImageGraph;
  readonly found: Pick<BrokenImages, "broken">;
  /** What the `untagged` line says of them (`judgeUntagged`). */
  readonly judgements: ReadonlyMap<number, Judgement>;
  /** Kept by the steps before, parts included. */
  readonly kept: ReadonlySet<number>;
  readonly isYoung: (entry: Entry) => boolean;
  /** Why none that is part of nothing is deleted this time. */
  readonly hold?: Reason;
}

/** What rule 6 finds: the untagged versions that are kept by themselves, and those that are deleted by themselves. */
export interface UntaggedVerdicts {
  readonly keeps: ReadonlyMap<number, readonly Reason[]>;
  readonly lets: ReadonlyMap<number, readonly Reason[]>;
}

interface Decisions {
  readonly keeps: Map<number, readonly Reason[]>;
  readonly lets: Map<number, readonly Reason[]>;
}

/** Untagged, part of no other version, and of no other's signatures and referrers (spec/policy.md, "Verdicts" 6c). */
export function isUntaggedRoot(entry: Entry, graph: ImageGraph, count: number): boolean {
  const { node, isTagged, hasBookkeepingTag } = entry;
  return !isTagged && !hasBookkeepingTag && graph.subjects(node).size === 0 && !isPart(node, graph, count);
}

/** Whether the node is a part of a version that is in the package. */
function isPart(node: number, graph: ImageGraph, count: number): boolean {
  const isThere = (whole: number) => whole < count && whole !== node;
  const wholes = [...graph.wholes(node)];
  return wholes.some(isThere) || [...reach(wholes, graph.wholes)].some(isThere);
}

/**
 * Decides the untagged versions that no kept version needs (spec/policy.md, "Verdicts" 6): first those that are part
 * of nothing, by grace and the `untagged` line; then the parts, which are deleted with their wholes unless they are being
 * pushed again; last the members of cycles, which hostile data may have.
 */
export function decideUntagged(input: UntaggedInput): UntaggedVerdicts {
  const { entries, graph, kept } = input;
  const decisions: Decisions = { keeps: new Map(), lets: new Map() };
  const open = entries.filter(({ node, isTagged }) => !isTagged && !kept.has(node));
  const parts: Entry[] = [];
  for (const entry of open) {
    if (isPart(entry.node, graph, entries.length)) parts.push(entry);
    else decideOne(entry, input, decisions);
  }

  const needed = neededBy(input, decisions);
  const going = goingParts(needed, input, decisions);
  for (const entry of parts) {
    const isGoing = going.has(entry.node) && !needed.has(entry.node);
    if (isGoing && isPushedAgain(entry, input)) decisions.keeps.set(entry.node, [GRACE]);
  }

  const neededToo = neededBy(input, decisions);
  for (const entry of parts)
    if (!neededToo.has(entry.node) && !going.has(entry.node)) decideOne(entry, input, decisions);
  return decisions;
}

/** Decides a version that is part of nothing. */
function decideOne(
  entry: Entry,
  { found, judgements, isYoung, hold }: UntaggedInput,
  { keeps, lets }: Decisions,
): void {
  const { node } = entry;
  const broken = found.broken.get(node);
  const opinion = judgements.get(node);
  if (!broken && isYoung(entry)) keeps.set(node, [GRACE]);
  else if (!broken && !opinion) keeps.set(node, [UNTAGGED_UNCOVERED]);
  else if (!broken && opinion && opinion.keeps.length > 0) keeps.set(node, opinion.keeps);
  else if (hold) keeps.set(node, [hold]);
  else lets.set(node, broken ? [broken.reason] : (opinion?.lets ?? []));
}

/** What is kept so far, with all its parts. */
function neededBy({ kept, graph }: UntaggedInput, { keeps }: Decisions): Set<number> {
  return new Set([...kept, ...keeps.keys(), ...reach(keeps.keys(), graph.parts)]);
}

/** The parts of what is deleted by itself. */
function goingParts(
  needed: ReadonlySet<number>,
  { entries, graph }: UntaggedInput,
  { lets }: Decisions,
): Set<number> {
  const going = entries.filter(({ node, isTagged }) => !needed.has(node) && (isTagged || lets.has(node)));
  return reach(
    going.map(({ node }) => node),
    graph.parts,
  );
}

/** A part within grace, listed by manifests and later than all of them, is being pushed for another image (6a). */
function isPushedAgain(entry: Entry, { entries, graph, isYoung }: UntaggedInput): boolean {
  const listers = [...graph.listers(entry.node)].flatMap((node) => entries[node] ?? []);
  return isYoung(entry) && listers.length > 0 && listers.every(({ touched }) => touched < entry.touched);
}

/** Only untagged roots that are not broken take a place in the counts of the `untagged` line. */
export function judgeUntagged(
  { entries, graph, found }: Pick<UntaggedInput, "entries" | "graph" | "found">,
  line: Line | undefined,
  hasPlace: (entry: Entry) => boolean,
  moment: Moment,
): Map<number, Judgement> {
  if (!line) return new Map();
  const members = entries
    .filter(({ node, isTagged }) => !isTagged && !found.broken.has(node))
    .map((entry) => ({
      index: entry.node,
      time: entry.time,
      claims: [{}],
      ranked: hasPlace(entry) && isUntaggedRoot(entry, graph, entries.length),
    }));
  return judge(line, members, moment);
}
