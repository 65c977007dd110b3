import { isBookkeepingTag } from "../model/bookkeeping";
import type { Warning } from "../model/warning";
import type { UnmatchedPatterns } from "../policy/package-selection";
import type { Line, Pattern, Policy } from "../policy/policy";
import { formatProblem, type Place, type Problem } from "../policy/problem";
import { claimTag, RESERVED_KEYS } from "../policy/selector";
import { type Allowance, closest, isSlipOf, slipFinder } from "../policy/suggestion";
import { isDoomed, type PreparedPackage } from "./prepared";

/** A package of a policy; without `prepared` it could not be listed. */
export interface Listed {
  readonly policy: Policy;
  readonly prepared?: PreparedPackage;
}

/** What is written and matches nothing (spec/policy.md, "Verdicts"). */
export interface Unmatched {
  readonly warnings: readonly Warning[];
  /** What is probably a slip that deletes too much: a run that deletes stops before it does. */
  readonly slips: readonly Problem[];
}

/** A policy with what there is for it to match. */
interface Scope {
  readonly policy: Policy;
  readonly prepared: readonly PreparedPackage[];
  /** Whether all packages could be listed; those that could not may have what is not found. */
  readonly isComplete: boolean;
  /** `npm app, web`. */
  readonly where: string;
  readonly tags: readonly string[];
  /** Tags and packages that are about to lose a version. */
  readonly slipOfTag: (text: string) => string | undefined;
  readonly slipOfPackage: (text: string) => string | undefined;
}

/** One thing that matches nothing: what to say of it, and what it is probably a slip of. */
interface Finding {
  readonly at: Place;
  readonly warning: () => string;
  readonly slip?: string;
}

/** A warning names no more packages than this one by one. */
const MOST_NAMES = 5;

/** So many warnings guess what was meant, each among so many tags. */
const MOST_GUESSES = 20;
const MOST_TAGS = 10_000;

/** Comparisons of what matches nothing with what is about to be deleted. Only made-up policies need more. */
export const MOST_COMPARISONS = 2_000_000;

/**
 * Finds the lines, exceptions, entries of `packages` and of `protect` that match nothing in any selected package.
 *
 * @param patterns by policy, the globs and exclusions of `packages` that match no package
 */
export function findUnmatched(
  policies: readonly Policy[],
  all: readonly Listed[],
  patterns: ReadonlyMap<Policy, UnmatchedPatterns>,
  allowance: Allowance = { left: MOST_COMPARISONS },
): Unmatched {
  const scopes = policies.map((policy) => scopeOf(policy, all, allowance));
  const guesses = { left: MOST_GUESSES };
  const findings = scopes.flatMap((scope) => [
    ...ofPackages(scope, patterns.get(scope.policy)),
    ...ofLines(scope, guesses),
    ...ofExceptions(scope),
  ]);
  findings.push(...ofProtection(scopes));
  const slips = findings.flatMap(({ at, slip }) => (slip === undefined ? [] : [{ ...at, message: slip }]));
  const warnings = findings.filter(({ slip }) => slip === undefined);
  return {
    warnings: warnings.map(({ at, warning }) => ({ kind: "unmatched", message: said(at, warning()) })),
    slips: allowance.left > 0 ? slips : [...slips, TOO_MANY],
  };
}

/** What a dry run says of a slip. */
export function slipWarning(slip: Problem): Warning {
  return {
    kind: "slip",
    message: `${formatProblem(slip)} With "dry-run: false" the run stops here and deletes nothing.`,
  };
}

const TOO_MANY: Problem = {
  source: "keep",
  message:
    "so much of the policy matches nothing that it cannot be searched for slips: remove what matches nothing",
};

function said(at: Place, message: string): string {
  return formatProblem({ ...at, message });
}

function scopeOf(policy: Policy, all: readonly Listed[], allowance: Allowance): Scope {
  const listed = all.filter((item) => item.policy === policy);
  const prepared = listed.flatMap((item) => item.prepared ?? []);
  const versions = prepared.flatMap(({ plan }) => plan.verdicts.map(({ version }) => version));
  const tags = new Set(versions.flatMap((version) => version.tags));
  const losers = prepared.filter((one) => doomed(one).length > 0);
  return {
    policy,
    prepared,
    isComplete: prepared.length === listed.length,
    where: placesOf(policy, prepared),
    tags: [...tags].filter((tag) => !isBookkeepingTag(tag)),
    slipOfTag: slipFinder(
      prepared.flatMap((one) => doomed(one).flatMap(({ version, untag }) => untag ?? version.tags)),
      allowance,
    ),
    slipOfPackage: slipFinder(
      losers.map(({ pkg }) => withoutScope(pkg.name)),
      allowance,
    ),
  };
}

/** The verdicts that cost a version or its tags. */
function doomed({ plan, held }: PreparedPackage): PreparedPackage["plan"]["verdicts"] {
  return plan.verdicts.filter(
    (verdict) => verdict.untag !== undefined || (isDoomed(verdict) && !held.has(verdict.version.id)),
  );
}

function placesOf({ type }: Policy, prepared: readonly PreparedPackage[]): string {
  const names = prepared.map(({ pkg }) => pkg.name);
  return names.length > MOST_NAMES
    ? `any of ${names.length} ${type} packages`
    : `${type} ${names.join(", ")}`;
}

function ofPackages(
  { policy: { type }, slipOfPackage }: Scope,
  { globs, excludes }: UnmatchedPatterns = { globs: [], excludes: [] },
): Finding[] {
  return [
    ...globs.map(({ text, at }) => ({
      at,
      warning: () => `"${text}" matches no ${type} package: is it a typo?`,
    })),
    ...excludes.map(({ text, at }) => {
      const name = withoutScope(text);
      const near = isPlain(text) ? slipOfPackage(name) : undefined;
      const meant = near === undefined ? undefined : `${text.slice(0, -name.length)}${near}`;
      return {
        at,
        warning: () => `"!${text}" matches none of the selected ${type} packages: is it a typo?`,
        ...(meant === undefined ? {} : { slip: `"!${text}" matches nothing, did you mean "!${meant}"?` }),
      };
    }),
  ];
}

/** GitHub names npm packages without the scope that they are known by. */
function withoutScope(name: string): string {
  return name.replace(/^@[^/]*\//, "");
}

/** `rest` and `untagged` may find nothing to do. */
function ofLines(scope: Scope, guesses: { left: number }): Finding[] {
  const claimed = new Set(scope.prepared.flatMap(({ plan }) => [...plan.claimedKeys]));
  const unclaimed = scope.policy.lines.filter(
    ({ key, selector }) => !claimed.has(key) && selector.kind !== "rest" && selector.kind !== "untagged",
  );
  return unclaimed.flatMap((line): Finding[] => {
    const { key, at } = line;
    const near = slipOfLine(line, scope);
    const slip = near === undefined ? {} : { slip: `"${key}" claims nothing, did you mean "${near}"?` };
    if (near === undefined && !scope.isComplete) return [];
    const warning = () => `"${key}" matches nothing in ${scope.where}${guess(line, scope, guesses)}`;
    return [{ at, warning, ...slip }];
  });
}

/** A reserved word that has a line of its own cannot have been meant. */
function slipOfLine({ key, words, selector }: Line, { policy, slipOfTag }: Scope): string | undefined {
  if (words.length === 0 || selector.kind !== "glob" || !isPlain(key)) return undefined;
  const free = RESERVED_KEYS.filter((word) => !policy.lines.some((line) => line.selector.kind === word));
  const reserved = closest(key, free);
  return reserved !== undefined && isSlipOf(key, reserved) ? reserved : slipOfTag(key);
}

/** Without wildcards, as a name is. */
function isPlain(text: string): boolean {
  return !/[*?[\]{}()\\]/.test(text);
}

/** A reserved word or a tag that was mistyped is taken for a tag. */
function guess({ key, selector: { kind } }: Line, { tags }: Scope, guesses: { left: number }): string {
  if (kind === "semver" || kind === "prerelease") return ": there is none to keep or delete so far";
  if (guesses.left === 0) return ": is it a typo?";
  guesses.left--;
  const word = closest(key, [...RESERVED_KEYS, ...tags.slice(0, MOST_TAGS)]);
  return `: is it a typo?${word === undefined ? "" : ` Did you mean "${word}"?`}`;
}

/** Exceptions of lines that match something; what a line that matches nothing excepts is its own business. */
function ofExceptions({ policy, prepared, isComplete, where, tags }: Scope): Finding[] {
  if (!isComplete) return [];
  const claimed = new Set(prepared.flatMap(({ plan }) => [...plan.claimedKeys]));
  return policy.lines.flatMap((line) => {
    if (line.except.length === 0 || !(claimed.has(line.key) || line.selector.kind === "rest")) return [];
    const ofLine = tags.filter((tag) => isOfLine(tag, line, policy.lines));
    const isIdle = ({ matches }: Pattern) => !ofLine.some(matches);
    return line.except.filter(isIdle).map(({ at, text }) => ({
      at: { ...line.at, ...at },
      warning: () =>
        `"${text}" matches nothing that "${line.key}" matches in ${where}: leave the except out, or is it a typo?`,
    }));
  });
}

/** Entries of `protect`. Those of the input are the same for several policies, and may match in any of them. */
function ofProtection(scopes: readonly Scope[]): Finding[] {
  const sharing = new Map<Policy["protect"], Scope[]>();
  for (const scope of scopes) {
    const { protect } = scope.policy;
    sharing.set(protect, [...(sharing.get(protect) ?? []), scope]);
  }
  return [...sharing].flatMap(([protect, those]) => idleEntries(protect, those));
}

function idleEntries(protect: Policy["protect"], scopes: readonly Scope[]): Finding[] {
  const verdicts = scopes.flatMap(({ prepared }) => prepared.flatMap(({ plan }) => plan.verdicts));
  const known = new Set(verdicts.flatMap(({ version: { id, name, tags } }) => [`${id}`, name, ...tags]));
  const [{ where, policy } = { where: "", policy: undefined }] = scopes;
  const place = scopes.length > 1 ? "any selected package" : where;
  return [...protect].flatMap((entry): Finding[] => {
    if (known.has(entry)) return [];
    const near = scopes.flatMap(({ slipOfTag }) => slipOfTag(entry) ?? [])[0];
    if (near === undefined && scopes.some(({ isComplete }) => !isComplete)) return [];
    const slip = near === undefined ? {} : { slip: `"${entry}" matches nothing, did you mean "${near}"?` };
    const at = policy?.protectAt?.get(entry) ?? { source: "protect" };
    const warning = () =>
      `"${entry}" matches nothing in ${place}: is it a typo? Remove it if its version is gone`;
    return [{ at, warning, ...slip }];
  });
}

/** Whether a line would claim a tag if it had no exceptions. */
function isOfLine(tag: string, line: Line, lines: readonly Line[]): boolean {
  if (line.selector.kind !== "rest") return claimTag({ ...line, except: [] }, tag) !== undefined;
  return !lines.some((other) => claimTag(other, tag) !== undefined);
}
