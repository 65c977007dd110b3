import type { PackageVersion } from "../model/package-version";

/** Whether a version is no longer as it was planned: other tags, or pushed again. */
export function hasChanged(
  planned: Pick<PackageVersion, "tags" | "updatedAt">,
  now: Pick<PackageVersion, "tags" | "updatedAt">,
): boolean {
  const tags = (version: Pick<PackageVersion, "tags">) => [...version.tags].sort().join("\n");
  return Date.parse(planned.updatedAt) !== Date.parse(now.updatedAt) || tags(planned) !== tags(now);
}
