import { lastLookRequests } from "../apply/bring-back";
import { leavesNothing } from "../apply/empty-package";
import { packageName } from "../model/label";
import type { PackageRef } from "../model/package-version";
import { pageCount } from "../model/page-count";
import type { Warning } from "../model/warning";
import { endOf, PackageStopped } from "../net/stop";
import { startProgress } from "../output/progress";
import { overMaxDelete } from "../plan/max-delete";
import { doomedVersions, type PreparedPackage } from "../plan/prepared";
import { findUnmatched, type Listed, slipWarning } from "../plan/unmatched";
import type { Policy } from "../policy/policy";
import { askOnce, type Repositories } from "../prepare/facts";
import { PackageNotFound, type PrepareContext, preparePackage } from "../prepare/prepare";
import { holdUnreviewed } from "../prepare/reviewed-plan";
import { PolicySlips, type SelectedPackage, selectPackages } from "../prepare/select-packages";
import { effortText } from "../report/effort";
import { reportFailure, reportNotFound, reportUnplanned } from "../report/package-report";
import type { PackageReport, Report, Status } from "../report/report";
import { noneFound } from "../report/report-counts";
import { countOf, formatNumber } from "../report/report-text";
import { carryOut } from "./carry-out";
import type { RunContext } from "./run-context";

/** The result of a run, before it is written anywhere. */
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
  const all = await prepareAll(selection.packages.toSorted(byName), context);
  const prepared = all.flatMap((item) => (item.kind === "prepared" ? [item.prepared] : []));
  const unmatched = findUnmatched(policies, all.map(listed), selection.unmatched);
  if (unmatched.slips.length > 0 && !context.isDryRun) throw new PolicySlips(unmatched.slips);
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
    else reports.push(await carryOut(item.prepared, context, warnings, progress.step));
  }
  progress.stop();
  return { report: reportOf(reports, context), warnings, ...(effort === "" ? {} : { effort }) };
}

function byName({ pkg: a }: SelectedPackage, { pkg: b }: SelectedPackage): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.type < b.type ? -1 : 1;
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
    const { stopped, error: failure = "" } = endOf(error);
    if (stopped !== undefined && !(error instanceof PackageStopped)) throw error;
    if (stopped !== undefined)
      return { kind: "unplanned", policy, report: reportUnplanned(pkg), warning: notPlanned(pkg, stopped) };
    if (error instanceof PackageNotFound) {
      const warning = { kind: "not-found", message: failure };
      return { kind: "unplanned", policy, report: reportNotFound(pkg), warning };
    }
    return { kind: "unplanned", policy, report: reportFailure(pkg, failure) };
  }
}

/** What a run says of a package that has to stop before it is planned. */
export function notPlanned(pkg: PackageRef, stopped: string): Warning {
  const message = `The ${packageName(pkg)} could not be planned, and nothing of it was changed. ${stopped}`;
  return { kind: "stopped", message };
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
  const effort = effortText({ deletions, requests, versions }, github.outlook(requests));
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
      "rest is done, and the next one continues.",
  );
}

/** Requests that the deletions of one package take: a second look at its list, one for each version, and the last look. */
function requestsFor(prepared: PreparedPackage): number {
  const deletions = deletionsOf(prepared);
  if (deletions === 0) return 0;
  const { pkg, plan } = prepared;
  const last = leavesNothing(prepared)
    ? 0
    : lastLookRequests(pkg, plan.verdicts.length - deletions, deletions);
  return pageCount(plan.verdicts.length) + deletions + last;
}

/** Deletions that a run would try: a package that is deleted as a whole is one. */
function deletionsOf(prepared: PreparedPackage): number {
  const planned = doomedVersions(prepared.plan).length - prepared.held.size;
  if (planned === 0 || overMaxDelete(prepared) !== undefined) return 0;
  return leavesNothing(prepared) ? 1 : planned;
}
