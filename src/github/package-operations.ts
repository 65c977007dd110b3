import type { PackageRef, PackageVersion } from "../model/package-version";
import type { Answer, GitHub, Operation, Parameters } from "./github";
import { explainRefusal, GitHubError } from "./github-error";
import { type PackageSummary, parsePackage } from "./listing";
import type { Account } from "./owner";
import { parseVersion } from "./version-payload";

/**
 * Why something was not done. `not-found`: GitHub shows nothing there, or not to this token. `refused`: a rule of
 * GitHub's own (downloads, last tagged version, last version). `forbidden`: the token lacks a right, or GitHub keeps
 * asking to slow down. `failed`: anything else. `message` is whole sentences with the way out; for `refused` it is GitHub's own words.
 */
export interface NotDone {
  readonly kind: "not-found" | "refused" | "forbidden" | "failed";
  readonly message: string;
}

export type DeleteResult = { readonly kind: "deleted" } | NotDone;
export type RestoreResult = { readonly kind: "restored" } | NotDone;
export type PackageResult = { readonly kind: "found"; readonly package: PackageSummary } | NotDone;

const GITHUB_RULE =
  /more than [\d,.]+ downloads|last (tagged )?version of a package|older than 30 days|namespace|already (exists|taken)/i;

/** One version, or `gone` where GitHub shows none. Throws GitHubError for every other answer. */
export async function getVersion(
  github: GitHub,
  account: Account,
  pkg: PackageRef,
  id: number,
): Promise<PackageVersion | "gone"> {
  const answer = await github.ask("getVersion", account, versionParameters(pkg, id));
  if (answer.status === 404) return "gone";
  if (answer.status !== 200)
    throw new GitHubError(explain("getVersion", account, pkg, answer, id), answer.status);
  try {
    return parseVersion(answer.data, pkg.type);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GitHubError(
      `Version ${id} of ${pkg.name} makes no sense: ${reason}. Run the action again later.`,
      answer.status,
    );
  }
}

/** Deletes one version. Never throws for what GitHub answers; rejects with BudgetExhausted or when cancelled. */
export async function deleteVersion(
  github: GitHub,
  account: Account,
  pkg: PackageRef,
  id: number,
): Promise<DeleteResult> {
  const parameters = versionParameters(pkg, id);
  const answer = await github.ask("deleteVersion", account, parameters);
  const done = isSuccess(answer) || (await deletedBefore(answer, github, "getVersion", account, parameters));
  return done ? { kind: "deleted" } : notDone("deleteVersion", account, pkg, answer, id);
}

/** Deletes a package as a whole; as `deleteVersion`. */
export async function deletePackage(
  github: GitHub,
  account: Account,
  pkg: PackageRef,
): Promise<DeleteResult> {
  const parameters = packageParameters(pkg);
  const answer = await github.ask("deletePackage", account, parameters);
  const done = isSuccess(answer) || (await deletedBefore(answer, github, "getPackage", account, parameters));
  return done ? { kind: "deleted" } : notDone("deletePackage", account, pkg, answer);
}

/** Restores one version; as `deleteVersion`. */
export async function restoreVersion(
  github: GitHub,
  account: Account,
  pkg: PackageRef,
  id: number,
): Promise<RestoreResult> {
  const parameters = versionParameters(pkg, id);
  const answer = await github.ask("restoreVersion", account, parameters);
  const done = isSuccess(answer) || (await restoredBefore(answer, github, "getVersion", account, parameters));
  return done ? { kind: "restored" } : notDone("restoreVersion", account, pkg, answer, id);
}

/** Restores a package that was deleted as a whole; as `deleteVersion`. */
export async function restorePackage(
  github: GitHub,
  account: Account,
  pkg: PackageRef,
): Promise<RestoreResult> {
  const parameters = packageParameters(pkg);
  const answer = await github.ask("restorePackage", account, parameters);
  const done = isSuccess(answer) || (await restoredBefore(answer, github, "getPackage", account, parameters));
  return done ? { kind: "restored" } : notDone("restorePackage", account, pkg, answer);
}

/** One package. Throws GitHubError only for an answer that makes no sense. */
export async function getPackage(github: GitHub, account: Account, pkg: PackageRef): Promise<PackageResult> {
  const answer = await github.ask("getPackage", account, packageParameters(pkg));
  if (answer.status === 200) return { kind: "found", package: parsePackage(answer.data) };
  return notDone("getPackage", account, pkg, answer);
}

function packageParameters({ type, name }: PackageRef): Parameters {
  return { package_type: type, package_name: name };
}

function versionParameters(pkg: PackageRef, id: number): Parameters {
  return { ...packageParameters(pkg), package_version_id: id };
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/**
 * Whether an earlier try deleted it, although GitHub answered with an error: the next try finds nothing. It is asked
 * for again, since a token without the right to delete gets a 404 too.
 */
async function deletedBefore(
  { status, retried }: Answer,
  github: GitHub,
  operation: Operation,
  account: Account,
  parameters: Parameters,
): Promise<boolean> {
  return status === 404 && retried && (await github.ask(operation, account, parameters)).status === 404;
}

/** Whether an earlier try restored it, although GitHub answered with an error. */
async function restoredBefore(
  { status, retried }: Answer,
  github: GitHub,
  operation: Operation,
  account: Account,
  parameters: Parameters,
): Promise<boolean> {
  const refused = status >= 400 && status < 500;
  return refused && retried && isSuccess(await github.ask(operation, account, parameters));
}

function notDone(
  operation: Operation,
  account: Account,
  pkg: PackageRef,
  answer: Answer,
  id?: number,
): NotDone {
  const kind = kindOf(answer);
  return {
    kind,
    message: kind === "refused" ? answer.message : explain(operation, account, pkg, answer, id),
  };
}

function kindOf({ status, message }: Answer): NotDone["kind"] {
  if ([400, 409, 422].includes(status) && GITHUB_RULE.test(message)) return "refused";
  if (status === 404) return "not-found";
  return [401, 403, 429].includes(status) ? "forbidden" : "failed";
}

function explain(
  operation: Operation,
  account: Account,
  pkg: PackageRef,
  answer: Answer,
  id?: number,
): string {
  const { status, message, headers } = answer;
  const refusal = { operation, owner: account.login, subject: pkg, status, message, headers };
  return explainRefusal(id === undefined ? refusal : { ...refusal, version: id });
}
