import type { SavedPackage, SavedVersion } from "../inputs/saved-report";
import { subjectOf } from "../model/bookkeeping";
import type { Manifest } from "../model/manifest";
import type { PackageVersion } from "../model/package-version";
import { createGraph, type GrowingGraph, reach } from "../plan/image-graph";

/** What belongs to what among the versions of a container package, by digest; it grows as manifests are read. */
export interface RestoreImages {
  /** What belongs to a digest directly, as far as it is known. */
  readonly parts: (digest: string) => ReadonlySet<string>;
  /** All that belongs to it, to any depth; without itself. */
  readonly partsOf: (digest: string) => ReadonlySet<string>;
  /** Whether a part is needed to pull the whole; signatures and other referrers are not. */
  readonly needs: (whole: string, part: string) => boolean;
  /** Whether all that it lists is known. */
  readonly isKnown: (digest: string) => boolean;
  readonly learn: (digest: string, manifest: Manifest | "absent") => void;
}

/**
 * @param versions active and deleted ones: their bookkeeping tags say what is attached to what
 * @param saved what earlier reports say of the package: its versions, their `parts` and their `subject`
 */
export function createRestoreImages(
  versions: readonly PackageVersion[],
  saved: readonly SavedPackage[],
): RestoreImages {
  const reported = saved.flatMap((pkg) => pkg.versions);
  const listed = new Set(versions.map(({ name }) => name));
  const graph = createGraph([...versions, ...reported.filter(({ name }) => !listed.has(name))]);
  for (const version of reported) attachReported(graph, version);
  for (const version of reported) listReported(graph, version);

  const nodesOf = (digest: string): readonly number[] => {
    const node = graph.nodeOf(digest);
    return node === undefined ? [] : [node];
  };
  const digestsOf = (nodes: Iterable<number>, digest: string): ReadonlySet<string> =>
    new Set([...nodes].map(graph.digestOf).filter((other) => other !== digest));
  return {
    parts: (digest) =>
      digestsOf(
        nodesOf(digest).flatMap((node) => [...graph.parts(node)]),
        digest,
      ),
    partsOf: (digest) => digestsOf(reach(nodesOf(digest), graph.parts), digest),
    needs: (whole, part) =>
      nodesOf(whole).some((node) => nodesOf(part).some((other) => graph.listed(node).has(other))),
    isKnown: (digest) => nodesOf(digest).some(graph.isKnown),
    learn: graph.learn,
  };
}

/** A report knows tags that are gone since, and the subjects that manifests named. */
function attachReported(graph: GrowingGraph, { name, tags, subject }: SavedVersion): void {
  for (const named of [...tags.map(subjectOf), subject]) if (named !== undefined) graph.attach(named, name);
}

/** The parts of a report are what a manifest lists, and what refers to the version. */
function listReported(graph: GrowingGraph, { name, parts = [] }: SavedVersion): void {
  const whole = graph.nodeOf(name);
  for (const part of parts) {
    const node = graph.nodeOf(part);
    const isReferrer = whole !== undefined && node !== undefined && graph.subjects(node).has(whole);
    if (!isReferrer) graph.list(name, part);
  }
}
