import type { Ghosts } from "./data";
import type { ListingLog } from "./lag";
import type { PackageState, VersionState } from "./state";

type GhostOptions = Exclude<Ghosts, boolean>;

/**
 * How a deleted version haunts its package: it is still listed as if it were there, with its tags. Undefined for one that
 * is not deleted, or whose time as a ghost is over.
 */
export function ghostOf(
  one: PackageState,
  version: VersionState,
  log: ListingLog,
  now: number,
): GhostOptions | undefined {
  const setting = version.ghost ?? one.ghosts ?? false;
  if (version.deletedAt === undefined || setting === false) return undefined;
  const options = setting === true ? {} : setting;
  const { ms = Number.POSITIVE_INFINITY, listings = Number.POSITIVE_INFINITY } = options;
  const isOver = now - version.deletedAt > ms || listingsSince(one, version, log) > listings;
  return isOver ? undefined : options;
}

/** The listings that began after a version was deleted. */
function listingsSince(one: PackageState, { history }: VersionState, log: ListingLog): number {
  const deletion = history.at(-1)?.sequence ?? 0;
  return (log.sequences.get(one) ?? []).filter((sequence) => sequence >= deletion).length;
}
