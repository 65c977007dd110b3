import type { Lag } from "./data";
import type { EmulatorState, Moment, PackageState, VersionState } from "./state";

/** A version as a listing shows it. */
export interface ListedVersion {
  readonly version: VersionState;
  readonly tags: readonly string[];
  readonly updatedAt: number;
  readonly deletedAt: number | undefined;
}

/** Remembers when each package was listed, for listings that lag a number of listings behind. */
export interface ListingLog {
  readonly sequences: Map<PackageState, number[]>;
}

export function newListingLog(): ListingLog {
  return { sequences: new Map() };
}

/** All versions of a package as a listing shows them: as they are, or as they were when `lag` says. Page 1 begins a new listing. */
export function listedVersions(
  state: EmulatorState,
  one: PackageState,
  lag: Lag | undefined,
  log: ListingLog,
  page: number,
  now: number,
): ListedVersion[] {
  const listings = log.sequences.get(one) ?? [];
  log.sequences.set(one, listings);
  if (page === 1 || listings.length === 0) listings.push(state.sequence);
  if (!lag) return one.versions.map((version) => ({ version, ...pick(version) }));
  const isKnown = "ms" in lag ? knownBy(now - lag.ms) : knownAt(listings, lag.listings);
  return one.versions.flatMap((version) => {
    const moment = version.history.findLast(isKnown);
    return moment ? [{ version, ...pick(moment) }] : [];
  });
}

function pick({ tags, updatedAt, deletedAt }: VersionState | Moment): Omit<ListedVersion, "version"> {
  return { tags, updatedAt, deletedAt };
}

function knownBy(time: number): (moment: Moment) => boolean {
  return (moment) => moment.time <= time;
}

function knownAt(listings: readonly number[], behind: number): (moment: Moment) => boolean {
  const sequence = listings[Math.max(0, listings.length - 1 - behind)] ?? 0;
  return (moment) => moment.sequence <= sequence;
}
