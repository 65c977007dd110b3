import { GitHubError } from "../github/github-error";
import type { PackageClient, Packages } from "../github/packages";
import type { PackageRef } from "../model/package-version";
import type { ImageStore } from "../plan/image-store";
import type { InUseFile } from "../plan/in-use";
import type { PreparedPackage } from "../plan/prepared";
import type { Policy } from "../policy/policy";
import type { Registry } from "../registry/registry";
import { type BlobWatch, sizesWarning, watchBlobs } from "./blob-watch";
import { type FactsContext, factsAsker, type Repositories } from "./facts";
import { createImageStore } from "./image-store";
import { type PlannedPackage, planPackage } from "./plan-package";
import type { SelectedPackage } from "./select-packages";

export interface PrepareContext extends FactsContext {
  readonly packages: Packages;
  readonly registry: Registry;
  /** Epoch milliseconds, read once a run. */
  readonly now: number;
  /** Whether to find out how large the images are, once a package is planned. */
  readonly sizes?: boolean;
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
  { packages, registry, now, repositories, workflowRepository, sizes = false }: PrepareContext,
  shared: Repositories,
): Promise<PreparedPackage> {
  const { client, versions: listed } = await packages.find(named).catch((error: unknown) => {
    throw isMissing(error) && mayBeMissing(named, policy)
      ? new PackageNotFound(missingMessage(error))
      : error;
  });
  const { pkg, repository } = client;
  const images = pkg.type === "container" ? imagesOf(client, registry, sizes) : {};
  const ask = factsAsker(client, policy, workflowRepository);
  const askFacts = () => ask(repositories);
  const { watch, ...store } = images;
  const source = { pkg, policy, repository, inUseFiles, askFacts, now, ...store };
  const planned = await planPackage(listed, source, await ask(shared));
  const measured = watch ? await withBlobs(pkg, planned, watch) : planned;
  return { ...source, ...measured, held: new Map() };
}

interface ImagesOfPackage {
  readonly store?: ImageStore;
  /** Only where sizes are asked for. */
  readonly watch?: BlobWatch;
}

function imagesOf(client: PackageClient, registry: Registry, sizes: boolean): ImagesOfPackage {
  // Where GitHub does not say that it is gone, a version counts as there.
  const hasVersion = async (id: number) => (await client.getVersion(id)) !== "gone";
  const repository = registry.of(client);
  if (!sizes) return { store: createImageStore(repository, hasVersion) };
  const watch = watchBlobs(repository);
  return { store: createImageStore(watch.repository, hasVersion), watch };
}

/** After planning, which learns nothing from it: verdicts are the same without. */
async function withBlobs(pkg: PackageRef, planned: PlannedPackage, watch: BlobWatch) {
  const { plan } = planned;
  const found = await watch.read(plan.verdicts.map(({ version }) => version.name));
  const { blobs } = found;
  if (found.unknown === 0) return { ...planned, blobs };
  return { ...planned, blobs, plan: { ...plan, warnings: [...plan.warnings, sizesWarning(pkg, found)] } };
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
