import type { Line } from "../policy/policy";
import { linesClaiming } from "./lines";

/**
 * The tags that a kept version loses (spec/action.md, `untag`): each line that claims them lets the version go. A tag
 * that no line claims is kept, and so is one of a line that has no say.
 *
 * @param tags of one version, without bookkeeping tags
 * @param isLetGoBy whether a line lets the version go
 */
export function tagsLetGo(
  tags: readonly string[],
  lines: readonly Line[],
  isLetGoBy: (line: Line) => boolean,
): string[] {
  const lost = tags.filter((tag) => {
    const claimers = linesClaiming(tag, lines);
    return claimers.length > 0 && claimers.every(isLetGoBy);
  });
  return lost.length < tags.length ? lost : [];
}
