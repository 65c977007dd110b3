import type { Packages } from "../github/packages";
import type { WorkspaceFile } from "../plan/in-use";
import type { PreparedPackage } from "../plan/prepared";
import type { Registry } from "../registry/registry";
import { type FactsContext, factsAsker, type Repositories } from "./facts";
import { createImageStore } from "./image-store";
import { planPackage } from "./plan-package";
import type { SelectedPackage } from "./select-packages";

export interface PrepareContext extends FactsContext {
  readonly packages: Packages;
  readonly registry: Registry;
  /** Epoch milliseconds, read once a run. */
  readonly now: number;
}

/**
 * Lists one package whole, and plans it; what the plan turns on is read from the registry.
 *
 * @param shared repositories whose lists the first look at all packages shares (`askOnce`)
 * @throws GitHubError, RegistryError, NotDeployedError, BudgetExhausted
 */
export async function preparePackage(
  { pkg: named, policy }: SelectedPackage,
  inUseFiles: readonly WorkspaceFile[],
  { packages, registry, now, repositories, workflowRepository }: PrepareContext,
  shared: Repositories,
): Promise<PreparedPackage> {
  const { client, versions: listed } = await packages.find(named);
  const { pkg, repository } = client;
  const store = pkg.type === "container" ? { store: createImageStore(registry.of(repository)) } : {};
  const ask = factsAsker(client, policy, workflowRepository);
  const askFacts = () => ask(repositories);
  const source = { pkg, policy, repository, inUseFiles, askFacts, now, ...store };
  return { ...source, ...(await planPackage(listed, source, await ask(shared))), held: new Map() };
}
