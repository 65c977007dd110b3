import type { Line } from "../policy/policy";
import { linesClaiming } from "./lines";

/**
 * The tags that a kept version loses (spec/action.md, `untag`): each line that claims them lets the version go. A tag
 * that no line claims stays, and so at least one tag always does: the one for which the version is kept.
 *
 * @param tags of one version, without bookkeeping tags
 * @param isKeptBy whether a line keeps the version
 */
export function tagsLetGo(
  tags: readonly string[],
  lines: readonly Line[],
  isKeptBy: (line: Line) => boolean,
): string[] {
  const lost = tags.filter((tag) => {
    const claimers = linesClaiming(tag, lines);
    return claimers.length > 0 && claimers.every((line) => !isKeptBy(line));
  });
  return lost.length < tags.length ? lost : [];
}
