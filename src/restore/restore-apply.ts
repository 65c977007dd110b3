import type { NotDone } from "../github/package-operations";
import type { PackageClient, Packages } from "../github/packages";
import { describeVersion, shortDigest } from "../model/label";
import type { PackageVersion } from "../model/package-version";
import { type Ended, endOf, type StopReason } from "../net/stop";
import type { Settled } from "../plan/prepared";
import { takesTagAway } from "../plan/untag-manifest";
import type { Registry } from "../registry/registry";
import {
  expand,
  type Item,
  mayLackParts,
  mayTakeTagAway,
  type RestorePlan,
  restoreOrder,
} from "./restore-plan";

export interface RestoreContext {
  readonly packages: Packages;
  readonly registry: Registry;
  /** Why nothing more may be restored; undefined while all is well. */
  readonly stopReason: StopReason;
  readonly onSettled: () => void;
}

/** The result of restoring the items of a plan. */
export interface Restored extends Ended {
  /** By version id. */
  readonly outcomes: ReadonlyMap<number, Settled>;
  /** Restored images that lack a part, and why. */
  readonly broken: readonly string[];
  /** GitHub answered 404 to so many, which may be a missing right. */
  readonly notFound: number;
}

const NO_MANIFEST =
  "was restored, but the registry has no manifest for it so far: run this again later, to restore what it lists.";

/** The state of one package's restorations. */
interface Work {
  readonly plan: RestorePlan;
  readonly context: RestoreContext;
  readonly client: PackageClient;
  readonly outcomes: Map<number, Settled>;
  readonly broken: string[];
  /** Items that wait for their parts; in a cycle (hostile data) they do not wait for each other. */
  readonly begun: Set<number>;
  notFound: number;
  ended?: Ended;
}

const NOT_FOUND =
  "GitHub answered 404: it was deleted more than 30 days ago, or its name is taken again by a newer version";

/**
 * Restores the items of a plan (spec/action.md, `restore`): parts before what they belong to where that is known; what
 * a restored index turns out to list comes right after it. An image of which a part cannot be restored is not restored
 * where that shows in time. Never rejects for what GitHub and the registry answer.
 */
export async function restoreItems(plan: RestorePlan, context: RestoreContext): Promise<Restored> {
  const client = context.packages.of(plan.pkg);
  const work: Work = {
    plan,
    context,
    client,
    outcomes: new Map(),
    broken: [],
    begun: new Set(),
    notFound: 0,
  };
  for (const item of restoreOrder(plan)) await bringBack(work, item);
  for (const { version } of plan.items.values())
    if (!work.outcomes.has(version.id)) settle(work, version.id, { outcome: "remaining" });
  return { outcomes: work.outcomes, broken: work.broken, notFound: work.notFound, ...work.ended };
}

async function bringBack(work: Work, item: Item): Promise<void> {
  const { id, name } = item.version;
  if (work.begun.has(id)) return;
  work.begun.add(id);
  for (const part of itemsNamed(work, work.plan.images.parts(name))) await bringBack(work, part);
  if (isStopped(work)) return;
  if (item.refusal !== undefined) return settle(work, id, { outcome: "refused", message: item.refusal });
  const lack = lackingPart(work, item);
  if (lack) return settle(work, id, { outcome: "skipped", message: lack });
  try {
    if (await restoreOne(work, item)) await bringParts(work, item);
  } catch (error) {
    end(work, endOf(error));
  }
}

function itemsNamed({ plan }: Work, digests: ReadonlySet<string>): Item[] {
  return [...digests].flatMap((digest) => plan.itemsByName.get(digest) ?? []);
}

function isStopped(work: Work): boolean {
  const stopped = work.ended ? undefined : work.context.stopReason();
  if (stopped !== undefined) work.ended = { stopped };
  return work.ended !== undefined;
}

/**
 * Why an image is not whole: a part that was there when the report was made is not restored, or, of an image that was
 * restored without a report, is nowhere.
 */
function lackingPart({ plan, outcomes }: Work, { version, scope }: Item): string | undefined {
  for (const part of plan.images.parts(version.name)) {
    if (!plan.images.needs(version.name, part) || plan.active.has(part)) continue;
    const items = plan.itemsByName.get(part) ?? [];
    const isTried = items.some(({ version: { id } }) => outcomes.has(id));
    const isLost = items.length === 0 && (scope?.has(part) ?? outcomes.has(version.id));
    if (isTried || isLost) return `its part ${shortDigest(part)} cannot be restored`;
  }
  return undefined;
}

/** @returns whether it is there now */
async function restoreOne(work: Work, { version }: Item): Promise<boolean> {
  const { context, client, plan } = work;
  const { stopReason } = context;
  const result = await client.restoreVersion(version.id, { stopReason });
  const { outcome, message } = result.kind === "restored" ? RESTORED : await judge(work, version.id, result);
  settle(work, version.id, { outcome, ...(message === undefined ? {} : { message }) });
  // A missing right is the same for every version.
  if (outcome === "failed" && result.kind !== "failed") end(work, { error: message ?? "" });
  if (outcome === "restored") plan.active.add(version.name);
  return outcome === "restored";
}

const RESTORED: Settled = { outcome: "restored" };

/** What it means that GitHub did not restore a version. A rule of its own, in whatever words, is a refusal. */
async function judge(work: Work, id: number, { kind, status, message }: NotDone): Promise<Settled> {
  if (kind === "refused") return { outcome: "refused", message };
  if (kind === "failed" && status >= 400 && status < 500) return { outcome: "refused", message };
  if (kind !== "not-found" && kind !== "gone") return { outcome: "failed", message };
  if (typeof (await work.client.getVersion(id)) === "object") return RESTORED;
  // Whom GitHub does not let restore, it tells that there is no such package.
  if (kind === "not-found") return { outcome: "failed", message };
  work.notFound += 1;
  return { outcome: "refused", message: NOT_FOUND };
}

/** Reads a restored manifest where something deleted may belong to it, and brings that back as well. */
async function bringParts(work: Work, item: Item): Promise<void> {
  const { plan, context } = work;
  const { version } = item;
  const takesTag = mayTakeTagAway(plan, item);
  if (takesTag || mayLackParts(plan, item)) {
    const answer = await context.registry.of(work.client).manifest(version.name);
    const manifest = answer.kind === "found" ? answer.manifest : undefined;
    if (takesTag && takesTagAway(work.client.repository, version, manifest))
      return deleteAgain(work, version);
    plan.images.learn(version.name, answer.kind === "found" ? answer.manifest : "absent");
    if (answer.kind === "absent") work.broken.push(`${describeVersion(plan.pkg, version)} ${NO_MANIFEST}`);
    for (const part of expand(plan, item)) await bringBack(work, part);
  }
  const lack = lackingPart(work, item);
  if (lack && !work.ended)
    work.broken.push(
      `${describeVersion(plan.pkg, version)} is not whole: ${lack}. Push it again, or delete it.`,
    );
}

/** A tag names it as well, but it is no image: it only took the tag away from one (`untag`). */
async function deleteAgain({ client, plan, outcomes, broken }: Work, version: PackageVersion): Promise<void> {
  const result = await client.deleteVersion(version.id);
  if (result.kind !== "deleted" && result.kind !== "gone") {
    broken.push(
      `${describeVersion(plan.pkg, version)} ${NO_IMAGE}, and was not deleted again: ${result.message}`,
    );
    return;
  }
  plan.active.delete(version.name);
  outcomes.set(version.id, { outcome: "skipped", message: `it ${NO_IMAGE}, and was deleted again` });
}

const NO_IMAGE = "only took its tag away from an image";

function settle(work: Work, id: number, settled: Settled): void {
  work.outcomes.set(id, settled);
  work.context.onSettled();
}

/** Nothing new starts; a failure outweighs a stop. */
function end(work: Work, ended: Ended): void {
  if (ended.error === undefined) work.ended ??= ended;
  else work.ended = ended;
}
