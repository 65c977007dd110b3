import { activeVersions, type PackageState, type VersionState } from "../../emulator/state";

/**
 * Whether the images of a package are whole, told from the emulator's own data. Shares no code with the action: it is
 * what the action is measured by.
 */

/** Digests that a version needs: what its manifest lists, and the versions whose tag or `subject` names it. */
export function needsOf(one: PackageState, version: VersionState): string[] {
  const listed = (version.manifest?.content.manifests ?? []).map(({ digest }) => digest);
  const prefix = version.name.replace("sha256:", "sha256-");
  const attached = one.versions.filter(
    ({ tags, manifest }) =>
      tags.some((tag) => tag === prefix || tag.startsWith(`${prefix}.`)) ||
      manifest?.content.subject?.digest === version.name,
  );
  return [...new Set([...listed, ...attached.map(({ name }) => name)])];
}

/** Each active version that lacks something it needs: `<digest> lacks <digest>`, sorted. Applied to each part as well. */
export function flaws(one: PackageState): string[] {
  const active = activeVersions(one);
  const there = new Set(active.map(({ name }) => name));
  return active
    .flatMap((version) =>
      needsOf(one, version)
        .filter((digest) => !there.has(digest))
        .map((digest) => `${version.name} lacks ${digest}`),
    )
    .sort();
}

/** Ids of all that a version needs, to any depth, without itself. */
export function partIds(one: PackageState, id: number): Set<number> {
  const found = new Set<number>();
  const open = one.versions.filter((version) => version.id === id);
  for (let version = open.pop(); version; version = open.pop()) {
    const needs = needsOf(one, version);
    for (const part of one.versions) {
      if (!needs.includes(part.name) || found.has(part.id) || part.id === id) continue;
      found.add(part.id);
      open.push(part);
    }
  }
  return found;
}
