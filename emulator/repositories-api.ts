import type { BodyOptions } from "./bodies";
import { type Answer, apiError } from "./http";
import { linkHeader, pageOf, readPaging } from "./paging";
import type { DeploymentState, PullRequestState, RepositoryState } from "./repositories";
import {
  branchBody,
  deploymentBody,
  deploymentStatusBodies,
  environmentBody,
  gitTagBody,
  pullRequestBodies,
  releaseBody,
  repositoryBody,
} from "./repository-bodies";
import { type ChangeCall, changeRepository } from "./repository-changes";
import { type Access, accessTo, type Resource } from "./repository-rights";
import { type EmulatorState, findOwner } from "./state";
import { type Identity, needsSso } from "./tokens";
import { ssoRefusal } from "./users-api";

/** A request about repositories. */
export interface RepositoriesCall {
  readonly method: string;
  readonly body: string;
  readonly now: number;
  /** The absolute URL asked for. */
  readonly url: URL;
  /** Decoded path segments: `repos`, the owner, the name, …, or `repositories`, the id, … */
  readonly segments: readonly string[];
  readonly identity: Identity;
  readonly state: EmulatorState;
  readonly bodies: BodyOptions;
}

interface Call extends ChangeCall {
  readonly identity: Identity;
  readonly url: URL;
  readonly access: (resource: Resource) => Access;
}

const NOT_FOUND = apiError(404, "Not Found");
const FORBIDDEN = apiError(403, "Resource not accessible by integration");
const MAX_LISTED_RELEASES = 10_000;

/** Answers everything below `/repos/{owner}/{name}` and `/repositories/{id}`. What a token cannot see is not there. */
export function answerRepositories({ segments, state, identity, ...more }: RepositoriesCall): Answer {
  const isById = segments[0] === "repositories";
  const repository = findRepository(state, isById ? segments.slice(1, 2) : segments.slice(1, 3));
  const owner = repository && findOwner(state, repository.fullName.split("/")[0] ?? "");
  if (!repository || !owner) return NOT_FOUND;
  if (needsSso(identity, owner)) return ssoRefusal(owner.login);
  const access = (resource: Resource) => accessTo(identity, owner, repository, resource);
  if (access("metadata") === "none") return NOT_FOUND;
  const call = { ...more, identity, repository, owner, access, rest: segments.slice(isById ? 2 : 3) };
  return call.method === "GET" ? answerOf(call) : withPush(call);
}

/** The repository of that full name, as GitHub compares names: in any case. */
export function findRepository(state: EmulatorState, names: readonly string[]): RepositoryState | undefined {
  const wanted = names.join("/").toLowerCase();
  return state.repositories.find((one) => one.fullName.toLowerCase() === wanted || String(one.id) === wanted);
}

function answerOf(call: Call): Answer {
  const { rest, repository } = call;
  const [kind, name = "", sub] = rest;
  if (kind === "releases" && name === "tags") return withRight(call, "contents", () => releaseOf(call, sub));
  switch ([kind, ...(name ? ["{}"] : []), ...(sub ? [sub] : [])].join("/")) {
    case "":
      return { status: 200, body: repositoryBody(call) };
    case "pulls":
      return withRight(call, "pullRequests", () =>
        listed(call, pullRequestsOf(call), (pulls) => pullRequestBodies(call, pulls)),
      );
    case "branches":
      return withRight(call, "contents", () =>
        listed(call, repository.branches, (page) => page.map((one) => branchBody(call, one))),
      );
    case "tags":
      return withRight(call, "contents", () =>
        listed(call, repository.tags, (page) => page.map((one) => gitTagBody(call, one))),
      );
    case "releases":
      return withRight(call, "contents", (access) => listReleases(call, access === "push"));
    case "deployments":
      return withRight(call, "deployments", () =>
        listed(call, deploymentsOf(call), (page) => page.map((one) => deploymentBody(call, one))),
      );
    case "deployments/{}":
      return withDeployment(call, name, (one) => ({ status: 200, body: deploymentBody(call, one) }));
    case "deployments/{}/statuses":
      return withDeployment(call, name, (one) =>
        listed(call, deploymentStatusBodies(call, one), (page) => page),
      );
    case "environments":
      return withRight(call, "actions", () =>
        listed(call, repository.environments, (page) => ({
          total_count: repository.environments.length,
          environments: page.map((one) => environmentBody(call, one)),
        })),
      );
    case "environments/{}":
      return withRight(call, "actions", () => getEnvironment(call, name));
    default:
      return NOT_FOUND;
  }
}

function withRight(call: Call, resource: Resource, answer: (access: Access) => Answer): Answer {
  const access = call.access(resource);
  if (access !== "none") return answer(access);
  return call.identity.kind === "github-token" ? FORBIDDEN : NOT_FOUND;
}

/** What changes something here needs the right to push. */
function withPush(call: Call): Answer {
  if (call.access("contents") === "push") return changeRepository(call);
  return call.identity.kind === "github-token" ? FORBIDDEN : NOT_FOUND;
}

function withDeployment(call: Call, id: string, answer: (one: DeploymentState) => Answer): Answer {
  return withRight(call, "deployments", () => {
    const one = call.repository.deployments.find((other) => String(other.id) === id);
    return one ? answer(one) : NOT_FOUND;
  });
}

/** One page; only what is on it gets a body. */
function listed<T>(
  { url, repository, bodies }: Call,
  items: readonly T[],
  body: (page: readonly T[]) => unknown,
): Answer {
  const paging = readPaging(url.searchParams);
  const headers = linkHeader(linkUrl(url, repository, bodies), paging, items.length);
  return { status: 200, headers, body: body(pageOf(items, paging)) };
}

/** GitHub links to the other pages by the repository's id. */
function linkUrl(url: URL, { id }: RepositoryState, { apiUrl }: BodyOptions): URL {
  const rest = url.href.slice(apiUrl.length).replace(/^\/(repositories\/\d+|repos\/[^/]+\/[^/?]+)/, "");
  return new URL(`${apiUrl}/repositories/${id}${rest}`);
}

function pullRequestsOf({ url, repository }: Call): PullRequestState[] {
  const query = url.searchParams;
  const state = query.get("state") ?? "open";
  const sort = query.get("sort") ?? "created";
  const sign = (query.get("direction") ?? (sort === "created" ? "desc" : "asc")) === "desc" ? -1 : 1;
  const timeOf = (one: PullRequestState) =>
    sort === "updated" ? (one.updatedAt ?? one.createdAt) : one.createdAt;
  return repository.pullRequests
    .filter((one) => state === "all" || one.state === state)
    .sort((a, b) => sign * (timeOf(a) - timeOf(b) || a.number - b.number));
}

function listReleases(call: Call, withDrafts: boolean): Answer {
  const { page, perPage } = readPaging(call.url.searchParams);
  if (page * perPage > MAX_LISTED_RELEASES)
    return apiError(422, `Only the first ${MAX_LISTED_RELEASES} results are available.`);
  const releases = call.repository.releases
    .filter(({ draft }) => withDrafts || !draft)
    .sort((a, b) => b.createdAt - a.createdAt);
  return listed(call, releases, (some) => some.map((one) => releaseBody(call, one)));
}

function releaseOf(call: Call, tag: string | undefined): Answer {
  const one = call.repository.releases.find((other) => other.tag === tag && !other.draft);
  return one ? { status: 200, body: releaseBody(call, one) } : NOT_FOUND;
}

function deploymentsOf({ url, repository }: Call): DeploymentState[] {
  const filters = (["environment", "ref", "sha"] as const).flatMap((name) => {
    const value = url.searchParams.get(name);
    return value === null ? [] : [{ name, value }];
  });
  return repository.deployments
    .filter((one) => filters.every(({ name, value }) => one[name] === value))
    .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
}

function getEnvironment(call: Call, name: string): Answer {
  const one = call.repository.environments.find((other) => other.name.toLowerCase() === name.toLowerCase());
  return one ? { status: 200, body: environmentBody(call, one) } : NOT_FOUND;
}
