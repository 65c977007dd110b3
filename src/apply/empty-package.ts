import { messageOf } from "../model/error-message";
import type { PackageVersion } from "../model/package-version";
import type { Warning } from "../model/warning";
import { stoppedBy } from "../net/stop";
import { hasChanged } from "../plan/has-changed";
import { type Applied, doomedVersions, type PreparedPackage, type Settled } from "../plan/prepared";
import type { ApplyContext } from "./apply";

/** Whether the plan leaves nothing of a package that may go as a whole (spec/action.md, `delete-empty-package`). */
export function leavesNothing({ policy, plan, held }: PreparedPackage): boolean {
  const mayGo = policy.deleteEmptyPackage && policy.minKeep === 0 && held.size === 0;
  return mayGo && plan.verdicts.length > 0 && plan.verdicts.every(({ verdict }) => verdict === "delete");
}

/** What a dry run says of a package that would go as a whole. */
export function emptyPackageWarning({ pkg, plan }: PreparedPackage): Warning {
  const message =
    `Nothing would be left of the ${pkg.type} package ${pkg.name}: it would be deleted as a whole, with all of its ` +
    `${plan.verdicts.length} versions, in one request.`;
  return { kind: "empty-package", message };
}

/**
 * Deletes a package as a whole where the plan leaves nothing of it, and a second look at the list shows nothing but
 * what was planned, unchanged. Never rejects for what GitHub answers.
 *
 * @returns undefined where the package does not go as a whole: then its versions are deleted one by one
 */
export async function deleteEmptyPackage(
  prepared: PreparedPackage,
  context: ApplyContext,
): Promise<Applied | undefined> {
  if (!leavesNothing(prepared) || context.stopReason() !== undefined) return undefined;
  try {
    if (!(await isAsPlanned(prepared, context))) return undefined;
    return await deleteWhole(prepared, context);
  } catch (error) {
    const stopped = stoppedBy(error);
    const ended = stopped === undefined ? { error: messageOf(error) } : { stopped };
    return { ...settleAll(prepared, context, { outcome: "remaining" }), ...ended };
  }
}

async function isAsPlanned(
  prepared: PreparedPackage,
  { packages }: Pick<ApplyContext, "packages">,
): Promise<boolean> {
  const planned = new Map(doomedVersions(prepared.plan).map((version) => [version.id, version]));
  const listed = await packages.of(prepared.pkg).list("active");
  const isPlanned = (version: PackageVersion) => {
    const known = planned.get(version.id);
    return known !== undefined && !hasChanged(known, version);
  };
  return listed.length > 0 && listed.every(isPlanned);
}

async function deleteWhole(prepared: PreparedPackage, context: ApplyContext): Promise<Applied> {
  const client = context.packages.of(prepared.pkg);
  const result = await client.deletePackage({ stopReason: context.stopReason });
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
