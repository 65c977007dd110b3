import type { Packages } from "../github/packages";
import type { WorkspaceFile } from "../plan/in-use";
import type { PreparedPackage } from "../plan/prepared";
import type { Registry } from "../registry/registry";
import { createImageStore } from "./image-store";
import { planPackage } from "./plan-package";
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
  const store = pkg.type === "container" ? { store: createImageStore(registry.of(repository)) } : {};
  const source = { pkg, policy, repository, inUseFiles, now, ...store };
  return { ...source, ...(await planPackage(listed, source)), held: new Map() };
}
