import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../model/error-message";
import { isObject } from "../model/json";
import { packageName } from "../model/label";
import type { PackageRef, PackageType, PackageVersion } from "../model/package-version";
import type { Answer } from "./github";
import { explainRefusal, GitHubError, type Refusal } from "./github-error";
import { type AskPage, readPages } from "./pages";
import { parseVersion } from "./version-payload";

/** A package as the listing shows it. */
export interface PackageSummary {
  readonly name: string;
  /** The login of its owner. */
  readonly owner?: string;
  /** `owner/name` of the repository that it is linked to. */
  readonly repository?: string;
  readonly visibility?: string;
  readonly versionCount?: number;
}

/** All packages of a type. Throws GitHubError, which says which tokens may list. */
export async function listPackages(
  owner: string,
  type: PackageType,
  ask: AskPage,
): Promise<readonly PackageSummary[]> {
  const fail = (answer: Answer) =>
    listingError({ operation: "listPackages", owner, subject: { type } }, answer);
  const packages = (await readPages(ask, fail)).map(parsePackage);
  return [...new Map(packages.map((pkg) => [pkg.name, pkg])).values()];
}

/**
 * All versions of a package in the order of the listing, each once. Throws GitHubError when a page cannot be read or
 * understood: a listing is whole or there is none.
 */
export async function listVersions(
  {
    owner,
    pkg,
    settingsUrl,
  }: { readonly owner: string; readonly pkg: PackageRef; readonly settingsUrl: string },
  ask: AskPage,
): Promise<readonly PackageVersion[]> {
  const fail = (answer: Answer) =>
    listingError({ operation: "listVersions", owner, subject: pkg, settingsUrl }, answer);
  const entries = await readPages(ask, fail);
  return eachOnce(
    entries.map((entry) => understood(entry, pkg)),
    pkg,
  );
}

/**
 * An active version on a list of deleted ones, which GitHub did not filter then. (A version that was deleted may be on the
 * active list for days, but then the other one says when it was deleted.)
 */
export function activeAmong(
  deleted: readonly PackageVersion[],
  active: readonly PackageVersion[],
): PackageVersion | undefined {
  const activeIds = new Set(active.map(({ id }) => id));
  return deleted.find(({ id, deletedAt }) => deletedAt === undefined && activeIds.has(id));
}

/** Throws GitHubError for a list of deleted versions that has active ones on it. */
export function requireDeleted(
  pkg: PackageRef,
  deleted: readonly PackageVersion[],
  active: readonly PackageVersion[],
): void {
  const stray = activeAmong(deleted, active);
  if (stray === undefined) return;
  throw new GitHubError(
    `GitHub's list of the deleted versions of the ${packageName(pkg)} has active ones on it, such as ${stray.id}: it ` +
      "does not tell what was deleted, and nothing of the package is restored. Use a token of the package's owner, or " +
      "restore the versions in the settings of the package.",
    200,
  );
}

function understood(entry: unknown, pkg: PackageRef): PackageVersion {
  try {
    return parseVersion(entry, pkg.type);
  } catch (error) {
    throw senseless(pkg, messageOf(error));
  }
}

function senseless(pkg: PackageRef, reason: string): GitHubError {
  return new GitHubError(
    `The listing of the ${packageName(pkg)} makes no sense: ${reason}. Nothing of it is changed: run the action again later.`,
    200,
  );
}

/** The package of an answer. Throws GitHubError for one without a name. */
export function parsePackage(payload: unknown): PackageSummary {
  const { name, owner, visibility, version_count, repository } = isObject(payload) ? payload : {};
  if (typeof name !== "string" || name === "") {
    throw new GitHubError(
      "GitHub's list of packages makes no sense: one of them has no name. Run the action again later.",
      200,
    );
  }
  return {
    name,
    ...(isObject(owner) && typeof owner.login === "string" ? { owner: owner.login } : {}),
    ...(isObject(repository) && typeof repository.full_name === "string"
      ? { repository: repository.full_name }
      : {}),
    ...(typeof visibility === "string" ? { visibility } : {}),
    ...(typeof version_count === "number" ? { versionCount: version_count } : {}),
  };
}

function listingError(
  about: Pick<Refusal, "operation" | "owner" | "subject" | "settingsUrl">,
  { status, message, headers }: Answer,
): GitHubError {
  return new GitHubError(explainRefusal({ ...about, status, message, headers }), status);
}

/** Entries that come twice, since they moved to the next page meanwhile, are one; where they differ, nothing is sure. */
function eachOnce(versions: readonly PackageVersion[], pkg: PackageRef): readonly PackageVersion[] {
  const seen = new Map<number, PackageVersion>();
  for (const version of versions) {
    const known = seen.get(version.id);
    if (known && !isDeepStrictEqual(known, version))
      throw senseless(pkg, `version ${version.id} is on it twice, in different states`);
    seen.set(version.id, version);
  }
  return [...seen.values()];
}
