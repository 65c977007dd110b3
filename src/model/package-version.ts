/** The package types of the GitHub Packages API (`package_type`). */
export const PACKAGE_TYPES = ["container", "npm", "maven", "nuget", "rubygems", "docker"] as const;
export type PackageType = (typeof PACKAGE_TYPES)[number];

/** One package of an owner. `name` may contain `/` and `@`; it is never URL-encoded here. */
export interface PackageRef {
  readonly type: PackageType;
  readonly name: string;
}

/**
 * One entry of the Packages API (spec/policy.md, "Words").
 *
 * `tags` holds every tag in the order of the listing, bookkeeping tags included; for package types other than
 * container and docker it is the one version name. `createdAt` and `updatedAt` are the API's own ISO 8601 strings.
 */
export interface PackageVersion {
  readonly id: number;
  /** Container: the digest, `sha256:…`. Other types: the version, `1.4.2`. */
  readonly name: string;
  readonly tags: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When it was deleted, where GitHub says so. */
  readonly deletedAt?: string;
}
