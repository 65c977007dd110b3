import type { Packages } from "../github/packages";
import type { PackageVersion } from "../model/package-version";
import { findInUse, findTagsInUse, type WorkspaceFile } from "../plan/in-use";
import type { PreparedPackage } from "../plan/prepared";
import { isUntagManifest } from "../plan/untag-manifest";
import type { Registry } from "../registry/registry";
import { createImageStore, planWithReads } from "./image-store";
import type { SelectedPackage } from "./select-packages";

export interface PrepareContext {
  readonly packages: Packages;
  readonly registry: Registry;
  /** Epoch milliseconds, read once a run. */
  readonly now: number;
}

/**
 * Lists one package whole, and plans it; what the plan turns on is read from the registry.
 *
 * @throws GitHubError, RegistryError, BudgetExhausted
 */
export async function preparePackage(
  { pkg: named, policy }: SelectedPackage,
  inUseFiles: readonly WorkspaceFile[],
  { packages, registry, now }: PrepareContext,
): Promise<PreparedPackage> {
  const { client, versions: listed } = await packages.find(named);
  const { pkg, repository } = client;
  const isLeftover = (version: PackageVersion) =>
    isUntagManifest(repository, version) &&
    !policy.protect.has(version.name) &&
    !policy.protect.has(`${version.id}`);
  const leftovers = policy.untag ? listed.filter(isLeftover) : [];
  const versions = leftovers.length === 0 ? listed : listed.filter((version) => !leftovers.includes(version));
  const inUse = findInUse(inUseFiles, repository, versions);
  const store = pkg.type === "container" ? { store: createImageStore(registry.of(repository)) } : {};
  const tagsInUse = findTagsInUse(inUseFiles, repository, versions);
  const plan = await planWithReads({ pkg, policy, versions, inUse, tagsInUse, now }, store.store);
  return { pkg, policy, plan, inUseFiles, held: new Map(), leftovers, ...store };
}
