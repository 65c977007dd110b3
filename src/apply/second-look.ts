import type { PackageClient } from "../github/packages";
import { reasonText } from "../model/reason";
import { hasChanged } from "../plan/has-changed";
import { doomedVersions, type PreparedPackage } from "../plan/prepared";
import { partsThatStay } from "../prepare/parts-that-stay";
import { planPackage } from "../prepare/plan-package";
import { CHANGED } from "./delete-version";
import { isGone, type ListedAgain, listAgain, type Outcomes } from "./list-again";

/** What a later look at a package shows. */
export interface SecondLook extends ListedAgain {
  /** By version id, why a version that the plan deletes must be kept after all. */
  readonly held: ReadonlyMap<number, string>;
}

/**
 * Lists the package again and plans again (spec/action.md, "just before deleting, the package is listed again").
 *
 * @throws GitHubError, RegistryError, BudgetExhausted
 */
export async function lookAgain(
  prepared: PreparedPackage,
  outcomes: Outcomes,
  client: PackageClient,
): Promise<SecondLook> {
  const seen = await listAgain(prepared, outcomes, client);
  const { listed, deleted, absent } = seen;
  const doomed = new Map(doomedVersions(prepared.plan).map((version) => [version.id, version]));
  // What this run deleted still counts as a part or a whole of what it has yet to delete.
  const versions = [...listed, ...deleted];
  const facts = await prepared.askFacts();
  // Where a kept version is gone, another takes its place: none that this run has deleted.
  const isKeptGone = absent.some(({ verdict }) => verdict === "keep");
  const held = new Map<number, string>();
  for (const present of isKeptGone ? [versions, listed] : [versions]) {
    const { plan } = await planPackage(present, prepared, facts);
    for (const { version, verdict, reasons } of plan.verdicts) {
      const planned = doomed.get(version.id);
      if (!planned || isGone(outcomes.get(version.id))) continue;
      if (hasChanged(planned, version)) held.set(version.id, CHANGED);
      else if (verdict === "keep") held.set(version.id, `is kept now: ${reasons.map(reasonText).join(", ")}`);
    }
  }
  const stayers = listed.filter(({ id }) => !doomed.has(id) || held.has(id) || outcomes.has(id));
  const needed = await partsThatStay(prepared, stayers, versions);
  for (const { id, name } of doomed.values())
    if (needed.has(name) && !held.has(id)) held.set(id, "what it is a part of is kept");
  return { ...seen, held, requests: seen.requests + facts.requests };
}
