import type { GitHub } from "./github";
import { buildGraph, type Images, NO_IMAGES, reach } from "./image-graph";
import { planWithReads } from "./image-store";
import { findInUse } from "./in-use";
import { listVersions } from "./listing";
import type { Account } from "./owner";
import type { PackageVersion } from "./package-version";
import { doomedVersions, type PreparedPackage, type Settled } from "./prepared";

/**
 * Lists the package again and plans again (spec/action.md, "just before deleting, the package is listed again").
 *
 * @returns by version id, why a version that the plan deletes must stay after all
 * @throws GitHubError, RegistryError, BudgetExhausted
 */
export async function lookAgain(
  prepared: PreparedPackage,
  outcomes: ReadonlyMap<number, Settled>,
  { github, account, now }: { readonly github: GitHub; readonly account: Account; readonly now: number },
): Promise<Map<number, string>> {
  const { pkg, policy } = prepared;
  const doomed = new Map(doomedVersions(prepared.plan).map((version) => [version.id, version]));
  const listed = await listVersions(github, account, pkg, "active");
  const listedIds = new Set(listed.map(({ id }) => id));
  // What this run deleted still counts as a part or a whole of what it has yet to delete.
  const deleted = [...doomed.values()].filter(({ id }) => isDeleted(outcomes.get(id)) && !listedIds.has(id));
  const versions = [...listed, ...deleted];
  const inUse = findInUse(prepared.inUseFiles, `${account.login}/${pkg.name}`, versions);
  const fresh = await planWithReads({ pkg, policy, versions, inUse, now }, prepared.store);

  const held = new Map<number, string>();
  for (const { version, verdict, reasons } of fresh.verdicts) {
    const planned = doomed.get(version.id);
    if (!planned) continue;
    if (hasChanged(planned, version)) held.set(version.id, "changed since it was planned");
    else if (verdict === "keep") held.set(version.id, `stays now: ${reasons.join(", ")}`);
  }
  const stayers = listed.filter(({ id }) => !doomed.has(id) || held.has(id) || isHeld(outcomes.get(id)));
  const needed = await partsThatStay(prepared, stayers, versions);
  for (const { id, name } of doomed.values())
    if (needed.has(name) && !held.has(id)) held.set(id, "what it is a part of stays");
  return held;
}

/** Whether a version is no longer as it was planned: other tags, or pushed again. */
export function hasChanged(
  planned: Pick<PackageVersion, "tags" | "updatedAt">,
  now: Pick<PackageVersion, "tags" | "updatedAt">,
): boolean {
  const tags = (version: Pick<PackageVersion, "tags">) => [...version.tags].sort().join("\n");
  return Date.parse(planned.updatedAt) !== Date.parse(now.updatedAt) || tags(planned) !== tags(now);
}

/**
 * The digests that the given versions need: themselves and all their parts. Reads the manifests that are not known.
 *
 * @throws RegistryError when one cannot be read
 */
export async function partsThatStay(
  { store, plan }: PreparedPackage,
  stayers: readonly PackageVersion[],
  versions: readonly PackageVersion[] = plan.verdicts.map(({ version }) => version),
): Promise<Set<string>> {
  const images = (): Images => store?.images() ?? NO_IMAGES;
  for (;;) {
    const graph = buildGraph(store ? versions : [], images());
    const roots = store ? stayers.flatMap(({ name }) => graph.nodeOf(name) ?? []) : [];
    const needed = [...new Set([...roots, ...reach(roots, graph.parts)])];
    const manifests = needed.filter((node) => !graph.isKnown(node)).map(graph.digestOf);
    const listed = needed.filter((node) => node < versions.length).map(graph.digestOf);
    const referrers = unaskedOf(listed, images());
    if (!store || manifests.length + referrers.length === 0) return new Set(needed.map(graph.digestOf));
    await store.learn({ manifests, referrers, exists: [] });
  }
}

function unaskedOf(digests: readonly string[], { referrers }: Images): string[] {
  return referrers === "unsupported" ? [] : digests.filter((digest) => !referrers.has(digest));
}

function isDeleted(settled: Settled | undefined): boolean {
  return settled?.outcome === "deleted" || settled?.outcome === "gone";
}

function isHeld(settled: Settled | undefined): boolean {
  return settled !== undefined && !isDeleted(settled);
}
