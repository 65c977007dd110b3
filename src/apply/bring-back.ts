import { GitHubError } from "../github/github-error";
import { activeAmong } from "../github/listing";
import type { PackageClient } from "../github/packages";
import { pageCount } from "../github/pages";
import { describeVersion, packageName } from "../model/label";
import type { PackageRef, PackageVersion } from "../model/package-version";
import type { Warning } from "../model/warning";
import { endOf } from "../net/stop";
import { buildGraph, NO_IMAGES, reach } from "../plan/image-graph";
import { doomedVersions, type PreparedPackage, type Settled } from "../plan/prepared";
import { partsThatStay } from "../prepare/parts-that-stay";
import { listAgain, type Outcomes } from "./list-again";

/** The result of the last look at a package. */
export interface BroughtBack {
  readonly warnings: readonly Warning[];
  /** Something that has to be restored was not, or nobody can tell. */
  readonly error?: string;
}

/** A version that this run deleted, and why it has to be restored. */
interface Wronged {
  readonly version: PackageVersion;
  readonly why: string;
}

/**
 * How many requests the last look at a package takes; none where nobody can push what needs a deleted version: nothing
 * was deleted, or versions of this type have neither parts nor tags.
 */
export function lastLookRequests({ type }: PackageRef, left: number, deleted: number): number {
  if (deleted === 0 || (type !== "container" && type !== "docker")) return 0;
  // One page more of each list, since both may have grown.
  return pageCount(left) + 1 + pageCount(deleted) + 1;
}

/**
 * Looks at a package for the last time, once its deletions are over, and restores what this run should not have deleted:
 * what something pushed meanwhile lists, and what had been given a tag. Changes its outcome to `skipped`. Never rejects.
 */
export async function bringBack(
  prepared: PreparedPackage,
  outcomes: Map<number, Settled>,
  client: PackageClient,
): Promise<BroughtBack> {
  const count = [...outcomes.values()].filter(({ outcome }) => outcome === "deleted").length;
  if (lastLookRequests(prepared.pkg, 0, count) === 0) return { warnings: [] };
  try {
    const search = await findWronged(prepared, outcomes, client);
    return await restoreAll(search, prepared, outcomes, client);
  } catch (error) {
    const { stopped, error: failure } = endOf(error);
    const warning = notLooked(prepared, stopped ?? failure ?? "");
    return stopped === undefined ? { warnings: [], error: warning.message } : { warnings: [warning] };
  }
}

function notLooked({ pkg }: PreparedPackage, why: string): Warning {
  const message =
    `The ${packageName(pkg)} could not be looked at once more at the end. ${why} What was pushed to it during the run ` +
    "may need a version that was deleted: pull it, and restore from the report what it lacks.";
  return { kind: "no-last-look", message };
}

interface Search {
  /** Parts before what they belong to. */
  readonly wronged: readonly Wronged[];
  readonly warnings: readonly Warning[];
}

async function findWronged(
  prepared: PreparedPackage,
  outcomes: Outcomes,
  client: PackageClient,
): Promise<Search> {
  const planned = new Map(doomedVersions(prepared.plan).map((version) => [version.id, version]));
  const ids = [...outcomes].flatMap(([id, { outcome }]) => (outcome === "deleted" ? [id] : []));
  // What was deleted last is restored first: images were deleted before their parts.
  const deleted = ids.reverse().flatMap((id) => planned.get(id) ?? []);
  const deletedList = await listDeleted(client);
  const { listed } = await listAgain(prepared, outcomes, client);
  const { given, warnings } = tagsGiven(deleted, deletedList, listed, client.pkg);

  const tags = new Set(listed.flatMap((version) => version.tags));
  const lostTags = ({ id }: PackageVersion) => (given.get(id) ?? []).filter((tag) => !tags.has(tag));
  const retagged = deleted.filter((version) => lostTags(version).length > 0);
  const needed = await partsThatStay(prepared, [...listed, ...retagged], [...listed, ...deleted]);
  const needs = needersOf(prepared, listed, deleted);
  const isThere = new Set(listed.map(({ name }) => name));
  const wronged = deleted.flatMap((version): Wronged[] => {
    const lost = lostTags(version);
    if (lost.length > 0) return [{ version, why: `it was given ${tagsText(lost)} during the run` }];
    if (!needed.has(version.name) || isThere.has(version.name)) return [];
    return [{ version, why: `${needs(version)}, needs it` }];
  });
  return { wronged, warnings };
}

/** GitHub's list of the deleted versions, or why there is none. */
async function listDeleted(client: PackageClient): Promise<readonly PackageVersion[] | GitHubError> {
  try {
    return await client.list("deleted");
  } catch (error) {
    if (error instanceof GitHubError) return error;
    throw error;
  }
}

/**
 * By version id: the tags that deleted versions have, and had not when they were planned. A list that GitHub did not filter
 * may show them as they were: what it tells is used, and that it may lack something is a warning.
 */
function tagsGiven(
  deleted: readonly PackageVersion[],
  found: readonly PackageVersion[] | GitHubError,
  active: readonly PackageVersion[],
  pkg: PackageRef,
): {
  readonly given: ReadonlyMap<number, readonly string[]>;
  readonly warnings: readonly Warning[];
} {
  const list = found instanceof GitHubError ? [] : found;
  const problem = found instanceof GitHubError ? found.message : unfiltered(list, active);
  const now = new Map(list.map(({ id, tags }) => [id, tags]));
  const given = new Map(
    deleted.map(({ id, tags }) => [id, (now.get(id) ?? []).filter((tag) => !tags.includes(tag))]),
  );
  if (problem === undefined) return { given, warnings: [] };
  const message =
    `Whether versions of the ${packageName(pkg)} were given tags just before they were deleted cannot be told: ` +
    problem;
  return { given, warnings: [{ kind: "no-deleted-list", message }] };
}

function unfiltered(list: readonly PackageVersion[], active: readonly PackageVersion[]): string | undefined {
  const stray = activeAmong(list, active);
  if (stray === undefined) return undefined;
  return (
    `GitHub's list of the deleted versions has active ones on it, such as ${stray.id}. Pull what was tagged during the ` +
    "run, and restore from the report what it lacks."
  );
}

/** Names a version that needs another one, and since when it is there: one with a tag, where there is one. */
function needersOf(
  { pkg, store }: PreparedPackage,
  listed: readonly PackageVersion[],
  deleted: readonly PackageVersion[],
): (version: PackageVersion) => string {
  const versions = [...listed, ...deleted];
  const graph = buildGraph(store ? versions : [], store?.images() ?? NO_IMAGES);
  return ({ name }) => {
    const wholes = reach([graph.nodeOf(name) ?? 0], graph.wholes);
    const needers = versions.filter((version) => wholes.has(graph.nodeOf(version.name) ?? -1));
    const came = needers.filter((version) => listed.includes(version));
    const all = came.length > 0 ? came : needers;
    const named = all.find(({ tags }) => tags.length > 0) ?? all[0];
    const which = came.length > 0 ? "which came during the run" : "which comes back";
    return `${named ? describeVersion(pkg, named) : "a version"}, ${which}`;
  };
}

async function restoreAll(
  { wronged, warnings }: Search,
  prepared: PreparedPackage,
  outcomes: Map<number, Settled>,
  client: PackageClient,
): Promise<BroughtBack> {
  const lost: (Wronged & { readonly message: string })[] = [];
  const restored: Warning[] = [];
  for (const one of wronged) {
    const { id } = one.version;
    const result = await client.restoreVersion(id);
    if (result.kind !== "restored") lost.push({ ...one, message: result.message });
    else {
      outcomes.set(id, { outcome: "skipped", message: `it was deleted and restored: ${one.why}` });
      const message = `${nameOf(one, prepared)} was deleted and restored: ${one.why}.`;
      restored.push({ kind: "restored", message });
    }
  }
  const all = [...warnings, ...restored];
  return lost.length === 0 ? { warnings: all } : { warnings: all, error: lostText(lost, prepared) };
}

function nameOf({ version }: Wronged, { pkg }: PreparedPackage): string {
  return `${describeVersion(pkg, version)} (id ${version.id})`;
}

function lostText(
  lost: readonly (Wronged & { readonly message: string })[],
  prepared: PreparedPackage,
): string {
  const each = lost.map((one) => `${nameOf(one, prepared)}, since ${one.why}`);
  const ids = lost.map(({ version }) => version.id);
  return (
    `GitHub did not restore what was deleted of ${prepared.pkg.name} and has to come back: ${each.join("; ")}. Write ` +
    `${ids.join(", ")} into the input \`restore\`, one in each line, and use a token that may restore. ${lost.at(-1)?.message}`
  );
}

function tagsText(tags: readonly string[]): string {
  return `the tag${tags.length > 1 ? "s" : ""} ${tags.join(", ")}`;
}
