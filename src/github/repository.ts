import { isObject, type Json } from "../model/json";
import type { Deployment } from "../plan/deployed";
import type { PullRequests } from "../plan/living";
import { readDeployments } from "./deployments";
import type { GitHub, Parameters } from "./github";
import { readPages } from "./pages";
import {
  manyReleasesError,
  noBranchesError,
  type RepositoryList,
  repositoryError,
  senselessError,
} from "./repository-error";

/** What there is in a repository. Each list is whole, or a GitHubError says which permission is missing. */
export interface Repository {
  pullRequests(): Promise<PullRequests>;
  /** Names of branches. */
  branches(): Promise<readonly string[]>;
  /** The git tags of published releases. */
  releases(): Promise<readonly string[]>;
  gitTags(): Promise<readonly string[]>;
  /** What is deployed in an environment: the newest that succeeded, and each later one that has not ended. */
  deployments(environment: string): Promise<readonly Deployment[]>;
  /** How many requests were sent so far. */
  requests(): number;
}

/** GitHub lists no more releases than these, and does not say whether there are more. */
const MOST_RELEASES = 10_000;

/** A repository behind GitHub's API. @param fullName `owner/name` */
export function createRepository(api: Pick<GitHub, "get">, fullName: string): Repository {
  let requests = 0;
  const github: Pick<GitHub, "get"> = {
    get: (path, parameters) => {
      requests++;
      return api.get(path, parameters);
    },
  };

  /** Asks for all pages of one list. */
  async function readAll(list: RepositoryList, path: string, parameters: Parameters): Promise<Json[]> {
    const entries = await readPages(
      (paging) => github.get(`/repos/${fullName}/${path}`, { ...parameters, ...paging }),
      (answer) => repositoryError(list, fullName, answer),
    );
    return entries.map((entry) => (isObject(entry) ? entry : {}));
  }

  async function texts(list: RepositoryList, entries: readonly Json[], key: string): Promise<string[]> {
    return entries.map(({ [key]: value }) => {
      if (typeof value === "string" && value !== "") return value;
      throw senselessError(list, fullName, key);
    });
  }

  function numbers(entries: readonly unknown[]): number[] {
    return entries.map((entry) => {
      const number = isObject(entry) ? entry.number : undefined;
      if (typeof number === "number") return number;
      throw senselessError("open pull requests", fullName, "number");
    });
  }

  /** The number of the newest pull request, whatever its state; 0 without any. */
  async function newestPullRequest(): Promise<number> {
    const parameters = { state: "all", sort: "created", direction: "desc", per_page: 1 };
    const answer = await github.get(`/repos/${fullName}/pulls`, parameters);
    const fail = (message: string) => repositoryError("open pull requests", fullName, { ...answer, message });
    if (answer.status !== 200) throw fail(answer.message);
    if (!Array.isArray(answer.data)) throw fail("the answer is not a list");
    return numbers(answer.data)[0] ?? 0;
  }

  return {
    pullRequests: async () => {
      // The newest comes first: a pull request that is opened in between is among the open ones, and not gone.
      const newest = await newestPullRequest();
      const open = numbers(await readAll("open pull requests", "pulls", { state: "open" }));
      return { open, newest };
    },
    branches: async () => {
      const branches = await readAll("branches", "branches", {});
      if (branches.length === 0) throw noBranchesError(fullName);
      return texts("branches", branches, "name");
    },
    releases: async () => {
      const releases = await readAll("releases", "releases", {});
      if (releases.length >= MOST_RELEASES) throw manyReleasesError(fullName);
      return texts(
        "releases",
        releases.filter(({ draft }) => draft !== true),
        "tag_name",
      );
    },
    gitTags: async () => texts("git tags", await readAll("git tags", "tags", {}), "name"),
    deployments: (environment) => readDeployments(github, fullName, environment),
    requests: () => requests,
  };
}
