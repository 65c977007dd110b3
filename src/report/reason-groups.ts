import type { Outcome } from "../model/outcome";
import type { VersionReport } from "./report";

/** Versions whose first reason is of one kind. */
export interface ReasonGroup {
  /** The reason, without what differs from version to version (`part of a kept image`). */
  readonly title: string;
  readonly count: number;
  /** The first of them, those with something to tell (refused, failed, …) in front. */
  readonly examples: readonly VersionReport[];
}

/** What a package's plan does, by reason; the largest group first, and parts after what they are parts of. */
export interface PackageGroups {
  readonly goes: readonly ReasonGroup[];
  readonly stays: readonly ReasonGroup[];
}

interface GrowingGroup {
  readonly title: string;
  readonly notable: VersionReport[];
  readonly others: VersionReport[];
  count: number;
}

/** Nobody reads more of one reason on a page; the report file has them all. */
const LONGEST_LIST = 1000;

const EXPECTED: readonly (Outcome | undefined)[] = [undefined, "planned", "deleted", "restored"];

const GROUP_OF_PER = /((?:last|highest|hourly|daily|weekly|monthly|yearly) \d+) of [^,]+/g;

/** Groups a package's versions by verdict and first reason. The work is linear, what is kept is bounded by group. */
export function groupByReason(versions: readonly VersionReport[]): PackageGroups {
  const goes = new Map<string, GrowingGroup>();
  const stays = new Map<string, GrowingGroup>();
  for (const version of versions) addTo(version.verdict === "keep" ? stays : goes, version);
  return { goes: finished(goes), stays: finished(stays) };
}

/**
 * The kind of a reason (spec/policy.md, the vocabulary): names of other versions, tags, files and the values of `per`
 * are left out, since a group for each of them would say nothing.
 */
export function reasonTitle(reason: string, verdict: VersionReport["verdict"] = "keep"): string {
  if (/^part of .*, which goes$/s.test(reason)) return "part of a deleted image";
  if (reason.startsWith("part of ")) return `part of a ${verdict === "restore" ? "restored" : "kept"} image`;
  const [, glob] = /^tag ".*" matches (.*)$/s.exec(reason) ?? [];
  if (glob !== undefined) return `tags that match ${glob}`;
  if (/^tag ".*" is not covered by any line$/s.test(reason)) return "a tag is not covered by any line";
  if (reason.startsWith("broken: ")) return "broken: platform manifests are missing";
  if (reason.startsWith("in use: ")) return "in use";
  const title = reason.replace(GROUP_OF_PER, "$1 of each group");
  return title === reason ? reason : [...new Set(title.split(", "))].join(", ");
}

/** Whether a version's outcome is another than a plan leads to when all goes well. */
export function isNotable(version: VersionReport): boolean {
  return !EXPECTED.includes(version.outcome) || version.message !== undefined;
}

function isOfParts({ title }: GrowingGroup): boolean {
  return title.startsWith("part of ");
}

function addTo(groups: Map<string, GrowingGroup>, version: VersionReport): void {
  const title = reasonTitle(version.reasons[0] ?? "no reason given", version.verdict);
  const group = groups.get(title) ?? { title, notable: [], others: [], count: 0 };
  groups.set(title, group);
  group.count += 1;
  const list = isNotable(version) ? group.notable : group.others;
  if (list.length < LONGEST_LIST) list.push(version);
}

function finished(groups: Map<string, GrowingGroup>): ReasonGroup[] {
  return [...groups.values()]
    .sort((a, b) => Number(isOfParts(a)) - Number(isOfParts(b)) || b.count - a.count)
    .map(({ title, count, notable, others }) => ({
      title,
      count,
      examples: [...notable, ...others].slice(0, LONGEST_LIST),
    }));
}
