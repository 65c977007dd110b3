import { GitHubError } from "../github/github-error";
import type { PackageClient, Packages } from "../github/packages";
import { packageName } from "../model/label";
import type { PackageVersion } from "../model/package-version";
import { reasonText } from "../model/reason";
import { hasChanged } from "../plan/has-changed";
import { doomedVersions, type PreparedPackage, type Settled } from "../plan/prepared";
import { partsThatStay } from "../prepare/parts-that-stay";
import { planPackage } from "../prepare/plan-package";

interface LookContext {
  readonly packages: Packages;
}

/** So many of the versions that a list lacks are asked for: a list that was cut off lacks many. */
const MOST_ASKED = 3;

/**
 * Lists the package again and plans again (spec/action.md, "just before deleting, the package is listed again").
 *
 * @returns by version id, why a version that the plan deletes must stay after all
 * @throws GitHubError, RegistryError, BudgetExhausted
 */
export async function lookAgain(
  prepared: PreparedPackage,
  outcomes: ReadonlyMap<number, Settled>,
  { packages }: LookContext,
): Promise<Map<number, string>> {
  const doomed = new Map(doomedVersions(prepared.plan).map((version) => [version.id, version]));
  const client = packages.of(prepared.pkg);
  const listed = await client.list("active");
  const listedIds = new Set(listed.map(({ id }) => id));
  // What this run deleted still counts as a part or a whole of what it has yet to delete.
  const deleted = [...doomed.values()].filter(({ id }) => isDeleted(outcomes.get(id)) && !listedIds.has(id));
  const absent = prepared.plan.verdicts.filter(
    ({ version: { id } }) => !listedIds.has(id) && !isDeleted(outcomes.get(id)),
  );
  await requireGone(
    client,
    absent.map(({ version }) => version),
  );
  const facts = await prepared.askFacts();
  const versions = [...listed, ...deleted];
  // Where a kept version is gone, another takes its place: none that this run has deleted.
  const isKeptGone = absent.some(({ verdict }) => verdict === "keep");
  const held = new Map<number, string>();
  for (const present of isKeptGone ? [versions, listed] : [versions]) {
    const { plan: fresh } = await planPackage(present, prepared, facts);
    for (const { version, verdict, reasons } of fresh.verdicts) {
      const planned = doomed.get(version.id);
      if (!planned || isDeleted(outcomes.get(version.id))) continue;
      if (hasChanged(planned, version)) held.set(version.id, "changed since it was planned");
      else if (verdict === "keep") held.set(version.id, `stays now: ${reasons.map(reasonText).join(", ")}`);
    }
  }
  const stayers = listed.filter(({ id }) => !doomed.has(id) || held.has(id) || isHeld(outcomes.get(id)));
  const needed = await partsThatStay(prepared, stayers, versions);
  for (const { id, name } of doomed.values())
    if (needed.has(name) && !held.has(id)) held.set(id, "what it is a part of stays");
  return held;
}

/** An empty or short list looks like one in which nothing changed: what it lacks must really be gone. */
async function requireGone(client: PackageClient, absent: readonly PackageVersion[]): Promise<void> {
  for (const { id } of absent.slice(0, MOST_ASKED)) {
    if ((await client.getVersion(id)) === "gone") continue;
    throw new GitHubError(
      `GitHub's second list of the ${packageName(client.pkg)} lacks version ${id}, which is there: nothing more of it is ` +
        "deleted, since the list does not tell what has changed. Run the action again later.",
      200,
    );
  }
}

function isDeleted(settled: Settled | undefined): boolean {
  return settled?.outcome === "deleted" || settled?.outcome === "gone";
}

function isHeld(settled: Settled | undefined): boolean {
  return settled !== undefined && !isDeleted(settled);
}
