import type { Manifest } from "../model/manifest";
import { NO_IMAGES } from "../plan/image-graph";
import type { ImageStore } from "../plan/image-store";
import { type Plan, type PlanInput, plan } from "../plan/plan";
import type { Repository } from "../registry/registry";

/** What is read of a repository is kept for the run. */
export function createImageStore(repository: Repository): ImageStore {
  const manifests = new Map<string, Manifest | "absent">();
  const exists = new Map<string, boolean>();
  let referrers: Map<string, readonly string[]> | "unsupported" = new Map();

  async function learnManifest(digest: string): Promise<void> {
    const answer = await repository.manifest(digest);
    manifests.set(digest, answer.kind === "absent" ? "absent" : answer.manifest);
  }

  async function learnReferrers(digest: string): Promise<void> {
    if (referrers === "unsupported") return;
    const answer = await repository.referrers(digest);
    if (!(referrers instanceof Map)) return;
    // What the API has said before its first 404 still holds.
    if (answer !== "unsupported") referrers.set(digest, answer);
    else if (referrers.size === 0) referrers = "unsupported";
    else referrers.set(digest, []);
  }

  return {
    images: () => ({ manifests, referrers, exists }),
    learn: async (needs) => {
      await Promise.all(needs.manifests.map(learnManifest));
      await Promise.all(
        needs.exists.map(async (digest) => exists.set(digest, await repository.exists(digest))),
      );
      // The first answer tells whether the registry has the referrers API at all.
      const [first, ...others] = needs.referrers;
      if (first !== undefined) await learnReferrers(first);
      await Promise.all(others.map(learnReferrers));
    },
  };
}

/**
 * Plans, reads what the plan turns on, and plans again, until nothing unknown can change a verdict. Package types
 * without a registry need no store.
 */
export async function planWithReads(input: Omit<PlanInput, "images">, store?: ImageStore): Promise<Plan> {
  for (;;) {
    const planning = plan({ ...input, images: store?.images() ?? NO_IMAGES });
    if (planning.kind === "plan") return planning.plan;
    if (!store) throw new Error(`the plan of ${input.pkg.name} needs a registry`);
    await store.learn(planning.needs);
  }
}
