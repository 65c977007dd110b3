import { GitHubError } from "../github/github-error";
import type { PackageClient } from "../github/packages";
import { packageName } from "../model/label";
import type { PackageVersion } from "../model/package-version";
import { pageCount } from "../model/page-count";
import { NO_IMAGES } from "../plan/image-graph";
import type { Verdict } from "../plan/plan";
import { doomedVersions, type PreparedPackage, type Settled } from "../plan/prepared";

/** What has been settled of a package so far, by version id. */
export type Outcomes = ReadonlyMap<number, Settled>;

/** A package as it is listed now, beside its plan. */
export interface ListedAgain {
  readonly listed: readonly PackageVersion[];
  /** What this run deleted or found to be gone, as it was planned. */
  readonly deleted: readonly PackageVersion[];
  /** What was planned and is not there any more, by others' doing. */
  readonly absent: readonly Verdict[];
  /** How many requests it took. */
  readonly requests: number;
}

/** So many of the versions that a list lacks are asked for: a list that was cut off lacks many. */
const MOST_ASKED = 3;

/**
 * Lists a package once more. What is deleted does not count as listed, although GitHub may show it for days.
 *
 * @throws GitHubError where the list lacks what is there; BudgetExhausted
 */
export async function listAgain(
  prepared: PreparedPackage,
  outcomes: Outcomes,
  client: PackageClient,
): Promise<ListedAgain> {
  const { plan, store } = prepared;
  const all = await client.list("active");
  const deleted = doomedVersions(plan).filter(({ id }) => isGone(outcomes.get(id)));
  const deletedIds = new Set(deleted.map(({ id }) => id));
  const listed = all.filter(({ id }) => !deletedIds.has(id));
  const listedIds = new Set(listed.map(({ id }) => id));
  const absent = plan.verdicts.filter(({ version: { id } }) => !listedIds.has(id) && !deletedIds.has(id));
  askAgain(prepared, listed);
  // What the registry does not have GitHub may show or not, at its will.
  const { manifests } = store?.images() ?? NO_IMAGES;
  const asked = absent.filter(({ version }) => manifests.get(version.name) !== "absent").slice(0, MOST_ASKED);
  for (const { version } of asked) await requireGone(version, client);
  const requests = Math.max(pageCount(all.length), 1) + asked.length;
  return { listed, deleted, absent, requests };
}

/** Asks again for the manifests that were absent, but not for those of what is deleted anyway. */
export function askAgain(
  { plan, store }: Pick<PreparedPackage, "plan" | "store">,
  listed: readonly PackageVersion[],
): void {
  const doomed = new Set(doomedVersions(plan).map(({ id }) => id));
  store?.askAgain(listed.flatMap(({ id, name }) => (doomed.has(id) ? [] : [name])));
}

/** An empty or short list looks like one in which nothing changed: what it lacks must really be gone. */
async function requireGone({ id }: PackageVersion, client: PackageClient): Promise<void> {
  if ((await client.getVersion(id)) === "gone") return;
  throw new GitHubError(
    `GitHub's second list of the ${packageName(client.pkg)} lacks version ${id}, which is there: nothing more of it is ` +
      "deleted, since the list does not tell what has changed. Run the action again later.",
    200,
  );
}

/** Whether a version is not there any more, as far as this run knows. */
export function isGone(settled: Settled | undefined): boolean {
  return settled?.outcome === "deleted" || settled?.outcome === "gone";
}
