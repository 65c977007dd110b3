import { subjectOf } from "../model/bookkeeping";
import { describeVersion } from "../model/label";
import type { PackageRef, PackageVersion } from "../model/package-version";
import { MIN_KEEP, PROTECT, type Reason, SIGNATURE_STORE } from "../model/reason";
import { before } from "../policy/duration";
import type { Line, Policy } from "../policy/policy";
import { type BrokenImages, findBroken } from "./broken";
import { calendarIn } from "./calendar";
import { type Entry, entriesOf } from "./entry";
import { buildGraph, type ImageGraph, type Images, NO_IMAGES, reach } from "./image-graph";
import { judgeTagged, type LineOpinions } from "./lines";
import { type LivingLookup, livingLookup } from "./living";
import { minKeepNodes } from "./min-keep";
import { type PlanWarning, planWarnings } from "./plan-warnings";
import { isNamed, isProtected } from "./protection";
import { missingKnowledge, type Needs } from "./reads";
import type { Moment } from "./retention";
import { tagsLetGo } from "./untag";
import { decideUntagged, isUntaggedRoot, judgeUntagged } from "./untagged";

export interface PlanInput {
  readonly pkg: PackageRef;
  readonly policy: Policy;
  /** All active versions of the package, in any order. */
  readonly versions: readonly PackageVersion[];
  /** What the registry has told so far; containers only. */
  readonly images: Images;
  /** By version id: the files that mention the version (`in-use-files`). */
  readonly inUse: ReadonlyMap<number, readonly string[]>;
  /** Tags that files mention by themselves (`untag` leaves them alone). */
  readonly tagsInUse?: ReadonlySet<string>;
  /** What is there in the repository; where a line asks for it (`while`, `only-while`). */
  readonly living?: LivingLookup;
  /** Epoch milliseconds, read once a run. */
  readonly now: number;
}

export interface Verdict {
  readonly version: PackageVersion;
  readonly verdict: "keep" | "delete";
  readonly reasons: readonly Reason[];
  /** Tags that a kept version loses (`untag`); absent where there are none. */
  readonly untag?: readonly string[];
}

export interface Plan {
  /** Newest first; the place of a version is its node in `graph`. */
  readonly verdicts: readonly Verdict[];
  readonly graph: ImageGraph;
  /** Keys of the lines that claimed something. */
  readonly claimedKeys: ReadonlySet<string>;
  readonly warnings: readonly PlanWarning[];
}

/** Either the plan, or what the registry must be asked before there can be one. */
export type Planning =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "needs"; readonly needs: Needs };

/** What is decided of each version, while it is being decided. Steps only add. */
interface Draft {
  readonly entries: readonly Entry[];
  readonly graph: ImageGraph;
  readonly found: BrokenImages;
  /** Why versions stay by themselves, not as parts. */
  readonly keeps: Map<number, Reason[]>;
  /** Why versions go by themselves, not as parts. */
  readonly lets: Map<number, readonly Reason[]>;
  /** The tags that kept versions lose. */
  readonly untag: Map<number, readonly string[]>;
}

/**
 * The verdict on each version of one package, with every reason for it (spec/policy.md, "Verdicts").
 *
 * Pure: asks for what it must know of manifests by answering `needs`; the caller reads them, and plans again.
 */
export function plan(input: PlanInput): Planning {
  const { policy, now, living = livingLookup({}) } = input;
  const entries = entriesOf(input.versions, policy);
  const versions = entries.map(({ version }) => version);
  const isContainer = policy.type === "container";
  const graph = buildGraph(isContainer ? versions : [], isContainer ? input.images : NO_IMAGES);
  const grace = policy.grace && isContainer ? before(now, policy.grace) : Number.POSITIVE_INFINITY;
  const isYoung = ({ touched }: Entry) => touched > grace;
  const moment: Moment = { now, calendar: calendarIn(policy.timezone), living };

  const found = findBroken(policy, entries, graph, input.images, isYoung);
  const draft: Draft = { entries, graph, found, keeps: new Map(), lets: new Map(), untag: new Map() };
  const opinions = applyLines(draft, policy, moment);
  if (isContainer && policy.untag) applyUntag(draft, opinions, input);
  applyProtection(draft, input);
  const line = policy.lines.find(({ selector }) => selector.kind === "untagged");
  applyMinKeep(draft, policy.minKeep);
  const placed = applyUntagged(draft);

  const isStore = isContainer && isSignatureStore(entries);
  if (isStore) for (const { node } of entries) keep(draft, node, [SIGNATURE_STORE]);
  const verdicts = verdictsOf(draft, input.pkg);
  const needs =
    isContainer &&
    !isStore &&
    missingKnowledge({ ...draft, verdicts, policy, placed, isYoung }, input.images);
  if (needs) return { kind: "needs", needs };
  const claimedKeys = new Set(opinions.claimedKeys);
  if (line && entries.some(({ isTagged }) => !isTagged)) claimedKeys.add(line.key);
  const warnings = isContainer ? planWarnings({ ...draft, verdicts, isStore, isYoung }, input) : [];
  return { kind: "plan", plan: { verdicts, graph, claimedKeys, warnings } };

  /** Step 6. Returns the versions that the words of the `untagged` line keep. */
  function applyUntagged({ keeps, lets }: Draft): Set<number> {
    const { broken } = found;
    const kept = closure(draft);
    const judgements = judgeUntagged({ entries, graph, broken }, line, moment);
    // What a rule before this keeps, the line may keep as well: it says so.
    for (const [node, reasons] of keeps) {
      reasons.unshift(...(judgements.get(node)?.keeps ?? []));
    }
    const decided = decideUntagged({ entries, graph, judgements, kept, broken, isYoung });
    for (const [node, reasons] of decided.keeps) keep(draft, node, reasons);
    for (const [node, reasons] of decided.lets) lets.set(node, reasons);
    const placed = new Set<number>();
    for (const [node, { keeps: words }] of judgements) if (words.length > 0) placed.add(node);
    return placed;
  }
}

function keep({ keeps }: Draft, node: number, more: readonly Reason[]): void {
  if (more.length === 0) return;
  const reasons = keeps.get(node) ?? [];
  keeps.set(node, reasons);
  reasons.push(...more);
}

/** Steps 1 and 2. Broken images take no place in the counts of any line, and no line speaks for them. */
function applyLines(draft: Draft, policy: Policy, moment: Moment): LineOpinions {
  const { entries, found, lets } = draft;
  const tagged = entries.filter(({ isTagged }) => isTagged);
  const whole = tagged.filter(({ node }) => !found.broken.has(node));
  const judged = judgeTagged(whole, policy.lines, moment);
  const { claimedKeys } = whole.length < tagged.length ? judgeTagged(tagged, policy.lines, moment) : judged;
  for (const [node, opinion] of judged.opinions) {
    keep(draft, node, opinion.keeps);
    if (opinion.keeps.length === 0) lets.set(node, opinion.lets);
  }
  for (const { node } of tagged) {
    const broken = found.broken.get(node);
    if (broken) lets.set(node, [broken.reason]);
  }
  return { ...judged, claimedKeys };
}

/** Tags that a version kept by a line, or by an uncovered tag, loses (spec/action.md, `untag`). */
function applyUntag(
  { entries, untag }: Draft,
  { opinions, judgements }: LineOpinions,
  { policy, tagsInUse = new Set() }: PlanInput,
): void {
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
function applyProtection(draft: Draft, { policy: { protect }, inUse }: PlanInput): void {
  for (const { node, version } of draft.entries) {
    if (isProtected(protect, version)) keep(draft, node, [PROTECT]);
    const files = inUse.get(version.id) ?? [];
    keep(
      draft,
      node,
      files.map((by) => ({ rule: "in-use", by })),
    );
  }
}

/** Step 4. */
function applyMinKeep(draft: Draft, minKeep: number): void {
  const { entries, graph, found, keeps } = draft;
  const nodes = minKeepNodes(minKeep, {
    entries,
    isKept: (node) => keeps.has(node),
    isBroken: (node) => found.broken.has(node),
    isUntaggedRoot: (node) => {
      const entry = entries[node];
      return entry !== undefined && isUntaggedRoot(entry, graph, entries.length);
    },
  });
  for (const node of nodes) keep(draft, node, [MIN_KEEP]);
}

/** Step 5: what is kept by itself, and every part of it. */
function closure({ keeps, graph }: Draft): Set<number> {
  return new Set([...keeps.keys(), ...reach(keeps.keys(), graph.parts)]);
}

/** Each version's verdict, with the wholes that it stays or goes with. */
function verdictsOf(draft: Draft, pkg: PackageRef): Verdict[] {
  const { entries, graph, keeps, lets, untag } = draft;
  const staysWith = partReasons(draft, keeps.keys(), pkg, false);
  const goers = [...lets.keys()].filter((node) => !keeps.has(node) && !staysWith.has(node));
  const goesWith = partReasons(draft, goers, pkg, true);
  return entries.map(({ node, version }) => {
    const stays = [...(keeps.get(node) ?? []), ...(staysWith.get(node) ?? [])];
    const lost = untag.get(node);
    if (stays.length > 0)
      return { version, verdict: "keep", reasons: stays, ...(lost ? { untag: lost } : {}) };
    const reasons = lets.get(node) ?? goesWith.get(node);
    if (!reasons) throw new Error(`no verdict on version ${version.id} (${graph.digestOf(node)})`);
    return { version, verdict: "delete", reasons };
  });
}

function partReasons(
  { entries, graph }: Draft,
  wholes: Iterable<number>,
  pkg: PackageRef,
  isDeleted: boolean,
): Map<number, Reason[]> {
  const reasons = new Map<number, Reason[]>();
  for (const whole of wholes) {
    const entry = entries[whole];
    if (!entry || graph.parts(whole).size === 0) continue;
    const reason: Reason = { rule: "part", whole: describeVersion(pkg, entry.version), isDeleted };
    for (const part of reach([whole], graph.parts)) if (part !== whole) append(reasons, part, reason);
  }
  return reasons;
}

function append(lists: Map<number, Reason[]>, key: number, reason: Reason): void {
  const list = lists.get(key);
  if (list) list.push(reason);
  else lists.set(key, [reason]);
}

/** A package whose only tags are bookkeeping tags, of subjects that are not in it (spec/policy.md, 6c). */
function isSignatureStore(entries: readonly Entry[]): boolean {
  const isUntagged = entries.every(({ isTagged }) => !isTagged);
  if (!isUntagged || !entries.some(({ hasBookkeepingTag }) => hasBookkeepingTag)) return false;
  const digests = new Set(entries.map(({ version }) => version.name));
  return entries.every(({ version }) => version.tags.every((tag) => !digests.has(subjectOf(tag) ?? "")));
}
