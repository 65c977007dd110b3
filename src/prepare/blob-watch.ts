import { messageOf } from "../model/error-message";
import { packageName } from "../model/label";
import type { Blob } from "../model/manifest";
import type { PackageRef } from "../model/package-version";
import { endOf, PackageStopped } from "../net/stop";
import type { PlanWarning } from "../plan/plan-warnings";
import { parseBlobs } from "../registry/manifest-document";
import type { ManifestAnswer, Repository } from "../registry/registry";

/** What the images of a package are made of, as far as it can be told. */
export interface FoundBlobs {
  /** By the digests of the manifests. */
  readonly blobs: ReadonlyMap<string, readonly Blob[]>;
  /** How many of the manifests are not among them. */
  readonly unknown: number;
  /** Why the first of these is not. */
  readonly why: string;
}

export interface BlobWatch {
  /** The repository; what is read of it is read for the sizes as well. */
  readonly repository: Repository;
  /** Reads those of the manifests that nobody has read yet. Throws Stopped where the whole run has to stop. */
  readonly read: (digests: readonly string[]) => Promise<FoundBlobs>;
}

/** As many as the registry takes at once: its client bounds the requests of all packages. */
const READERS = 16;
/** A registry in trouble is not asked for thousands of manifests that only the sizes need. */
const MOST_FAILURES = 10;

/** Notes what the manifests that are read of a repository are made of. Manifests that the registry does not have take no room. */
export function watchBlobs(repository: Repository): BlobWatch {
  const blobs = new Map<string, readonly Blob[]>();
  const faults = new Map<string, string>();
  const known = new Map<string, Blob>();

  /** Images share most of their layers, and each is in memory once. */
  function shared(blob: Blob): Blob {
    const first = known.get(blob.digest) ?? blob;
    known.set(blob.digest, first);
    return first;
  }

  function note(digest: string, answer: ManifestAnswer): void {
    try {
      blobs.set(digest, answer.kind === "absent" ? [] : parseBlobs(answer.raw).map(shared));
    } catch (error) {
      faults.set(digest, `The manifest ${digest} cannot be used: ${messageOf(error)}.`);
    }
  }

  async function manifest(reference: string): Promise<ManifestAnswer> {
    const answer = await repository.manifest(reference);
    note(reference, answer);
    return answer;
  }

  async function read(digests: readonly string[]): Promise<FoundBlobs> {
    const all = [...new Set(digests)];
    const queue = all.filter((digest) => !blobs.has(digest) && !faults.has(digest)).values();
    let failures = 0;
    const reader = async () => {
      for (const digest of queue) {
        if (failures >= MOST_FAILURES) return;
        await manifest(digest).catch((error: unknown) => {
          failures += failed(error);
          faults.set(digest, messageOf(error));
        });
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    const unknown = all.filter((digest) => !blobs.has(digest));
    const why = unknown.find((digest) => faults.has(digest)) ?? "";
    return { blobs, unknown: unknown.length, why: faults.get(why) ?? "" };
  }

  return { repository: { ...repository, manifest }, read };
}

/** How many failures it counts for. Throws what stops the whole run. */
function failed(error: unknown): number {
  if (error instanceof PackageStopped) return MOST_FAILURES;
  if (endOf(error).stopped !== undefined) throw error;
  return 1;
}

/** What a person should know of sizes that are not all of it. */
export function sizesWarning(pkg: PackageRef, { unknown, why }: FoundBlobs): PlanWarning {
  const count = unknown === 1 ? "1 manifest" : `${unknown} manifests`;
  return {
    kind: "sizes",
    message:
      `The sizes of the ${packageName(pkg)} leave out ${count}: \`totalBytes\` is a lower bound, and \`freedBytes\` may ` +
      `include layers of kept versions. The plan is the same. ${why}`,
  };
}
