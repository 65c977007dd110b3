import { type ApplyContext, applyPlan } from "../apply/apply";
import { deleteEmptyPackage, emptyPackageWarning, leavesNothing } from "../apply/empty-package";
import { hasTagsToRemove, untagVersions } from "../apply/untag-apply";
import { leftoverWarnings } from "../apply/untag-leftovers";
import type { GitHub } from "../github/github";
import type { Packages } from "../github/packages";
import type { SavedReport } from "../inputs/saved-report";
import { messageOf } from "../model/error-message";
import { describeVersion, packageName } from "../model/label";
import type { PackageRef } from "../model/package-version";
import type { Warning } from "../model/warning";
import { systemClock } from "../net/clock";
import type { Log } from "../net/log";
import { PackageStopped, type StopReason, stoppedBy } from "../net/stop";
import { type Progress, startProgress } from "../output/progress";
import type { InUseFile } from "../plan/in-use";
import { overMaxDelete } from "../plan/max-delete";
import type { Verdict } from "../plan/plan";
import { type Applied, doomedVersions, type PreparedPackage, type Settled } from "../plan/prepared";
import { findUnmatched, type Listed, slipWarning } from "../plan/unmatched";
import type { Policy } from "../policy/policy";
import { askOnce, type FactsContext, type Repositories } from "../prepare/facts";
import { PackageNotFound, type PrepareContext, preparePackage } from "../prepare/prepare";
import { holdUnreviewed, reviewWarnings } from "../prepare/reviewed-plan";
import { type SelectedPackage, SelectionError, selectPackages } from "../prepare/select-packages";
import type { Registry } from "../registry/registry";
import { effortText } from "../report/effort";
import {
  plannedOutcomes,
  reportFailure,
  reportNotFound,
  reportPackage,
  reportUnplanned,
} from "../report/package-report";
import type { PackageReport, Report, Status } from "../report/report";
import { noneFound } from "../report/report-counts";
import { countOf, formatNumber } from "../report/report-text";

export interface RunContext extends FactsContext {
  readonly github: Pick<GitHub, "outlook">;
  readonly packages: Packages;
  readonly registry: Registry;
  readonly log: Log;
  /** Epoch milliseconds, read once a run: what ages and calendars count from. */
  readonly now: number;
  /** The clock, in epoch milliseconds. */
  readonly clock: () => number;
  readonly isDryRun: boolean;
  /** Whether to say how much the plan frees. */
  readonly sizes?: boolean;
  /** Why no new deletion may start: the time is up, or the job was cancelled. */
  readonly stopReason: StopReason;
  /** The files that `in-use-files` of a policy names. */
  readonly inUseFiles: ReadonlyMap<Policy, readonly InUseFile[]>;
  /** The reviewed plan (`plan-file`): only what it deletes as well is deleted. */
  readonly reviewed?: SavedReport;
  /** Sleeps for so many milliseconds; with the system's clock unless given. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** What a run came to, before it is written anywhere. */
export interface RunResult {
  readonly report: Report;
  readonly warnings: readonly Warning[];
  /** What applying the plan of a dry run takes. */
  readonly effort?: string;
}

/** A package on its way through the run: prepared; or failed, stopped or not found on the way. */
type Prepared =
  | { readonly kind: "prepared"; readonly policy: Policy; readonly prepared: PreparedPackage }
  | {
      readonly kind: "unplanned";
      readonly policy: Policy;
      readonly report: PackageReport;
      readonly warning?: Warning;
    };

/** Packages that are listed and planned at once; the gate bounds the requests. */
const PACKAGES_AT_ONCE = 4;

/**
 * One run over all policies: everything is listed and planned before anything is deleted; then the plans are applied,
 * package by package, unless it is a dry run.
 *
 * @throws SelectionError, GitHubError, BudgetExhausted for what stops the run as a whole, before anything is deleted
 */
export async function runPolicies(policies: readonly Policy[], context: RunContext): Promise<RunResult> {
  const warnings: Warning[] = [];
  const selection = await selectPackages(context.packages, policies);
  const all = await prepareAll(selection.packages, context);
  const prepared = all.flatMap((item) => (item.kind === "prepared" ? [item.prepared] : []));
  const unmatched = findUnmatched(policies, all.map(listed), selection.unmatched);
  if (unmatched.slips.length > 0 && !context.isDryRun) throw new SelectionError(unmatched.slips.join("\n"));
  warnings.push(
    ...unmatched.slips.map(slipWarning),
    ...prepared.flatMap(({ plan }) => plan.warnings),
    ...unmatched.warnings,
    ...all.flatMap((item) => (item.kind === "unplanned" && item.warning ? [item.warning] : [])),
  );
  const effort = announce(prepared, context);

  const reports: PackageReport[] = [];
  const total = prepared.reduce((sum, { plan }) => sum + doomedVersions(plan).length, 0);
  const progress = startProgress(total, context.log, context.github.outlook);
  for (const item of all) {
    if (item.kind !== "prepared") reports.push(item.report);
    else reports.push(await carryOutRecorded(item.prepared, context, warnings, progress.step));
  }
  progress.stop();
  return { report: reportOf(reports, context), warnings, ...(effort === "" ? {} : { effort }) };
}

function listed(item: Prepared): Listed {
  return item.kind === "prepared"
    ? { policy: item.policy, prepared: item.prepared }
    : { policy: item.policy };
}

export function reportOf(
  packages: readonly PackageReport[],
  context: Pick<RunContext, "now" | "isDryRun" | "packages">,
): Report {
  return {
    schemaVersion: 1,
    generatedAt: new Date(context.now).toISOString().replace(/\.\d+Z$/, "Z"),
    dryRun: context.isDryRun,
    status: overallStatus(packages, context.isDryRun),
    owner: context.packages.owner,
    packages,
  };
}

function overallStatus(packages: readonly PackageReport[], isDryRun: boolean): Status {
  const has = (status: Status) => packages.some((pkg) => pkg.status === status);
  if (has("failed") || noneFound(packages)) return "failed";
  if (has("partial")) return "partial";
  return isDryRun ? "dry-run" : "complete";
}

async function prepareAll(selected: readonly SelectedPackage[], context: RunContext): Promise<Prepared[]> {
  const results: Prepared[] = new Array(selected.length);
  const queue = selected.entries();
  const shared = askOnce(context.repositories);
  const worker = async () => {
    for (const [index, selection] of queue) results[index] = await prepareOne(selection, context, shared);
  };
  await Promise.all(Array.from({ length: PACKAGES_AT_ONCE }, worker));
  return results;
}

/** One package's failure does not stop the others; the budget's end and a cancelled job stop all of them. */
async function prepareOne(
  selection: SelectedPackage,
  context: PrepareContext & RunContext,
  shared: Repositories,
): Promise<Prepared> {
  try {
    const files = context.inUseFiles.get(selection.policy) ?? [];
    const prepared = await preparePackage(selection, files, context, shared);
    const { reviewed } = context;
    const narrowed = reviewed ? await holdUnreviewed(prepared, reviewed) : prepared;
    return { kind: "prepared", policy: selection.policy, prepared: narrowed };
  } catch (error) {
    const { policy, pkg } = selection;
    const message = messageOf(error);
    if (error instanceof PackageStopped)
      return { kind: "unplanned", policy, report: reportUnplanned(pkg), warning: notPlanned(pkg, message) };
    if (stoppedBy(error) !== undefined) throw error;
    if (error instanceof PackageNotFound) {
      const warning = { kind: "not-found", message };
      return { kind: "unplanned", policy, report: reportNotFound(pkg), warning };
    }
    return { kind: "unplanned", policy, report: reportFailure(pkg, message) };
  }
}

/** What a run says of a package that has to stop before it is planned. */
export function notPlanned(pkg: PackageRef, stopped: string): Warning {
  const message = `The ${packageName(pkg)} could not be planned, and nothing of it was changed. ${stopped}`;
  return { kind: "stopped", message };
}

/** Whatever is thrown in the middle of a package: what became of its versions until then is in the report. */
async function carryOutRecorded(
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
    return await carryOut(prepared, context, warnings, onSettled);
  } catch (error) {
    const doomed = doomedVersions(prepared.plan);
    const outcomes = new Map(doomed.map(({ id }) => [id, settled.get(id) ?? REMAINING]));
    return reportPackage(prepared, { outcomes, error: messageOf(error) }, context.isDryRun);
  }
}

type OnSettled = ApplyContext["onSettled"];
const REMAINING: Settled = { outcome: "remaining" };

/** Applies the plan of one package, or only reports it. */
async function carryOut(
  prepared: PreparedPackage,
  context: RunContext,
  warnings: Warning[],
  onSettled: OnSettled,
): Promise<PackageReport> {
  const over = overMaxDelete(prepared);
  if (context.reviewed) warnings.push(...reviewWarnings(prepared, context.reviewed));
  if (context.isDryRun) {
    if (over) warnings.push({ kind: "max-delete", message: over });
    else if (leavesNothing(prepared)) warnings.push(emptyPackageWarning(prepared));
    warnings.push(...leftoverWarnings(prepared));
    const planned = {
      outcomes: plannedOutcomes(prepared),
      ...(over ? { overMaxDelete: true as const } : {}),
    };
    return reportPackage(prepared, planned, true);
  }
  const applied = over ? notApplied(prepared, over) : await apply(prepared, context, warnings, onSettled);
  warnings.push(...appliedWarnings(prepared, applied));
  return reportPackage(prepared, applied, false);
}

/** Deletes the package as a whole, or its versions one by one; then takes tags off what stays. */
async function apply(
  prepared: PreparedPackage,
  context: RunContext,
  warnings: Warning[],
  onSettled: OnSettled,
): Promise<Applied> {
  const applying = { ...context, onSettled };
  const applied = (await deleteEmptyPackage(prepared, applying)) ?? (await applyPlan(prepared, applying));
  const isOver = applied.error !== undefined || applied.stopped !== undefined;
  if (isOver || applied.deletedPackage || !hasTagsToRemove(prepared)) return applied;
  const { warnings: ofTags, ...result } = await untagVersions(prepared, {
    pause: (milliseconds) => systemClock.sleep(milliseconds),
    ...context,
  });
  warnings.push(...ofTags);
  return { ...applied, ...result };
}

function notApplied({ plan }: PreparedPackage, error: string): Applied {
  return { outcomes: new Map(doomedVersions(plan).map(({ id }) => [id, REMAINING])), error };
}

function appliedWarnings({ pkg, plan, policy }: PreparedPackage, { outcomes, stopped }: Applied): Warning[] {
  const refusals = plan.verdicts.flatMap(({ version }): Warning[] => {
    const settled = outcomes.get(version.id);
    if (settled?.outcome !== "refused") return [];
    const message = `GitHub refused to delete ${describeVersion(pkg, version)} (id ${version.id}): ${settled.message}`;
    return [{ kind: "refused", message }];
  });
  if (stopped === undefined) return refusals;
  const remaining = plan.verdicts.filter(({ version }) => outcomes.get(version.id)?.outcome === "remaining");
  const message =
    `${pkg.name}: ${countOf(remaining.length, "version")} planned and not attempted. ${stopped}` +
    partsLeftOver(policy, remaining);
  return [...refusals, { kind: "stopped", message }];
}

/** Once its image is gone, a part is untagged as any other version: the next run takes it only by an `untagged` line. */
function partsLeftOver({ lines }: Policy, remaining: readonly Verdict[]): string {
  if (lines.some(({ selector }) => selector.kind === "untagged")) return "";
  const parts = remaining.filter(({ reasons }) => reasons.every(({ rule }) => rule === "part"));
  if (parts.length === 0) return "";
  return ` Of these, ${countOf(parts.length, "part")} of images that go: where the image is gone, only an \`untagged\` line takes them.`;
}

/** Says at the start what the plan takes, and whether this hour's requests are enough for it; of a dry run returned, too. */
function announce(
  prepared: readonly PreparedPackage[],
  { log, github, registry, isDryRun }: RunContext,
): string {
  const versions = prepared.reduce((sum, { plan }) => sum + plan.verdicts.length, 0);
  const planned = prepared.reduce((sum, { plan }) => sum + doomedVersions(plan).length, 0);
  const containers = prepared.filter(({ pkg }) => pkg.type === "container");
  if (containers.length > 0) {
    const all = containers.reduce((sum, { plan }) => sum + plan.verdicts.length, 0);
    log.debug(
      `Read ${registry.reads} manifests of ${all} container versions, ${all - registry.reads} reads avoided.`,
    );
  }
  const where = `${countOf(versions, "version")} of ${countOf(prepared.length, "package")}`;
  log.info(`The plan deletes ${formatNumber(planned)} of ${where}.`);
  const requests = prepared.reduce((sum, one) => sum + requestsFor(one), 0);
  if (!isDryRun) {
    warnOfBudget(requests, { log, github });
    return "";
  }
  const deletions = prepared.reduce((sum, one) => sum + deletionsOf(one), 0);
  const effort = effortText({ deletions, requests }, github.outlook(requests));
  if (effort !== "") log.info(effort);
  return effort;
}

/** Says at the start that the rest of the hour's requests is not enough for so many. */
export function warnOfBudget(requests: number, { log, github }: Pick<RunContext, "log" | "github">): void {
  const { hour, possible } = github.outlook(requests);
  if (!hour || possible >= requests) return;
  log.warning(
    `The plan needs ${formatNumber(requests)} requests, and the token has ${formatNumber(hour.remaining)} left until ` +
      `${hour.reset.toISOString()}, some of them for others (\`rate-limit-reserve\`): the run will stop before the ` +
      "rest is done, and the next one goes on.",
  );
}

/** Requests that the deletions of one package take: a second look at its list, and one for each version. */
function requestsFor(prepared: PreparedPackage): number {
  const deletions = deletionsOf(prepared);
  return deletions === 0 ? 0 : Math.ceil(prepared.plan.verdicts.length / 100) + deletions;
}

/** Deletions that a run would try: a package that is deleted as a whole is one. */
function deletionsOf(prepared: PreparedPackage): number {
  const planned = doomedVersions(prepared.plan).length - prepared.held.size;
  if (planned === 0 || overMaxDelete(prepared) !== undefined) return 0;
  return leavesNothing(prepared) ? 1 : planned;
}
