import type { GitHub } from "./github/github";
import { listPackages } from "./github/listing";
import type { Account } from "./github/owner";
import type { PackageRef, PackageType } from "./model/package-version";
import { matchPackages, needsList } from "./policy/package-selection";
import type { Policy } from "./policy/policy";

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
  github: GitHub,
  account: Account,
  policies: readonly Policy[],
): Promise<SelectedPackage[]> {
  const lists = new Map<PackageType, readonly string[]>();
  const selected = new Map<string, SelectedPackage>();
  for (const policy of policies) {
    const names = await namesFor(policy);
    if (names.length === 0) throw new SelectionError(noMatch(policy, account));
    for (const name of names) add({ pkg: { type: policy.type, name }, policy });
  }
  return [...selected.values()];

  async function namesFor({ packages, type }: Policy): Promise<readonly string[]> {
    if (!needsList(packages)) return matchPackages(packages, []);
    const known = lists.get(type) ?? (await listPackages(github, account, type)).map(({ name }) => name);
    lists.set(type, known);
    return matchPackages(packages, known);
  }

  function add(selection: SelectedPackage): void {
    const { pkg, policy } = selection;
    const { type, name } = pkg;
    const key = keyOf(pkg);
    const known = selected.get(key);
    if (known && known.policy !== policy) {
      throw new SelectionError(
        `The ${type} package ${name} is matched by two policies: exclude it from one of them with "!${name}".`,
      );
    }
    if (!known) selected.set(key, selection);
  }
}

/** `App` and `app` are one package, where names ignore case. */
function keyOf({ type, name }: PackageRef): string {
  const heedsCase = type === "maven" || type === "rubygems";
  return `${type}/${heedsCase ? name : name.toLowerCase()}`;
}

function noMatch({ packages, type }: Policy, { login }: Account): string {
  const { names, globs, excludes } = packages;
  const patterns = [...names, ...globs.map(({ text }) => text), ...excludes.map(({ text }) => `!${text}`)];
  return `No ${type} package of ${login} matches ${patterns.join(", ")}: check \`packages\` and the package type.`;
}
