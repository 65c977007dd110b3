import type { PackageVersion } from "../model/package-version";

/** Whether `protect` names a version: by its digest or id, or by one of its tags. */
export function isProtected(
  protect: ReadonlySet<string>,
  { id, name, tags }: Pick<PackageVersion, "id" | "name" | "tags">,
): boolean {
  return protect.size > 0 && (isNamed(protect, { id, name }) || tags.some((tag) => protect.has(tag)));
}

/** Whether `protect` names the version itself, so that all its tags are protected as well. */
export function isNamed(
  protect: ReadonlySet<string>,
  { id, name }: Pick<PackageVersion, "id" | "name">,
): boolean {
  return protect.has(name) || protect.has(`${id}`);
}
