import { isBookkeepingTag } from "../model/bookkeeping";

/** How many versions have a tag of which shape. */
export type ShapeCounts = Map<string, number>;

/**
 * The shape of a tag, as a glob: its first letters with the separator after them. `main-1a2b3c4` and `main-99aabbc` are
 * `main-*`, `20261120` is `[0-9]*`, and `edge` is `edge`.
 */
export function tagShape(tag: string): string {
  const [prefix = ""] = /^[A-Za-z]*[._-]?/.exec(tag) ?? [];
  if (prefix === tag) return tag;
  return prefix === "" ? "[0-9]*" : `${prefix}*`;
}

/** Counts a version with these tags. */
export function countShapes(counts: ShapeCounts, tags: readonly string[]): void {
  const own = tags.filter((tag) => !isBookkeepingTag(tag));
  for (const shape of new Set(own.map(tagShape))) counts.set(shape, (counts.get(shape) ?? 0) + 1);
}
