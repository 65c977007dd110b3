import type { Policy } from "../policy/policy";
import type { Entry } from "./entry";
import { type ImageGraph, type Images, reach } from "./image-graph";

/** What the registry must be asked before the plan stands. */
export interface Needs {
  /** Digests whose manifests are to be read. */
  readonly manifests: readonly string[];
  /** Digests to ask the referrers API about. */
  readonly referrers: readonly string[];
  /** Digests to look for in the registry. */
  readonly exists: readonly string[];
}

/** A plan made from what is known so far. */
export interface Provisional {
  readonly entries: readonly Entry[];
  readonly graph: ImageGraph;
  readonly policy: Policy;
  readonly found: { readonly broken: ReadonlyMap<number, { readonly missing: readonly string[] }> };
  /** Why versions stay by themselves, not as parts. */
  readonly keeps: ReadonlyMap<number, readonly { readonly rule: string }[]>;
  readonly verdicts: readonly { readonly verdict: "keep" | "delete" }[];
  /** The untagged versions that the words of the `untagged` line keep, whatever else keeps them. */
  readonly placed: ReadonlySet<number>;
  readonly isYoung: (entry: Entry) => boolean;
}

/** Untagged versions are read in batches from the highest id, so that an index shows its parts before they are read. */
const BATCH = 16;

/**
 * What must still be known before the plan stands; undefined when nothing that is unknown can change a verdict
 * (spec/action.md, "The registry is asked only for manifests that decide something").
 *
 * Not knowing a manifest can only let more versions go, or keep parts of what goes. So a plan that deletes nothing
 * needs no reads; and otherwise each kept version is read, and a version that goes only where an untagged version
 * stays that may be its part.
 */
export function missingKnowledge(plan: Provisional, images: Images): Needs | undefined {
  const { entries, verdicts, graph } = plan;
  const kept = entries.filter(({ node }) => verdicts[node]?.verdict === "keep");
  const going = entries.filter(({ node }) => verdicts[node]?.verdict === "delete");
  const isOpen = ({ node }: Entry) => !graph.isKnown(node);
  // A tag of cosign's says that it is an image. Of one that stays its manifest has to say so.
  const isUnread = (entry: Entry) =>
    isOpen(entry) || (entry.hasBookkeepingTag && !images.manifests.has(entry.version.name));
  const suspects =
    plan.policy.deleteBroken === "never" ? [] : entries.filter((entry) => !plan.isYoung(entry));
  if (going.length === 0 && !suspects.some(isOpen)) return undefined;

  const doomed = mayHoldKeptParts(plan, kept, going);
  const stages = [
    kept.filter((entry) => (entry.isTagged || entry.hasBookkeepingTag) && isUnread(entry)),
    suspects.filter((entry) => entry.isTagged && isOpen(entry)),
    [...doomed.filter(({ isTagged }) => isTagged), ...attached(plan, going)].filter(isOpen),
  ];
  const stage = stages.find(({ length }) => length > 0);
  const manifests = stage ?? batch([...kept, ...suspects, ...doomed].filter(isOpen));
  const exists = [...plan.found.broken.values()].flatMap(({ missing }) => missing);
  const needs: Needs = {
    manifests: [...new Set(manifests.map(({ version }) => version.name))],
    referrers: unaskedReferrers(plan, kept, going, doomed, images),
    exists: manifests.length > 0 ? [] : [...new Set(exists)].filter((digest) => !images.exists.has(digest)),
  };
  return Object.values(needs).some(({ length }) => length > 0) ? needs : undefined;
}

/**
 * The going versions that belong to a subject: signatures, referrers, and all that their indexes list. They are pushed
 * after their subject and go after it, so that ids do not tell what they list.
 */
function attached({ entries, graph }: Provisional, going: readonly Entry[]): Entry[] {
  const roots = entries.flatMap(({ node }) =>
    [...graph.parts(node)].filter((part) => !graph.listed(node).has(part)),
  );
  const nodes = new Set([...roots, ...reach(roots, graph.listed)]);
  return going.filter(({ node, hasBookkeepingTag }) => hasBookkeepingTag || nodes.has(node));
}

function batch(open: readonly Entry[]): Entry[] {
  const byId = [...new Set(open)].sort((a, b) => b.version.id - a.version.id);
  return byId.slice(0, Math.max(BATCH, Math.ceil(byId.length / 50)));
}

/**
 * Where the registry has the referrers API: those of what stays and of all that it lists, in the package or not; and
 * where places are counted, of all others too, since a referrer takes no place.
 */
function unaskedReferrers(
  { graph, keeps, placed }: Provisional,
  kept: readonly Entry[],
  going: readonly Entry[],
  doomed: readonly Entry[],
  { referrers }: Images,
): string[] {
  if (referrers === "unsupported") return [];
  const isCounted =
    placed.size > 0 || [...keeps.values()].some((reasons) => reasons.some(({ rule }) => rule === "min-keep"));
  const nodes = kept.map(({ node }) => node);
  const parts = [...reach(nodes, graph.listed)].map(graph.digestOf);
  const others = (isCounted ? going : doomed).map(({ version }) => version.name);
  const digests = new Set([...kept.map(({ version }) => version.name), ...parts, ...others]);
  return [...digests].filter((digest) => !referrers.has(digest));
}

/** The going versions that may have a part among the untagged versions that stay by themselves. */
function mayHoldKeptParts(
  { keeps, placed }: Provisional,
  kept: readonly Entry[],
  going: readonly Entry[],
): Entry[] {
  const staying = kept.filter(({ isTagged }) => !isTagged);
  const stayingBy = (rule: string) =>
    staying.filter(({ node }) => keeps.get(node)?.some((reason) => reason.rule === rule));
  const uncovered = stayingBy("untagged-uncovered");
  const placedOnes = staying.filter(({ node }) => placed.has(node));
  const byLine = [...new Set([...stayingBy("line"), ...uncovered, ...placedOnes])];
  const lowestId = lowest([...byLine, ...stayingBy("min-keep")].map(({ version }) => version.id));
  const mayListYoung = listerTest(stayingBy("grace"));
  return going.filter((entry) => {
    if (entry.isTagged && byLine.length > 0) return true;
    return entry.version.id > lowestId || mayListYoung(entry);
  });
}

function lowest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

/**
 * Whether a version could list one of the young ones and take it along: an index has a higher id than what it lists,
 * and a part later than its index stays.
 */
function listerTest(young: readonly Entry[]): (entry: Entry) => boolean {
  // For each moment the lowest id of those that are not later: both grow together.
  const byTime = young.toSorted((a, b) => a.touched - b.touched);
  const ids: number[] = [];
  for (const { version } of byTime) ids.push(Math.min(version.id, ids.at(-1) ?? version.id));
  return ({ version, touched }) => {
    const notLater = countNotAfter(byTime, touched);
    return notLater > 0 && (ids[notLater - 1] ?? version.id) < version.id;
  };
}

/** How many entries, sorted by time, are not later than a moment. */
function countNotAfter(byTime: readonly Entry[], moment: number): number {
  let low = 0;
  let high = byTime.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((byTime[middle]?.touched ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
