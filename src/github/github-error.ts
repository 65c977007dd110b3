import type { PackageRef } from "../model/package-version";
import { actionsAccess, hasRightsOfRepository } from "../report/package-pages";
import type { Headers } from "./budget";
import { nameHint } from "./name-hint";
import { isLimit } from "./rate-limit";

export type RefusedOperation =
  | "owner"
  | "listPackages"
  | "getPackage"
  | "deletePackage"
  | "restorePackage"
  | "listVersions"
  | "getVersion"
  | "deleteVersion"
  | "restoreVersion";

export interface RefusedAnswer {
  readonly operation: RefusedOperation;
  /** 0: no answer at all. */
  readonly status: number;
  readonly message: string;
  readonly headers: Headers;
}

export interface Refusal extends RefusedAnswer {
  readonly owner: string;
  /** The package, or where all of a type were asked for, the type. */
  readonly subject: PackageRef | { readonly type: string };
  readonly version?: number;
  /** The address of the package's settings; where the answer is about one package. */
  readonly settingsUrl?: string;
}

/** GitHub's answer does not let the run, or one package of it, continue. `status` is 0 without an answer. */
export class GitHubError extends Error {
  override readonly name = "GitHubError";
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

const DOES: Readonly<Record<RefusedOperation, string>> = {
  owner: "look up",
  listPackages: "list",
  getPackage: "read",
  deletePackage: "delete",
  restorePackage: "restore",
  listVersions: "list the versions of",
  getVersion: "read",
  deleteVersion: "delete",
  restoreVersion: "restore",
};

const LIST_WAY =
  "GITHUB_TOKEN cannot list packages: name them in the input packages, without globs, or use a classic personal " +
  "access token with read:packages.";

/** What the rights on a package hang on. */
export interface Access {
  readonly type?: string;
  /** The address of the package's settings. */
  readonly settingsUrl?: string | undefined;
}

function findWay(access: Access): string {
  if (hasRightsOfRepository(access.type))
    return `Check the name and the package-type. ${repositoryWay(access, "read", "")}`;
  return (
    "Check the name and the package-type. A private package of a user is shown only to a token of that user; with " +
    `GITHUB_TOKEN the repository needs a role under ${actionsAccess(access.settingsUrl)}.`
  );
}

function readWay(access: Access): string {
  if (hasRightsOfRepository(access.type)) return repositoryWay(access, "read", "");
  return (
    'With GITHUB_TOKEN: give the job "permissions: packages: read", and this repository a role under ' +
    `${actionsAccess(access.settingsUrl)}. With a classic personal access token: it needs read:packages.`
  );
}

/** The way out where the right to `delete` or to restore (`write`) is missing. */
function adminWay(scope: "delete" | "write", access: Access): string {
  if (hasRightsOfRepository(access.type))
    return repositoryWay(
      access,
      "write",
      ` and ${scope}:packages, and its owner the Admin role on the repository`,
    );
  return (
    'With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under ' +
    `${actionsAccess(access.settingsUrl)}. With a classic personal access token: it needs read:packages and ` +
    `${scope}:packages, and its owner the Admin role on the package.`
  );
}

/** Packages of some types have no settings of their own (packages reference, "Tokens"). */
function repositoryWay({ type }: Access, permission: "read" | "write", more: string): string {
  return (
    `Packages of type ${type} have the rights of their repository. With GITHUB_TOKEN: run the action in that repository, ` +
    `and give the job "permissions: packages: ${permission}". With a classic personal access token: it needs repo, ` +
    `read:packages${more}.`
  );
}

/** The way out where versions of a package cannot be restored since the token lacks a right. */
export function restoreRights(access: Access): string {
  return adminWay("write", access);
}

const SLOW_DOWN =
  "GitHub keeps asking to slow down: run the action again later, or with a lower `deletes-per-minute`.";

/** One message for what GitHub refused: what, of which package, its own words, and the way out. */
export function explainRefusal(refusal: Refusal): string {
  const { operation, status, message } = refusal;
  const answer = status === 0 ? "GitHub did not answer" : `GitHub answered ${status}`;
  const sentence = `Cannot ${DOES[operation]} ${subjectOf(refusal)}: ${answer}: ${message.replace(/\.$/, "")}.`;
  return [sentence, hintOf(refusal), wayOut(refusal, accessOf(refusal))]
    .filter((part) => part !== "")
    .join(" ");
}

/** A package that was deleted has no settings: its owner's list the deleted ones. */
function accessOf({ operation, subject, settingsUrl }: Refusal): Access {
  return { type: subject.type, ...(operation === "restorePackage" ? {} : { settingsUrl }) };
}

function hintOf({ operation, status, subject, owner }: Refusal): string {
  if (status !== 404 || needsAdmin(operation) || !("name" in subject)) return "";
  return nameHint(subject.name, owner);
}

function subjectOf({ subject, version, owner }: Refusal): string {
  if (!("name" in subject)) return `the ${subject.type} packages of ${owner}`;
  const named = `the ${subject.type} package ${owner}/${subject.name}`;
  return version === undefined ? named : `version ${version} of ${named}`;
}

/** What to do about a refusal; empty where there is nothing to do but to try again later. */
export function wayOut(answer: RefusedAnswer, access: Access = {}): string {
  const { status, operation } = answer;
  if (status === 401) return "The token is not valid (expired, revoked or mistyped): check the input token.";
  if (isLimit(answer)) return SLOW_DOWN;
  if (status === 403 && isSaml(answer)) return samlWay(answer);
  if (operation === "listPackages" && [400, 403, 404].includes(status)) return LIST_WAY;
  if (status === 403 || (status === 404 && needsAdmin(operation))) return roleWay(operation, access);
  if (status === 404) return findWay(access);
  if (status < 400 || status >= 500) return "Run the action again later.";
  return "Run the action again later; if the answer is the same, contact GitHub support.";
}

function needsAdmin(operation: RefusedOperation): boolean {
  return /^(delete|restore)/.test(operation);
}

function roleWay(operation: RefusedOperation, access: Access): string {
  if (operation === "owner") return "";
  if (!needsAdmin(operation)) return readWay(access);
  return adminWay(operation.startsWith("delete") ? "delete" : "write", access);
}

function isSaml({ message, headers }: RefusedAnswer): boolean {
  return /\bSAML\b/.test(message) || headers["x-github-sso"] !== undefined;
}

/** The header is `required; url=https://github.com/orgs/…/sso?…`. */
function samlWay({ headers }: RefusedAnswer): string {
  const url = /\burl=(\S+)/.exec(String(headers["x-github-sso"] ?? ""))?.[1];
  const where = url ? ` at ${url}` : ' under "Configure SSO" in the settings of the token';
  return `The organization enforces SAML single sign-on: authorize the token for it${where}.`;
}
