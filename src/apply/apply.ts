import { BudgetExhausted } from "../github/budget";
import type { GitHub } from "../github/github";
import type { PackageClient, Packages } from "../github/packages";
import { describeVersion } from "../model/label";
import type { PackageVersion } from "../model/package-version";
import { type Ended, endOf, type StopReason } from "../net/stop";
import { type Applied, isDoomed, type PreparedPackage, type Settled } from "../plan/prepared";
import { bringBack, lastLookRequests } from "./bring-back";
import { type CarefulResult, deleteCarefully } from "./delete-version";
import { createDeletionQueue, type DeletionQueue, type Doomed } from "./deletion-queue";
import { createLookSchedule, LookDue, type LookSchedule } from "./look-schedule";
import { lookAgain } from "./second-look";

export interface ApplyContext {
  readonly packages: Packages;
  readonly github: Pick<GitHub, "outlook" | "pausedUntil">;
  /** The clock, in epoch milliseconds. */
  readonly clock: () => number;
  /** Sleeps for so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Why no new deletion may start; undefined while all is well. */
  readonly stopReason: StopReason;
  /** Told of each version as it is settled. */
  readonly onSettled: (version: PackageVersion, settled: Settled) => void;
}

/** Deletions under way at once; the gate paces them. */
const AT_ONCE = 10;

/** So many failures in a row, retries aside, are GitHub's trouble and not that of the versions. */
const MOST_FAILURES = 20;

/** So often in a row a deletion waits for a pause and a look: then GitHub's own answer counts. */
const MOST_LOOKS_IN_VAIN = 8;

/** The state of one package's deletions: the queue, what has been settled, and why it ended early. */
interface Work {
  readonly prepared: PreparedPackage;
  readonly context: ApplyContext;
  readonly client: PackageClient;
  readonly queue: DeletionQueue;
  readonly looks: LookSchedule;
  readonly outcomes: Map<number, Settled>;
  /** How many GitHub has deleted. Until it has one, one at a time is tried, since a missing right fails them all. */
  deleted: number;
  failuresInARow: number;
  /** Looks in a row after which nothing was settled. */
  looksInVain: number;
  ended?: Ended;
}

/**
 * Deletes what the plan of one package deletes (spec/action.md, "How a run behaves"): after a second look, an image
 * before its parts, and never a part of a kept image; at the end it restores what a new push needs.
 * Never rejects for what GitHub or the registry answer.
 */
export async function applyPlan(prepared: PreparedPackage, context: ApplyContext): Promise<Applied> {
  const work = startWork(prepared, context);
  if (work.queue.left > 0) await drain(work);
  settleRest(work);
  const { outcomes } = work;
  const { error, warnings } = await bringBack(prepared, outcomes, work.client);
  const errors = [work.ended?.error ?? [], error ?? []].flat();
  return { outcomes, warnings, ...work.ended, ...(errors.length > 0 ? { error: errors.join(" ") } : {}) };
}

function startWork(prepared: PreparedPackage, context: ApplyContext): Work {
  const { plan, store, pkg, held } = prepared;
  const manifests = store?.images().manifests;
  const doomed = plan.verdicts.flatMap((verdict, node): Doomed[] => {
    const { id, name } = verdict.version;
    return isDoomed(verdict) ? [{ node, id, isGhost: manifests?.get(name) === "absent" }] : [];
  });
  const work: Work = {
    prepared,
    context,
    client: context.packages.of(pkg),
    queue: createDeletionQueue(doomed, plan.graph),
    looks: createLookSchedule(context.clock, context.github.pausedUntil),
    outcomes: new Map(),
    deleted: 0,
    failuresInARow: 0,
    looksInVain: 0,
  };
  skipHeld(work, held);
  return work;
}

async function drain(work: Work): Promise<void> {
  const { queue, looks } = work;
  const running = new Set<Promise<void>>();
  while (!work.ended && queue.left + running.size > 0) {
    const stopped = queue.left > 0 ? whyStop(work, running.size) : undefined;
    if (stopped !== undefined) work.ended = { stopped };
    else if (looks.isDue() && running.size === 0) await look(work);
    else {
      const atOnce = looks.isDue() ? 0 : work.deleted > 0 ? AT_ONCE : 1;
      const version = running.size < atOnce ? queue.next() : undefined;
      if (!version && running.size === 0) break;
      await (version ? begin(work, version, running) : Promise.race(running));
    }
  }
  await Promise.all(running);
}

/** The time is up, the job was cancelled, or the hour's requests are just enough for the look at the end. */
function whyStop({ context, prepared, deleted }: Work, underWay: number): string | undefined {
  const { stopReason, github } = context;
  const stopped = stopReason();
  const { pkg, plan } = prepared;
  const last = lastLookRequests(pkg, plan.verdicts.length - deleted, deleted);
  if (stopped !== undefined || last === 0) return stopped;
  const { hour, possible } = github.outlook(underWay + last);
  return hour && possible < underWay + last ? new BudgetExhausted(hour).message : undefined;
}

/** Skips what changed since it was planned, and the parts of what is kept. */
async function look(work: Work): Promise<void> {
  try {
    const { held, requests } = await lookAgain(work.prepared, work.outcomes, work.client);
    work.looks.looked(requests);
    work.looksInVain++;
    skipHeld(work, held);
  } catch (error) {
    end(work, endOf(error));
  }
}

function skipHeld(work: Work, held: ReadonlyMap<number, string>): void {
  for (const [node, { version }] of work.prepared.plan.verdicts.entries()) {
    const message = held.get(version.id);
    if (message === undefined || !work.queue.isPending(node)) continue;
    settle(work, node, { outcome: "skipped", message });
    for (const part of work.queue.hold(node)) {
      const why = held.get(part.id) ?? "what it is a part of is kept";
      settle(work, part.node, { outcome: "skipped", message: why });
    }
  }
}

/** Begins a deletion, and returns when its request is sent: what waits for its turn can still be left alone. */
function begin(work: Work, version: Doomed, running: Set<Promise<void>>): Promise<void> {
  return new Promise((sent) => {
    const deletion = deleteOne(work, version, sent).finally(() => {
      running.delete(deletion);
      sent();
    });
    running.add(deletion);
  });
}

async function deleteOne(work: Work, doomed: Doomed, sent: () => void): Promise<void> {
  const { client, context, looks } = work;
  const onTurn = () => {
    if (looks.isDue() && work.looksInVain < MOST_LOOKS_IN_VAIN) throw new LookDue();
    looks.sent();
    sent();
  };
  const turn = { stopReason: context.stopReason, onTurn };
  try {
    const version = versionAt(work, doomed.node);
    const result = await deleteCarefully(version, { client, pause: context.pause, turn });
    work.looksInVain = 0;
    await settleDeletion(work, doomed.node, result);
  } catch (error) {
    if (error instanceof LookDue) putBack(work, doomed);
    else end(work, endOf(error), doomed);
  }
}

function putBack(work: Work, version: Doomed): void {
  if (work.queue.putBack(version)) return;
  settle(work, version.node, { outcome: "skipped", message: "what it is a part of is kept" });
}

async function settleDeletion(work: Work, node: number, result: CarefulResult): Promise<void> {
  work.failuresInARow = result.kind === "failed" ? work.failuresInARow + 1 : 0;
  switch (result.kind) {
    case "deleted":
      work.deleted++;
      settle(work, node, { outcome: "deleted" });
      return work.queue.confirm(node);
    case "gone":
      settle(work, node, { outcome: "gone" });
      return work.queue.confirm(node);
    case "not-found":
      if ((await work.client.getVersion(versionAt(work, node).id)) !== "gone")
        return stopAtRefusal(work, node, result.message);
      settle(work, node, { outcome: "gone" });
      return work.queue.confirm(node);
    case "forbidden":
      return stopAtRefusal(work, node, result.message);
    case "changed":
      settle(work, node, { outcome: "skipped", message: result.message });
      return holdParts(work, node);
    case "refused":
    case "failed":
      settle(work, node, { outcome: result.kind, message: result.message });
      if (work.failuresInARow >= MOST_FAILURES) end(work, { error: inTrouble(result.message) });
      else holdParts(work, node);
  }
}

function inTrouble(message: string): string {
  return `${MOST_FAILURES} deletions in a row failed, and no more were tried. The last: ${message}`;
}

/** A missing right is the same for every version: nothing more of the package is tried. */
function stopAtRefusal(work: Work, node: number, message: string): void {
  settle(work, node, { outcome: "failed", message });
  end(work, { error: message });
}

/** The version is kept, so its parts are. */
function holdParts(work: Work, node: number): void {
  const message = `${describeVersion(work.prepared.pkg, versionAt(work, node))} was not deleted, and needs it`;
  for (const part of work.queue.hold(node)) settle(work, part.node, { outcome: "skipped", message });
}

function versionAt({ prepared }: Work, node: number): PackageVersion {
  const verdict = prepared.plan.verdicts[node];
  if (!verdict) throw new Error(`there is no version at place ${node} of the plan`);
  return verdict.version;
}

function settle(work: Work, node: number, settled: Settled): void {
  const version = versionAt(work, node);
  work.outcomes.set(version.id, settled);
  work.context.onSettled(version, settled);
}

/** Nothing new starts. A failure outweighs a stop, and fails the version that it came with. */
function end(work: Work, ended: Ended, version?: Doomed): void {
  if (ended.error === undefined) work.ended ??= ended;
  else {
    work.ended = ended;
    const isOpen = version && !work.outcomes.has(version.id);
    if (isOpen) settle(work, version.node, { outcome: "failed", message: ended.error });
  }
}

/** What was not attempted remains; what waits for a whole that stayed is skipped. */
function settleRest(work: Work): void {
  for (const [node, { version, verdict }] of work.prepared.plan.verdicts.entries()) {
    if (verdict !== "delete" || work.outcomes.has(version.id)) continue;
    const skipped = { outcome: "skipped", message: "what it is a part of was kept" } as const;
    settle(work, node, work.ended ? { outcome: "remaining" } : skipped);
  }
}
