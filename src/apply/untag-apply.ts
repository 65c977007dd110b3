import type { PackageClient, Packages } from "../github/packages";
import { isBookkeepingTag } from "../model/bookkeeping";
import { messageOf } from "../model/error-message";
import { describeVersion } from "../model/label";
import type { PackageRef, PackageVersion } from "../model/package-version";
import type { Warning } from "../model/warning";
import { type StopReason, stoppedBy } from "../net/stop";
import type { PreparedPackage } from "../plan/prepared";
import {
  isUntagManifest,
  UNTAG_MEDIA_TYPE,
  type UntagManifest,
  unusedManifest,
} from "../plan/untag-manifest";
import type { ManifestAnswer, Registry, Repository } from "../registry/registry";
import { RegistryError } from "../registry/registry-error";
import { countOf } from "../report/report-text";

export interface UntagContext {
  readonly packages: Packages;
  readonly registry: Registry;
  readonly stopReason: StopReason;
  /** Sleeps for so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

export interface UntagResult {
  /** By version id: the tags that it has lost. */
  readonly untagged: ReadonlyMap<number, readonly string[]>;
  readonly warnings: readonly Warning[];
  /** Why it ended early although nothing failed. */
  readonly stopped?: string;
  /** The token may push, and not delete: no more was tried. */
  readonly error?: string;
}

/** One tag on its way off a version. */
interface Removal {
  readonly version: PackageVersion;
  readonly tag: string;
}

/** What the tag pointed to, as the registry gave it: what it is put back to. */
type Original = Extract<ManifestAnswer, { kind: "found" }>;

/** A removal whose manifest was pushed: the tag is off, and the manifest's own version has to go. */
interface Pushed extends Removal {
  readonly digest: string;
  readonly original: Original;
}

/** The token lacks the right to delete: each tag would be left pointing to nothing. */
class MayNotDelete extends Error {}

/** How long the list may take to show what was pushed: some thirty seconds in all. */
const WAITS_MS = [0, 250, 500, 1_000, 2_000, 4_000, 8_000, 14_000];

/** Tags that are removed together once one was, since each look at the list reads all of it. */
const AT_ONCE = 10;

const NEXT_RUN = "The next run looks at it anew.";

/** The state of one package's removals. */
interface Work {
  readonly client: PackageClient;
  readonly images: Repository;
  readonly context: UntagContext;
  readonly untagged: Map<number, string[]>;
  readonly warnings: Warning[];
}

/** Whether there is anything to do for `untag`. */
export function hasTagsToRemove({ plan, leftovers = [] }: PreparedPackage): boolean {
  return leftovers.length > 0 || plan.verdicts.some(({ untag }) => untag);
}

/**
 * Takes the tags off that kept versions are to lose (spec/action.md, `untag`): pushes a small manifest of its own to
 * the tag, which moves it, and deletes exactly the version that then carries it. Where the list does not show that
 * version, with that tag alone, nothing is deleted. Never rejects for what GitHub and the registry answer.
 */
export async function untagVersions(prepared: PreparedPackage, context: UntagContext): Promise<UntagResult> {
  const { pkg, plan, leftovers = [] } = prepared;
  const client = context.packages.of(pkg);
  const images = context.registry.of(client.repository);
  const work: Work = { client, images, context, untagged: new Map(), warnings: [] };
  for (const leftover of leftovers) {
    const stopped = context.stopReason() ?? (await deleteLeftover(work, leftover));
    if (stopped !== undefined) return { untagged: work.untagged, warnings: work.warnings, stopped };
  }
  const removals = plan.verdicts.flatMap(({ version, untag = [] }) => untag.map((tag) => ({ version, tag })));
  const { untagged, warnings } = work;
  for (let at = 0, count = 1; at < removals.length; at += count) {
    count = untagged.size > 0 ? AT_ONCE : 1;
    const stopped = context.stopReason();
    const end = stopped === undefined ? await removeAll(work, removals.slice(at, at + count)) : { stopped };
    if (end) return { untagged, warnings, ...end };
  }
  return { untagged, warnings };
}

/** What a dry run says of what an interrupted run left behind: it is no image, and no part of the plan. */
export function leftoverWarnings({ pkg, leftovers = [] }: PreparedPackage): Warning[] {
  return leftovers.map((leftover) => ({
    kind: "untag-leftover",
    message: `${describeLeftover(pkg, leftover)} would be deleted.`,
  }));
}

function describeLeftover({ name }: PackageRef, { id, tags }: PackageVersion): string {
  return `The version ${id} of ${name} with the tag ${tags.join()}, left over from an interrupted removal of that tag,`;
}

/**
 * Ends what an interrupted run began: its manifest has the tag, and no other.
 *
 * @returns why it cannot go on
 */
async function deleteLeftover(
  { client, warnings }: Work,
  leftover: PackageVersion,
): Promise<string | undefined> {
  const what = describeLeftover(client.pkg, leftover);
  try {
    const now = await client.getVersion(leftover.id);
    if (typeof now === "string" || !isUntagManifest(client.repository, now)) return undefined;
    const result = await client.deleteVersion(leftover.id);
    const end = result.kind === "deleted" ? "was deleted." : `was not deleted: ${result.message}`;
    warnings.push({ kind: "untag-leftover", message: `${what} ${end}` });
    return undefined;
  } catch (error) {
    const stopped = stoppedBy(error);
    if (stopped === undefined)
      warnings.push({ kind: "untag-leftover", message: `${what} was not deleted: ${messageOf(error)}` });
    return stopped;
  }
}

/** @returns why it cannot go on */
async function removeAll(
  work: Work,
  removals: readonly Removal[],
): Promise<{ readonly stopped?: string; readonly error?: string } | undefined> {
  const pushed: Pushed[] = [];
  try {
    await pushAll(work, removals, pushed);
    await deletePushed(work, pushed);
    return undefined;
  } catch (error) {
    if (error instanceof MayNotDelete) {
      for (const one of pushed) await putBack(work, one, "the token may not delete");
      return { error: error.message };
    }
    const stopped = stoppedBy(error);
    for (const one of pushed) leftOver(work, one, stopped ?? messageOf(error));
    if (stopped === undefined && pushed.length === 0)
      warn(
        work,
        `Not removed, ${countOf(removals.length, "tag")} of ${work.client.pkg.name}: ${messageOf(error)}`,
      );
    return stopped === undefined ? undefined : { stopped };
  }
}

async function pushAll(work: Work, removals: readonly Removal[], pushed: Pushed[]): Promise<void> {
  const active = await work.client.list("active");
  const deleted = await work.client.list("deleted");
  const digests = new Set([...active, ...deleted].map(({ name }) => name));
  const losing = new Map<number, Set<string>>();
  for (const { version, tag } of removals)
    losing.set(version.id, (losing.get(version.id) ?? new Set()).add(tag));
  for (const removal of removals) {
    const { version, tag } = removal;
    const now = active.find(({ id }) => id === version.id);
    const others = now?.tags.filter(
      (other) => !isBookkeepingTag(other) && !losing.get(version.id)?.has(other),
    );
    if (!now?.tags.includes(tag) || others?.length === 0) {
      warn(
        work,
        `${name(work, removal)} was not removed: the tags of the version changed since they were planned. ${NEXT_RUN}`,
      );
    } else {
      const original = await readOriginal(work, removal);
      if (original)
        await push(work, removal, original, unusedManifest(work.client.repository, tag, digests), pushed);
    }
  }
}

/** The list may lag behind; the registry knows where the tag is. Undefined where it is not there any more. */
async function readOriginal(work: Work, removal: Removal): Promise<Original | undefined> {
  const { version, tag } = removal;
  try {
    const current = await work.images.manifest(tag);
    if (current.kind === "found" && current.digest === version.name) return current;
    warn(work, `${name(work, removal)} was not removed: the tag was moved since it was planned. ${NEXT_RUN}`);
  } catch (error) {
    if (stoppedBy(error) !== undefined) throw error;
    warn(work, `${name(work, removal)} was not removed: ${messageOf(error)}`);
  }
  return undefined;
}

async function push(
  work: Work,
  removal: Removal,
  original: Original,
  { body, digest }: UntagManifest,
  pushed: Pushed[],
): Promise<void> {
  const { tag } = removal;
  try {
    await work.images.putManifest(tag, body, UNTAG_MEDIA_TYPE);
    pushed.push({ ...removal, original, digest });
  } catch (error) {
    if (stoppedBy(error) !== undefined) throw error;
    // Without an answer the tag may have moved all the same: the list will tell.
    if (!(error instanceof RegistryError) || isRefused(error))
      warn(work, `${name(work, removal)} was not removed: ${messageOf(error)}`);
    else pushed.push({ ...removal, original, digest });
  }
}

/** Looks at the list until it shows each pushed manifest, and deletes its version. Takes out of `pushed` what is settled. */
async function deletePushed(work: Work, pushed: Pushed[]): Promise<void> {
  for (const wait of WAITS_MS) {
    if (pushed.length === 0) return;
    await work.context.pause(wait);
    const listed = await work.client.list("active");
    for (const one of [...pushed]) {
      const found = listed.find(({ name }) => name === one.digest);
      if (!found || found.tags.length === 0) continue;
      if (found.tags.length === 1 && found.tags[0] === one.tag) await deleteCarrier(work, one, found.id);
      else leftOver(work, one, `the list shows it with the tags ${found.tags.join(", ")}`);
      pushed.splice(pushed.indexOf(one), 1);
    }
  }
  for (const one of pushed.splice(0)) leftOver(work, one, "the list does not show it with that tag");
}

async function deleteCarrier(work: Work, one: Pushed, id: number): Promise<void> {
  const result = await work.client.deleteVersion(id);
  const isGone =
    result.kind === "gone" || (result.kind === "not-found" && (await work.client.getVersion(id)) === "gone");
  if (result.kind === "forbidden" || (result.kind === "not-found" && !isGone))
    throw new MayNotDelete(result.message);
  if (result.kind === "refused" || result.kind === "failed")
    return putBack(work, one, result.message.replace(/\.$/, ""));
  const lost = work.untagged.get(one.version.id) ?? [];
  work.untagged.set(one.version.id, [...lost, one.tag]);
}

/** Moves the tag back to its version, since the manifest that took it away cannot be deleted. */
async function putBack(work: Work, one: Pushed, why: string): Promise<void> {
  const { raw, mediaType } = one.original;
  try {
    await work.images.putManifest(one.tag, raw, mediaType);
    warn(work, `${name(work, one)} was put back: its removal could not be finished, ${why}. ${NEXT_RUN}`);
  } catch (error) {
    leftOver(work, one, `${why}; and it could not be put back: ${messageOf(error)}`);
  }
}

/** The tag is off its version, and points to a manifest that could not be deleted. */
function leftOver(work: Work, one: Pushed, why: string): void {
  const message =
    `${name(work, one)} was taken off its version, and points to an empty index now, ${one.digest}, which was not ` +
    `deleted: ${why.replace(/\.$/, "")}. Delete the version of that digest, or push the tag again.`;
  warn(work, message);
}

/** An answer that says no, which changed nothing. */
function isRefused({ status }: RegistryError): boolean {
  return status >= 400 && status < 500;
}

function warn({ warnings }: Work, message: string): void {
  warnings.push({ kind: "untag", message });
}

function name({ client: { pkg } }: Work, { tag, version }: Removal): string {
  return `The tag ${pkg.name}:${tag} of ${describeVersion(pkg, version)} (id ${version.id})`;
}
