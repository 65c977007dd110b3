import { subjectOf } from "../model/bookkeeping";
import type { Outcome } from "../model/outcome";
import type { PackageRef, PackageVersion } from "../model/package-version";
import type { ImageGraph } from "../plan/image-graph";
import { type Applied, doomedVersions, type PreparedPackage, type Settled } from "../plan/prepared";
import type { Counts, PackageReport, Status, VersionReport } from "./report";
import type { AllCounts } from "./report-counts";
import { sizesOf } from "./sizes";

/** What a dry run comes to: everything is planned, but what is kept this time. */
export function plannedOutcomes({ plan, held }: PreparedPackage): Map<number, Settled> {
  return new Map(
    doomedVersions(plan).map(({ id }): [number, Settled] => {
      const message = held.get(id);
      return [id, message === undefined ? { outcome: "planned" } : { outcome: "skipped", message }];
    }),
  );
}

/** The report of one package (spec/action.md, "The report"), with every version, newest first. */
export function reportPackage(prepared: PreparedPackage, applied: Applied, isDryRun: boolean): PackageReport {
  const versions = versionReports(prepared, applied);
  return {
    type: prepared.pkg.type,
    name: prepared.pkg.name,
    status: statusOf(versions, applied, isDryRun),
    counts: { ...countsOf(versions), ...(prepared.blobs ? sizesOf(versions, prepared.blobs) : {}) },
    ...(applied.error === undefined ? {} : { error: applied.error }),
    ...(applied.overMaxDelete ? { overMaxDelete: true } : {}),
    ...(applied.deletedPackage ? { deletedPackage: true } : {}),
    versions,
  };
}

/** The report of a package that could not be listed or planned. */
export function reportFailure({ type, name }: PackageRef, error: string): PackageReport {
  return { type, name, status: "failed", counts: { kept: 0, planned: 0 }, error, versions: [] };
}

/** The report of a package that the run did not come to list or plan in full, although nothing failed. */
export function reportUnplanned({ type, name }: PackageRef): PackageReport {
  return { type, name, status: "partial", counts: { kept: 0, planned: 0 }, versions: [] };
}

/** The report of a package that GitHub does not show (`if-not-found: warn`). */
export function reportNotFound({ type, name }: PackageRef): PackageReport {
  return { type, name, status: "not-found", counts: { kept: 0, planned: 0 }, versions: [] };
}

function versionReports({ plan }: PreparedPackage, { outcomes, untagged }: Applied): VersionReport[] {
  return plan.verdicts.map(({ version, verdict, reasons, untag }, node) => {
    const lost = untagged?.get(version.id);
    const { name } = version;
    const parts = digestsOf(plan.graph, plan.graph.parts(node)).filter((part) => part !== name);
    const subject = digestsOf(plan.graph, plan.graph.subjects(node)).find(
      (digest) => !isTagged(version, digest),
    );
    return {
      id: version.id,
      name,
      tags: version.tags,
      createdAt: version.createdAt,
      updatedAt: version.updatedAt,
      verdict,
      reasons,
      ...(parts.length === 0 ? {} : { parts }),
      ...(subject === undefined ? {} : { subject }),
      ...(untag ? { untag } : {}),
      ...(lost ? { untagged: lost } : {}),
      ...outcomes.get(version.id),
    };
  });
}

function digestsOf({ digestOf }: ImageGraph, nodes: Iterable<number>): string[] {
  return [...nodes].map(digestOf);
}

/** Whether a bookkeeping tag says already that the version refers to the digest. */
function isTagged({ tags }: PackageVersion, digest: string): boolean {
  return tags.some((tag) => subjectOf(tag) === digest);
}

/** The result of a package, by its versions and what ended it early. */
export function statusOf(
  versions: readonly VersionReport[],
  { error, stopped }: Pick<Applied, "error" | "stopped">,
  isDryRun: boolean,
): Status {
  if (error !== undefined || versions.some(({ outcome }) => outcome === "failed")) return "failed";
  if (isDryRun) return "dry-run";
  return stopped === undefined ? "complete" : "partial";
}

const COUNTED_AS: Readonly<Record<Exclude<Outcome, "planned">, keyof AllCounts>> = {
  deleted: "deleted",
  gone: "deleted",
  refused: "refused",
  failed: "failed",
  skipped: "skipped",
  remaining: "remaining",
  restored: "restored",
};

/** `kept` and `planned` always; the others where they are not zero. Found already gone counts as deleted. */
export function countsOf(versions: readonly VersionReport[]): Counts {
  const counts: { -readonly [name in keyof Counts]: Counts[name] } = { kept: 0, planned: 0 };
  for (const { verdict, outcome } of versions) {
    if (verdict === "keep") counts.kept++;
    else counts.planned++;
    if (outcome === undefined || outcome === "planned") continue;
    const name = COUNTED_AS[outcome];
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
