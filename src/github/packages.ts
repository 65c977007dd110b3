import type { PackageRef, PackageType, PackageVersion } from "../model/package-version";
import type { Turn } from "../net/stop";
import { type Account, pagesOf } from "./account";
import type { GitHub } from "./github";
import { GitHubError } from "./github-error";
import { listPackages, listVersions, type PackageSummary } from "./listing";
import { otherSpelling } from "./npm-name";
import {
  type BoundPackage,
  type DeleteResult,
  deletePackage,
  deleteVersion,
  getPackage,
  getVersion,
  type PackageResult,
  type RestoreResult,
  restorePackage,
  restoreVersion,
} from "./package-operations";
import { type AskPackage, createAskPackage } from "./private-packages";

/** The packages of one account. */
export interface Packages {
  /** The account's login, as GitHub writes it. */
  readonly owner: string;
  /** All packages of a type. Throws GitHubError, which says which tokens may list. */
  list(type: PackageType): Promise<readonly PackageSummary[]>;
  /** The client of one package; asks nothing. */
  of(pkg: PackageRef): PackageClient;
  /** The package by the spelling of its name that there is, and its active versions; throws as `PackageClient.list`. */
  find(pkg: PackageRef): Promise<FoundPackage>;
}

export interface FoundPackage {
  readonly client: PackageClient;
  readonly versions: readonly PackageVersion[];
}

/** One package of an account. What deletes and restores never throws for what GitHub answers. */
export interface PackageClient {
  readonly pkg: PackageRef;
  /** `owner/name` in lower case, as the container registry has it. */
  readonly repository: string;
  /** The address of its settings, for messages. */
  readonly settingsUrl: string;
  /** All versions in the order of the listing. Throws GitHubError: a list is whole or there is none. */
  list(state: "active" | "deleted"): Promise<readonly PackageVersion[]>;
  /** One version; throws GitHubError for an answer that tells nothing (see `getVersion`). */
  getVersion(id: number): Promise<PackageVersion | "gone" | "hidden">;
  deleteVersion(id: number, turn?: Turn): Promise<DeleteResult>;
  restoreVersion(id: number, turn?: Turn): Promise<RestoreResult>;
  getPackage(): Promise<PackageResult>;
  deletePackage(turn?: Turn): Promise<DeleteResult>;
  restorePackage(turn?: Turn): Promise<RestoreResult>;
}

/** The packages of an account, behind GitHub's API. Messages name their pages on the server at `serverUrl`. */
export function createPackages(github: GitHub, account: Account, serverUrl: string): Packages {
  const { login: owner } = account;
  const ask = createAskPackage(github, account);
  const pages = pagesOf(account, serverUrl);
  const of = (pkg: PackageRef) => createClient(ask, owner, pkg, pages.ofSettings(pkg));

  async function find(pkg: PackageRef): Promise<FoundPackage> {
    const client = of(pkg);
    try {
      return { client, versions: await client.list("active") };
    } catch (error) {
      const other = otherSpelling(pkg, owner);
      if (!other || !(error instanceof GitHubError) || error.status !== 404) throw error;
      // The error is about the name as it was given.
      const versions = await unlessRefused(of(other).list("active"));
      if (!versions) throw error;
      return { client: of(other), versions };
    }
  }

  return {
    owner,
    list: (type) => listAll(github, account, type),
    of,
    find,
  };
}

/** Below /user, too, where a user's packages are not listed below /users/{name}: see `createAskPackage`. */
async function listAll(
  github: GitHub,
  account: Account,
  type: PackageType,
): Promise<readonly PackageSummary[]> {
  const listBy = (by: Account) =>
    listPackages(account.login, type, (page) =>
      github.ask("listPackages", by, { package_type: type, ...page }),
    );
  try {
    return await listBy(account);
  } catch (error) {
    if (account.kind !== "user" || !(error instanceof GitHubError) || ![403, 404].includes(error.status))
      throw error;
    const own = (await unlessRefused(listBy({ ...account, kind: "self" }))) ?? [];
    const ofUser = own.filter(({ owner }) => owner?.toLowerCase() === account.login.toLowerCase());
    if (ofUser.length === 0) throw error;
    return ofUser;
  }
}

/** What GitHub does not show there is undefined; what stops the run, and GitHub's trouble, are thrown. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitHubError && [401, 403, 404].includes(error.status)) return undefined;
    throw error;
  }
}

function createClient(ask: AskPackage, owner: string, pkg: PackageRef, settingsUrl: string): PackageClient {
  const named = { package_type: pkg.type, package_name: pkg.name };
  const bound: BoundPackage = {
    owner,
    pkg,
    settingsUrl,
    ask: (operation, id, turn) => {
      const parameters = id === undefined ? named : { ...named, package_version_id: id };
      return ask(operation, pkg, parameters, turn);
    },
  };
  return {
    pkg,
    repository: `${owner}/${pkg.name}`.toLowerCase(),
    settingsUrl,
    list: (state) => listVersions(bound, (page) => ask("listVersions", pkg, { ...named, state, ...page })),
    getVersion: (id) => getVersion(bound, id),
    deleteVersion: (id, turn) => deleteVersion(bound, id, turn),
    restoreVersion: (id, turn) => restoreVersion(bound, id, turn),
    getPackage: () => getPackage(bound),
    deletePackage: (turn) => deletePackage(bound, turn),
    restorePackage: (turn) => restorePackage(bound, turn),
  };
}
