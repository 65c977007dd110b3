import type { PackageClient, Packages } from "../../src/github/packages";
import { createJournal } from "../../src/output/journal";

const APP = { type: "container", name: "app" } as const;
const REFUSED = { kind: "refused", status: 400, message: "no" } as const;

/** Packages that delete and restore all but version 13. */
function packages(): Packages {
  const client = {
    deleteVersion: async (id: number) => (id === 13 ? REFUSED : { kind: "deleted" }),
    restoreVersion: async (id: number) => (id === 13 ? REFUSED : { kind: "restored" }),
    deletePackage: async () => ({ kind: "deleted" }),
    restorePackage: async () => ({ kind: "restored" }),
  };
  const of = (pkg: typeof APP) => ({ ...client, pkg }) as unknown as PackageClient;
  return { of, find: async (pkg: typeof APP) => ({ client: of(pkg), versions: [] }) } as unknown as Packages;
}

describe("the journal", () => {
  it("has what was deleted, and not restored since", async () => {
    const journal = createJournal();
    const client = journal.watch(packages()).of(APP);
    expect(journal.deleted()).toEqual([]);
    for (const id of [11, 12, 13, 14]) await client.deleteVersion(id);
    await client.restoreVersion(12);
    await client.restoreVersion(13);
    expect(journal.deleted()).toEqual([{ pkg: APP, ids: [11, 14], isWhole: false }]);
  });

  it("has packages that were deleted as a whole, by whichever client", async () => {
    const journal = createJournal();
    const watched = journal.watch(packages());
    const { client } = await watched.find(APP);
    await client.deletePackage();
    await watched.of(APP).deleteVersion(1);
    expect(journal.deleted()).toEqual([{ pkg: APP, ids: [1], isWhole: true }]);
    await client.restorePackage();
    expect(journal.deleted()).toEqual([{ pkg: APP, ids: [1], isWhole: false }]);
  });
});
