import { describeVersion } from "../model/label";
import type { PackageVersion } from "../model/package-version";
import type { Reason } from "../model/reason";
import type { Draft } from "./decide";
import { reach } from "./image-graph";
import type { Scene } from "./scene";

export interface Verdict {
  readonly version: PackageVersion;
  readonly verdict: "keep" | "delete";
  readonly reasons: readonly Reason[];
  /** Tags that a kept version loses (`untag`); absent where there are none. */
  readonly untag?: readonly string[];
}

/** Each version's verdict: what was decided of it, and the images that it is kept or deleted with. */
export function verdictsOf(scene: Scene, { keeps, lets, untag }: Draft): Verdict[] {
  const keptWith = partReasons(scene, keeps.keys(), false);
  const deleted = [...lets.keys()].filter((node) => !keeps.has(node) && !keptWith.has(node));
  const deletedWith = partReasons(scene, deleted, true);
  return scene.entries.map(({ node, version }) => {
    const kept = [...(keeps.get(node) ?? []), ...(keptWith.get(node) ?? [])];
    const lost = untag.get(node);
    if (kept.length > 0) return { version, verdict: "keep", reasons: kept, ...(lost ? { untag: lost } : {}) };
    const reasons = lets.get(node) ?? deletedWith.get(node);
    if (!reasons) throw new Error(`no verdict on version ${version.id} (${version.name})`);
    return { version, verdict: "delete", reasons };
  });
}

/** By node of a part, to any depth: one reason for each whole. */
function partReasons(
  { entries, graph, input }: Scene,
  wholes: Iterable<number>,
  isDeleted: boolean,
): Map<number, Reason[]> {
  const reasons = new Map<number, Reason[]>();
  for (const whole of wholes) {
    const entry = entries[whole];
    if (!entry || graph.parts(whole).size === 0) continue;
    const reason: Reason = { rule: "part", whole: describeVersion(input.pkg, entry.version), isDeleted };
    for (const part of reach([whole], graph.parts)) if (part !== whole) append(reasons, part, reason);
  }
  return reasons;
}

function append(lists: Map<number, Reason[]>, key: number, reason: Reason): void {
  const list = lists.get(key);
  if (list) list.push(reason);
  else lists.set(key, [reason]);
}
