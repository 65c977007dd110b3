import { GitHubError } from "../github/github-error";
import type { PackageClient } from "../github/packages";
import type { Repository } from "../github/repository";
import { packageName } from "../model/label";
import type { Deployment } from "../plan/deployed";
import { type Facts, NO_FACTS } from "../plan/facts";
import { type Living, livingLookup, thingsAsked } from "../plan/living";
import type { LivingThing, Policy } from "../policy/policy";

/** The client of a repository, by `owner/name`; asks nothing. */
export type Repositories = (fullName: string) => Repository;

/** Where a run finds what policies ask of repositories. */
export interface FactsContext {
  readonly repositories: Repositories;
  /** The repository that the workflow runs in, `owner/name`. */
  readonly workflowRepository?: string;
}

/** Each list is asked for once, by whoever needs it first: for the first look at all packages of a run. */
export function askOnce(repositories: Repositories): Repositories {
  const known = new Map<string, Repository>();
  return (fullName) => {
    const key = fullName.toLowerCase();
    const repository = known.get(key) ?? remember(repositories(fullName));
    known.set(key, repository);
    return repository;
  };
}

function remember(repository: Repository): Repository {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const answer = (answers.get(key) as Promise<T> | undefined) ?? ask();
    answers.set(key, answer);
    return answer;
  };
  return {
    pullRequests: () => once("pullRequests", repository.pullRequests),
    branches: () => once("branches", repository.branches),
    releases: () => once("releases", repository.releases),
    gitTags: () => once("gitTags", repository.gitTags),
    deployments: (environment) =>
      once(`deployments ${environment}`, () => repository.deployments(environment)),
    requests: repository.requests,
  };
}

/**
 * How to ask what the policy of a package needs to know of its repository (spec/policy.md, "While it lives";
 * spec/action.md, `in-use-environments`): which repository that is is found out once, and nothing is asked that no line
 * and no input needs. Asking throws GitHubError when a list cannot be read in full.
 */
export function factsAsker(
  client: Pick<PackageClient, "pkg" | "getPackage">,
  policy: Policy,
  workflowRepository?: string,
): (repositories: Repositories) => Promise<Facts> {
  const things = thingsAsked(policy.lines);
  if (things.size === 0 && policy.inUseEnvironments.length === 0) return async () => NO_FACTS;
  let fullName: Promise<string> | undefined;
  return async (repositories) => {
    fullName ??= repositoryOf(client, policy, workflowRepository);
    const repository = repositories(await fullName);
    const [living, environments] = await Promise.all([
      readLiving(repository, things),
      readEnvironments(repository, policy.inUseEnvironments),
    ]);
    return { living: livingLookup(living), environments, requests: repository.requests() };
  };
}

/** The input `repository`, the one that GitHub links to the package, or the workflow's. */
async function repositoryOf(
  client: Pick<PackageClient, "pkg" | "getPackage">,
  { repository }: Policy,
  workflowRepository: string | undefined,
): Promise<string> {
  if (repository !== undefined) return repository;
  const found = await client.getPackage();
  if (found.kind !== "found") throw new GitHubError(found.message, found.status);
  const linked = found.package.repository ?? workflowRepository;
  if (linked !== undefined) return linked;
  throw new GitHubError(
    `GitHub links the ${packageName(client.pkg)} to no repository: name in the input repository the one whose pull requests, branches, releases, tags or deployments count.`,
    200,
  );
}

async function readLiving(repository: Repository, things: ReadonlySet<LivingThing>): Promise<Living> {
  const ask = async <K extends keyof Living>(thing: LivingThing, key: K, list: () => Promise<Living[K]>) =>
    things.has(thing) ? { [key]: await list() } : {};
  const parts = await Promise.all([
    ask("pull-request", "pullRequests", repository.pullRequests),
    ask("branch", "branches", repository.branches),
    ask("release", "releases", repository.releases),
    ask("git-tag", "gitTags", repository.gitTags),
  ]);
  return Object.assign({}, ...parts);
}

async function readEnvironments(
  repository: Repository,
  names: readonly string[],
): Promise<Map<string, readonly Deployment[]>> {
  const read = async (name: string) => [name, await repository.deployments(name)] as const;
  return new Map(await Promise.all(names.map(read)));
}
