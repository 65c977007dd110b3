import { isBookkeepingTag } from "./bookkeeping";
import type { PackageRef, PackageVersion } from "./package-version";

const LONG_DIGEST = /(sha256[:-][0-9a-f]{12})[0-9a-f]{52}/g;

/** A package as messages name it: `container package app`. */
export function packageName(pkg: PackageRef): string {
  return `${pkg.type} package ${pkg.name}`;
}

/** A package's error where its name stands in front already. Empty where there is none. */
export function errorWithoutName(pkg: PackageRef & { readonly error?: string }): string {
  const name = `${packageName(pkg)}: `;
  const error = pkg.error ?? "";
  return error.startsWith(name) ? error.slice(name.length) : error;
}

/**
 * A version as reasons and messages name it: `app:v1.2.3` by its first tag, `app@sha256:…` where it has none but
 * bookkeeping tags, and `@acme/ui@1.4.2` for the package types whose versions have one name only.
 */
export function describeVersion(pkg: PackageRef, version: Pick<PackageVersion, "name" | "tags">): string {
  if (pkg.type !== "container" && pkg.type !== "docker") return `${pkg.name}@${version.name}`;
  const tag = firstTag(version);
  return tag === undefined ? `${pkg.name}@${version.name}` : `${pkg.name}:${tag}`;
}

/** A version where its package is plain: its first tag, or its digest in short. */
export function shortLabel(version: Pick<PackageVersion, "name" | "tags">): string {
  return firstTag(version) ?? shortDigest(version.name);
}

/** A text with its digests, and the tags that are made of digests, short enough to read and long enough to find. */
export function shortDigest(text: string): string {
  return text.replace(LONG_DIGEST, "$1…");
}

function firstTag(version: Pick<PackageVersion, "tags">): string | undefined {
  return version.tags.find((tag) => !isBookkeepingTag(tag));
}
