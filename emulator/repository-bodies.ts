import { type BodyOptions, nodeId, repositoryUrls, simpleUser } from "./bodies";
import {
  type BranchState,
  type DeploymentState,
  type EnvironmentState,
  type GitTagState,
  inventedSha,
  type PullRequestState,
  type ReleaseState,
  type RepositoryState,
} from "./repositories";
import type { OwnerState } from "./state";
import { apiTime } from "./time";

/** A repository that is asked about, with its account. */
export interface RepositoryPlace {
  readonly repository: RepositoryState;
  readonly owner: OwnerState;
  readonly bodies: BodyOptions;
}

type Body = Record<string, unknown>;

/** "Full Repository" of the API description. */
export function repositoryBody(place: RepositoryPlace): Body {
  const { repository, owner, bodies } = place;
  const { id, fullName, visibility } = repository;
  const web = `${bodies.webUrl}/${fullName}`;
  const openIssues = repository.pullRequests.filter(({ state }) => state === "open").length;
  const created = apiTime(repository.createdAt);
  return {
    id,
    node_id: nodeId("Repository", id),
    name: fullName.split("/")[1] ?? fullName,
    full_name: fullName,
    private: visibility !== "public",
    visibility,
    owner: simpleUser(owner, bodies),
    html_url: web,
    description: null,
    fork: false,
    url: apiUrl(place),
    ...repositoryUrls(apiUrl(place)),
    git_url: `${web.replace(/^https?:/, "git:")}.git`,
    ssh_url: `git@${new URL(web).host}:${fullName}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    archived: false,
    disabled: false,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    size: 1,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: openIssues,
    open_issues_count: openIssues,
    network_count: 0,
    subscribers_count: 0,
    created_at: created,
    updated_at: created,
    pushed_at: created,
  };
}

/** "Pull Request Simple" of the API description, one for each; what they all share is built once. */
export function pullRequestBodies(place: RepositoryPlace, pulls: readonly PullRequestState[]): Body[] {
  const repo = repositoryBody(place);
  return pulls.map((one) => pullRequestBody(place, one, repo));
}

/** "Short Branch" of the API description. */
export function branchBody(place: RepositoryPlace, one: BranchState): Body {
  const url = `${apiUrl(place)}/branches/${one.name.split("/").map(encodeURIComponent).join("/")}`;
  return {
    name: one.name,
    commit: commitOf(place, "branch", one),
    protected: one.protected ?? false,
    protection: {
      enabled: one.protected ?? false,
      required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
    },
    protection_url: `${url}/protection`,
  };
}

/** "Tag" of the API description. */
export function gitTagBody(place: RepositoryPlace, one: GitTagState): Body {
  return {
    name: one.name,
    commit: commitOf(place, "tag", one),
    zipball_url: `${apiUrl(place)}/zipball/refs/tags/${encodeURIComponent(one.name)}`,
    tarball_url: `${apiUrl(place)}/tarball/refs/tags/${encodeURIComponent(one.name)}`,
    node_id: nodeId("Ref", place.repository.id),
  };
}

/** "Release" of the API description. A draft was never published, and its git tag may not be there. */
export function releaseBody(place: RepositoryPlace, one: ReleaseState): Body {
  const id = idOf(place, "release", one.tag);
  const url = `${apiUrl(place)}/releases/${id}`;
  const path = `${webUrl(place)}/releases/tag/${encodeURIComponent(one.tag)}`;
  const created = apiTime(one.createdAt);
  return {
    id,
    node_id: nodeId("Release", id),
    url,
    html_url: path,
    assets_url: `${url}/assets`,
    upload_url: `${url.replace("/repos/", "/uploads/")}/assets{?name,label}`,
    tarball_url: one.draft ? null : `${apiUrl(place)}/tarball/${encodeURIComponent(one.tag)}`,
    zipball_url: one.draft ? null : `${apiUrl(place)}/zipball/${encodeURIComponent(one.tag)}`,
    tag_name: one.tag,
    target_commitish: place.repository.defaultBranch,
    name: one.name ?? one.tag,
    body: "",
    draft: one.draft ?? false,
    prerelease: one.prerelease ?? false,
    created_at: created,
    published_at: one.draft ? null : created,
    author: simpleUser(place.owner, place.bodies),
    assets: [],
  };
}

/** "Deployment" of the API description. */
export function deploymentBody(place: RepositoryPlace, one: DeploymentState): Body {
  const url = `${apiUrl(place)}/deployments/${one.id}`;
  const updated = Math.max(one.createdAt, ...one.statuses.map(({ createdAt }) => createdAt));
  return {
    url,
    id: one.id,
    node_id: nodeId("Deployment", one.id),
    task: "deploy",
    original_environment: one.environment,
    environment: one.environment,
    description: null,
    created_at: apiTime(one.createdAt),
    updated_at: apiTime(updated),
    statuses_url: `${url}/statuses`,
    repository_url: apiUrl(place),
    creator: simpleUser(place.owner, place.bodies),
    sha: one.sha,
    ref: one.ref,
    payload: {},
    transient_environment: false,
    production_environment: one.environment === "production",
  };
}

/** "Deployment Status" of the API description, the newest first. */
export function deploymentStatusBodies(place: RepositoryPlace, one: DeploymentState): Body[] {
  const url = `${apiUrl(place)}/deployments/${one.id}`;
  const bodies = one.statuses.map(({ state, createdAt }, index) => {
    const id = one.id * 1000 + index;
    return {
      url: `${url}/statuses/${id}`,
      id,
      node_id: nodeId("DeploymentStatus", id),
      state,
      creator: simpleUser(place.owner, place.bodies),
      description: "",
      environment: one.environment,
      target_url: `${webUrl(place)}/actions`,
      created_at: apiTime(createdAt),
      updated_at: apiTime(createdAt),
      deployment_url: url,
      repository_url: apiUrl(place),
      log_url: `${webUrl(place)}/actions`,
    };
  });
  return bodies.reverse();
}

/** "Environment" of the API description. */
export function environmentBody(place: RepositoryPlace, one: EnvironmentState): Body {
  const id = idOf(place, "environment", one.name);
  const created = apiTime(place.repository.createdAt);
  const rule = {
    id: id + 1,
    node_id: nodeId("Gate", id + 1),
    type: "required_reviewers",
    prevent_self_review: false,
    reviewers: one.reviewers.map((login) => ({
      type: "User",
      reviewer: simpleUser({ login, type: "User", id: idOf(place, "user", login) }, place.bodies),
    })),
  };
  return {
    id,
    node_id: nodeId("Environment", id),
    name: one.name,
    url: `${apiUrl(place)}/environments/${encodeURIComponent(one.name)}`,
    html_url: `${webUrl(place)}/deployments/activity_log?environments_filter=${encodeURIComponent(one.name)}`,
    created_at: created,
    updated_at: created,
    can_admins_bypass: true,
    protection_rules: one.reviewers.length > 0 ? [rule] : [],
    deployment_branch_policy: null,
  };
}

function pullRequestBody(place: RepositoryPlace, one: PullRequestState, repo: Body): Body {
  const url = `${apiUrl(place)}/pulls/${one.number}`;
  const issue = `${apiUrl(place)}/issues/${one.number}`;
  const id = idOf(place, "pull request", one.number);
  const web = `${webUrl(place)}/pull/${one.number}`;
  const head = one.branch ?? `pull-${one.number}`;
  const sha = inventedSha(place.repository.fullName, "branch", head);
  const statuses = `${apiUrl(place)}/statuses/${sha}`;
  const updated = apiTime(one.updatedAt ?? one.createdAt);
  return {
    url,
    id,
    node_id: nodeId("PullRequest", id),
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: issue,
    number: one.number,
    state: one.state,
    locked: false,
    title: one.title ?? `Pull request ${one.number}`,
    user: repo.owner,
    body: null,
    created_at: apiTime(one.createdAt),
    updated_at: updated,
    closed_at: one.state === "closed" ? updated : null,
    merged_at: null,
    merge_commit_sha: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: one.draft ?? false,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${apiUrl(place)}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    head: sideOf(place, head, repo),
    base: sideOf(place, place.repository.defaultBranch, repo),
    _links: {
      self: { href: url },
      html: { href: web },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${apiUrl(place)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: "OWNER",
    auto_merge: null,
  };
}

function sideOf({ repository, owner }: RepositoryPlace, ref: string, repo: Body): Body {
  const sha = inventedSha(repository.fullName, "branch", ref);
  return { label: `${owner.login}:${ref}`, ref, sha, user: repo.owner, repo };
}

function commitOf(
  place: RepositoryPlace,
  kind: string,
  one: { name: string; sha?: string | undefined },
): Body {
  const sha = one.sha ?? inventedSha(place.repository.fullName, kind, one.name);
  return { sha, url: `${apiUrl(place)}/commits/${sha}` };
}

/** An id of what has none in the data: by its name alone. */
export function idOf({ repository }: RepositoryPlace, kind: string, name: string | number): number {
  return Number.parseInt(inventedSha(repository.id, kind, name).slice(0, 7), 16) + 1;
}

function apiUrl({ repository, bodies }: RepositoryPlace): string {
  return `${bodies.apiUrl}/repos/${repository.fullName}`;
}

function webUrl({ repository, bodies }: RepositoryPlace): string {
  return `${bodies.webUrl}/${repository.fullName}`;
}
