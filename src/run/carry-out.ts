import { type ApplyContext, applyPlan } from "../apply/apply";
import { deleteEmptyPackage, emptyPackageWarning, leavesNothing } from "../apply/empty-package";
import { hasTagsToRemove, untagVersions } from "../apply/untag-apply";
import { leftoverWarnings } from "../apply/untag-leftovers";
import { messageOf } from "../model/error-message";
import { describeVersion, packageName } from "../model/label";
import type { Warning } from "../model/warning";
import { systemClock } from "../net/clock";
import type { Progress } from "../output/progress";
import { overMaxDelete } from "../plan/max-delete";
import type { Verdict } from "../plan/plan";
import { type Applied, doomedVersions, type PreparedPackage, type Settled } from "../plan/prepared";
import type { Policy } from "../policy/policy";
import { reviewWarnings } from "../prepare/reviewed-plan";
import { plannedOutcomes, reportPackage } from "../report/package-report";
import type { PackageReport } from "../report/report";
import { countOf } from "../report/report-text";
import type { RunContext } from "./run-context";

type OnSettled = ApplyContext["onSettled"];

const REMAINING: Settled = { outcome: "remaining" };

/**
 * Applies the plan of one package, or only reports it; adds to the warnings. Whatever is thrown in the middle: what became
 * of the versions until then is in the report.
 */
export async function carryOut(
  prepared: PreparedPackage,
  context: RunContext,
  warnings: Warning[],
  step: Progress["step"],
): Promise<PackageReport> {
  const settled = new Map<number, Settled>();
  const onSettled: OnSettled = (version, how) => {
    settled.set(version.id, how);
    step(how.outcome);
  };
  try {
    return await reportOrApply(prepared, context, warnings, onSettled);
  } catch (error) {
    const doomed = doomedVersions(prepared.plan);
    const outcomes = new Map(doomed.map(({ id }) => [id, settled.get(id) ?? REMAINING]));
    return reportPackage(prepared, { outcomes, error: messageOf(error) }, context.isDryRun);
  }
}

async function reportOrApply(
  prepared: PreparedPackage,
  context: RunContext,
  warnings: Warning[],
  onSettled: OnSettled,
): Promise<PackageReport> {
  const over = overMaxDelete(prepared);
  if (context.reviewed) warnings.push(...reviewWarnings(prepared, context.reviewed));
  warnings.push(...emptyListWarnings(prepared));
  if (context.isDryRun) {
    warnings.push(...dryRunWarnings(prepared, over));
    const outcomes = plannedOutcomes(prepared);
    return reportPackage(prepared, { outcomes, ...(over ? { overMaxDelete: true } : {}) }, true);
  }
  const applied = over ? notApplied(prepared, over) : await apply(prepared, context, onSettled);
  warnings.push(...(applied.warnings ?? []), ...appliedWarnings(prepared, applied));
  return reportPackage(prepared, applied, false);
}

/** Deletes the package as a whole, or its versions one by one; then removes tags from what is kept. */
async function apply(prepared: PreparedPackage, context: RunContext, onSettled: OnSettled): Promise<Applied> {
  const pause = (milliseconds: number) => systemClock.sleep(milliseconds);
  const applying: ApplyContext = { pause, ...context, onSettled };
  const applied = (await deleteEmptyPackage(prepared, applying)) ?? (await applyPlan(prepared, applying));
  const isOver = applied.error !== undefined || applied.stopped !== undefined;
  if (isOver || applied.deletedPackage || !hasTagsToRemove(prepared)) return applied;
  const result = await untagVersions(prepared, { ...applying, registry: context.registry });
  return { ...applied, ...result, warnings: [...(applied.warnings ?? []), ...result.warnings] };
}

function notApplied({ plan }: PreparedPackage, error: string): Applied {
  return { outcomes: new Map(doomedVersions(plan).map(({ id }) => [id, REMAINING])), error };
}

function dryRunWarnings(prepared: PreparedPackage, over: string | undefined): Warning[] {
  const whole = leavesNothing(prepared) ? [emptyPackageWarning(prepared)] : [];
  return [
    ...(over === undefined ? whole : [{ kind: "max-delete", message: over }]),
    ...leftoverWarnings(prepared),
  ];
}

/** A list without a version looks like one of a package in which all is well. */
function emptyListWarnings({ pkg, plan, leftovers = [] }: PreparedPackage): Warning[] {
  if (plan.verdicts.length + leftovers.length > 0) return [];
  const message =
    `GitHub lists no versions of the ${packageName(pkg)}, so that there is nothing to delete: check \`packages\`, ` +
    "`package-type`, and that the token may read the package.";
  return [{ kind: "empty-list", message }];
}

function appliedWarnings(prepared: PreparedPackage, applied: Applied): Warning[] {
  return [
    ...refusalWarnings(prepared, applied),
    ...allSkippedWarnings(prepared, applied),
    ...stoppedWarnings(prepared, applied),
  ];
}

function refusalWarnings({ pkg, plan }: PreparedPackage, { outcomes }: Applied): Warning[] {
  return plan.verdicts.flatMap(({ version }): Warning[] => {
    const settled = outcomes.get(version.id);
    if (settled?.outcome !== "refused") return [];
    const message = `GitHub refused to delete ${describeVersion(pkg, version)} (id ${version.id}): ${settled.message}`;
    return [{ kind: "refused", message }];
  });
}

/** A package in which everything was skipped looks like one in which all went well. */
function allSkippedWarnings({ pkg }: PreparedPackage, { outcomes }: Applied): Warning[] {
  const all = [...outcomes.values()];
  if (all.length === 0 || all.some(({ outcome }) => outcome !== "skipped")) return [];
  const [first] = all;
  const message =
    `Nothing of ${pkg.name} was deleted: ${countOf(all.length, "version")} planned, and all skipped, the first because of ` +
    `"${first?.message}". The report says why for each; run the action again.`;
  return [{ kind: "all-skipped", message }];
}

function stoppedWarnings({ pkg, plan, policy }: PreparedPackage, { outcomes, stopped }: Applied): Warning[] {
  if (stopped === undefined) return [];
  const remaining = plan.verdicts.filter(({ version }) => outcomes.get(version.id)?.outcome === "remaining");
  const message =
    `${pkg.name}: ${countOf(remaining.length, "version")} planned and not attempted. ${stopped}` +
    partsLeftOver(policy, remaining);
  return [{ kind: "stopped", message }];
}

/** Once its image is gone, a part is untagged as any other version: the next run takes it only by an `untagged` line. */
function partsLeftOver({ lines }: Policy, remaining: readonly Verdict[]): string {
  if (lines.some(({ selector }) => selector.kind === "untagged")) return "";
  const parts = remaining.filter(({ reasons }) => reasons.every(({ rule }) => rule === "part"));
  if (parts.length === 0) return "";
  return ` Of these, ${countOf(parts.length, "part")} of images that are deleted: if the image is already deleted, only an \`untagged\` line deletes them.`;
}
