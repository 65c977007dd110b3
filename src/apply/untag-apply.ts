import type { GitHub } from "../github/github";
import type { PackageClient, Packages } from "../github/packages";
import { isBookkeepingTag } from "../model/bookkeeping";
import { describeVersion } from "../model/label";
import type { PackageVersion } from "../model/package-version";
import { pageCount } from "../model/page-count";
import type { Warning } from "../model/warning";
import { type Ended, endOf, Stopped, type StopReason } from "../net/stop";
import { hasChanged } from "../plan/has-changed";
import type { PreparedPackage } from "../plan/prepared";
import { untagManifest } from "../plan/untag-manifest";
import { planPackage } from "../prepare/plan-package";
import type { Registry, Repository } from "../registry/registry";
import { countOf } from "../report/report-text";
import { askAgain } from "./list-again";
import { createLookSchedule, type LookSchedule } from "./look-schedule";
import { deleteLeftovers } from "./untag-leftovers";
import { moveTag, type Pushable, readTag } from "./untag-push";

export interface UntagContext {
  readonly packages: Packages;
  readonly github: Pick<GitHub, "pausedUntil">;
  readonly registry: Registry;
  readonly stopReason: StopReason;
  /** The clock, in epoch milliseconds. */
  readonly clock: () => number;
  /** Sleeps for so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** `error`: the token may not push, or push and not delete; no more was tried. */
export interface UntagResult extends Ended {
  /** By version id: the tags that it has lost. */
  readonly untagged: ReadonlyMap<number, readonly string[]>;
  readonly warnings: readonly Warning[];
}

/** One tag on its way off a version. */
interface Removal {
  readonly version: PackageVersion;
  readonly tag: string;
}

/** A removal whose manifest was pushed: the tag is removed, and the manifest's own version has to be deleted. */
interface Pushed extends Removal {
  readonly carrier: Pushable;
  /** What the tag pointed to: where it is put back to. */
  readonly original: Pushable;
}

/** The token lacks a right that all removals need: no more of them is tried. */
class LacksRight extends Error {
  override readonly name = "LacksRight";
  readonly right: "push" | "delete";

  constructor(right: "push" | "delete", message: string) {
    super(message);
    this.right = right;
  }
}

/** What is listed now could not be planned: nobody can tell which tags are needed. */
class NotPlanned extends Error {
  override readonly name = "NotPlanned";
}

/** How long the list may take to show what was pushed: some thirty seconds in all. */
const WAITS_MS = [0, 250, 500, 1_000, 2_000, 4_000, 8_000, 14_000];

/** Tags that are removed together once one was, since each look at the list reads all of it. */
const AT_ONCE = 10;

const NEXT_RUN = "The next run checks it again.";

/** The state of one package's removals. */
interface Work {
  readonly client: PackageClient;
  readonly images: Repository;
  readonly context: UntagContext;
  readonly prepared: PreparedPackage;
  /** What was not tried so far. */
  readonly open: Removal[];
  readonly looks: LookSchedule;
  /** By version id: the tags that it loses by the plan of the last look. */
  losing: ReadonlyMap<number, readonly string[]>;
  /** The versions of which this run has removed, or tried to remove, a tag. */
  readonly touched: Set<number>;
  readonly untagged: Map<number, string[]>;
  readonly warnings: Warning[];
}

/** Whether there is anything to do for `untag`. */
export function hasTagsToRemove({ plan, leftovers = [] }: PreparedPackage): boolean {
  return leftovers.length > 0 || plan.verdicts.some(({ untag }) => untag);
}

/**
 * Takes the tags off that kept versions are to lose (spec/action.md, `untag`): pushes the image's own manifest without
 * its list to the tag, which moves it, and deletes exactly the version that then carries it. Where the list does not show
 * that version, with no other tag, nothing is deleted. Never rejects for what GitHub and the registry answer.
 */
export async function untagVersions(prepared: PreparedPackage, context: UntagContext): Promise<UntagResult> {
  const { pkg, plan, leftovers = [] } = prepared;
  const client = context.packages.of(pkg);
  const images = context.registry.of(client);
  const open = plan.verdicts.flatMap(({ version, untag = [] }) => untag.map((tag) => ({ version, tag })));
  const work: Work = {
    open,
    client,
    images,
    context,
    prepared,
    looks: createLookSchedule(context.clock, context.github.pausedUntil),
    losing: new Map(),
    touched: new Set(),
    untagged: new Map(),
    warnings: [],
  };
  const { untagged, warnings } = work;
  try {
    warnings.push(...(await deleteLeftovers(leftovers, client, context.stopReason)));
    while (open.length > 0) await removeAll(work, open.splice(0, untagged.size > 0 ? AT_ONCE : 1));
    return { untagged, warnings };
  } catch (error) {
    return { untagged, warnings, ...endOf(error) };
  }
}

/** Throws what ends the work on the package; all that was pushed is settled by then. */
async function removeAll(work: Work, removals: readonly Removal[]): Promise<void> {
  const pushed: Pushed[] = [];
  try {
    requireGoing(work);
    const before = await work.client.list("active");
    if (work.looks.isDue()) await look(work, before);
    await pushAll(work, removals, before, pushed);
    const all = [...pushed];
    const after = await deletePushed(work, pushed);
    if (after) warnOfPushes(work, all, before, after);
  } catch (error) {
    const { stopped, error: failure } = endOf(error);
    for (const one of pushed) {
      if (error instanceof LacksRight) await putBack(work, one, `the token may not ${error.right}`);
      else leftOver(work, one, stopped ?? failure ?? "");
    }
    if (error instanceof LacksRight || error instanceof NotPlanned || stopped !== undefined) throw error;
    if (pushed.length === 0)
      warn(work, `Not removed, ${countOf(removals.length, "tag")} of ${work.client.pkg.name}: ${failure}`);
  }
}

/** Plans again by what is listed now: somebody may have pushed, reopened or deployed since the plan was made. */
async function look(work: Work, listed: readonly PackageVersion[]): Promise<void> {
  const { prepared } = work;
  try {
    const facts = await prepared.askFacts();
    askAgain(prepared, listed);
    const { plan } = await planPackage(listed, prepared, facts);
    work.losing = new Map(plan.verdicts.map(({ version, untag = [] }) => [version.id, untag]));
    work.looks.looked(Math.max(pageCount(listed.length), 1) + facts.requests);
    const { open } = work;
    for (const removal of open.splice(0)) if (losesIt(work, removal)) open.push(removal);
  } catch (error) {
    const { error: failure } = endOf(error);
    throw failure === undefined ? error : new NotPlanned(failure);
  }
}

/** Whether the version loses the tag by the plan of the last look; says so where it does not. */
function losesIt(work: Work, removal: Removal): boolean {
  if (work.losing.get(removal.version.id)?.includes(removal.tag)) return true;
  notRemoved(work, removal, `planned again, the version does not lose it. ${NEXT_RUN}`);
  return false;
}

function requireGoing({ context }: Work): void {
  const stopped = context.stopReason();
  if (stopped !== undefined) throw new Stopped(stopped);
}

async function pushAll(
  work: Work,
  removals: readonly Removal[],
  active: readonly PackageVersion[],
  pushed: Pushed[],
): Promise<void> {
  const losing = new Map<number, Set<string>>();
  for (const { version, tag } of removals)
    losing.set(version.id, (losing.get(version.id) ?? new Set()).add(tag));
  for (const removal of removals) {
    const { version, tag } = removal;
    const now = active.find(({ id }) => id === version.id);
    const others = now?.tags.filter(
      (other) => !isBookkeepingTag(other) && !losing.get(version.id)?.has(other),
    );
    if (!now?.tags.includes(tag) || others?.length === 0)
      notRemoved(work, removal, `the tags of the version changed since they were planned. ${NEXT_RUN}`);
    else if (!work.touched.has(version.id) && hasChanged(version, now))
      notRemoved(work, removal, `the version changed since it was planned. ${NEXT_RUN}`);
    else if (losesIt(work, removal)) await push(work, removal, pushed);
  }
}

async function push(work: Work, removal: Removal, pushed: Pushed[]): Promise<void> {
  const { images, context } = work;
  const { version, tag } = removal;
  const now = await readTag(images, tag).catch((error: unknown) => {
    const { stopped, error: failure } = endOf(error);
    if (stopped !== undefined) throw error;
    notRemoved(work, removal, failure ?? "");
    return "unreadable" as const;
  });
  if (now === "unreadable") return;
  if (now?.digest !== version.name) return movedMeanwhile(work, removal);
  const { raw, mediaType, digest } = now;
  const emptied = untagManifest(raw, { repository: work.client.repository, tag, time: context.clock() });
  if (!emptied)
    return notRemoved(work, removal, `its manifest is of a type that has no list to empty: ${mediaType}.`);
  const carrier = { ...emptied, mediaType };
  work.looks.sent();
  const moved = await moveTag(tag, digest, carrier, { images, pause: context.pause });
  switch (moved.kind) {
    case "moved":
    case "unclear": // The list will tell.
      work.touched.add(version.id);
      pushed.push({ ...removal, carrier, original: { digest, body: raw, mediaType } });
      return;
    case "elsewhere":
      return movedMeanwhile(work, removal);
    case "refused":
      return notRemoved(work, removal, moved.message);
    case "forbidden":
      throw new LacksRight("push", `${name(work, removal)} was not removed: ${moved.message}`);
  }
}

/**
 * Looks at the list until it shows each pushed manifest, and deletes its version. Takes out of `pushed` what is settled.
 *
 * @returns the last list
 */
async function deletePushed(work: Work, pushed: Pushed[]): Promise<readonly PackageVersion[] | undefined> {
  let listed: readonly PackageVersion[] | undefined;
  for (const wait of WAITS_MS) {
    if (pushed.length === 0) return listed;
    requireGoing(work);
    await work.context.pause(wait);
    listed = await work.client.list("active");
    for (const one of [...pushed]) {
      const found = listed.find(({ name }) => name === one.carrier.digest);
      if (!found) continue;
      // Without any tag, somebody has pushed it to another image by now.
      if (found.tags.every((tag) => tag === one.tag)) await deleteCarrier(work, one, found.id);
      else leftOver(work, one, `the list shows it with the tags ${found.tags.join(", ")}`);
      pushed.splice(pushed.indexOf(one), 1);
    }
  }
  for (const one of pushed.splice(0)) leftOver(work, one, "the list does not show it");
  return listed;
}

async function deleteCarrier(work: Work, one: Pushed, id: number): Promise<void> {
  const { client } = work;
  const result = await client.deleteVersion(id);
  const isGone = result.kind === "not-found" && (await client.getVersion(id)) === "gone";
  if (result.kind === "forbidden" || (result.kind === "not-found" && !isGone))
    throw new LacksRight("delete", result.message);
  if (result.kind === "refused" || result.kind === "failed")
    return putBack(work, one, result.message.replace(/\.$/, ""));
  const lost = work.untagged.get(one.version.id) ?? [];
  work.untagged.set(one.version.id, [...lost, one.tag]);
}

/** Moves the tag back to its version, since the manifest that took it away cannot be deleted. */
async function putBack(work: Work, one: Pushed, why: string): Promise<void> {
  const { images, context } = work;
  const moved = await moveTag(one.tag, one.carrier.digest, one.original, { images, pause: context.pause });
  if (moved.kind === "moved")
    warn(work, `${name(work, one)} was put back: its removal could not be finished, ${why}. ${NEXT_RUN}`);
  else if (moved.kind === "elsewhere") movedMeanwhile(work, one);
  else leftOver(work, one, `${why}; and it could not be put back: ${moved.message}`);
}

/** The tag is off its version, and points to a manifest that could not be deleted. */
function leftOver(work: Work, one: Pushed, why: string): void {
  const message =
    `${name(work, one)} was taken off its version, and points to an empty image now, ${one.carrier.digest}, which was ` +
    `not deleted: ${why.replace(/\.$/, "")}. Delete the version of that digest, or push the tag again.`;
  warn(work, message);
}

function movedMeanwhile(work: Work, removal: Removal): void {
  notRemoved(work, removal, `the tag was moved since it was planned. ${NEXT_RUN}`);
}

/** What came while tags were read and moved may have had one of them, for the blink of an eye in between. */
function warnOfPushes(
  work: Work,
  removed: readonly Pushed[],
  before: readonly PackageVersion[],
  after: readonly PackageVersion[],
): void {
  const known = new Map(before.map((version) => [version.id, version]));
  const ours = new Set(removed.flatMap(({ version, carrier }) => [version.name, carrier.digest]));
  const tags = removed.map(({ tag }) => tag);
  const pushed = after.filter((version) => {
    const then = known.get(version.id);
    const isOurs = ours.has(version.name) || version.tags.some((tag) => tags.includes(tag));
    return !isOurs && (then === undefined || hasChanged(then, version));
  });
  if (pushed.length === 0) return;
  const ids = pushed.map(({ id }) => id).join(", ");
  warn(
    work,
    `Somebody pushed to ${work.client.pkg.name} while ${countOf(tags.length, "tag")} of other versions (${tags.join(", ")}) ` +
      `${tags.length > 1 ? "were" : "was"} removed: if one was meant for the pushed image (version ${ids}), push it again.`,
  );
}

function notRemoved(work: Work, removal: Removal, why: string): void {
  warn(work, `${name(work, removal)} was not removed: ${why}`);
}

function warn({ warnings }: Work, message: string): void {
  warnings.push({ kind: "untag", message });
}

function name({ client }: Work, { tag, version }: Removal): string {
  return `The tag ${client.pkg.name}:${tag} of ${describeVersion(client.pkg, version)} (id ${version.id})`;
}
