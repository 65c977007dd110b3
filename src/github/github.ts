import type { Outlook } from "../model/outlook";
import { type Clock, systemClock } from "../net/clock";
import { AnswerTooLarge, causeOf, createFetch } from "../net/fetch";
import { createGate } from "../net/gate";
import type { Log } from "../net/log";
import { paceSettings } from "../net/pace";
import { IMPATIENT, type Patience } from "../net/patience";
import { type Attempt, parseRetryAfter, RETRY_DEFAULTS, type RetryOptions, withRetries } from "../net/retry";
import { createServerClock } from "../net/server-clock";
import type { Turn } from "../net/stop";
import type { Account } from "./account";
import { type Budget, createBudgetWatch, type Headers, outlookOf } from "./budget";
import { createOctokit, type Octokit, refused } from "./octokit";

export interface GitHubOptions {
  readonly token: string;
  /** `GITHUB_API_URL`. */
  readonly baseUrl: string;
  readonly deletesPerMinute: number;
  /** Requests of the hourly limit to leave for others. */
  readonly rateLimitReserve: number;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  /** How long it may wait; without it, not for a limit's reset. */
  readonly patience?: Patience;
  readonly retry?: Partial<
    Pick<RetryOptions, "random" | "tries" | "firstDelay" | "longestDelay" | "totalDelay">
  >;
}

/** An answer of the API, whatever its status; status 0 is none at all, and `message` says why. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Headers;
  readonly message: string;
  /** An earlier try of the same request failed in a way that may have done its work all the same. */
  readonly retried: boolean;
}

export type Parameters = Readonly<Record<string, string | number>>;

export interface GitHub {
  /** Sends one operation for an account's packages. Rejects only with BudgetExhausted, Stopped, or when cancelled. */
  ask(operation: Operation, account: Account, parameters: Parameters, turn?: Turn): Promise<Answer>;
  /** Sends a GET of another path, such as `/users/{username}`; rejects as `ask` does. */
  get(path: string, parameters: Parameters): Promise<Answer>;
  /** What is left of the hourly limit; undefined where GitHub does not say. */
  budget(): Budget | undefined;
  /** Milliseconds by which GitHub's time is later than ours, by what its first answer said. */
  clockOffset(): number;
  /** When the last pause of ten seconds or more ended, or will end (epoch milliseconds by the runner's clock); 0 where there was none. */
  pausedUntil(): number;
  /** How far so many requests at the pace of the deletions come before the run has to stop. */
  outlook(requests: number): Outlook;
}

interface OperationRow {
  readonly method: "GET" | "DELETE" | "POST";
  readonly org: keyof Octokit["rest"]["packages"];
  readonly user: keyof Octokit["rest"]["packages"];
  readonly self: keyof Octokit["rest"]["packages"];
}

/** Octokit's method for each operation and kind of account. */
const OPERATIONS = {
  listPackages: {
    method: "GET",
    org: "listPackagesForOrganization",
    user: "listPackagesForUser",
    self: "listPackagesForAuthenticatedUser",
  },
  getPackage: {
    method: "GET",
    org: "getPackageForOrganization",
    user: "getPackageForUser",
    self: "getPackageForAuthenticatedUser",
  },
  deletePackage: {
    method: "DELETE",
    org: "deletePackageForOrg",
    user: "deletePackageForUser",
    self: "deletePackageForAuthenticatedUser",
  },
  restorePackage: {
    method: "POST",
    org: "restorePackageForOrg",
    user: "restorePackageForUser",
    self: "restorePackageForAuthenticatedUser",
  },
  listVersions: {
    method: "GET",
    org: "getAllPackageVersionsForPackageOwnedByOrg",
    user: "getAllPackageVersionsForPackageOwnedByUser",
    self: "getAllPackageVersionsForPackageOwnedByAuthenticatedUser",
  },
  getVersion: {
    method: "GET",
    org: "getPackageVersionForOrganization",
    user: "getPackageVersionForUser",
    self: "getPackageVersionForAuthenticatedUser",
  },
  deleteVersion: {
    method: "DELETE",
    org: "deletePackageVersionForOrg",
    user: "deletePackageVersionForUser",
    self: "deletePackageVersionForAuthenticatedUser",
  },
  restoreVersion: {
    method: "POST",
    org: "restorePackageVersionForOrg",
    user: "restorePackageVersionForUser",
    self: "restorePackageVersionForAuthenticatedUser",
  },
} as const satisfies Record<string, OperationRow>;

export type Operation = keyof typeof OPERATIONS;

type Method = (parameters: object) => Promise<OctokitResponse>;

interface OctokitResponse {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Headers;
}

type Send = () => Promise<OctokitResponse>;

/** A client for the Packages API that keeps to GitHub's limits (spec/action.md, "How a run behaves"). */
export function createGitHub(options: GitHubOptions): GitHub {
  const { deletesPerMinute, rateLimitReserve, log, signal } = options;
  const { clock: ownClock = systemClock, patience = IMPATIENT } = options;
  const clock = createServerClock(ownClock);
  const budget = createBudgetWatch(rateLimitReserve, { clock, log, patience, signal });
  const gate = createGate(paceSettings(deletesPerMinute), { clock: ownClock, patience, signal });
  const octokit = createOctokit({
    token: options.token,
    baseUrl: options.baseUrl.replace(/\/+$/, ""),
    fetch: createFetch(signal),
    gate,
    budget,
    clock,
    patience,
    log,
  });
  const retry = { ...RETRY_DEFAULTS, ...options.retry, clock, patience, signal };

  return {
    ask: (operation, account, parameters, turn) => {
      const { method } = OPERATIONS[operation];
      const request = turn ? { request: { turn } } : {};
      return send(
        method,
        () => operate(octokit, operation, account, { ...parameters, ...request }),
        { ...retry, tries: turn?.tries ?? retry.tries },
        log,
      );
    },
    get: (path, parameters) => send("GET", () => octokit.request(`GET ${path}`, parameters), retry, log),
    budget: () => budget.current(),
    clockOffset: clock.offset,
    pausedUntil: () => Math.max(gate.pausedUntil(), budget.pausedUntil() - clock.offset()),
    outlook: (requests) =>
      outlookOf(budget.current(), {
        requests,
        perMinute: deletesPerMinute,
        reserve: rateLimitReserve,
        patience,
        now: clock.now(),
      }),
  };
}

function operate(octokit: Octokit, operation: Operation, account: Account, parameters: object) {
  const method = octokit.rest.packages[OPERATIONS[operation][account.kind]] as unknown as Method;
  return method({ ...ownerParameter(account), ...parameters });
}

function ownerParameter({ kind, login }: Account): Parameters {
  if (kind === "org") return { org: login };
  return kind === "user" ? { username: login } : {};
}

async function send(method: string, request: Send, retry: RetryOptions, log: Log): Promise<Answer> {
  const { value, tries } = await withRetries(async () => {
    const attempt = await tryOnce(method, request, retry);
    if (attempt.again) log.debug(`${method} failed and may be tried again: ${attempt.value.message}`);
    return attempt;
  }, retry);
  return { ...value, retried: tries > 1 };
}

async function tryOnce(method: string, request: Send, retry: RetryOptions): Promise<Attempt<Answer>> {
  try {
    const { status, data, headers } = await request();
    const readable = method !== "GET" || (typeof data === "object" && data !== null);
    const message = readable ? "" : "the answer is not JSON";
    return {
      value: { status: readable ? status : 0, data, headers, message, retried: false },
      again: !readable,
    };
  } catch (error) {
    retry.signal?.throwIfAborted();
    return failedAttempt(error, retry.clock.now());
  }
}

function failedAttempt(error: unknown, now: number): Attempt<Answer> {
  const answer = refused(error);
  if (answer) {
    const value = { ...answer, data: undefined, retried: false };
    const retryAfter = parseRetryAfter(answer.headers["retry-after"]?.toString(), now);
    return { value, again: isFault(answer.status), retryAfter };
  }
  // Octokit gives network errors a status of 500; what is no HttpError at all (BudgetExhausted) is not ours.
  if (!(error instanceof Error) || error.name !== "HttpError") throw error;
  return {
    value: { status: 0, data: undefined, headers: {}, message: causeOf(error), retried: false },
    again: !(error.cause instanceof AnswerTooLarge),
  };
}

function isFault(status: number): boolean {
  return status >= 500;
}
