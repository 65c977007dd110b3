import { nodeId } from "./bodies";
import { type Answer, apiError } from "./http";
import {
  type BranchState,
  byName,
  type GitTagState,
  inventedSha,
  type RepositoryState,
} from "./repositories";
import { idOf, type RepositoryPlace, releaseBody } from "./repository-bodies";

/** A request that changes a repository, by a token that may. */
export interface ChangeCall extends RepositoryPlace {
  readonly method: string;
  /** Path segments after the repository. */
  readonly rest: readonly string[];
  readonly body: string;
  readonly now: number;
}

const NOT_FOUND = apiError(404, "Not Found");
const DONE: Answer = { status: 204 };
const REF = /^refs\/(heads|tags)\/(.+)$/;

/** Makes and deletes branches, git tags and releases. */
export function changeRepository(call: ChangeCall): Answer {
  const [kind, ...more] = call.rest;
  switch (`${call.method} ${kind}`) {
    case "POST git":
      return more.join("/") === "refs" ? createRef(call) : NOT_FOUND;
    case "DELETE git":
      return deleteRef(call.repository, more.join("/"));
    case "POST releases":
      return more.length === 0 ? createRelease(call) : NOT_FOUND;
    case "DELETE releases":
      return deleteRelease(call, Number(more[0]));
    default:
      return NOT_FOUND;
  }
}

function createRef(call: ChangeCall): Answer {
  const { ref = "", sha } = JSON.parse(call.body) as { ref?: string; sha?: string };
  const { refs, name } = placeOf(call.repository, ref);
  if (!refs || sha === undefined) return apiError(422, "Reference name must start with 'refs/'.");
  if (refs.some((one) => one.name === name)) return apiError(422, "Reference already exists");
  insert(refs, { name, sha });
  const url = `${call.bodies.apiUrl}/repos/${call.repository.fullName}/git`;
  const object = { type: "commit", sha, url: `${url}/commits/${sha}` };
  return {
    status: 201,
    body: { ref, node_id: nodeId("Ref", call.repository.id), url: `${url}/${ref}`, object },
  };
}

/** 422 for what is not there (suzuki-shunsuke/lock-action#255). */
function deleteRef(repository: RepositoryState, path: string): Answer {
  const { refs, name } = placeOf(repository, path);
  const at = refs?.findIndex((one) => one.name === name) ?? -1;
  if (!refs || at < 0) return apiError(422, "Reference does not exist");
  refs.splice(at, 1);
  return DONE;
}

function placeOf(
  { branches, tags }: RepositoryState,
  ref: string,
): { refs: (BranchState | GitTagState)[] | undefined; name: string } {
  const [, kind, name = ""] = REF.exec(ref) ?? [];
  return { refs: kind === undefined ? undefined : kind === "heads" ? branches : tags, name };
}

/** A release makes its git tag where it is not there yet; a draft does not. */
function createRelease(call: ChangeCall): Answer {
  const { repository, now } = call;
  const { tag_name: tag, draft = false, prerelease = false, name } = JSON.parse(call.body) as ReleaseRequest;
  if (tag === undefined || repository.releases.some((one) => one.tag === tag && !one.draft))
    return apiError(422, "Validation Failed");
  const release = { tag, draft, prerelease, createdAt: now, ...(name !== undefined && { name }) };
  repository.releases.push(release);
  const isTagged = repository.tags.some((one) => one.name === tag);
  if (!draft && !isTagged)
    insert(repository.tags, {
      name: tag,
      sha: inventedSha(repository.fullName, "branch", repository.defaultBranch),
    });
  return { status: 201, body: releaseBody(call, release) };
}

interface ReleaseRequest {
  readonly tag_name?: string;
  readonly name?: string;
  readonly draft?: boolean;
  readonly prerelease?: boolean;
}

function deleteRelease(call: ChangeCall, id: number): Answer {
  const { releases } = call.repository;
  const at = releases.findIndex((one) => idOf(call, "release", one.tag) === id);
  if (at < 0) return NOT_FOUND;
  releases.splice(at, 1);
  return DONE;
}

function insert<T extends { readonly name: string }>(list: T[], one: T): void {
  list.splice(0, list.length, ...byName([...list, one]));
}
