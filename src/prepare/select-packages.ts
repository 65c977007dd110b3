import { nameHint } from "../github/name-hint";
import { npmSpellings } from "../github/npm-name";
import type { Packages } from "../github/packages";
import type { PackageRef, PackageType } from "../model/package-version";
import {
  matchPackages,
  needsList,
  type UnmatchedPatterns,
  unmatchedPatterns,
} from "../policy/package-selection";
import type { PackageSelection, Policy, WrittenPattern } from "../policy/policy";
import { formatProblem, type Problem } from "../policy/problem";

export interface SelectedPackage {
  readonly pkg: PackageRef;
  readonly policy: Policy;
}

export interface Selection {
  readonly packages: readonly SelectedPackage[];
  /** By policy: what of its `packages` has no effect. */
  readonly unmatched: ReadonlyMap<Policy, UnmatchedPatterns>;
}

/** What only the listing can show: it stops the run before anything is deleted (spec/policy.md). */
export class SelectionError extends Error {
  override readonly name: string = "SelectionError";
}

/** The policy has slips in it that would delete too much. */
export class PolicySlips extends SelectionError {
  override readonly name = "PolicySlips";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.problems = problems;
  }
}

/**
 * The packages that each policy is for. The list of packages is asked for only where a glob needs it, once a type.
 *
 * @throws SelectionError for a package that two policies match, and a policy that matches none
 * @throws GitHubError when the packages cannot be listed
 */
export async function selectPackages(packages: Packages, policies: readonly Policy[]): Promise<Selection> {
  const { owner } = packages;
  const lists = new Map<PackageType, readonly string[]>();
  const selected = new Map<string, SelectedPackage>();
  const unmatched = new Map<Policy, UnmatchedPatterns>();
  for (const policy of policies) {
    const listed = needsList(policy.packages) ? await listOf(policy.type) : [];
    const names = packageNames(owner, policy, listed);
    unmatched.set(policy, unmatchedPatterns(inEitherSpelling(owner, policy), listed));
    if (names.length === 0) throw new SelectionError(noMatch(policy, owner));
    for (const name of names) add({ pkg: { type: policy.type, name }, policy });
  }
  return { packages: [...selected.values()], unmatched };

  async function listOf(type: PackageType): Promise<readonly string[]> {
    const known = lists.get(type) ?? (await packages.list(type)).map(({ name }) => name);
    lists.set(type, known);
    return known;
  }

  function add(selection: SelectedPackage): void {
    const { pkg, policy } = selection;
    const { type, name } = pkg;
    const key = keyOf(pkg, owner);
    const known = selected.get(key);
    if (known && known.policy !== policy) {
      throw new SelectionError(
        `The ${type} package ${name} is matched by two policies: exclude it from one of them with "!${name}".`,
      );
    }
    if (!known) selected.set(key, selection);
  }
}

/** The names of the selected packages. */
export function packageNames(
  owner: string,
  policy: Pick<Policy, "packages" | "type">,
  listed: readonly string[],
): string[] {
  return matchPackages(inEitherSpelling(owner, policy), listed);
}

/** A glob matches an npm package with its scope or without it (`npmSpellings`). */
function inEitherSpelling(
  owner: string,
  { packages, type }: Pick<Policy, "packages" | "type">,
): PackageSelection {
  if (type !== "npm") return packages;
  const inEither = (glob: WrittenPattern): WrittenPattern => ({
    ...glob,
    matches: (name) => npmSpellings(name, owner).some(glob.matches),
  });
  const { names, globs, excludes } = packages;
  return { names, globs: globs.map(inEither), excludes: excludes.map(inEither) };
}

/** `App` and `app` are one package, where names ignore case. */
function keyOf({ type, name }: PackageRef, owner: string): string {
  const heedsCase = type === "maven" || type === "rubygems";
  const one = type === "npm" ? [...npmSpellings(name, owner)].sort()[0] : name;
  return `${type}/${heedsCase ? one : one?.toLowerCase()}`;
}

function noMatch({ packages, type }: Policy, owner: string): string {
  const { names, globs, excludes } = packages;
  const patterns = [...names, ...globs.map(({ text }) => text), ...excludes.map(({ text }) => `!${text}`)];
  const hint = globs.map(({ text }) => nameHint(text, owner)).find((one) => one !== "");
  return (
    `No ${type} package of ${owner} matches ${patterns.join(", ")}: check \`packages\` and the package type.` +
    (hint === undefined ? "" : ` ${hint}`)
  );
}
