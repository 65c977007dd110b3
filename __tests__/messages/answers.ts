import { BudgetExhausted } from "../../src/github/budget";
import {
  manyReleasesError,
  noBranchesError,
  type RepositoryList,
  repositoryError,
  senselessError,
} from "../../src/github/repository-error";
import { notDeployedMessage } from "../../src/plan/deployed";
import { nothingInUse } from "../../src/plan/in-use";
import { mentionsIn } from "../../src/plan/mentions";
import { factsAsker } from "../../src/prepare/facts";
import { noRepository, policy } from "../support/builder";
import { app, refused, registryRefused, thrown } from "./bring-about";
import type { Message } from "./message";

function refusedList(list: RepositoryList, status: number, message: string): string {
  const answer = { status, message, data: undefined, headers: {}, retried: false };
  return repositoryError(list, "acme/app", answer).message;
}

const LACKING = "Resource not accessible by integration";

/** What GitHub answered about a repository. */
const REPOSITORIES: readonly Message[] = [
  ...(
    [
      ["open pull requests", "pull-requests: read"],
      ["branches", "contents: read"],
      ["releases", "contents: read"],
      ["git tags", "contents: read"],
      ["deployments", "deployments: read"],
    ] as const
  ).map(([list, permission]) => ({
    when: `a token that may not list ${list}`,
    how: () => refusedList(list, 403, LACKING),
    says: `Cannot list the ${list} of acme/app: GitHub answered 403: ${LACKING}. With GITHUB_TOKEN: give the job "permissions: ${permission}"; it sees its own repository and public ones. With a personal access token: it needs to read acme/app (classic: the scope repo). Is it another repository? Name it in the input repository.`,
  })),
  {
    when: "a repository that is not shown",
    how: () => refusedList("branches", 404, "Not Found"),
    says: 'Cannot list the branches of acme/app: GitHub answered 404: Not Found. With GITHUB_TOKEN: give the job "permissions: contents: read"; it sees its own repository and public ones. With a personal access token: it needs to read acme/app (classic: the scope repo). Is it another repository? Name it in the input repository.',
  },
  {
    when: "a list of branches that does not come",
    how: () => refusedList("branches", 0, "read ECONNRESET"),
    says: "Cannot list the branches of acme/app: GitHub did not answer: read ECONNRESET. Run the action again later.",
  },
  {
    when: "a list without branches",
    how: () => noBranchesError("acme/app").message,
    says: "GitHub lists no branches of acme/app, and an empty list may be wrong: nothing is deleted. Check the input repository, or run the action again later.",
  },
  {
    when: "a list of branches without names",
    how: () => senselessError("branches", "acme/app", "name").message,
    says: "GitHub's list of the branches of acme/app makes no sense: one of them has no name. Run the action again later.",
  },
  {
    when: "more releases than GitHub lists",
    how: () => manyReleasesError("acme/app").message,
    says: "Cannot list the releases of acme/app: there are 10,000 or more, of which GitHub lists only the first. Write git-tag in place of release: git tags are listed in full.",
  },
  {
    when: "a package that is linked to no repository, outside of a workflow",
    how: () => {
      const client = {
        pkg: app,
        getPackage: async () => ({ kind: "found", package: { name: "app" } }) as const,
      };
      return thrown(() => factsAsker(client, policy("rest: {while: branch}"))(noRepository));
    },
    says: "GitHub links the container package app to no repository: name in the input repository the one whose pull requests, branches, releases, tags or deployments count.",
  },
  {
    when: "in-use-files that keep nothing of a package",
    how: () => nothingInUse(app, [{ path: "deploy/app.yaml", mentions: mentionsIn("") }]).message,
    says: "in-use-files: nothing of app is found in deploy/app.yaml. Check that the files name its tags or digests, or remove in-use-files from its policy.",
  },
  {
    when: "an environment without a deployment",
    how: () => notDeployedMessage(app, "production", []),
    says: "in-use-environments: no deployment of the environment production has succeeded, so that it is not known what runs there. Nothing of app is deleted: check the name, or remove it from in-use-environments.",
  },
  {
    when: "an environment with a deployment that no tag names",
    how: () =>
      notDeployedMessage(app, "production", [{ commit: "1a2b3c4d".repeat(5), ref: "main", isDone: true }]),
    says: "in-use-environments: no tag of app names what is deployed in production (commit 1a2b3c4d1a2b, ref main). Nothing of app is deleted: give images a tag with seven or more digits of their commit, or that of their branch or git tag.",
  },
];

/** What GitHub and the registry answered. */
export const ANSWERS: readonly Message[] = [
  ...REPOSITORIES,
  {
    when: "a token that is not valid",
    how: () => refused({ operation: "listVersions", status: 401, message: "Bad credentials" }),
    says: "Cannot list the versions of the container package acme/app: GitHub answered 401: Bad credentials. The token is not valid (expired, revoked or mistyped): check the input token.",
  },
  {
    when: "a token that may not delete",
    how: () => refused({ version: 42 }),
    says: 'Cannot delete version 42 of the container package acme/app: GitHub answered 404: Package not found. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings). With a classic personal access token: it needs read:packages and delete:packages, and its owner the Admin role on the package.',
  },
  {
    when: "a token that may not restore",
    how: () => refused({ operation: "restoreVersion", version: 42 }),
    says: 'Cannot restore version 42 of the container package acme/app: GitHub answered 404: Package not found. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings). With a classic personal access token: it needs read:packages and write:packages, and its owner the Admin role on the package.',
  },
  {
    when: "a token that may not read",
    how: () => refused({ operation: "listVersions", status: 403, message: "Forbidden" }),
    says: 'Cannot list the versions of the container package acme/app: GitHub answered 403: Forbidden. With GITHUB_TOKEN: give the job "permissions: packages: read", and this repository a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings). With a classic personal access token: it needs read:packages.',
  },
  {
    when: "a token that may not delete a package with the rights of its repository",
    how: () => refused({ version: 42, subject: { type: "maven", name: "app" } }),
    says: 'Cannot delete version 42 of the maven package acme/app: GitHub answered 404: Package not found. Packages of type maven have the rights of their repository. With GITHUB_TOKEN: run the action in that repository, and give the job "permissions: packages: write". With a classic personal access token: it needs repo, read:packages and delete:packages, and its owner the Admin role on the repository.',
  },
  {
    when: "a token that may not read a package with the rights of its repository",
    how: () =>
      refused({
        operation: "listVersions",
        status: 403,
        message: "Forbidden",
        subject: { type: "maven", name: "app" },
      }),
    says: 'Cannot list the versions of the maven package acme/app: GitHub answered 403: Forbidden. Packages of type maven have the rights of their repository. With GITHUB_TOKEN: run the action in that repository, and give the job "permissions: packages: read". With a classic personal access token: it needs repo, read:packages.',
  },
  {
    when: "a package that is not shown",
    how: () => refused({ operation: "listVersions" }),
    says: 'Cannot list the versions of the container package acme/app: GitHub answered 404: Package not found. Check the name and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the repository needs a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings).',
  },
  {
    when: "single sign-on",
    how: () =>
      refused({
        operation: "listVersions",
        status: 403,
        message: "Resource protected by organization SAML enforcement.",
        headers: { "x-github-sso": "required; url=https://github.com/orgs/acme/sso?a=1" },
      }),
    says: "Cannot list the versions of the container package acme/app: GitHub answered 403: Resource protected by organization SAML enforcement. The organization enforces SAML single sign-on: authorize the token for it at https://github.com/orgs/acme/sso?a=1.",
  },
  {
    when: "a limit that does not end",
    how: () => refused({ version: 42, status: 429, message: "You have exceeded a secondary rate limit." }),
    says: "Cannot delete version 42 of the container package acme/app: GitHub answered 429: You have exceeded a secondary rate limit. GitHub keeps asking to slow down: run the action again later, or with a lower `deletes-per-minute`.",
  },
  {
    when: "trouble at GitHub",
    how: () => refused({ version: 42, status: 502, message: "Server Error" }),
    says: "Cannot delete version 42 of the container package acme/app: GitHub answered 502: Server Error. Run the action again later.",
  },
  {
    when: "no answer",
    how: () => refused({ version: 42, status: 0, message: "connect ECONNREFUSED" }),
    says: "Cannot delete version 42 of the container package acme/app: GitHub did not answer: connect ECONNREFUSED. Run the action again later.",
  },
  {
    when: "a token that may not pull",
    how: () => registryRefused(403, "it answered 403 DENIED: denied"),
    says: 'The registry gave no usable answer for acme/app@sha256:0000000000000000000000000000000000000000000000000000000000000000: it answered 403 DENIED: denied. Check that the token may use the package: with GITHUB_TOKEN the job needs "permissions: packages: read" (write, to delete or untag) and this repository a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings); a classic personal access token needs read:packages (write:packages to untag).',
  },
  {
    when: "trouble at the registry",
    how: () => registryRefused(502, "it answered status 502"),
    says: "The registry gave no usable answer for acme/app@sha256:0000000000000000000000000000000000000000000000000000000000000000: it answered status 502. Run the action again later.",
  },
  {
    when: "a registry that is somewhere else",
    how: () => registryRefused(404, "it answered status 404"),
    says: "The registry gave no usable answer for acme/app@sha256:0000000000000000000000000000000000000000000000000000000000000000: it answered status 404. Check the input registry-url.",
  },
  {
    when: "the end of the hour's requests",
    how: () => new BudgetExhausted({ remaining: 100, reset: new Date(0) }).message,
    says: "The token has 100 requests left of its hourly limit, which resets at <time>. Run again after that, set `on-rate-limit: wait`, lower `rate-limit-reserve`, or use a token with a higher limit.",
  },
  {
    when: "single sign-on without an address",
    how: () =>
      refused({
        operation: "listVersions",
        status: 403,
        message: "Resource protected by organization SAML enforcement.",
      }),
    says: 'Cannot list the versions of the container package acme/app: GitHub answered 403: Resource protected by organization SAML enforcement. The organization enforces SAML single sign-on: authorize the token for it under "Configure SSO" in the settings of the token.',
  },
];
