import { MIN_KEEP, PROTECT, type Reason, SIGNATURE_STORE } from "../model/reason";
import type { Line } from "../policy/policy";
import type { Entry } from "./entry";
import { reach } from "./image-graph";
import { judgeTagged, type LineOpinions } from "./lines";
import { minKeepNodes } from "./min-keep";
import { isNamed, isProtected } from "./protection";
import type { Scene } from "./scene";
import { tagsLetGo } from "./untag";
import { decideUntagged, isUntaggedRoot, judgeUntagged } from "./untagged";

/** What is supposed of the versions while they are decided. */
export interface Premise {
  /** Whether a version takes a place in counts. */
  readonly hasPlace: (entry: Entry) => boolean;
  /** Why untagged versions that are part of nothing known are kept this time. */
  readonly hold?: Reason;
}

/** What is decided of each version, by node, while it is being decided. Steps only add. */
export interface Draft {
  /** Why versions are kept by themselves, not as parts. */
  readonly keeps: Map<number, Reason[]>;
  /** Why versions are deleted by themselves, not as parts. */
  readonly lets: Map<number, readonly Reason[]>;
  /** The tags that kept versions lose. */
  readonly untag: Map<number, readonly string[]>;
  /** Keys of the lines that claimed something. */
  readonly claimedKeys: Set<string>;
}

/** Decides all versions, by the steps of spec/policy.md, "Verdicts". */
export function decide(scene: Scene, premise: Premise): Draft {
  const draft: Draft = { keeps: new Map(), lets: new Map(), untag: new Map(), claimedKeys: new Set() };
  const opinions = applyLines(scene, premise, draft);
  if (scene.input.policy.untag && scene.input.policy.type === "container") applyUntag(scene, opinions, draft);
  applyProtection(scene, draft);
  applyMinKeep(scene, premise, draft);
  applyUntagged(scene, premise, draft);
  if (scene.isStore) for (const { node } of scene.entries) keep(draft, node, [SIGNATURE_STORE]);
  return draft;
}

/** What is kept by itself, and every part of it (step 5). */
export function keptNodes({ graph }: Scene, { keeps }: Draft): Set<number> {
  return new Set([...keeps.keys(), ...reach(keeps.keys(), graph.parts)]);
}

function keep({ keeps }: Draft, node: number, more: readonly Reason[]): void {
  if (more.length === 0) return;
  const reasons = keeps.get(node) ?? [];
  keeps.set(node, reasons);
  reasons.push(...more);
}

/** Steps 1 and 2. Broken images take no place in the counts of any line, and no line speaks for them. */
function applyLines(scene: Scene, { hasPlace }: Premise, draft: Draft): LineOpinions {
  const { entries, found, moment } = scene;
  const { lines } = scene.input.policy;
  const tagged = entries.filter(({ isTagged }) => isTagged);
  const whole = tagged.filter(({ node }) => !found.broken.has(node));
  const placed = whole.map((entry) => (hasPlace(entry) ? entry : { ...entry, isRanked: false }));
  const judged = judgeTagged(placed, lines, moment);
  const { claimedKeys } = whole.length < tagged.length ? judgeTagged(tagged, lines, moment) : judged;
  for (const key of claimedKeys) draft.claimedKeys.add(key);
  for (const [node, opinion] of judged.opinions) {
    keep(draft, node, opinion.keeps);
    if (opinion.keeps.length === 0) draft.lets.set(node, opinion.lets);
  }
  for (const { node } of tagged) {
    const broken = found.broken.get(node);
    if (broken) draft.lets.set(node, [broken.reason]);
  }
  return judged;
}

/** Tags that a version kept by a line, or by an uncovered tag, loses (spec/action.md, `untag`). */
function applyUntag(
  { entries, input }: Scene,
  { opinions, judgements }: LineOpinions,
  { untag }: Draft,
): void {
  const { policy, tagsInUse = new Set() } = input;
  const isFree = (tag: string) => !tagsInUse.has(tag) && !policy.protect.has(tag);
  for (const { node, tags, version } of entries) {
    const opinion = opinions.get(node);
    if (!opinion || opinion.keeps.length === 0 || isNamed(policy.protect, version)) continue;
    const isLetGoBy = (line: Line) => (judgements.get(line)?.get(node)?.lets.length ?? 0) > 0;
    const lost = tagsLetGo(tags, policy.lines, isLetGoBy).filter(isFree);
    if (lost.length > 0) untag.set(node, lost);
  }
}

/** Step 3. */
function applyProtection({ entries, input }: Scene, draft: Draft): void {
  const { policy, inUse } = input;
  for (const { node, version } of entries) {
    if (isProtected(policy.protect, version)) keep(draft, node, [PROTECT]);
    const files = inUse.get(version.id)?.map((by): Reason => ({ rule: "in-use", by }));
    if (files) keep(draft, node, files);
  }
}

/** Step 4. */
function applyMinKeep(scene: Scene, { hasPlace }: Premise, draft: Draft): void {
  const { entries, graph, found } = scene;
  const nodes = minKeepNodes(scene.input.policy.minKeep, {
    entries: entries.filter(hasPlace),
    isKept: (node) => draft.keeps.has(node),
    isBroken: (node) => found.broken.has(node),
    isUntaggedRoot: (entry) => isUntaggedRoot(entry, graph, entries.length),
  });
  for (const node of nodes) keep(draft, node, [MIN_KEEP]);
}

/** Step 6. */
function applyUntagged(scene: Scene, premise: Premise, draft: Draft): void {
  const { entries, input, moment } = scene;
  const line = input.policy.lines.find(({ selector }) => selector.kind === "untagged");
  if (line && entries.some(({ isTagged }) => !isTagged)) draft.claimedKeys.add(line.key);
  const judgements = judgeUntagged(scene, line, premise.hasPlace, moment);
  const kept = keptNodes(scene, draft);
  // What a step before this keeps, the line may keep as well: it says so.
  for (const [node, reasons] of draft.keeps) reasons.unshift(...(judgements.get(node)?.keeps ?? []));
  const { hold } = premise;
  const decided = decideUntagged({ ...scene, judgements, kept, ...(hold ? { hold } : {}) });
  for (const [node, reasons] of decided.keeps) keep(draft, node, reasons);
  for (const [node, reasons] of decided.lets) draft.lets.set(node, reasons);
}
