import { isGitHubCloud } from "../github/server-url";
import { countHints } from "../policy/count-hints";
import type { Policy } from "../policy/policy";
import { formatProblem } from "../policy/problem";

/** GitHub's documented ceiling of deletions a minute. */
const DELETES_CEILING = 180;

/** A warning of counts that look like times names no more than these. */
const MOST_HINTS = 5;

/** What is allowed and probably not meant; one message of each kind. */
export function inputWarnings(
  policies: readonly Policy[],
  deletesPerMinute: number,
  serverUrl: string,
): string[] {
  const warnings: string[] = [];
  if (deletesPerMinute > DELETES_CEILING && isGitHubCloud(serverUrl)) {
    warnings.push(
      `deletes-per-minute is ${deletesPerMinute}, and GitHub documents a ceiling of ${DELETES_CEILING}: expect to be paused by rate limits.`,
    );
  }
  if (policies.some(({ deleteEmptyPackage, minKeep }) => deleteEmptyPackage && minKeep > 0)) {
    warnings.push(
      "delete-empty-package has no effect where min-keep is above 0: set min-keep to 0 if you mean it.",
    );
  }
  const hints = policies.flatMap(({ lines }) => countHints(lines)).slice(0, MOST_HINTS);
  if (hints.length > 0) warnings.push(hints.map(formatProblem).join("\n"));
  return warnings;
}
