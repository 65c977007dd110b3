import { type SavedReport, SavedReportError, type SavedVersion } from "../inputs/saved-report";
import type { PackageVersion } from "../model/package-version";
import type { Warning } from "../model/warning";
import { hasChanged } from "../plan/has-changed";
import { isDoomed, type PreparedPackage } from "../plan/prepared";
import { partsThatStay } from "./parts-that-stay";

const PART_OF_STAYER = "what it is a part of is kept";

/** Throws SavedReportError for a report that is no plan: only a dry run has one for review. */
export function requireDryRun({ dryRun, generatedAt }: SavedReport, path: string): void {
  if (dryRun) return;
  throw new SavedReportError(
    `plan-file: ${path} is the report of a run that was applied (${generatedAt}): name the report of a dry run.`,
  );
}

/**
 * Narrows the plan of a package to what the reviewed plan has as well (spec/action.md, `plan-file`): other versions,
 * those that changed since, and the parts of what is kept are held; tags that it does not remove are kept.
 *
 * @throws RegistryError where it cannot be told what a kept version needs
 */
export async function holdUnreviewed(
  prepared: PreparedPackage,
  reviewed: SavedReport,
): Promise<PreparedPackage> {
  const { pkg } = prepared;
  const saved = reviewed.packages.find(({ type, name }) => type === pkg.type && name === pkg.name);
  const byId = new Map(saved?.versions.map((version) => [version.id, version]));
  const verdicts = prepared.plan.verdicts.map(({ untag = [], ...verdict }) => {
    const kept = untag.filter((tag) => isTagReviewed(byId.get(verdict.version.id), verdict.version, tag));
    return kept.length > 0 ? { ...verdict, untag: kept } : verdict;
  });
  const doomed = verdicts.filter(isDoomed).map(({ version }) => version);
  const held = new Map<number, string>();
  for (const version of doomed) {
    const message = whyHeld(byId.get(version.id), version);
    if (message !== undefined) held.set(version.id, message);
  }
  const narrowed = { ...prepared, plan: { ...prepared.plan, verdicts }, held, leftovers: [] };
  if (held.size === 0 || held.size === doomed.length) return narrowed;

  const stayers = doomed.filter(({ id }) => held.has(id));
  const needed = await partsThatStay(narrowed, stayers);
  for (const { id, name } of doomed) if (needed.has(name) && !held.has(id)) held.set(id, PART_OF_STAYER);
  return narrowed;
}

function isTagReviewed(saved: SavedVersion | undefined, version: PackageVersion, tag: string): boolean {
  return saved !== undefined && !hasChanged(saved, version) && (saved.untag ?? []).includes(tag);
}

function whyHeld(saved: SavedVersion | undefined, version: PackageVersion): string | undefined {
  if (saved === undefined) return "not in the reviewed plan";
  if (saved.name !== version.name || hasChanged(saved, version)) return "changed since it was reviewed";
  if (saved.verdict === "delete" && saved.outcome === "planned") return undefined;
  return "not in the reviewed plan, in which it is kept";
}

/** What a person who reviewed the plan should know of its result. */
export function reviewWarnings({ pkg, plan, held }: PreparedPackage, reviewed: SavedReport): Warning[] {
  const saved = reviewed.packages.find(({ type, name }) => type === pkg.type && name === pkg.name);
  const verdicts = new Map(plan.verdicts.map((verdict) => [verdict.version.id, verdict]));
  const planned = (saved?.versions ?? []).filter(({ verdict }) => verdict === "delete");
  const rescued = planned.filter(({ id }) => verdicts.get(id)?.verdict === "keep").length;
  const absent = planned.filter(({ id }) => !verdicts.has(id)).length;
  const counts = new Map<string, number>();
  for (const message of held.values()) {
    counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  if (rescued > 0) counts.set("reviewed, and kept by the policy now", rescued);
  if (absent > 0) counts.set("reviewed, and not there any more", absent);
  if (counts.size === 0) return [];
  const list = [...counts].map(([why, count]) => `${count} ${why}`).join(", ");
  return [
    {
      kind: "reviewed-plan",
      message: `${pkg.name} is not quite what was reviewed: ${list}. Only what both plans delete is deleted.`,
    },
  ];
}
