import type { PackageClient, Packages } from "../github/packages";
import type { PackageRef } from "../model/package-version";

/** What was deleted of one package in this run, and not restored since. */
export interface Deleted {
  readonly pkg: PackageRef;
  readonly ids: readonly number[];
  /** The package was deleted as a whole. */
  readonly isWhole: boolean;
}

/**
 * Notes each deletion as soon as it is known, whatever becomes of the run: where no report can be written in the end, it
 * is the record that `restore` needs.
 */
export interface Journal {
  /** The same packages, whose deletions are noted. */
  readonly watch: (packages: Packages) => Packages;
  readonly deleted: () => readonly Deleted[];
}

interface Entry {
  readonly pkg: PackageRef;
  readonly ids: Set<number>;
  isWhole: boolean;
}

export function createJournal(): Journal {
  const entries = new Map<string, Entry>();

  function entryOf(pkg: PackageRef): Entry {
    const key = `${pkg.type}/${pkg.name}`;
    const entry = entries.get(key) ?? { pkg, ids: new Set(), isWhole: false };
    entries.set(key, entry);
    return entry;
  }

  return {
    watch: (packages) => ({
      ...packages,
      of: (pkg) => watched(packages.of(pkg), entryOf(pkg)),
      find: async (pkg) => {
        const found = await packages.find(pkg);
        return { ...found, client: watched(found.client, entryOf(found.client.pkg)) };
      },
    }),
    deleted: () =>
      [...entries.values()].map((entry) => ({ ...entry, ids: [...entry.ids] })).filter(isDeleted),
  };
}

function watched(client: PackageClient, entry: Entry): PackageClient {
  return {
    ...client,
    deleteVersion: async (id, turn) => {
      const result = await client.deleteVersion(id, turn);
      if (result.kind === "deleted") entry.ids.add(id);
      return result;
    },
    restoreVersion: async (id, turn) => {
      const result = await client.restoreVersion(id, turn);
      if (result.kind === "restored") entry.ids.delete(id);
      return result;
    },
    deletePackage: async (turn) => {
      const result = await client.deletePackage(turn);
      if (result.kind === "deleted") entry.isWhole = true;
      return result;
    },
    restorePackage: async (turn) => {
      const result = await client.restorePackage(turn);
      if (result.kind === "restored") entry.isWhole = false;
      return result;
    },
  };
}

function isDeleted({ ids, isWhole }: Deleted): boolean {
  return isWhole || ids.length > 0;
}
