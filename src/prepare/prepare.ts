import { GitHubError } from "../github/github-error";
import type { PackageClient, Packages } from "../github/packages";
import type { PackageRef } from "../model/package-version";
import type { ImageStore } from "../plan/image-store";
import type { InUseFile } from "../plan/in-use";
import type { PreparedPackage } from "../plan/prepared";
import type { Policy } from "../policy/policy";
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

/** GitHub shows no package of a name that may be missing (`if-not-found: warn`). */
export class PackageNotFound extends Error {
  override readonly name = "PackageNotFound";
}

/**
 * Lists one package whole, and plans it; what the plan turns on is read from the registry.
 *
 * @param shared repositories whose lists the first look at all packages shares (`askOnce`)
 * @throws PackageNotFound, ContradictionError, GitHubError, RegistryError, NotDeployedError, BudgetExhausted
 */
export async function preparePackage(
  { pkg: named, policy }: SelectedPackage,
  inUseFiles: readonly InUseFile[],
  { packages, registry, now, repositories, workflowRepository }: PrepareContext,
  shared: Repositories,
): Promise<PreparedPackage> {
  const { client, versions: listed } = await packages.find(named).catch((error: unknown) => {
    throw isMissing(error) && mayBeMissing(named, policy)
      ? new PackageNotFound(missingMessage(error))
      : error;
  });
  const { pkg, repository } = client;
  const store = pkg.type === "container" ? { store: imageStoreOf(client, registry) } : {};
  const ask = factsAsker(client, policy, workflowRepository);
  const askFacts = () => ask(repositories);
  const source = { pkg, policy, repository, inUseFiles, askFacts, now, ...store };
  return { ...source, ...(await planPackage(listed, source, await ask(shared))), held: new Map() };
}

function imageStoreOf(client: PackageClient, registry: Registry): ImageStore {
  // Where GitHub does not say that it is gone, a version counts as there.
  const hasVersion = async (id: number) => (await client.getVersion(id)) !== "gone";
  return createImageStore(registry.of(client.repository), hasVersion);
}

function isMissing(error: unknown): error is GitHubError {
  return error instanceof GitHubError && error.status === 404;
}

/** Only a package that is named may be missing: what a glob matched is in GitHub's own list. */
function mayBeMissing({ name }: PackageRef, { ifNotFound, packages: { names } }: Policy): boolean {
  return ifNotFound === "warn" && names.includes(name);
}

function missingMessage({ message }: GitHubError): string {
  return `${message} The package is left out (if-not-found: warn). A missing right looks the same.`;
}
