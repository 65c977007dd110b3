import type { ListedVersion } from "./lag";
import { repositoryId } from "./repositories";
import type { OwnerState, PackageState } from "./state";
import { activeVersions } from "./state";
import { apiTime } from "./time";
import type { Namespace } from "./tokens";

/** Where the URLs in bodies point to, and how docker tags are named. */
export interface BodyOptions {
  readonly apiUrl: string;
  readonly webUrl: string;
  readonly dockerTags: "tag" | "tags" | "both";
}

const REPOSITORY_PATHS: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

/** "Simple User" of the API description. */
export function simpleUser(owner: OwnerState, { apiUrl, webUrl }: BodyOptions): Record<string, unknown> {
  const url = `${apiUrl}/users/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: nodeId(owner.type, owner.id),
    avatar_url: `${webUrl}/${owner.login}.png`,
    gravatar_id: "",
    url,
    html_url: `${webUrl}/${owner.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: owner.type,
    site_admin: false,
  };
}

/** "Public User" of the API description: an account with its profile. */
export function publicUser(owner: OwnerState, options: BodyOptions): Record<string, unknown> {
  return {
    ...simpleUser(owner, options),
    name: null,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: "2020-01-01T00:00:00Z",
    updated_at: "2020-01-01T00:00:00Z",
  };
}

/** "Package" of the API description. */
export function packageBody(
  one: PackageState,
  namespace: Namespace,
  options: BodyOptions,
): Record<string, unknown> {
  return {
    id: one.id,
    name: one.name,
    package_type: one.type,
    owner: simpleUser(namespace.owner, options),
    version_count: activeVersions(one).length,
    visibility: one.visibility,
    url: packageUrl(one, namespace, options),
    created_at: apiTime(one.createdAt),
    updated_at: apiTime(one.updatedAt),
    ...(one.repository && { repository: linkedRepository(one, one.repository, namespace.owner, options) }),
    html_url: packageWebUrl(one, namespace, options),
  };
}

/** "Package Version" of the API description. */
export function versionBody(
  one: PackageState,
  listed: ListedVersion,
  namespace: Namespace,
  options: BodyOptions,
): Record<string, unknown> {
  const { version } = listed;
  const page = packageWebUrl(one, namespace, options);
  return {
    id: version.id,
    name: version.name,
    url: `${packageUrl(one, namespace, options)}/versions/${version.id}`,
    package_html_url: page,
    ...(version.license && { license: version.license }),
    ...(version.description && { description: version.description }),
    created_at: apiTime(version.createdAt),
    updated_at: apiTime(listed.updatedAt),
    ...(listed.deletedAt !== undefined && { deleted_at: apiTime(listed.deletedAt) }),
    html_url: `${page.replace("/package/", "/")}/${version.id}`,
    metadata: { package_type: one.type, ...tagsOf(one, listed.tags, options) },
  };
}

function tagsOf(one: PackageState, tags: readonly string[], { dockerTags }: BodyOptions): object {
  if (one.type === "container") return { container: { tags } };
  if (one.type !== "docker") return {};
  return { docker: { ...(dockerTags !== "tags" && { tag: tags }), ...(dockerTags !== "tag" && { tags }) } };
}

function packageUrl(one: PackageState, { owner }: Namespace, { apiUrl }: BodyOptions): string {
  return `${apiUrl}/${ownerPath(owner)}/packages/${one.type}/${encodeURIComponent(one.name)}`;
}

function packageWebUrl(one: PackageState, { owner }: Namespace, { webUrl }: BodyOptions): string {
  return `${webUrl}/${ownerPath(owner)}/packages/${one.type}/package/${encodeURIComponent(one.name)}`;
}

function ownerPath(owner: OwnerState): string {
  return `${owner.type === "Organization" ? "orgs" : "users"}/${owner.login}`;
}

function linkedRepository(
  one: PackageState,
  fullName: string,
  owner: OwnerState,
  options: BodyOptions,
): object {
  const url = `${options.apiUrl}/repos/${fullName}`;
  const id = repositoryId(fullName);
  return {
    id,
    node_id: nodeId("Repository", id),
    name: fullName.split("/")[1] ?? fullName,
    full_name: fullName,
    private: one.visibility !== "public",
    owner: simpleUser(owner, options),
    html_url: `${options.webUrl}/${fullName}`,
    description: null,
    fork: false,
    url,
    ...repositoryUrls(url),
  };
}

/** The addresses that every body of a repository has. */
export function repositoryUrls(url: string): Record<string, string> {
  return Object.fromEntries(Object.entries(REPOSITORY_PATHS).map(([key, path]) => [key, `${url}${path}`]));
}

export function nodeId(type: string, id: number): string {
  return Buffer.from(`04:${type}${id}`).toString("base64");
}
