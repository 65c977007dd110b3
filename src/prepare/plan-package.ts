import { isBookkeepingTag } from "../model/bookkeeping";
import type { PackageVersion } from "../model/package-version";
import { findDeployed, notDeployedMessage } from "../plan/deployed";
import type { Facts } from "../plan/facts";
import { findInUse, nothingInUse } from "../plan/in-use";
import type { Plan } from "../plan/plan";
import type { PlanSource } from "../plan/prepared";
import { isProtected } from "../plan/protection";
import { NO_NEEDS } from "../plan/reads";
import { takesTagAway } from "../plan/untag-manifest";
import { planWithReads } from "./image-store";

/** No version is what an environment runs: what was asked to be kept cannot be found. */
export class NotDeployedError extends Error {
  override readonly name = "NotDeployedError";
}

export interface PlannedPackage {
  readonly plan: Plan;
  /** What an interrupted removal of a tag left behind: no images, and no part of the plan. */
  readonly leftovers: readonly PackageVersion[];
}

/**
 * Plans a package as it is listed now: the one recipe for the first look at it and for all later ones. What the plan
 * turns on is read from the registry.
 *
 * @param facts asked for after the package was listed: what a version was pushed for was there before
 * @throws RegistryError when something cannot be read
 * @throws NotDeployedError when an environment's version is not found
 */
export async function planPackage(
  listed: readonly PackageVersion[],
  source: PlanSource,
  { living, environments }: Facts,
): Promise<PlannedPackage> {
  const { pkg, policy, repository, inUseFiles, now, store } = source;
  const leftovers = policy.untag ? await findLeftovers(listed, source) : [];
  const versions = leftovers.length === 0 ? listed : listed.filter((version) => !leftovers.includes(version));

  const deployed = findDeployed(environments, versions);
  requireDeployed(deployed.unfound, environments, { pkg, policy });
  const files = findInUse(inUseFiles, repository, versions);
  const inUse = joined(files.inUse, deployed.inUse);
  const tagsInUse = new Set([...files.tags, ...deployed.tags]);
  const input = { pkg, policy, versions, inUse, tagsInUse, now, ...(living ? { living } : {}) };
  const plan = await planWithReads(input, store);
  const isNothingFound = inUseFiles.length > 0 && versions.length > 0 && files.inUse.size === 0;
  const warnings = isNothingFound ? [...plan.warnings, nothingInUse(pkg, inUseFiles)] : plan.warnings;
  return { plan: { ...plan, warnings }, leftovers };
}

/** What was asked to be kept must be there: else nothing of the package is deleted. */
function requireDeployed(
  [name]: readonly string[],
  environments: Facts["environments"],
  { pkg, policy }: Pick<PlanSource, "pkg" | "policy">,
): void {
  if (name === undefined) return;
  const at = policy.environmentsAt?.get(name);
  throw new NotDeployedError(notDeployedMessage(pkg, name, environments.get(name) ?? [], at));
}

function joined(
  some: ReadonlyMap<number, readonly string[]>,
  others: ReadonlyMap<number, readonly string[]>,
): Map<number, readonly string[]> {
  const all = new Map(some);
  for (const [id, by] of others) all.set(id, [...(all.get(id) ?? []), ...by]);
  return all;
}

/** What only takes a tag away has no other: only versions with one tag are read for it. */
async function findLeftovers(
  listed: readonly PackageVersion[],
  { policy, repository, store }: PlanSource,
): Promise<PackageVersion[]> {
  if (!store) return [];
  const suspects = listed.filter(
    (version) =>
      version.tags.length === 1 &&
      !version.tags.some(isBookkeepingTag) &&
      !isProtected(policy.protect, version),
  );
  const { manifests } = store.images();
  const unread = suspects.map(({ name }) => name).filter((name) => !manifests.has(name));
  if (unread.length > 0) await store.learn({ ...NO_NEEDS, manifests: [...new Set(unread)] });
  return suspects.filter((version) => takesTagAway(repository, version, manifests.get(version.name)));
}
