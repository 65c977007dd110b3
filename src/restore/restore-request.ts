import type { Packages } from "../github/packages";
import type { RestoreEntry } from "../inputs/restore-entry";
import type { SavedPackage, SavedReport, SavedVersion } from "../inputs/saved-report";
import type { PackageRef, PackageType } from "../model/package-version";
import { needsList } from "../policy/package-selection";
import type { PackageSelection } from "../policy/policy";
import { packageNames, SelectionError } from "../prepare/select-packages";

/** A report that was named, with the path that it was named by. */
export interface NamedReport {
  readonly path: string;
  readonly report: SavedReport;
}

/** What one report says of one package. */
export interface Source {
  readonly path: string;
  /** Epoch milliseconds. */
  readonly generatedAt: number;
  readonly saved: SavedPackage;
}

/** What names versions without a report. */
export type NamedEntry = Exclude<RestoreEntry, { kind: "report" }>;

/** What is to be restored of one package. */
export interface RestoreRequest {
  readonly pkg: PackageRef;
  readonly sources: readonly Source[];
  readonly entries: readonly NamedEntry[];
}

/** What is to be restored at all (spec/action.md, `restore`). */
export interface RestoreOrder {
  readonly type: PackageType;
  readonly packages: PackageSelection;
  readonly entries: readonly RestoreEntry[];
  readonly reports: readonly NamedReport[];
}

/**
 * The packages that are looked at: those of which a report deleted something, whatever is selected, and the selected
 * ones for all other entries. The list of packages is asked for only where a glob needs it.
 *
 * @throws SelectionError where the selection matches no package
 * @throws GitHubError when the packages cannot be listed
 */
export async function requestsOf(packages: Packages, order: RestoreOrder): Promise<RestoreRequest[]> {
  const sources = new Map<string, { readonly pkg: PackageRef; readonly sources: Source[] }>();
  for (const { path, report } of order.reports) {
    for (const saved of report.packages) {
      if (deletedBy(saved).length === 0) continue;
      const pkg = { type: saved.type, name: saved.name };
      const known = sources.get(keyOf(pkg)) ?? { pkg, sources: [] };
      sources.set(keyOf(pkg), known);
      known.sources.push({ path, generatedAt: Date.parse(report.generatedAt), saved });
    }
  }
  const requests = new Map(
    [...sources].map(([key, found]): [string, RestoreRequest] => [key, { ...found, entries: [] }]),
  );
  const entries = order.entries.filter((entry) => entry.kind !== "report");
  for (const pkg of entries.length > 0 ? await selected(packages, order) : []) {
    requests.set(keyOf(pkg), { pkg, sources: [], ...requests.get(keyOf(pkg)), entries });
  }
  return [...requests.values()];
}

/** What a report says was deleted; with what was found to be gone. */
export function deletedBy({ versions }: SavedPackage): SavedVersion[] {
  return versions.filter(({ outcome }) => outcome === "deleted" || outcome === "gone");
}

/** Whether the package as a whole is asked for: by `*`, or by a report of its deletion. */
export function wantsWhole({ sources, entries }: RestoreRequest): boolean {
  return sources.some(({ saved }) => saved.deletedPackage) || entries.some(isEverything);
}

/** The tag glob `*`. */
export function isEverything(entry: RestoreEntry): boolean {
  return entry.kind === "tags" && entry.pattern.text === "*";
}

/** An entry as it was written. */
export function entryText(entry: RestoreEntry): string {
  switch (entry.kind) {
    case "report":
      return entry.path;
    case "version":
      return `${entry.id}`;
    case "digest":
      return entry.digest;
    case "tags":
      return entry.pattern.text;
  }
}

async function selected({ owner, list }: Packages, order: RestoreOrder): Promise<PackageRef[]> {
  const { type } = order;
  const listed = needsList(order.packages) ? await list(type) : [];
  const known = listed.map(({ name }) => name);
  const names = packageNames(owner, order, known);
  if (names.length > 0) return names.map((name) => ({ type, name }));
  const patterns = order.packages.globs.map(({ text }) => text).join(", ");
  throw new SelectionError(
    `No ${type} package of ${owner} matches ${patterns}: check \`packages\` and the package type. A package ` +
      "that was deleted as a whole is in no list: name it in full.",
  );
}

function keyOf({ type, name }: PackageRef): string {
  return `${type}/${name}`;
}
