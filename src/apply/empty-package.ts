import type { DeleteResult } from "../github/package-operations";
import type { PackageClient } from "../github/packages";
import type { Warning } from "../model/warning";
import { backoffDelay, RETRY_DEFAULTS } from "../net/retry";
import { endOf } from "../net/stop";
import { type Applied, doomedVersions, type PreparedPackage, type Settled } from "../plan/prepared";
import type { ApplyContext } from "./apply";
import { isTrouble } from "./delete-version";
import { LookDue } from "./look-schedule";
import { lookAgain, type SecondLook } from "./second-look";

/** Whether the plan leaves nothing of a package that may be deleted as a whole (spec/action.md, `delete-empty-package`). */
export function leavesNothing({ policy, plan, held }: PreparedPackage): boolean {
  const mayGo = policy.deleteEmptyPackage && policy.minKeep === 0 && held.size === 0;
  return mayGo && plan.verdicts.length > 0 && plan.verdicts.every(({ verdict }) => verdict === "delete");
}

/** What a dry run says of a package that would be deleted as a whole. */
export function emptyPackageWarning({ pkg, plan }: PreparedPackage): Warning {
  const message =
    `Nothing would be left of the ${pkg.type} package ${pkg.name}: it would be deleted as a whole, with all of its ` +
    `${plan.verdicts.length} versions, in one request.`;
  return { kind: "empty-package", message };
}

/**
 * Deletes a package as a whole where the plan leaves nothing of it, and a look at it right before shows nothing but what
 * was planned, unchanged. Never rejects for what GitHub and the registry answer.
 *
 * @returns undefined where the package is not deleted as a whole: then its versions are deleted one by one
 */
export async function deleteEmptyPackage(
  prepared: PreparedPackage,
  context: ApplyContext,
): Promise<Applied | undefined> {
  if (!leavesNothing(prepared)) return undefined;
  try {
    return await deleteWhole(prepared, context, context.packages.of(prepared.pkg));
  } catch (error) {
    return { ...settleAll(prepared, context, { outcome: "remaining" }), ...endOf(error) };
  }
}

/** Tries a few times where GitHub is in trouble or asks to wait, and looks before each of them. */
async function deleteWhole(
  prepared: PreparedPackage,
  context: ApplyContext,
  client: PackageClient,
): Promise<Applied | undefined> {
  for (let tried = 1; ; tried++) {
    const seen = await lookAgain(prepared, NOTHING, client);
    if (!isAsPlanned(prepared, seen)) return undefined;
    const result = await deleteOnce(context, client, tried < RETRY_DEFAULTS.tries);
    if (result === "paused") continue;
    if (!isTrouble(result) || tried >= RETRY_DEFAULTS.tries)
      return settleWhole(result, prepared, context, client);
    await context.pause(backoffDelay(tried, RETRY_DEFAULTS));
    const now = await client.getPackage();
    if (now.kind === "not-found") return whole(prepared, context, "deleted");
  }
}

const NOTHING = new Map<number, Settled>();

/** The list has nothing but what the plan deletes, and what the removal of a tag left behind. */
function isAsPlanned({ plan, leftovers = [] }: PreparedPackage, { listed, held }: SecondLook): boolean {
  const known = new Set([...doomedVersions(plan), ...leftovers].map(({ id }) => id));
  return held.size === 0 && listed.length > 0 && listed.every(({ id }) => known.has(id));
}

/** `paused`: it was not sent, since there was a pause in which anything may have been pushed. */
async function deleteOnce(
  { stopReason, clock, github }: ApplyContext,
  client: PackageClient,
  mayLookAgain: boolean,
): Promise<DeleteResult | "paused"> {
  const lookedAt = clock();
  const onTurn = () => {
    if (mayLookAgain && github.pausedUntil() > lookedAt) throw new LookDue();
  };
  try {
    return await client.deletePackage({ stopReason, onTurn, tries: 1 });
  } catch (error) {
    if (error instanceof LookDue) return "paused";
    throw error;
  }
}

async function settleWhole(
  result: DeleteResult,
  prepared: PreparedPackage,
  context: ApplyContext,
  client: PackageClient,
): Promise<Applied> {
  if (result.kind === "deleted") return whole(prepared, context, "deleted");
  const { message } = result;
  if (result.kind === "refused") return settleAll(prepared, context, { outcome: "refused", message });
  if (result.kind === "not-found") {
    const still = await client.getPackage();
    if (still.kind === "not-found") return whole(prepared, context, "gone");
  }
  return { ...settleAll(prepared, context, { outcome: "failed", message }), error: message };
}

function whole(prepared: PreparedPackage, context: ApplyContext, outcome: "deleted" | "gone"): Applied {
  return { ...settleAll(prepared, context, { outcome }), deletedPackage: true };
}

function settleAll({ plan }: PreparedPackage, { onSettled }: ApplyContext, settled: Settled): Applied {
  const versions = doomedVersions(plan);
  for (const version of versions) onSettled(version, settled);
  return { outcomes: new Map(versions.map(({ id }) => [id, settled])) };
}
