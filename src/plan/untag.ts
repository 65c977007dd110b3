import type { Line } from "../policy/policy";
import { linesClaiming } from "./lines";

/**
 * The tags that a kept version loses (spec/action.md, `untag`): no line that claims them keeps the version. A tag
 * that no line claims is kept, and so is one of a line that has no say.
 *
 * @param tags of one version, without bookkeeping tags
 * @param isLetGoBy whether a line does not keep the version
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
