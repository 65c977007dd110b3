import { isBookkeepingTag } from "../model/bookkeeping";
import type { PackageVersion } from "../model/package-version";
import type { Policy } from "../policy/policy";

/** A version as the planner sees it. Its place in the list of entries is its node in the image graph. */
export interface Entry {
  readonly node: number;
  readonly version: PackageVersion;
  /** Epoch ms by the policy's `timestamp`: what lines count by. */
  readonly time: number;
  /** Epoch ms, always the later of created and updated: what `grace` counts by. */
  readonly touched: number;
  /** Tags without bookkeeping tags. */
  readonly tags: readonly string[];
  readonly isTagged: boolean;
  readonly hasBookkeepingTag: boolean;
  /** Takes a place in the counts of lines. */
  readonly isRanked: boolean;
}

type Writable<T> = { -readonly [name in keyof T]: T[name] };

/** The versions, newest first: by time, then by higher id (spec/policy.md, "Words"). */
export function entriesOf(versions: readonly PackageVersion[], policy: Policy): Entry[] {
  const isOfImages = policy.type === "container" || policy.type === "docker";
  const entries = versions.map((version): Writable<Entry> => {
    const { createdAt, updatedAt } = version;
    const created = Date.parse(createdAt);
    const touched = updatedAt === createdAt ? created : Math.max(created, Date.parse(updatedAt));
    const hasBookkeepingTag = isOfImages && version.tags.some(isBookkeepingTag);
    const tags = hasBookkeepingTag ? version.tags.filter((tag) => !isBookkeepingTag(tag)) : version.tags;
    const time = policy.timestamp === "created" ? created : touched;
    const isTagged = tags.length > 0;
    return { node: -1, version, time, touched, tags, isTagged, hasBookkeepingTag, isRanked: true };
  });
  entries.sort((a, b) => b.time - a.time || b.version.id - a.version.id);
  for (const [node, entry] of entries.entries()) entry.node = node;
  return entries;
}
