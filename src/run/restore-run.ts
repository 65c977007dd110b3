import { packageName } from "../model/label";
import type { Warning } from "../model/warning";
import { endOf, PackageStopped } from "../net/stop";
import { startProgress } from "../output/progress";
import { SelectionError } from "../prepare/select-packages";
import { reportFailure, reportUnplanned } from "../report/package-report";
import type { PackageReport } from "../report/report";
import { countOf } from "../report/report-text";
import {
  carryOutRestore,
  type PreparedRestore,
  prepareRestore,
  type RestorePackageContext,
  reportStopped,
} from "../restore/restore-package";
import {
  deletedBy,
  entryText,
  isEverything,
  type RestoreOrder,
  type RestoreRequest,
  requestsOf,
} from "../restore/restore-request";
import { notPlanned, type RunResult, reportOf, warnOfBudget } from "./run";
import type { RunContext } from "./run-context";

type Looked =
  | { readonly kind: "prepared"; readonly prepared: PreparedRestore }
  | { readonly kind: "failed"; readonly report: PackageReport };

/**
 * One run that restores (spec/action.md, `restore`): everything is listed before anything is restored; then package by
 * package, unless it is a dry run.
 *
 * @throws SelectionError where nothing matches; GitHubError, BudgetExhausted for what stops the run as a whole
 */
export async function runRestore(order: RestoreOrder, run: RunContext): Promise<RunResult> {
  const warnings: Warning[] = [];
  let done = () => {};
  const context: RestorePackageContext = {
    ...run,
    warn: (warning) => warnings.push(warning),
    onSettled: () => done(),
  };
  const requests = await requestsOf(run.packages, order);
  const looked: Looked[] = [];
  for (const request of requests) looked.push(await lookAt(request, context));
  requireMatch(order, looked, context);

  const total = looked.reduce((sum, one) => sum + plannedCount(one), 0);
  run.log.info(`The plan restores ${countOf(total, "version")} of ${countOf(looked.length, "package")}.`);
  if (!run.isDryRun) warnOfBudget(total, run);
  const progress = startProgress(total, run.log, run.github.outlook);
  done = progress.step;
  const reports: PackageReport[] = [];
  for (const one of looked) reports.push(await finish(one, context));
  progress.stop();
  return { report: { ...reportOf(reports, run), restore: true }, warnings };
}

async function lookAt(request: RestoreRequest, context: RestorePackageContext): Promise<Looked> {
  try {
    return { kind: "prepared", prepared: await prepareRestore(request, context) };
  } catch (error) {
    const { stopped, error: failure = "" } = endOf(error);
    if (stopped !== undefined && !(error instanceof PackageStopped)) throw error;
    if (stopped === undefined) return { kind: "failed", report: reportFailure(request.pkg, failure) };
    context.warn(notPlanned(request.pkg, stopped));
    return { kind: "failed", report: reportUnplanned(request.pkg) };
  }
}

async function finish(looked: Looked, context: RestorePackageContext): Promise<PackageReport> {
  if (looked.kind === "failed") return looked.report;
  try {
    return await carryOutRestore(looked.prepared, context);
  } catch (error) {
    const { stopped, error: failure = "" } = endOf(error);
    if (stopped !== undefined) return reportStopped(looked.prepared, stopped, context);
    return reportFailure(looked.prepared.request.pkg, failure);
  }
}

function plannedCount(looked: Looked): number {
  if (looked.kind === "failed") return 0;
  const { prepared } = looked;
  if (prepared.kind === "versions") return prepared.plan.items.size;
  return prepared.request.sources.reduce((sum, { saved }) => sum + deletedBy(saved).length, 0);
}

/** Each entry that matches nothing is worth a warning; where none does, there is nothing that the run could do. */
function requireMatch(
  { entries, reports }: RestoreOrder,
  looked: readonly Looked[],
  { packages, warn }: RestorePackageContext,
): void {
  const matched = new Set(looked.flatMap(matchedBy));
  const missed = entries.filter((entry) => entry.kind !== "report" && !matched.has(entry)).map(entryText);
  const idle = reports.filter(({ report }) =>
    report.packages.every((saved) => deletedBy(saved).length === 0),
  );
  const failed = looked.some(({ kind }) => kind === "failed");
  const problems = [
    ...idle.map(({ path, report }) => `${path} ${report.dryRun ? IDLE_DRY_RUN : IDLE}`),
    ...(missed.length === 0
      ? []
      : [`${missed.join(", ")}: ${NO_MATCH} of ${namesOf(looked, packages.owner)}`]),
  ];
  if (failed || problems.length === 0) return;
  if (idle.length + missed.length < entries.length) {
    for (const message of problems) warn({ kind: "no-match", message: `restore: ${message}.` });
    return;
  }
  throw new SelectionError(
    `restore: nothing matches. ${problems.join(". ")}. GitHub keeps deleted versions for 30 days; check the entries, ` +
      "`packages` and `package-type`.",
  );
}

const IDLE = "says of no version that it was deleted";
const IDLE_DRY_RUN = "is the report of a dry run, which deleted nothing: name that of the run that did";
const NO_MATCH = "nothing like this among the deleted versions";

/** The entries that found something. A package that is not there may be what `*` is for. */
function matchedBy(looked: Looked): readonly unknown[] {
  if (looked.kind === "failed") return [];
  const { prepared } = looked;
  if (prepared.kind === "versions") return [...prepared.plan.matched];
  return prepared.request.entries.filter(isEverything);
}

function namesOf(looked: readonly Looked[], owner: string): string {
  const names = looked.map((one) =>
    packageName(one.kind === "failed" ? one.report : one.prepared.request.pkg),
  );
  return names.length === 0 ? `the packages of ${owner}` : `the ${names.join(", the ")} of ${owner}`;
}
