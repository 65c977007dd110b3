import type { PackageVersion } from "../model/package-version";
import { buildGraph, type Images, NO_IMAGES, reach } from "../plan/image-graph";
import type { PreparedPackage } from "../plan/prepared";
import { NO_NEEDS } from "../plan/reads";

/**
 * The digests that the given versions need: themselves and all their parts. Reads the manifests that are not known.
 *
 * @throws RegistryError when one cannot be read
 */
export async function partsThatStay(
  { store, plan }: PreparedPackage,
  stayers: readonly PackageVersion[],
  versions: readonly PackageVersion[] = plan.verdicts.map(({ version }) => version),
): Promise<Set<string>> {
  const images = (): Images => store?.images() ?? NO_IMAGES;
  for (;;) {
    const graph = buildGraph(store ? versions : [], images());
    const roots = store ? stayers.flatMap(({ name }) => graph.nodeOf(name) ?? []) : [];
    const needed = [...new Set([...roots, ...reach(roots, graph.parts)])];
    const manifests = needed.filter((node) => !graph.isKnown(node)).map(graph.digestOf);
    if (!store || manifests.length === 0) return new Set(needed.map(graph.digestOf));
    await store.learn({ ...NO_NEEDS, manifests });
  }
}
