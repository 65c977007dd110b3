import { messageOf } from "../model/error-message";
import type { PackageRef, PackageVersion } from "../model/package-version";
import type { StopReason } from "../net/stop";
import type { Account } from "./account";
import type { Answer, GitHub, Operation, Parameters } from "./github";
import { explainRefusal, GitHubError } from "./github-error";
import { type PackageSummary, parsePackage } from "./listing";
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

/**
 * One version; `gone` where it is not there; `hidden` where GitHub does not show the token the package (any more), so
 * that nothing can be told. Throws GitHubError for every other answer.
 */
export async function getVersion(
  github: GitHub,
  account: Account,
  pkg: PackageRef,
  id: number,
): Promise<PackageVersion | "gone" | "hidden"> {
  const answer = await github.ask("getVersion", account, versionParameters(pkg, id));
  if (answer.status === 404) return (await isGone(answer, github, account, pkg)) ? "gone" : "hidden";
  if (answer.status !== 200)
    throw new GitHubError(explain("getVersion", account, pkg, answer, id), answer.status);
  try {
    return parseVersion(answer.data, pkg.type);
  } catch (error) {
    const reason = messageOf(error);
    throw new GitHubError(
      `Version ${id} of ${pkg.name} makes no sense: ${reason}. Run the action again later.`,
      answer.status,
    );
  }
}

/** Whether an answer for a version says that it is gone: whom GitHub does not show a package, it answers 404 as well. */
async function isGone(
  { status, message }: Answer,
  github: GitHub,
  account: Account,
  pkg: PackageRef,
): Promise<boolean> {
  if (status !== 404) return false;
  if (/version not found/i.test(message)) return true;
  return (await github.ask("getPackage", account, packageParameters(pkg))).status === 200;
}

/**
 * Deletes one version. Never throws for what GitHub answers; rejects with BudgetExhausted, Stopped (with a
 * `stopReason`) or when cancelled.
 */
export async function deleteVersion(
  github: GitHub,
  account: Account,
  pkg: PackageRef,
  id: number,
  stopReason?: StopReason,
): Promise<DeleteResult> {
  const parameters = versionParameters(pkg, id);
  const answer = await github.ask("deleteVersion", account, parameters, stopReason);
  const now = isUnclear(answer) ? await github.ask("getVersion", account, parameters) : undefined;
  const done = isDone(answer) || (now !== undefined && (await isGone(now, github, account, pkg)));
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
  const now = isUnclear(answer) ? await github.ask("getPackage", account, parameters) : undefined;
  const done = isDone(answer) || now?.status === 404;
  return done ? { kind: "deleted" } : notDone("deletePackage", account, pkg, answer);
}

/** Restores one version; as `deleteVersion`. */
export async function restoreVersion(
  github: GitHub,
  account: Account,
  pkg: PackageRef,
  id: number,
  stopReason?: StopReason,
): Promise<RestoreResult> {
  const parameters = versionParameters(pkg, id);
  const answer = await github.ask("restoreVersion", account, parameters, stopReason);
  const done = isDone(answer) || (await isThere(answer, github, "getVersion", account, parameters));
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
  const done = isDone(answer) || (await isThere(answer, github, "getPackage", account, parameters));
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

/** GitHub's one answer to a write that it did. A page of something in between may have the status 200 as well. */
function isDone({ status }: Answer): boolean {
  return status === 204;
}

/**
 * Whether a write may have been done although GitHub did not say so: an earlier try of it, or this one where no answer
 * of GitHub's own came back.
 */
function isUnclear(answer: Answer): boolean {
  const { status, retried } = answer;
  return !isDone(answer) && (status < 400 || status >= 500 || (retried && status === 404));
}

/** Whether something was restored although GitHub did not say so. */
async function isThere(
  answer: Answer,
  github: GitHub,
  operation: Operation,
  account: Account,
  parameters: Parameters,
): Promise<boolean> {
  const wasTried = answer.retried && answer.status < 500;
  if (!wasTried && !isUnclear(answer)) return false;
  return (await github.ask(operation, account, parameters)).status === 200;
}

function notDone(
  operation: Operation,
  account: Account,
  pkg: PackageRef,
  answer: Answer,
  id?: number,
): NotDone {
  const kind = kindOf(answer);
  if (kind === "refused") return { kind, message: answer.message };
  const isStrange = answer.status > 0 && answer.status < 400;
  const said = isStrange ? { ...answer, message: "this is not how GitHub confirms it" } : answer;
  return { kind, message: explain(operation, account, pkg, said, id) };
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
