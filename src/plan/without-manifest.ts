import { describeVersion, packageName } from "../model/label";
import type { PackageRef } from "../model/package-version";
import type { Entry } from "./entry";
import type { Images } from "./image-graph";

/** So many are asked for by their ids; what is not asked for counts as there. */
const MOST_ASKED = 100;

/** The nodes of the versions that GitHub lists and of which the registry has no manifest, a definite 404. */
export function withoutManifest(entries: readonly Entry[], { manifests }: Images): Set<number> {
  const absent = entries.filter(({ version }) => manifests.get(version.name) === "absent");
  return new Set(absent.map(({ node }) => node));
}

/**
 * Why the registry is probably another one than that of the package: it has no manifest of any version that is kept
 * (spec/policy.md, "Known before it goes"). Undefined where it has one, and where none was asked for.
 *
 * @param kept newest first; may name one twice
 */
export function wrongRegistry(
  pkg: PackageRef,
  kept: readonly Entry[],
  { manifests }: Images,
): string | undefined {
  const asked = kept.filter(({ version }) => manifests.has(version.name));
  const example = asked.find(({ isTagged }) => isTagged) ?? asked[0];
  if (!example || asked.some(({ version }) => manifests.get(version.name) !== "absent")) return undefined;
  return (
    `The registry has no manifest of any version of the ${packageName(pkg)} that is kept, such as ` +
    `${describeVersion(pkg, example.version)}: nothing of it is deleted. It is probably another registry than that of ` +
    "the package: check `registry-url`."
  );
}

/** The ids of those that GitHub must be asked for: it lists deleted versions for days. */
export function unaskedVersions(suspects: readonly Entry[], { versions }: Images): number[] {
  const first = suspects.slice(0, MOST_ASKED);
  return first.map(({ version }) => version.id).filter((id) => !versions.has(id));
}

/** Those that GitHub does not say are gone: what they list cannot be known. */
export function stillThere(suspects: readonly Entry[], { versions }: Images): Entry[] {
  return suspects.filter(({ version }) => versions.get(version.id) !== false);
}
