import type { GitHub } from "../github/github";
import { GitHubError } from "../github/github-error";
import { listVersions } from "../github/listing";
import type { Account } from "../github/owner";
import { getVersion } from "../github/package-operations";
import { packageName } from "../model/label";
import type { PackageVersion } from "../model/package-version";
import { buildGraph, type Images, NO_IMAGES, reach } from "../plan/image-graph";
import { findInUse } from "../plan/in-use";
import { doomedVersions, type PreparedPackage, type Settled } from "../prepared";
import { planWithReads } from "../registry/image-store";

interface LookContext {
  readonly github: GitHub;
  readonly account: Account;
  readonly now: number;
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
  context: LookContext,
): Promise<Map<number, string>> {
  const { github, account, now } = context;
  const { pkg, policy } = prepared;
  const doomed = new Map(doomedVersions(prepared.plan).map((version) => [version.id, version]));
  const listed = await listVersions(github, account, pkg, "active");
  const listedIds = new Set(listed.map(({ id }) => id));
  // What this run deleted still counts as a part or a whole of what it has yet to delete.
  const deleted = [...doomed.values()].filter(({ id }) => isDeleted(outcomes.get(id)) && !listedIds.has(id));
  const absent = prepared.plan.verdicts.filter(
    ({ version: { id } }) => !listedIds.has(id) && !isDeleted(outcomes.get(id)),
  );
  await requireGone(
    prepared,
    absent.map(({ version }) => version),
    context,
  );
  const versions = [...listed, ...deleted];
  const inUse = findInUse(prepared.inUseFiles, `${account.login}/${pkg.name}`, versions);
  // Where a kept version is gone, another takes its place: none that this run has deleted.
  const isKeptGone = absent.some(({ verdict }) => verdict === "keep");
  const held = new Map<number, string>();
  for (const present of isKeptGone ? [versions, listed] : [versions]) {
    const fresh = await planWithReads({ pkg, policy, versions: present, inUse, now }, prepared.store);
    for (const { version, verdict, reasons } of fresh.verdicts) {
      const planned = doomed.get(version.id);
      if (!planned || isDeleted(outcomes.get(version.id))) continue;
      if (hasChanged(planned, version)) held.set(version.id, "changed since it was planned");
      else if (verdict === "keep") held.set(version.id, `stays now: ${reasons.join(", ")}`);
    }
  }
  const stayers = listed.filter(({ id }) => !doomed.has(id) || held.has(id) || isHeld(outcomes.get(id)));
  const needed = await partsThatStay(prepared, stayers, versions);
  for (const { id, name } of doomed.values())
    if (needed.has(name) && !held.has(id)) held.set(id, "what it is a part of stays");
  return held;
}

/** An empty or short list looks like one in which nothing changed: what it lacks must really be gone. */
async function requireGone(
  { pkg }: PreparedPackage,
  absent: readonly PackageVersion[],
  { github, account }: LookContext,
): Promise<void> {
  for (const { id } of absent.slice(0, MOST_ASKED)) {
    if ((await getVersion(github, account, pkg, id)) === "gone") continue;
    throw new GitHubError(
      `GitHub's second list of the ${packageName(pkg)} lacks version ${id}, which is there: nothing more of it is ` +
        "deleted, since the list does not tell what has changed. Run the action again later.",
      200,
    );
  }
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
