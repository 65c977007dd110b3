import { messageOf } from "../model/error-message";
import type { PackageRef, PackageVersion } from "../model/package-version";
import type { Turn } from "../net/stop";
import type { Answer, Operation } from "./github";
import { explainRefusal, GitHubError } from "./github-error";
import { saysGone } from "./gone";
import { type PackageSummary, parsePackage } from "./listing";
import { parseVersion } from "./version-payload";

/** One package of an account, as requests name it; what `ask` sends names the package already. */
export interface BoundPackage {
  readonly owner: string;
  readonly pkg: PackageRef;
  /** The address of its settings. */
  readonly settingsUrl: string;
  /** Sends one operation on the package, or on one of its versions. */
  ask(operation: Operation, version?: number, turn?: Turn): Promise<Answer>;
}

/**
 * Why something was not done. `gone`: GitHub says of the version that there is none. `not-found`: any other 404, by which
 * GitHub shows nothing there, or not to this token. `refused`: a rule of GitHub's own (downloads, last tagged version,
 * last version). `forbidden`: the token lacks a right, or GitHub keeps asking to slow down. `failed`: anything else.
 */
export interface NotDone {
  readonly kind: "gone" | "not-found" | "refused" | "forbidden" | "failed";
  /** GitHub's; 0 where it did not answer. */
  readonly status: number;
  /** Whole sentences with the way out; for `refused` GitHub's own words. */
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
  bound: BoundPackage,
  id: number,
): Promise<PackageVersion | "gone" | "hidden"> {
  const answer = await bound.ask("getVersion", id);
  if (answer.status === 404) return (await isGone(answer, bound)) ? "gone" : "hidden";
  if (answer.status !== 200) throw new GitHubError(explain("getVersion", bound, answer, id), answer.status);
  try {
    return parseVersion(answer.data, bound.pkg.type);
  } catch (error) {
    const reason = messageOf(error);
    throw new GitHubError(
      `Version ${id} of ${bound.pkg.name} makes no sense: ${reason}. Run the action again later.`,
      answer.status,
    );
  }
}

/** Whether an answer for a version says that it is deleted: GitHub answers 404 as well to a token that may not see the package. */
async function isGone(answer: Answer, bound: BoundPackage): Promise<boolean> {
  if (answer.status !== 404) return false;
  return saysGone(answer) || (await bound.ask("getPackage")).status === 200;
}

/**
 * Deletes one version. Never throws for what GitHub answers; rejects with BudgetExhausted, Stopped (by the `turn`) or
 * when cancelled.
 */
export async function deleteVersion(bound: BoundPackage, id: number, turn?: Turn): Promise<DeleteResult> {
  const answer = await bound.ask("deleteVersion", id, turn);
  // The list shows deleted versions for days: what GitHub says here counts, whatever else shows the version.
  if (saysGone(answer)) return answer.retried ? DELETED : notDone("deleteVersion", bound, answer, id);
  const now = isUnclear(answer) ? await bound.ask("getVersion", id) : undefined;
  const done = isDone(answer) || (now !== undefined && (await isGone(now, bound)));
  return done ? DELETED : notDone("deleteVersion", bound, answer, id);
}

/** Deletes a package as a whole; as `deleteVersion`. */
export async function deletePackage(bound: BoundPackage, turn?: Turn): Promise<DeleteResult> {
  const answer = await bound.ask("deletePackage", undefined, turn);
  const now = isUnclear(answer) ? await bound.ask("getPackage") : undefined;
  const done = isDone(answer) || now?.status === 404;
  return done ? DELETED : notDone("deletePackage", bound, answer);
}

/** Restores one version; as `deleteVersion`. */
export async function restoreVersion(bound: BoundPackage, id: number, turn?: Turn): Promise<RestoreResult> {
  const answer = await bound.ask("restoreVersion", id, turn);
  const done = isDone(answer) || (await isThere(answer, () => bound.ask("getVersion", id)));
  return done ? RESTORED : notDone("restoreVersion", bound, answer, id);
}

/** Restores a package that was deleted as a whole; as `deleteVersion`. */
export async function restorePackage(bound: BoundPackage, turn?: Turn): Promise<RestoreResult> {
  const answer = await bound.ask("restorePackage", undefined, turn);
  const done = isDone(answer) || (await isThere(answer, () => bound.ask("getPackage")));
  return done ? RESTORED : notDone("restorePackage", bound, answer);
}

/** One package. Throws GitHubError only for an answer that makes no sense. */
export async function getPackage(bound: BoundPackage): Promise<PackageResult> {
  const answer = await bound.ask("getPackage");
  if (answer.status === 200) return { kind: "found", package: parsePackage(answer.data) };
  return notDone("getPackage", bound, answer);
}

const DELETED = { kind: "deleted" } as const;
const RESTORED = { kind: "restored" } as const;

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
async function isThere(answer: Answer, look: () => Promise<Answer>): Promise<boolean> {
  const wasTried = answer.retried && answer.status < 500;
  if (!wasTried && !isUnclear(answer)) return false;
  return (await look()).status === 200;
}

function notDone(operation: Operation, bound: BoundPackage, answer: Answer, id?: number): NotDone {
  const kind = kindOf(answer);
  const { status } = answer;
  if (kind === "refused") return { kind, status, message: answer.message };
  const isStrange = status > 0 && status < 400;
  const said = isStrange ? { ...answer, message: "this is not how GitHub confirms it" } : answer;
  return { kind, status, message: explain(operation, bound, said, id) };
}

function kindOf(answer: Answer): NotDone["kind"] {
  const { status, message } = answer;
  if ([400, 409, 422].includes(status) && GITHUB_RULE.test(message)) return "refused";
  if (status === 404) return saysGone(answer) ? "gone" : "not-found";
  return [401, 403, 429].includes(status) ? "forbidden" : "failed";
}

function explain(
  operation: Operation,
  { owner, pkg, settingsUrl }: BoundPackage,
  answer: Answer,
  id?: number,
): string {
  const { status, message, headers } = answer;
  const refusal = { operation, owner, subject: pkg, status, message, headers, settingsUrl };
  return explainRefusal(id === undefined ? refusal : { ...refusal, version: id });
}
