import type { Answer } from "./github";
import { GitHubError, wayOut } from "./github-error";

/** What of a repository is listed. */
export type RepositoryList = "open pull requests" | "branches" | "releases" | "git tags" | "deployments";

const PERMISSION: Readonly<Record<RepositoryList, string>> = {
  "open pull requests": "pull-requests: read",
  branches: "contents: read",
  releases: "contents: read",
  "git tags": "contents: read",
  deployments: "deployments: read",
};

/** GitHub's answer does not let a list of a repository be read in full. @param repository `owner/name` */
export function repositoryError(list: RepositoryList, repository: string, answer: Answer): GitHubError {
  const { status, message } = answer;
  const said = status === 0 ? "GitHub did not answer" : `GitHub answered ${status}`;
  const sentence = `Cannot list the ${list} of ${repository}: ${said}: ${message.replace(/\.$/, "")}.`;
  return new GitHubError(`${sentence} ${wayOutOf(list, repository, answer)}`, status);
}

/** A list in which something lacks what each such thing has. */
export function senselessError(list: RepositoryList, repository: string, lacks: string): GitHubError {
  const message = `GitHub's list of the ${list} of ${repository} makes no sense: one of them has no ${lacks}.`;
  return new GitHubError(`${message} Run the action again later.`, 200);
}

/** No branch at all: nothing would live, and a repository that images are built from has at least one. */
export function noBranchesError(repository: string): GitHubError {
  return new GitHubError(
    `GitHub lists no branches of ${repository}, and an empty list may be wrong: nothing is deleted. Check ` +
      "the input repository, or run the action again later.",
    200,
  );
}

/** GitHub lists no more releases than 10,000, and does not say whether there are more. */
export function manyReleasesError(repository: string): GitHubError {
  return new GitHubError(
    `Cannot list the releases of ${repository}: there are 10,000 or more, of which GitHub lists only the first. Write ` +
      "git-tag in place of release: git tags are listed in full.",
    200,
  );
}

function wayOutOf(list: RepositoryList, repository: string, answer: Answer): string {
  const general = answer.status === 404 ? "" : wayOut({ operation: "owner", ...answer });
  if (general !== "") return general;
  return (
    `With GITHUB_TOKEN: give the job "permissions: ${PERMISSION[list]}"; it sees its own repository and public ones. ` +
    `With a personal access token: it needs to read ${repository} (classic: the scope repo). Is it another repository? ` +
    "Name it in the input repository."
  );
}
