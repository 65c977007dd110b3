import { GitHubError, restoreRights } from "../github/github-error";
import { requireDeleted } from "../github/listing";
import { describeVersion, packageName } from "../model/label";
import type { PackageRef, PackageVersion } from "../model/package-version";
import { asked, type Reason } from "../model/reason";
import type { Warning } from "../model/warning";
import { endOf } from "../net/stop";
import type { Settled } from "../plan/prepared";
import type { Repository } from "../registry/registry";
import type { PackageReport, VersionReport } from "../report/report";
import { countOf } from "../report/report-text";
import { type RestoreContext, restoreItems } from "./restore-apply";
import { expand, type Item, type Listed, mayLackParts, planRestore, type RestorePlan } from "./restore-plan";
import { plannedRestore, type RestoreOutcome, reportRestore, reportWhole } from "./restore-report";
import { deletedBy, type RestoreRequest, wantsWhole } from "./restore-request";

export interface RestorePackageContext extends RestoreContext {
  /** Epoch milliseconds, read once a run. */
  readonly now: number;
  readonly isDryRun: boolean;
  readonly warn: (warning: Warning) => void;
}

/** One package, looked at: what is restored of it, or that it is not there and may be restored as a whole. */
export type PreparedRestore =
  | { readonly kind: "versions"; readonly request: RestoreRequest; readonly plan: RestorePlan }
  | { readonly kind: "package"; readonly request: RestoreRequest };

/**
 * Lists what is there of a package and what was deleted, and plans what is restored; what images that are there lack is
 * read from the registry. Changes nothing.
 *
 * @throws GitHubError, RegistryError, BudgetExhausted
 */
export async function prepareRestore(
  request: RestoreRequest,
  context: RestorePackageContext,
): Promise<PreparedRestore> {
  const listed = await listPackage(request, context);
  if (listed === "absent") return { kind: "package", request };
  return planVersions({ ...request, pkg: listed.pkg }, listed, context);
}

async function planVersions(
  request: RestoreRequest,
  listed: Listed,
  context: RestorePackageContext,
): Promise<PreparedRestore & { kind: "versions" }> {
  const plan = planRestore(request, listed, context.now);
  const images = context.registry.of(context.packages.of(request.pkg));
  for (const item of plan.present) await readPresent(plan, item, images);
  return { kind: "versions", request, plan };
}

/** Reads the manifests of an image that is there, as far as it may lack a part: an earlier restoration was interrupted. */
async function readPresent(plan: RestorePlan, item: Item, repository: Repository): Promise<void> {
  const open = [item.version.name];
  for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
    if (!mayLackParts(plan, item, digest)) continue;
    const answer = await repository.manifest(digest);
    plan.images.learn(digest, answer.kind === "found" ? answer.manifest : "absent");
    open.push(...[...plan.images.parts(digest)].filter((part) => plan.active.has(part)));
  }
  expand(plan, item);
}

/** Restores what was prepared, or only reports it. Never rejects for what GitHub and the registry answer. */
export async function carryOutRestore(
  prepared: PreparedRestore,
  context: RestorePackageContext,
): Promise<PackageReport> {
  if (prepared.kind === "package") return carryOutWhole(prepared.request, context);
  const { plan } = prepared;
  if (context.isDryRun) {
    warnOfUnknownParts(plan, context);
    return warned(reportRestore(plan, { outcomes: plannedRestore(plan) }, true), context);
  }
  const { broken, notFound, ...result } = await restoreItems(plan, context);
  for (const message of broken) context.warn({ kind: "not-whole", message });
  const report = reportRestore(plan, result, false);
  if (notFound > 0 && report.counts.restored === undefined) warnOfRights(report, notFound, context);
  return warned(report, context, result.stopped);
}

/** The report of a package with which the run did not even begin, since it had to stop. */
export function reportStopped(
  prepared: PreparedRestore,
  stopped: string,
  context: RestorePackageContext,
): PackageReport {
  const { pkg } = prepared.request;
  const items =
    prepared.kind === "package" ? reportedItems(prepared.request) : [...prepared.plan.items.values()];
  const remaining: Settled = { outcome: "remaining" };
  const outcomes = new Map(items.map(({ version }) => [version.id, remaining]));
  return warned(reportWhole(pkg, items, { outcomes, stopped }, false), context, stopped);
}

/** Brings back a package that was deleted as a whole, and what a report deleted of it before that. */
async function carryOutWhole(
  request: RestoreRequest,
  context: RestorePackageContext,
): Promise<PackageReport> {
  const { pkg } = request;
  const items = reportedItems(request);
  const settleAll = (settled: Settled) => new Map(items.map(({ version }) => [version.id, settled]));
  if (context.isDryRun) {
    const message = `The ${packageName(pkg)} is not there: it would be restored as a whole, with the versions that it had.`;
    context.warn({ kind: "package", message });
    return reportWhole(
      pkg,
      items,
      { outcomes: settleAll({ outcome: "planned" }), restoredPackage: true },
      true,
    );
  }
  const { stopReason } = context;
  const result = await context.packages.of(pkg).restorePackage({ stopReason });
  if (result.kind === "restored") {
    try {
      return await afterWhole(request, items, context);
    } catch (error) {
      // It is there again, whatever ends the look at it.
      const ended = endOf(error);
      const outcome = { outcomes: settleAll({ outcome: "restored" }), restoredPackage: true, ...ended };
      return warned(reportWhole(pkg, items, outcome, false), context, ended.stopped);
    }
  }
  const { message } = result;
  const isRefusal = result.kind === "refused" || result.kind === "not-found";
  if (!isRefusal || items.length === 0) {
    const why = result.kind === "not-found" ? `${NO_PACKAGE} ${message}` : message;
    return reportWhole(
      pkg,
      items,
      { outcomes: settleAll({ outcome: "failed", message }), error: why },
      false,
    );
  }
  context.warn({
    kind: "refused",
    message:
      result.kind === "refused"
        ? `The ${packageName(pkg)} was not restored: ${message.replace(/\.$/, "")}.`
        : `${NO_PACKAGE} ${message}`,
  });
  return reportWhole(pkg, items, { outcomes: settleAll({ outcome: "refused", message }) }, false);
}

const NO_PACKAGE =
  "Nothing was restored: there was no such package, it was deleted more than 30 days ago, its name is taken again, or the " +
  "token may not restore it.";

/** What GitHub restored with the package counts as restored; what a report deleted and GitHub did not restore with it follows. */
async function afterWhole(
  request: RestoreRequest,
  items: readonly Item[],
  context: RestorePackageContext,
): Promise<PackageReport> {
  const { pkg } = request;
  const listed = await listPackage(request, context);
  if (listed === "absent") {
    const restored: Settled = { outcome: "restored" };
    const outcomes = new Map(items.map(({ version }) => [version.id, restored]));
    return reportWhole(pkg, items, { outcomes, restoredPackage: true }, false);
  }
  const { plan } = await planVersions({ ...request, entries: [] }, listed, context);
  const reasons = [asked("restored with its package")];
  const present = [...plan.present, ...listed.active.map((version) => ({ version, reasons }))];
  const came = uniqueById(present).map((item) => ({ ...item, reasons: reasonOf(items, item) ?? reasons }));
  const { broken, notFound: _, ...result } = await restoreItems(plan, context);
  for (const message of broken) context.warn({ kind: "not-whole", message });
  const outcomes = new Map<number, Settled>(result.outcomes);
  for (const { version } of came) outcomes.set(version.id, { outcome: "restored" });
  const all: RestoreOutcome = { ...result, outcomes, restoredPackage: true };
  return warned(reportRestore({ ...plan, present: came }, all, false), context, result.stopped);
}

function reasonOf(items: readonly Item[], { version }: Item): Reason[] | undefined {
  return items.find((item) => item.version.id === version.id)?.reasons;
}

function uniqueById(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [item.version.id, item])).values()];
}

/** The versions of a package that is not there, as far as reports know them. */
function reportedItems({ sources }: RestoreRequest): Item[] {
  const items = sources.flatMap(({ path, saved }) =>
    deletedBy(saved).map((version): Item => ({ version, reasons: [asked(`restored from ${path}`)] })),
  );
  return uniqueById(items);
}

async function listPackage(
  request: RestoreRequest,
  { packages }: RestorePackageContext,
): Promise<(Listed & { readonly pkg: PackageRef }) | "absent"> {
  try {
    const { client, versions } = await packages.find(request.pkg);
    const deleted = await client.list("deleted");
    requireDeleted(client.pkg, deleted, versions);
    return { pkg: client.pkg, active: withoutGhosts(versions, deleted), deleted };
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 404) throw error;
    if (wantsWhole(request)) return "absent";
    throw new GitHubError(
      `${error.message} If the package was deleted as a whole, \`restore: "*"\` brings it back, with its name in \`packages\`.`,
      404,
    );
  }
}

/** What was deleted may be on the active list for days: it is not there, or it would never be restored. */
function withoutGhosts(
  active: readonly PackageVersion[],
  deleted: readonly PackageVersion[],
): readonly PackageVersion[] {
  const gone = new Set(deleted.map(({ id }) => id));
  return active.filter(({ id }) => !gone.has(id));
}

function warnOfUnknownParts(plan: RestorePlan, { warn }: RestorePackageContext): void {
  const unknown = [...plan.items.values()].filter((item) => mayLackParts(plan, item)).length;
  if (unknown === 0) return;
  const message =
    `The parts of ${countOf(unknown, "version")} of ${plan.pkg.name} are known only after the restore: they are ` +
    "restored too, and are not counted here.";
  warn({ kind: "unknown-parts", message });
}

function warnOfRights(
  { name, type, counts }: PackageReport,
  notFound: number,
  { warn, packages }: RestorePackageContext,
): void {
  const message =
    `Nothing of ${name} was restored: of ${countOf(counts.planned, "version")}, GitHub answered 404 to ${notFound}. Where ` +
    `they are neither too old nor taken again, the token lacks a right. ${restoreRights({ type, settingsUrl: packages.of({ type, name }).settingsUrl })}`;
  warn({ kind: "rights", message });
}

/** Warns of each version that is not restored for a reason that is no failure, and of an early end. */
function warned(
  report: PackageReport,
  { warn, isDryRun }: RestorePackageContext,
  stopped?: string,
): PackageReport {
  const { remaining = 0 } = report.counts;
  if (stopped !== undefined)
    warn({
      kind: "stopped",
      message: `${report.name}: ${countOf(remaining, "version")} planned and not restored. ${stopped}`,
    });
  for (const version of report.versions) {
    if (version.outcome !== "refused" && version.outcome !== "skipped") continue;
    warn({ kind: version.outcome, message: notRestored(report, version, isDryRun) });
  }
  return report;
}

function notRestored(pkg: PackageReport, version: VersionReport, isDryRun: boolean): string {
  const { message = "the report says why" } = version;
  const verb = isDryRun ? "would not be" : "was not";
  return `${describeVersion(pkg, version)} (id ${version.id}) ${verb} restored: ${message.replace(/\.$/, "")}.`;
}
