import type { PackageVersion } from "../model/package-version";
import { findInUse, findTagsInUse } from "../plan/in-use";
import type { Plan } from "../plan/plan";
import type { PlanSource } from "../plan/prepared";
import { isProtected } from "../plan/protection";
import { isUntagManifest } from "../plan/untag-manifest";
import { planWithReads } from "./image-store";

export interface PlannedPackage {
  readonly plan: Plan;
  /** What an interrupted removal of a tag left behind: no images, and no part of the plan. */
  readonly leftovers: readonly PackageVersion[];
}

/**
 * Plans a package as it is listed now: the one recipe for the first look at it and for all later ones. What the plan
 * turns on is read from the registry.
 *
 * @throws RegistryError when something cannot be read
 */
export async function planPackage(
  listed: readonly PackageVersion[],
  { pkg, policy, repository, inUseFiles, now, store }: PlanSource,
): Promise<PlannedPackage> {
  const isLeftover = (version: PackageVersion) =>
    isUntagManifest(repository, version) && !isProtected(policy.protect, version);
  const leftovers = policy.untag ? listed.filter(isLeftover) : [];
  const versions = leftovers.length === 0 ? listed : listed.filter((version) => !leftovers.includes(version));
  const inUse = findInUse(inUseFiles, repository, versions);
  const tagsInUse = findTagsInUse(inUseFiles, repository, versions);
  return { plan: await planWithReads({ pkg, policy, versions, inUse, tagsInUse, now }, store), leftovers };
}
