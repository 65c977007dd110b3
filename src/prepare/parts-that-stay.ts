import type { PackageVersion } from "../model/package-version";
import { buildGraph, type Images, NO_IMAGES, reach } from "../plan/image-graph";
import type { PreparedPackage } from "../plan/prepared";

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
    const listed = needed.filter((node) => node < versions.length).map(graph.digestOf);
    const referrers = unaskedOf(listed, images());
    if (!store || manifests.length + referrers.length === 0) return new Set(needed.map(graph.digestOf));
    await store.learn({ manifests, referrers, exists: [] });
  }
}

function unaskedOf(digests: readonly string[], { referrers }: Images): string[] {
  return referrers === "unsupported" ? [] : digests.filter((digest) => !referrers.has(digest));
}
