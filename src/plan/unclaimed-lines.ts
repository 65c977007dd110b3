import type { Warning } from "../model/warning";
import type { Line, Policy } from "../policy/policy";
import { RESERVED_KEYS } from "../policy/selector";
import { closest } from "../policy/suggestion";
import type { PreparedPackage } from "./prepared";

/** A package of a policy; without `prepared` it could not be listed. */
export interface Listed {
  readonly policy: Policy;
  readonly prepared?: PreparedPackage;
}

/** Among so many tags a mistyped one is looked for. */
const MOST_GUESSES = 10_000;

/** A warning names no more packages than this one by one. */
const MOST_NAMES = 5;

/** A line that claims nothing in any package of its policy is probably a typo (spec/policy.md). */
export function unclaimedLines(policies: readonly Policy[], all: readonly Listed[]): Warning[] {
  return policies.flatMap((policy) => {
    const ofPolicy = all.filter((item) => item.policy === policy);
    const prepared = ofPolicy.flatMap((item) => item.prepared ?? []);
    // A package that could not be listed may have what the line is for.
    if (prepared.length < ofPolicy.length) return [];
    const claimed = new Set(prepared.flatMap(({ plan }) => [...plan.claimedKeys]));
    const where = placesOf(policy, prepared);
    return policy.lines
      .filter(
        ({ key, selector }) => !claimed.has(key) && selector.kind !== "rest" && selector.kind !== "untagged",
      )
      .map(({ key, selector }) => ({
        kind: "unclaimed-line",
        message: `The line "${key}" claims nothing in ${where}${guess(key, selector, prepared)}`,
      }));
  });
}

function placesOf({ type }: Policy, prepared: readonly PreparedPackage[]): string {
  const names = prepared.map(({ pkg }) => pkg.name);
  return names.length > MOST_NAMES
    ? `any of ${names.length} ${type} packages`
    : `${type} ${names.join(", ")}`;
}

/** A reserved word or a tag that was mistyped is taken for a tag. */
function guess(key: string, { kind }: Line["selector"], prepared: readonly PreparedPackage[]): string {
  if (kind === "semver" || kind === "prerelease") return ": there is none to keep or delete so far.";
  const tags = prepared.flatMap(({ plan }) => plan.verdicts.flatMap(({ version }) => version.tags));
  const word = closest(key, [...RESERVED_KEYS, ...new Set(tags)].slice(0, MOST_GUESSES));
  return `: is it a typo?${word === undefined ? "" : ` Did you mean "${word}"?`}`;
}
