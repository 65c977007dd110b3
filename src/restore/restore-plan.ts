import type { RestoreEntry } from "../inputs/restore-entry";
import { isBookkeepingTag } from "../model/bookkeeping";
import { describeVersion } from "../model/label";
import type { PackageRef, PackageVersion } from "../model/package-version";
import { asked, type Reason } from "../model/reason";
import { createRestoreImages, type RestoreImages } from "./restore-images";
import { deletedBy, type NamedEntry, type RestoreRequest, type Source } from "./restore-request";

/** What GitHub lists of one package. */
export interface Listed {
  readonly active: readonly PackageVersion[];
  readonly deleted: readonly PackageVersion[];
}

/** A version that is asked for, or belongs to one that is. */
export interface Item {
  readonly version: PackageVersion;
  /** Why it is restored; grows. */
  readonly reasons: Reason[];
  /** Which parts of it may be restored: the digests that were there when the report was made. Absent: any. */
  readonly scope?: ReadonlySet<string>;
  /** Why GitHub would refuse it for sure; it is not asked. */
  readonly refusal?: string;
}

/** What is to be restored of one package. It grows as manifests are read: see `expand`. */
export interface RestorePlan {
  readonly pkg: PackageRef;
  readonly images: RestoreImages;
  /** By id. */
  readonly items: Map<number, Item>;
  readonly itemsByName: Map<string, Item[]>;
  /** Asked for, and there already. */
  readonly present: readonly Item[];
  /** The digests of what is active. */
  readonly active: Set<string>;
  /** Deleted versions that are no items (yet), by digest: what an image may still lack. */
  readonly others: Map<string, PackageVersion>;
  /** The entries that matched something. */
  readonly matched: ReadonlySet<RestoreEntry>;
}

/** GitHub keeps deleted versions for 30 days; one more for its clock and the time of the run. */
const RESTORABLE_MS = 31 * 24 * 60 * 60_000;

/**
 * What a request asks for among the versions of a package, with the parts and referrers that are known to belong to it
 * (spec/action.md, `restore`).
 *
 * @param now epoch milliseconds
 */
export function planRestore(request: RestoreRequest, { active, deleted }: Listed, now: number): RestorePlan {
  const { pkg, sources } = request;
  const saved = pkg.type === "container" ? sources.map((source) => source.saved) : [];
  const plan: RestorePlan & { present: Item[]; matched: Set<RestoreEntry> } = {
    pkg,
    images: createRestoreImages(pkg.type === "container" ? [...active, ...deleted] : [], saved),
    items: new Map(),
    itemsByName: new Map(),
    present: [],
    active: new Set(active.map(({ name }) => name)),
    others: newestByName(deleted),
    matched: new Set(),
  };
  for (const source of sources) askForReported(plan, source, { active, deleted }, now);
  for (const entry of request.entries) {
    const isNamed = (version: PackageVersion) => reasonFor(entry, version) !== undefined;
    const found = [...newestByName(deleted.filter(isNamed)).values()];
    const present = active.filter(isNamed);
    if (found.length + present.length > 0) plan.matched.add(entry);
    for (const version of found) {
      const reason = reasonFor(entry, version);
      if (reason) ask(plan, version, reason);
    }
    for (const version of present) plan.present.push({ version, reasons: [ACTIVE] });
  }
  for (const item of [...plan.items.values(), ...plan.present]) expand(plan, item);
  return plan;
}

const ACTIVE = asked("active already");

/** Everything that a report says was deleted, whatever has become of it since. */
function askForReported(
  plan: RestorePlan & { readonly present: Item[] },
  { path, saved, generatedAt }: Source,
  { active, deleted }: Listed,
  now: number,
): void {
  const scope = new Set(saved.versions.map(({ name }) => name));
  const activeById = new Map(active.map((version) => [version.id, version]));
  const deletedById = new Map(deleted.map((version) => [version.id, version]));
  const wanted = deletedBy(saved);
  const isKnown = wanted.some(({ id }) => activeById.has(id) || deletedById.has(id));
  for (const { id, name, tags, createdAt, updatedAt } of wanted) {
    const present = activeById.get(id);
    if (present) plan.present.push({ version: present, reasons: [ACTIVE], scope });
    const listed = deletedById.get(id);
    const version = listed ?? { id, name, tags, createdAt, updatedAt };
    const refusal = listed
      ? undefined
      : refusalOf(plan.pkg, saved.deletedPackage && !isKnown, generatedAt, now);
    if (!present) ask(plan, version, asked(`restored from ${path}`), scope, refusal);
  }
}

function refusalOf(
  { name }: PackageRef,
  isNameTaken: boolean | undefined,
  generatedAt: number,
  now: number,
): string | undefined {
  if (isNameTaken)
    return `its package was deleted as a whole, and the name ${name} is taken again by a new package: delete that first`;
  if (now - generatedAt > RESTORABLE_MS)
    return "it was deleted more than 30 days ago, and GitHub does not have it any more";
  return undefined;
}

/** Why an entry names a version; undefined where it does not. */
function reasonFor(entry: NamedEntry, { id, name, tags }: PackageVersion): Reason | undefined {
  switch (entry.kind) {
    case "version":
      return id === entry.id ? asked(`version ${id}`) : undefined;
    case "digest":
      return name === entry.digest ? asked(`digest ${name}`) : undefined;
    case "tags": {
      const tag = tags.find((one) => !isBookkeepingTag(one) && entry.pattern.matches(one));
      return tag === undefined ? undefined : { rule: "tag-matches", tag, glob: entry.pattern.text };
    }
  }
}

function ask(
  plan: RestorePlan,
  version: PackageVersion,
  reason: Reason,
  scope?: ReadonlySet<string>,
  refusal?: string,
): void {
  const known = plan.items.get(version.id);
  known?.reasons.push(reason);
  // What is asked for by name as well may bring any part with it.
  if (known && (known.scope === undefined || scope !== undefined)) return;
  const reasons = known?.reasons ?? [reason];
  setItem(plan, {
    version,
    reasons,
    ...(scope ? { scope } : {}),
    ...(refusal === undefined ? {} : { refusal }),
  });
}

function setItem({ items, itemsByName, others }: RestorePlan, item: Item): void {
  const { id, name } = item.version;
  const sameName = (itemsByName.get(name) ?? []).filter(({ version }) => version.id !== id);
  items.set(id, item);
  itemsByName.set(name, [...sameName, item]);
  others.delete(name);
}

/**
 * Adds what is known to belong to an item, to any depth, and was deleted.
 *
 * @returns what was added
 */
export function expand(plan: RestorePlan, { version, scope }: Item): Item[] {
  const whole = describeVersion(plan.pkg, version);
  const reason: Reason = { rule: "part", whole, isDeleted: false };
  const added: Item[] = [];
  for (const digest of plan.images.partsOf(version.name)) {
    if (plan.active.has(digest) || (scope && !scope.has(digest))) continue;
    const other = plan.others.get(digest);
    if (!other) continue;
    const item = { version: other, reasons: [reason], ...(scope ? { scope } : {}) };
    setItem(plan, item);
    added.push(item);
  }
  return added;
}

/**
 * Whether something that was deleted, and is not restored so far, may belong to an item (or to a part of it, by its
 * digest) whose manifest was not read.
 */
export function mayLackParts(plan: RestorePlan, { version, scope }: Item, digest = version.name): boolean {
  if (plan.pkg.type !== "container" || plan.images.isKnown(digest)) return false;
  for (const other of plan.others.keys())
    if (!plan.active.has(other) && (!scope || scope.has(other))) return true;
  return false;
}

/**
 * Whether an item that was asked for by its one tag may be but what took that tag away from an image (`untag`): nothing to
 * bring back.
 */
export function mayTakeTagAway({ pkg }: RestorePlan, { version: { tags }, scope }: Item): boolean {
  return pkg.type === "container" && scope === undefined && tags.length === 1 && !tags.some(isBookkeepingTag);
}

/** The items in the order in which they are restored, apart from parts, which are restored before their images. */
export function restoreOrder({ items }: RestorePlan): Item[] {
  const byId = [...items.values()].sort((a, b) => a.version.id - b.version.id);
  const newest = new Map<string, number>();
  for (const { version } of byId) for (const tag of version.tags) newest.set(tag, version.id);
  const isSuperseded = ({ version }: Item) => version.tags.some((tag) => newest.get(tag) !== version.id);
  // GitHub gives a tag to the first version that is restored with it: here to the newest.
  return [...byId.filter((item) => !isSuperseded(item)), ...byId.filter(isSuperseded).reverse()];
}

function newestByName(versions: readonly PackageVersion[]): Map<string, PackageVersion> {
  const newest = new Map<string, PackageVersion>();
  for (const version of versions) {
    const known = newest.get(version.name);
    if (!known || known.id < version.id) newest.set(version.name, version);
  }
  return newest;
}
