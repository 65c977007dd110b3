import { isObject, type Json } from "../model/json";
import type { Deployment } from "../plan/deployed";
import type { Answer, GitHub } from "./github";
import type { GitHubError } from "./github-error";
import { goesOn, type Page, readPage } from "./pages";
import { repositoryError, senselessError } from "./repository-error";

/** A deployment, or a status of one, with when it was made. */
interface Dated {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly entry: Json;
}

/** The list of an environment's deployments, and of each the latest state. */
interface Source {
  readonly page: (number: number) => Promise<Page>;
  readonly state: (id: number) => Promise<unknown>;
  readonly dated: (entries: readonly unknown[]) => Dated[];
  readonly senseless: (lacks: string) => GitHubError;
}

/** States in which a deployment failed, or has ended. */
const ENDED: readonly unknown[] = ["error", "failure", "inactive"];

/** Deployments whose state is asked for side by side, after that of the newest one. */
const AT_ONCE = 10;

/**
 * What is deployed in an environment (spec/action.md, `in-use-environments`): the newest deployment whose latest status
 * is `success`, and each later one that has not ended; only these where none succeeded. Throws GitHubError.
 *
 * @param repository `owner/name`
 */
export async function readDeployments(
  github: Pick<GitHub, "get">,
  repository: string,
  environment: string,
): Promise<readonly Deployment[]> {
  const source = createSource(github, repository, environment);
  const listed: Dated[] = [];
  for (let number = 1; ; number++) {
    const page = await source.page(number);
    listed.push(...source.dated(page.entries));
    const isLast = !goesOn(page);
    // GitHub does not promise an order: a list that has none tells what is newest only as a whole.
    if (!isLast && !isNewestFirst(listed)) continue;
    const deployed = await deployedOf(listed, source);
    if (isLast || deployed.some(({ isDone }) => isDone)) return deployed;
  }
}

function createSource(github: Pick<GitHub, "get">, repository: string, environment: string): Source {
  const path = `/repos/${repository}/deployments`;
  const fail = (answer: Answer) => repositoryError("deployments", repository, answer);
  const senseless = (lacks: string) => senselessError("deployments", repository, lacks);
  const states = new Map<number, Promise<unknown>>();

  async function latestState(id: number): Promise<unknown> {
    const { entries } = await readPage(1, (paging) => github.get(`${path}/${id}/statuses`, paging), fail);
    return newestFirst(dated(entries))[0]?.entry.state;
  }

  function dated(entries: readonly unknown[]): Dated[] {
    return entries.map((value) => {
      const entry = isObject(value) ? value : {};
      const created = Date.parse(String(entry.created_at));
      if (typeof entry.id !== "number") throw senseless("id");
      if (Number.isNaN(created)) throw senseless("created_at");
      return { id: entry.id, created, entry };
    });
  }

  return {
    page: (number) => readPage(number, (paging) => github.get(path, { environment, ...paging }), fail),
    state: (id) => {
      const state = states.get(id) ?? latestState(id);
      states.set(id, state);
      return state;
    },
    dated,
    senseless,
  };
}

function newestFirst(entries: readonly Dated[]): Dated[] {
  return [...entries].sort((a, b) => b.created - a.created || b.id - a.id);
}

function isNewestFirst(entries: readonly Dated[]): boolean {
  return entries.every(({ created }, index) => created <= (entries[index - 1]?.created ?? created));
}

/** Goes back from the newest until one has succeeded. */
async function deployedOf(listed: readonly Dated[], source: Source): Promise<Deployment[]> {
  const deployed: Deployment[] = [];
  const entries = newestFirst(listed);
  for (let start = 0; start < entries.length; start += start === 0 ? 1 : AT_ONCE) {
    const some = entries.slice(start, start === 0 ? 1 : start + AT_ONCE);
    const states = await Promise.all(some.map(({ id }) => source.state(id)));
    for (const [index, { entry }] of some.entries()) {
      const isDone = states[index] === "success";
      if (!ENDED.includes(states[index])) deployed.push({ ...placeOf(entry, source), isDone });
      if (isDone) return deployed;
    }
  }
  return deployed;
}

function placeOf({ sha, ref }: Json, { senseless }: Source): Pick<Deployment, "commit" | "ref"> {
  if (typeof sha !== "string" || sha === "") throw senseless("sha");
  return { commit: sha, ref: typeof ref === "string" ? ref : "" };
}
