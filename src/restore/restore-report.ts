import type { PackageRef } from "../model/package-version";
import { type Reason, reasonText } from "../model/reason";
import type { Settled } from "../plan/prepared";
import { countsOf, statusOf } from "../report/package-report";
import type { PackageReport, VersionReport } from "../report/report";
import type { Item, RestorePlan } from "./restore-plan";

/** The result of restoring one package, for its report. */
export interface RestoreOutcome {
  /** By version id. */
  readonly outcomes: ReadonlyMap<number, Settled>;
  readonly error?: string;
  readonly stopped?: string;
  /** The package was restored as a whole, and with it these versions. */
  readonly restoredPackage?: boolean;
}

/** What a dry run comes to. */
export function plannedRestore({ items }: RestorePlan): Map<number, Settled> {
  return new Map(
    [...items.values()].map(({ version, refusal }): [number, Settled] => [
      version.id,
      refusal === undefined ? { outcome: "planned" } : { outcome: "refused", message: refusal },
    ]),
  );
}

/** The report of one package: what is restored, and what was asked for and is there already; newest first. */
export function reportRestore(plan: RestorePlan, result: RestoreOutcome, isDryRun: boolean): PackageReport {
  const present = plan.present.filter(({ version }) => !plan.items.has(version.id));
  const reports = new Map<number, VersionReport>();
  for (const item of present) reports.set(item.version.id, versionReport(plan, item, result));
  for (const item of plan.items.values()) reports.set(item.version.id, versionReport(plan, item, result));
  const versions = [...reports.values()].sort((a, b) => b.id - a.id);
  return packageReport(plan.pkg, versions, result, isDryRun);
}

/** The report of a package that is deleted as a whole, of which only these versions are known. */
export function reportWhole(
  pkg: PackageRef,
  items: readonly Item[],
  result: RestoreOutcome,
  isDryRun: boolean,
): PackageReport {
  const versions = items.map(({ version, reasons }): VersionReport => {
    const { id, name, tags, createdAt, updatedAt } = version;
    const settled = result.outcomes.get(id);
    return { id, name, tags, createdAt, updatedAt, verdict: "restore", reasons, ...settled };
  });
  return packageReport(pkg, versions, result, isDryRun);
}

function packageReport(
  { type, name }: PackageRef,
  versions: readonly VersionReport[],
  result: RestoreOutcome,
  isDryRun: boolean,
): PackageReport {
  return {
    type,
    name,
    status: statusOf(versions, result, isDryRun),
    counts: countsOf(versions),
    ...(result.error === undefined ? {} : { error: result.error }),
    ...(result.restoredPackage ? { restoredPackage: true } : {}),
    versions,
  };
}

function versionReport(
  { images, items }: RestorePlan,
  { version, reasons }: Item,
  { outcomes }: RestoreOutcome,
): VersionReport {
  const { id, name, tags, createdAt, updatedAt } = version;
  const parts = [...images.parts(name)];
  const settled = outcomes.get(id);
  return {
    id,
    name,
    tags,
    createdAt,
    updatedAt,
    verdict: items.has(id) || settled ? "restore" : "keep",
    reasons: unique(reasons),
    ...(parts.length === 0 ? {} : { parts }),
    ...settled,
  };
}

function unique(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [reasonText(reason), reason])).values()];
}
