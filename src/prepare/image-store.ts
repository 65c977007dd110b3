import type { Manifest } from "../model/manifest";
import { isSaidPart, NO_IMAGES } from "../plan/image-graph";
import type { ImageStore } from "../plan/image-store";
import { type Plan, type PlanInput, plan } from "../plan/plan";
import type { Repository } from "../registry/registry";

/** What is known of a package contradicts itself, so that nothing of it may be deleted. The message says what to do. */
export class ContradictionError extends Error {
  override readonly name = "ContradictionError";
}

/** Versions that nothing lists are read in so many rows at once, each from its newest on. */
const ROWS = 32;

/**
 * What is read of a repository is kept for the run.
 *
 * @param hasVersion whether GitHub has the version of an id
 */
export function createImageStore(
  repository: Repository,
  hasVersion: (id: number) => Promise<boolean>,
): ImageStore {
  const manifests = new Map<string, Manifest | "absent">();
  const exists = new Map<string, boolean>();
  const versions = new Map<number, boolean>();

  async function read(digest: string): Promise<Manifest | "absent"> {
    const answer = await repository.manifest(digest);
    const manifest = answer.kind === "absent" ? "absent" : answer.manifest;
    manifests.set(digest, manifest);
    return manifest;
  }

  /** An index is mostly newer than its parts: read first, it spares reading them. */
  async function readUnlisted(digests: readonly string[]): Promise<void> {
    const listed = new Set<string>();
    const readRow = async (row: readonly string[]) => {
      for (const digest of row)
        if (!listed.has(digest)) for (const part of partsIn(await read(digest))) listed.add(part);
    };
    await Promise.all(rowsOf(digests).map(readRow));
  }

  return {
    images: () => ({ manifests, exists, versions }),
    learn: async (needs) => {
      await Promise.all(needs.manifests.map(read));
      await readUnlisted(needs.unlisted);
      await Promise.all(
        needs.exists.map(async (digest) => exists.set(digest, await repository.exists(digest))),
      );
      await Promise.all(needs.versions.map(async (id) => versions.set(id, await hasVersion(id))));
    },
    askAgain: (digests) => {
      for (const digest of digests) if (manifests.get(digest) === "absent") manifests.delete(digest);
    },
  };
}

/** The digests of platforms and attestations that a manifest lists. */
function partsIn(manifest: Manifest | "absent"): string[] {
  const entries = manifest !== "absent" && manifest.kind === "index" ? manifest.manifests : [];
  return entries.filter(isSaidPart).map(({ digest }) => digest);
}

function rowsOf(digests: readonly string[]): readonly string[][] {
  const size = Math.ceil(digests.length / ROWS);
  return Array.from({ length: ROWS }, (_, row) => digests.slice(row * size, (row + 1) * size));
}

/**
 * Plans, finds out what the plan turns on, and plans again, until all is known that it needs. Package types without a
 * registry need no store.
 *
 * @throws ContradictionError, RegistryError, GitHubError
 */
export async function planWithReads(input: Omit<PlanInput, "images">, store?: ImageStore): Promise<Plan> {
  for (;;) {
    const planning = plan({ ...input, images: store?.images() ?? NO_IMAGES });
    if (planning.kind === "plan") return planning.plan;
    if (planning.kind === "contradiction") throw new ContradictionError(planning.message);
    if (!store) throw new Error(`the plan of ${input.pkg.name} needs a registry`);
    await store.learn(planning.needs);
  }
}
