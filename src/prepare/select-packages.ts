import { npmSpellings } from "../github/npm-name";
import type { Packages } from "../github/packages";
import type { PackageRef, PackageType } from "../model/package-version";
import { matchPackages, needsList } from "../policy/package-selection";
import type { Pattern, Policy } from "../policy/policy";

export interface SelectedPackage {
  readonly pkg: PackageRef;
  readonly policy: Policy;
}

/** What only the listing can show: it stops the run before anything is deleted (spec/policy.md). */
export class SelectionError extends Error {
  override readonly name = "SelectionError";
}

/**
 * The packages that each policy is for. The list of packages is asked for only where a glob needs it, once a type.
 *
 * @throws SelectionError for a package that two policies match, and a policy that matches none
 * @throws GitHubError when the packages cannot be listed
 */
export async function selectPackages(
  packages: Packages,
  policies: readonly Policy[],
): Promise<SelectedPackage[]> {
  const { owner } = packages;
  const lists = new Map<PackageType, readonly string[]>();
  const selected = new Map<string, SelectedPackage>();
  for (const policy of policies) {
    const names = await namesFor(policy);
    if (names.length === 0) throw new SelectionError(noMatch(policy, owner));
    for (const name of names) add({ pkg: { type: policy.type, name }, policy });
  }
  return [...selected.values()];

  async function namesFor(policy: Policy): Promise<readonly string[]> {
    const { type } = policy;
    if (!needsList(policy.packages)) return packageNames(owner, policy, []);
    const known = lists.get(type) ?? (await packages.list(type)).map(({ name }) => name);
    lists.set(type, known);
    return packageNames(owner, policy, known);
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

/** The names of the selected packages; a glob matches an npm package with its scope or without it (`npmSpellings`). */
export function packageNames(
  owner: string,
  { packages, type }: Pick<Policy, "packages" | "type">,
  listed: readonly string[],
): string[] {
  if (type !== "npm") return matchPackages(packages, listed);
  const inEither = ({ text, matches }: Pattern): Pattern => ({
    text,
    matches: (name) => npmSpellings(name, owner).some(matches),
  });
  const { names, globs, excludes } = packages;
  return matchPackages({ names, globs: globs.map(inEither), excludes: excludes.map(inEither) }, listed);
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
  return `No ${type} package of ${owner} matches ${patterns.join(", ")}: check \`packages\` and the package type.`;
}
