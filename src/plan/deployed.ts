import type { PackageRef, PackageVersion } from "../model/package-version";
import { formatProblem, type Place } from "../policy/problem";
import { matchBranches, matchGitTags } from "./living";

/** A deployment of an environment that counts: the newest that succeeded, or a later one that has not ended. */
export interface Deployment {
  /** The commit's SHA. */
  readonly commit: string;
  /** A branch, a git tag or a commit. */
  readonly ref: string;
  /** It succeeded: it is what runs. */
  readonly isDone: boolean;
}

/** What is deployed, as far as a package has it. */
export interface DeployedVersions {
  /** By version id: `environment production`. */
  readonly inUse: ReadonlyMap<number, readonly string[]>;
  /** The tags that name what is deployed. */
  readonly tags: ReadonlySet<string>;
  /** The environments of which no tag names what runs there. */
  readonly unfound: readonly string[];
}

/**
 * Which versions are deployed (spec/action.md, `in-use-environments`).
 *
 * @param environments by name, what is deployed there
 */
export function findDeployed(
  environments: ReadonlyMap<string, readonly Deployment[]>,
  versions: readonly PackageVersion[],
): DeployedVersions {
  const inUse = new Map<number, string[]>();
  const tags = new Set<string>();
  const unfound: string[] = [];
  for (const [environment, deployments] of environments) {
    const running = deployments.filter(({ isDone }) => isDone).map(naming);
    const all = deployments.map(naming);
    let isFound = false;
    for (const version of versions) {
      const naming = version.tags.filter((tag) => all.some((names) => names(tag)));
      for (const tag of naming) tags.add(tag);
      if (naming.length > 0)
        inUse.set(version.id, [...(inUse.get(version.id) ?? []), `environment ${environment}`]);
      isFound ||= naming.some((tag) => running.some((names) => names(tag)));
    }
    if (!isFound) unfound.push(environment);
  }
  return { inUse, tags, unfound };
}

/** Why a package cannot be planned of which an environment's version is not found, and the way out. */
export function notDeployedMessage(
  pkg: PackageRef,
  environment: string,
  deployments: readonly Deployment[],
  at: Place = { source: "in-use-environments" },
): string {
  return formatProblem({ ...at, message: whyNotFound(pkg, environment, deployments) });
}

function whyNotFound(pkg: PackageRef, environment: string, deployments: readonly Deployment[]): string {
  const running = deployments.find(({ isDone }) => isDone);
  const nothing = `Nothing of ${pkg.name} is deleted`;
  if (running === undefined) {
    return (
      `no deployment of the environment ${environment} has succeeded, so that it is not known what ` +
      `runs there. ${nothing}: check the name, or remove it from in-use-environments.`
    );
  }
  const { commit, ref } = running;
  return (
    `no tag of ${pkg.name} names what is deployed in ${environment} (commit ` +
    `${commit.slice(0, 12)}, ref ${ref}). ${nothing}: give images a tag with seven or more digits of their commit, or ` +
    "that of their branch or git tag."
  );
}

/** Whether a tag names a deployment: its commit in part, or as a whole its branch or git tag. */
function naming({ commit, ref }: Deployment): (tag: string) => boolean {
  const name = ref.replace(/^refs\/(heads|tags)\//, "");
  const isBranch = matchBranches([name]);
  const isGitTag = matchGitTags([name]);
  return (tag) => hasCommit(tag, commit) || (name !== "" && (isBranch(tag) || isGitTag(tag)));
}

/** So many digits of a commit tell it from others. */
const SHORTEST = 7;

/** Whether a tag has seven or more hex digits which the commit begins with; no further ones that it lacks. */
function hasCommit(tag: string, commit: string): boolean {
  if (commit.length < SHORTEST) return false;
  const text = tag.toLowerCase();
  const start = commit.slice(0, SHORTEST).toLowerCase();
  for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + 1)) {
    const digits = /^[0-9a-f]+/.exec(text.slice(at))?.[0] ?? "";
    if (commit.toLowerCase().startsWith(digits)) return true;
  }
  return false;
}
