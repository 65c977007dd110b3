import type { DeleteResult } from "../github/package-operations";
import type { PackageClient, Packages } from "../github/packages";
import { messageOf } from "../model/error-message";
import { describeVersion } from "../model/label";
import type { PackageVersion } from "../model/package-version";
import { type StopReason, stoppedBy, type Turn } from "../net/stop";
import { buildGraph } from "../plan/image-graph";
import { type Applied, isDoomed, type PreparedPackage, type Settled } from "../plan/prepared";
import { partsThatStay } from "../prepare/parts-that-stay";
import { createDeletionQueue, type DeletionQueue, type Doomed } from "./deletion-queue";
import { lookAgain } from "./second-look";

export interface ApplyContext {
  readonly packages: Packages;
  /** Epoch milliseconds of the run: the plan's, not the clock's. */
  readonly now: number;
  /** The clock, in epoch milliseconds. */
  readonly clock: () => number;
  /** Why no new deletion may start; undefined while all is well. */
  readonly stopReason: StopReason;
  /** Told of each version as it is settled. */
  readonly onSettled: (version: PackageVersion, settled: Settled) => void;
}

/** Deletions under way at once; the gate paces them. */
const AT_ONCE = 10;

/** A run that has been deleting for this long looks at the package again. */
const LOOK_EVERY_MS = 5 * 60_000;

/** So many failures in a row, retries aside, are GitHub's trouble and not that of the versions. */
const MOST_FAILURES = 20;

/** The state of one package's deletions: the queue, what has been settled, and why it ended early. */
interface Work {
  readonly prepared: PreparedPackage;
  readonly context: ApplyContext;
  readonly client: PackageClient;
  readonly queue: DeletionQueue;
  readonly outcomes: Map<number, Settled>;
  /** GitHub has deleted one: until then one at a time is tried, since a missing right fails them all. */
  mayDelete: boolean;
  failuresInARow: number;
  halt?: { readonly error?: string; readonly stopped?: string };
}

/**
 * Deletes what the plan of one package deletes (spec/action.md, "How a run behaves"): after a second look, wholes
 * before their parts, and never a part of what stays. Never rejects for what GitHub or the registry answer.
 */
export async function applyPlan(prepared: PreparedPackage, context: ApplyContext): Promise<Applied> {
  const work = startWork(prepared, context);
  if (work.queue.pending().length > 0) await drain(work);
  settleRest(work);
  return { outcomes: work.outcomes, ...work.halt };
}

function startWork(prepared: PreparedPackage, context: ApplyContext): Work {
  const { verdicts, graph } = prepared.plan;
  const doomed = verdicts.flatMap((verdict, node): Doomed[] =>
    isDoomed(verdict) ? [{ node, id: verdict.version.id }] : [],
  );
  const queue = createDeletionQueue(doomed, graph);
  const client = context.packages.of(prepared.pkg);
  const state = { outcomes: new Map(), mayDelete: false, failuresInARow: 0 };
  const work: Work = { prepared, context, client, queue, ...state };
  for (const { node, id } of doomed) {
    const message = prepared.held.get(id);
    if (message !== undefined) skip(work, node, message);
  }
  return work;
}

async function drain(work: Work): Promise<void> {
  const { queue, context } = work;
  const running = new Set<Promise<void>>();
  let nextLook = context.clock();
  while (!work.halt) {
    const stopped = context.stopReason();
    if (stopped) {
      if (queue.pending().length > 0) work.halt = { stopped };
      break;
    }
    const isLookDue = context.clock() >= nextLook && queue.pending().length > 0;
    if (isLookDue && running.size === 0) {
      await look(work);
      nextLook = context.clock() + LOOK_EVERY_MS;
      continue;
    }
    const atOnce = work.mayDelete ? AT_ONCE : 1;
    const version = !isLookDue && running.size < atOnce ? queue.next() : undefined;
    if (version) {
      const { turn, end } = remove(work, version);
      const deletion = end.finally(() => running.delete(deletion));
      running.add(deletion);
      // Only one waits for its turn: what did not start can still be left alone.
      await Promise.race([turn, deletion]);
    } else if (running.size > 0) await Promise.race(running);
    else break;
  }
  await Promise.all(running);
}

/** Skips what changed since it was planned, and what something that stays needs. */
async function look(work: Work): Promise<void> {
  try {
    const held = await lookAgain(work.prepared, work.outcomes, work.context);
    learn(work);
    for (const { node, id } of work.queue.pending()) {
      const message = held.get(id);
      if (message !== undefined) skip(work, node, message);
    }
  } catch (error) {
    halt(work, error);
  }
}

function learn({ queue, prepared }: Work): void {
  const versions = prepared.plan.verdicts.map(({ version }) => version);
  if (prepared.store) queue.learn(buildGraph(versions, prepared.store.images()));
}

/** Begins a deletion: `turn` comes when its request may be sent, `end` when it is settled. */
function remove(work: Work, version: Doomed): { readonly turn: Promise<void>; readonly end: Promise<void> } {
  let onTurn = () => {};
  const turn = new Promise<void>((resolve) => {
    onTurn = resolve;
  });
  const { stopReason } = work.context;
  return { turn, end: deleteOne(work, version, { stopReason, onTurn }) };
}

async function deleteOne(work: Work, { node, id }: Doomed, turn: Turn): Promise<void> {
  try {
    const result = await work.client.deleteVersion(id, turn);
    await settleDeletion(work, node, result);
  } catch (error) {
    const message = halt(work, error);
    if (message !== undefined && !work.outcomes.has(id)) settle(work, node, { outcome: "failed", message });
  }
}

async function settleDeletion(work: Work, node: number, result: DeleteResult): Promise<void> {
  const { id } = versionAt(work, node);
  work.failuresInARow = result.kind === "failed" ? work.failuresInARow + 1 : 0;
  switch (result.kind) {
    case "deleted":
      work.mayDelete = true;
      settle(work, node, { outcome: "deleted" });
      return work.queue.confirm(node);
    case "gone":
      settle(work, node, { outcome: "gone" });
      return work.queue.confirm(node);
    case "not-found": {
      if ((await work.client.getVersion(id)) !== "gone") return stopAtRefusal(work, node, result.message);
      settle(work, node, { outcome: "gone" });
      return work.queue.confirm(node);
    }
    case "forbidden":
      return stopAtRefusal(work, node, result.message);
    case "refused":
    case "failed":
      settle(work, node, { outcome: result.kind, message: result.message });
      if (work.failuresInARow >= MOST_FAILURES) work.halt ??= { error: inTrouble(result.message) };
      else await holdParts(work, node);
      return work.queue.hold(node);
  }
}

function inTrouble(message: string): string {
  return `${MOST_FAILURES} deletions in a row failed, and no more were tried. The last: ${message}`;
}

/** A missing right is the same for every version: nothing more of the package is tried. */
function stopAtRefusal(work: Work, node: number, message: string): void {
  settle(work, node, { outcome: "failed", message });
  work.queue.hold(node);
  work.halt = { error: message };
}

/** The version stays, so its parts do. What may be its part stays where its manifest cannot be read. */
async function holdParts(work: Work, node: number): Promise<void> {
  const { prepared, queue } = work;
  const whole = versionAt(work, node);
  const message = `${describeVersion(prepared.pkg, whole)} stayed, and needs it`;
  const parts = await partsThatStay(prepared, [whole]).catch(() => undefined);
  if (parts === undefined) {
    const unsure = `${describeVersion(prepared.pkg, whole)} stayed, and may need it: its manifest cannot be read`;
    for (const part of queue.pending()) if (part.id < whole.id) skip(work, part.node, unsure);
    return;
  }
  learn(work);
  for (const part of queue.pending())
    if (parts.has(versionAt(work, part.node).name)) skip(work, part.node, message);
  await bringBack(work, parts, message);
}

/**
 * A part that was pushed again has a higher id than the index that lists it: where that was not read, the part went
 * first. Since the index stays, the part comes back.
 */
async function bringBack(work: Work, parts: ReadonlySet<string>, message: string): Promise<void> {
  const { plan } = work.prepared;
  for (const { version } of plan.verdicts) {
    if (work.outcomes.get(version.id)?.outcome !== "deleted" || !parts.has(version.name)) continue;
    const result = await work.client.restoreVersion(version.id);
    if (result.kind !== "restored") {
      const lost = `version ${version.id} is deleted, restore it with \`restore: ${version.id}\``;
      work.halt = { error: `${message}: ${lost}. ${result.message}` };
      return;
    }
    work.outcomes.set(version.id, { outcome: "skipped", message: `${message}: it was restored` });
  }
}

function versionAt({ prepared }: Work, node: number): PackageVersion {
  const verdict = prepared.plan.verdicts[node];
  if (!verdict) throw new Error(`there is no version at place ${node} of the plan`);
  return verdict.version;
}

function skip(work: Work, node: number, message: string): void {
  settle(work, node, { outcome: "skipped", message });
  work.queue.hold(node);
}

function settle(work: Work, node: number, settled: Settled): void {
  const version = versionAt(work, node);
  work.outcomes.set(version.id, settled);
  work.context.onSettled(version, settled);
}

/**
 * The budget and a cancelled job end the work as `partial`; anything else that is thrown fails the package: then
 * returns what was wrong.
 */
function halt(work: Work, thrown: unknown): string | undefined {
  const stopped = stoppedBy(thrown);
  if (stopped !== undefined) {
    work.halt ??= { stopped };
    return undefined;
  }
  const error = messageOf(thrown);
  work.halt = { error };
  return error;
}

/** What was not attempted remains; what waits for a whole that stayed is skipped. */
function settleRest(work: Work): void {
  for (const { version, verdict } of work.prepared.plan.verdicts) {
    if (verdict !== "delete" || work.outcomes.has(version.id)) continue;
    const settled: Settled = work.halt
      ? { outcome: "remaining" }
      : { outcome: "skipped", message: "what it is a part of stayed" };
    work.outcomes.set(version.id, settled);
    work.context.onSettled(version, settled);
  }
}
