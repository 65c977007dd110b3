import { messageOf } from "../model/error-message";
import { isObject } from "../model/json";
import type { PackageRef, PackageType, PackageVersion } from "../model/package-version";
import type { Answer } from "./github";
import { explainRefusal, GitHubError } from "./github-error";
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

export interface Page {
  readonly entries: readonly unknown[];
  /** The number of the last page, where GitHub says it. */
  readonly last?: number;
  readonly hasNext: boolean;
  readonly hasLinks: boolean;
}

type ReadPage = (page: number) => Promise<Page>;

/** Asks for one page of a list; the parameters go with the question. */
export type AskPage = (parameters: { readonly page: number; readonly per_page: number }) => Promise<Answer>;

const PER_PAGE = 100;

/** All packages of a type. Throws GitHubError, which says which tokens may list. */
export async function listPackages(
  owner: string,
  type: PackageType,
  ask: AskPage,
): Promise<readonly PackageSummary[]> {
  const fail = (answer: Answer) => listingError("listPackages", owner, { type }, answer);
  const entries = await readPages((page) => readPage(page, ask, fail));
  const packages = entries.map(parsePackage);
  return uniqueBy(packages, ({ name }) => name);
}

/**
 * All versions of a package in the order of the listing, each once. Throws GitHubError when a page cannot be read or
 * understood: a listing is whole or there is none.
 */
export async function listVersions(
  owner: string,
  pkg: PackageRef,
  ask: AskPage,
): Promise<readonly PackageVersion[]> {
  const fail = (answer: Answer) => listingError("listVersions", owner, pkg, answer);
  const entries = await readPages((page) => readPage(page, ask, fail));
  const versions = entries.map((entry) => understood(entry, pkg));
  return uniqueBy(versions, ({ id }) => id);
}

function understood(entry: unknown, pkg: PackageRef): PackageVersion {
  try {
    return parseVersion(entry, pkg.type);
  } catch (error) {
    const reason = messageOf(error);
    throw new GitHubError(
      `The listing of the ${pkg.type} package ${pkg.name} makes no sense: ${reason}. Nothing of it is changed: run the action again later.`,
      200,
    );
  }
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

/**
 * The first page, then all that it announces at once, then on until there is no next one: a list that grows
 * meanwhile has more pages than it announced. Entries that move to the next page meanwhile come twice.
 */
export async function readPages(read: ReadPage): Promise<readonly unknown[]> {
  const first = await read(1);
  const announced = Array.from({ length: Math.max((first.last ?? 1) - 1, 0) }, (_, index) => index + 2);
  const pages = [first, ...(await Promise.all(announced.map(read)))];
  for (let newest = pages.at(-1); newest && goesOn(newest); newest = pages.at(-1)) {
    pages.push(await read(pages.length + 1));
  }
  return pages.flatMap(({ entries }) => entries);
}

/** A page without entries is the end, whatever its links say; a full one without any links may have lost them. */
export function goesOn({ entries, hasNext, hasLinks }: Page): boolean {
  return entries.length > 0 && (hasNext || (!hasLinks && entries.length === PER_PAGE));
}

export async function readPage(
  page: number,
  ask: AskPage,
  fail: (answer: Answer) => GitHubError,
): Promise<Page> {
  const answer = await ask({ page, per_page: PER_PAGE });
  if (answer.status !== 200) throw fail(answer);
  if (!Array.isArray(answer.data)) throw fail({ ...answer, message: "the answer is no list" });
  const links = parseLinks(String(answer.headers.link ?? ""));
  if (answer.data.length === 0 && links.hasNext)
    throw fail({ ...answer, message: `page ${page} of the list is empty, and others follow` });
  return { entries: answer.data, ...links };
}

/** Page numbers only: the URLs themselves may have another form, and are not followed. */
function parseLinks(header: string): Omit<Page, "entries"> {
  const last = /[?&]page=(\d{1,6})\b[^>]*>;\s*rel="last"/.exec(header)?.[1];
  const links = { hasNext: /rel="next"/.test(header), hasLinks: header !== "" };
  return { ...links, ...(last === undefined ? {} : { last: Number(last) }) };
}

function listingError(
  operation: "listPackages" | "listVersions",
  owner: string,
  subject: PackageRef | { readonly type: string },
  { status, message, headers }: Answer,
): GitHubError {
  return new GitHubError(explainRefusal({ operation, owner, subject, status, message, headers }), status);
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => unknown): readonly T[] {
  const seen = new Map<unknown, T>();
  for (const value of values) if (!seen.has(key(value))) seen.set(key(value), value);
  return [...seen.values()];
}
