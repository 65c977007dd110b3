import { activeAmong } from "../github/listing";
import type { PackageClient } from "../github/packages";
import { describeVersion, packageName } from "../model/label";
import type { PackageRef, PackageVersion } from "../model/package-version";
import { pageCount } from "../model/page-count";
import type { Warning } from "../model/warning";
import { endOf } from "../net/stop";
import { buildGraph, NO_IMAGES, reach } from "../plan/image-graph";
import { doomedVersions, type PreparedPackage, type Settled } from "../plan/prepared";
import { partsThatStay } from "../prepare/parts-that-stay";
import { listAgain } from "./list-again";

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
  // One page more of each list, since both may have grown. Older deletions are on the other one, too: see `restoreGiven`.
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
  const look: Look = { prepared, outcomes, client };
  if (lastLookRequests(prepared.pkg, 0, deletedOf(look).length) === 0) return { warnings: [] };
  const found: BroughtBack[] = [];
  try {
    const { listed, ...needed } = await restoreNeeded(look);
    found.push(needed);
    // The deleted versions of 30 days may be many: what is needed is restored before they are listed.
    found.push(await restoreGiven(look, listed));
  } catch (error) {
    const { stopped, error: failure } = endOf(error);
    const warning = notLooked(prepared, stopped ?? failure ?? "");
    found.push(stopped === undefined ? { warnings: [], error: warning.message } : { warnings: [warning] });
  }
  const errors = found.flatMap(({ error }) => error ?? []);
  const warnings = found.flatMap((one) => one.warnings);
  return { warnings, ...(errors.length > 0 ? { error: errors.join(" ") } : {}) };
}

/** What the last look at a package is about. */
interface Look {
  readonly prepared: PreparedPackage;
  readonly outcomes: Map<number, Settled>;
  readonly client: PackageClient;
}

/** What this run deleted. What was deleted last is restored first: images were deleted before their parts. */
function deletedOf({ prepared, outcomes }: Look): PackageVersion[] {
  const planned = new Map(doomedVersions(prepared.plan).map((version) => [version.id, version]));
  const ids = [...outcomes].flatMap(([id, { outcome }]) => (outcome === "deleted" ? [id] : []));
  return ids.reverse().flatMap((id) => planned.get(id) ?? []);
}

function notLooked({ pkg }: PreparedPackage, why: string): Warning {
  const message =
    `The ${packageName(pkg)} could not be checked again at the end. ${why} What was pushed to it during the run ` +
    "may need a version that was deleted: pull it, and restore from the report what it lacks.";
  return { kind: "no-last-look", message };
}

/** Restores the parts of what is listed now. */
async function restoreNeeded(
  look: Look,
): Promise<BroughtBack & { readonly listed: readonly PackageVersion[] }> {
  const { prepared, outcomes, client } = look;
  const { listed } = await listAgain(prepared, outcomes, client);
  const deleted = deletedOf(look);
  const restored = await restoreAll(await partsAmong(deleted, listed, [], prepared), look);
  const unknown = await findUnknown(listed, look);
  const errors = [restored.error ?? [], unknown ?? []].flat();
  return { listed, ...restored, ...(errors.length > 0 ? { error: errors.join(" ") } : {}) };
}

/** Those of the deleted versions that a listed version needs, or one that has to be restored. */
async function partsAmong(
  deleted: readonly PackageVersion[],
  listed: readonly PackageVersion[],
  retagged: readonly PackageVersion[],
  prepared: PreparedPackage,
): Promise<Wronged[]> {
  const needed = await partsThatStay(prepared, [...listed, ...retagged], [...listed, ...deleted]);
  const needs = needersOf(prepared, listed, deleted);
  const isThere = new Set([...listed, ...retagged].map(({ name }) => name));
  const parts = deleted.filter(({ name }) => needed.has(name) && !isThere.has(name));
  return parts.map((version) => ({ version, why: `${needs(version)}, needs it` }));
}

/** What came during the run, and of which the registry has no manifest: nobody can tell which parts it has. */
async function findUnknown(listed: readonly PackageVersion[], look: Look): Promise<string | undefined> {
  const { prepared, client } = look;
  const planned = new Set(prepared.plan.verdicts.map(({ version }) => version.id));
  const { manifests } = prepared.store?.images() ?? NO_IMAGES;
  for (const version of listed) {
    if (planned.has(version.id) || manifests.get(version.name) !== "absent") continue;
    // GitHub lists deleted versions for days. Where it does not tell, the version counts as there.
    if ((await client.getVersion(version.id).catch(() => "hidden")) === "gone") continue;
    return (
      `The registry has no manifest of ${describeVersion(prepared.pkg, version)} (id ${version.id}), which was pushed during the ` +
      "run: which parts it needs cannot be told. Check that it can be pulled, and restore from the report what it lacks."
    );
  }
  return undefined;
}

/** Restores what had been given a tag, with its parts. */
async function restoreGiven(look: Look, before: readonly PackageVersion[]): Promise<BroughtBack> {
  const { prepared, outcomes, client } = look;
  const deleted = deletedOf(look);
  const { given, warnings } = tagsGiven(deleted, await listDeleted(client), before, client);
  if (lostTags(deleted, given, before).size === 0) return { warnings };
  // The tags may have moved on to another version since.
  const { listed } = await listAgain(prepared, outcomes, client);
  const lost = lostTags(deleted, given, listed);
  const retagged = deleted.filter(({ id }) => lost.has(id));
  const parts = await partsAmong(deleted, listed, retagged, prepared);
  const all = [...parts, ...retagged.map((version) => wrongedBy(version, lost.get(version.id) ?? []))];
  const order = new Map(deleted.map(({ id }, at) => [id, at]));
  all.sort((a, b) => (order.get(a.version.id) ?? 0) - (order.get(b.version.id) ?? 0));
  const restored = await restoreAll(all, look);
  return { ...restored, warnings: [...warnings, ...restored.warnings] };
}

function wrongedBy(version: PackageVersion, tags: readonly string[]): Wronged {
  return { version, why: `it was given ${tagsText(tags)} during the run` };
}

/** By version id: the tags that a deleted version was given and that no listed version has. */
function lostTags(
  deleted: readonly PackageVersion[],
  given: ReadonlyMap<number, readonly string[]>,
  listed: readonly PackageVersion[],
): Map<number, readonly string[]> {
  const there = new Set(listed.flatMap(({ tags }) => tags));
  const lost = deleted.map(({ id }) => [id, (given.get(id) ?? []).filter((tag) => !there.has(tag))] as const);
  return new Map(lost.filter(([, tags]) => tags.length > 0));
}

/** GitHub's list of the deleted versions, or why there is none. */
async function listDeleted(client: PackageClient): Promise<readonly PackageVersion[] | string> {
  try {
    return await client.list("deleted");
  } catch (error) {
    const { stopped, error: failure = "" } = endOf(error);
    return stopped ?? failure;
  }
}

/**
 * By version id: the tags that deleted versions have, and had not when they were planned. A list that GitHub did not filter
 * may show them as they were: what it tells is used, and that it may lack something is a warning.
 */
function tagsGiven(
  deleted: readonly PackageVersion[],
  found: readonly PackageVersion[] | string,
  active: readonly PackageVersion[],
  { pkg, settingsUrl }: PackageClient,
): {
  readonly given: ReadonlyMap<number, readonly string[]>;
  readonly warnings: readonly Warning[];
} {
  const list = typeof found === "string" ? [] : found;
  const problem = typeof found === "string" ? found : unfiltered(list, active, settingsUrl);
  const now = new Map(list.map(({ id, tags }) => [id, tags]));
  const given = new Map(
    deleted.map(({ id, tags }) => [id, (now.get(id) ?? []).filter((tag) => !tags.includes(tag))]),
  );
  if (problem === undefined) return { given, warnings: [] };
  const message =
    `It is unknown whether versions of the ${packageName(pkg)} got tags just before they were deleted: ` +
    problem;
  return { given, warnings: [{ kind: "no-deleted-list", message }] };
}

function unfiltered(
  list: readonly PackageVersion[],
  active: readonly PackageVersion[],
  settingsUrl: string,
): string | undefined {
  const stray = activeAmong(list, active);
  if (stray === undefined) return undefined;
  return (
    `GitHub's list of the deleted versions has active ones on it, such as ${stray.id}. Check what was tagged during the run, ` +
    `and restore what is missing in the settings of the package (${settingsUrl}).`
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
    const which = came.length > 0 ? "which was pushed during the run" : "which is restored";
    return `${named ? describeVersion(pkg, named) : "a version"}, ${which}`;
  };
}

async function restoreAll(
  wronged: readonly Wronged[],
  { prepared, outcomes, client }: Look,
): Promise<BroughtBack> {
  const lost: (Wronged & { readonly message: string })[] = [];
  const restored: Warning[] = [];
  for (const [at, one] of wronged.entries()) {
    const { id } = one.version;
    try {
      const result = await client.restoreVersion(id);
      if (result.kind !== "restored") {
        lost.push({ ...one, message: result.message });
        continue;
      }
    } catch (error) {
      // Also where the run only has to stop: what is known to be broken must not end well.
      const { stopped, error: failure = "" } = endOf(error);
      lost.push(...wronged.slice(at).map((left) => ({ ...left, message: stopped ?? failure })));
      break;
    }
    outcomes.set(id, { outcome: "skipped", message: `it was deleted and restored: ${one.why}` });
    const message = `${nameOf(one, prepared)} was deleted and restored: ${one.why}.`;
    restored.push({ kind: "restored", message });
  }
  return { warnings: restored, ...(lost.length > 0 ? { error: lostText(lost, prepared) } : {}) };
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
    `GitHub did not restore what was deleted of ${prepared.pkg.name} and must be restored: ${each.join("; ")}. Write ` +
    `${ids.join(", ")} into the input \`restore\`, one in each line, and use a token that may restore. ${lost.at(-1)?.message}`
  );
}

function tagsText(tags: readonly string[]): string {
  return `the tag${tags.length > 1 ? "s" : ""} ${tags.join(", ")}`;
}
