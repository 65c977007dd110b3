import type { Outcome } from "../model/outcome";
import { type Reason, reasonText, type Says } from "../model/reason";
import type { VersionReport } from "./report";
import { countShapes, type ShapeCounts } from "./tag-shape";

/** Versions whose first reason is of one kind. */
export interface ReasonGroup {
  /** The reason, without what differs from version to version (`part of a kept image`). */
  readonly title: string;
  readonly count: number;
  /** The first of them, those with something to tell (refused, failed, …) in front. */
  readonly examples: readonly VersionReport[];
  /** Of what `rest` deletes: the shapes of the tags, those of most versions first. Nobody named these tags. */
  readonly shapes: readonly (readonly [shape: string, count: number])[];
}

/** What a package's plan does, by reason; the largest group first, and parts after what they are parts of. */
export interface PackageGroups {
  readonly changed: readonly ReasonGroup[];
  readonly kept: readonly ReasonGroup[];
}

interface GrowingGroup {
  readonly title: string;
  readonly isOfParts: boolean;
  readonly notable: VersionReport[];
  readonly others: VersionReport[];
  readonly shapes: ShapeCounts;
  count: number;
}

/** Nobody reads more of one reason on a page; the report file has them all. */
const LONGEST_LIST = 1000;

const NO_REASON: Reason = { rule: "asked", text: "no reason given" };

const EXPECTED: readonly (Outcome | undefined)[] = [undefined, "planned", "deleted", "restored"];

/** Groups a package's versions by verdict and first reason. The work is linear, what is kept is bounded by group. */
export function groupByReason(versions: readonly VersionReport[]): PackageGroups {
  const changed = new Map<string, GrowingGroup>();
  const kept = new Map<string, GrowingGroup>();
  for (const version of versions) addTo(version.verdict === "keep" ? kept : changed, version);
  return { changed: finished(changed), kept: finished(kept) };
}

/**
 * The kind of a reason (spec/policy.md, the vocabulary): names of other versions, tags, files and the values of `per`
 * are left out, since a group for each of them would say nothing.
 */
export function reasonTitle(reason: Reason, verdict: VersionReport["verdict"] = "keep"): string {
  switch (reason.rule) {
    case "line":
      return lineTitle(reason.key, reason.says);
    case "part":
      return `part of a ${reason.isDeleted ? "deleted" : verdict === "restore" ? "restored" : "kept"} image`;
    case "tag-matches":
      return `tags that match ${reason.glob}`;
    case "uncovered":
      return "a tag is not covered by any line";
    case "broken":
      return "broken: platform manifests are missing";
    case "held":
      return "held: a kept version has no manifest";
    case "in-use":
      return "in use";
    default:
      return reasonText(reason);
  }
}

function lineTitle(key: string, says: readonly Says[]): string {
  const words = says.map(({ text, group }) => (group === undefined ? text : `${text} of each group`));
  return `${key}: ${[...new Set(words)].join(", ")}`;
}

/** Whether a version's outcome is another than a plan leads to when all is well. */
export function isNotable(version: VersionReport): boolean {
  return !EXPECTED.includes(version.outcome) || version.message !== undefined;
}

function addTo(groups: Map<string, GrowingGroup>, version: VersionReport): void {
  const reason = version.reasons[0] ?? NO_REASON;
  const title = reasonTitle(reason, version.verdict);
  const isOfParts = reason.rule === "part";
  const group = groups.get(title) ?? newGroup(title, isOfParts);
  groups.set(title, group);
  group.count += 1;
  if (version.verdict === "delete" && isOfRest(reason)) countShapes(group.shapes, version.tags);
  const list = isNotable(version) ? group.notable : group.others;
  if (list.length < LONGEST_LIST) list.push(version);
}

function newGroup(title: string, isOfParts: boolean): GrowingGroup {
  return { title, isOfParts, notable: [], others: [], shapes: new Map(), count: 0 };
}

function isOfRest(reason: Reason): boolean {
  return reason.rule === "line" && reason.key === "rest";
}

function finished(groups: Map<string, GrowingGroup>): ReasonGroup[] {
  return [...groups.values()]
    .sort((a, b) => Number(a.isOfParts) - Number(b.isOfParts) || b.count - a.count)
    .map(({ title, count, notable, others, shapes }) => ({
      title,
      count,
      shapes: [...shapes].sort(([, a], [, b]) => b - a),
      examples: [...notable, ...others].slice(0, LONGEST_LIST),
    }));
}
