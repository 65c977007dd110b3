import { isObject } from "../model/json";
import type { PackageRef } from "../model/package-version";
import type { Turn } from "../net/stop";
import type { Account } from "./account";
import type { Answer, GitHub, Operation, Parameters } from "./github";
import { saysGone } from "./gone";
import { isLimit } from "./rate-limit";

/** Sends an operation on a package of an account. */
export type AskPackage = (
  operation: Operation,
  pkg: PackageRef,
  parameters: Parameters,
  turn?: Turn,
) => Promise<Answer>;

/**
 * Sends operations to where GitHub shows the package to the token. A user's private packages are shown to some tokens
 * below /user and not below /users/{name}, or may be changed only there: it is asked once for each package that is
 * refused, and used where what it shows belongs to that user.
 */
export function createAskPackage(github: GitHub, account: Account): AskPackage {
  const own: Account = { ...account, kind: "self" };
  const isOwn = new Map<string, Promise<boolean>>();

  async function belongsToUser({ type, name }: PackageRef): Promise<boolean> {
    const answer = await github.ask("getPackage", own, { package_type: type, package_name: name });
    return answer.status === 200 && isOwnedBy(answer.data, account);
  }

  return async (operation, pkg, parameters, turn) => {
    const ask = (by: Account) => github.ask(operation, by, parameters, turn);
    const key = `${pkg.type}/${pkg.name}`;
    if (await isOwn.get(key)) return ask(own);
    const answer = await ask(account);
    if (account.kind !== "user" || !mayBeHidden(answer)) return answer;
    const asked = isOwn.get(key) ?? belongsToUser(pkg);
    isOwn.set(key, asked);
    return (await asked) ? ask(own) : answer;
  };
}

/** Whether a package, as GitHub describes it, is the account's. */
function isOwnedBy(payload: unknown, { login }: Account): boolean {
  const owner = isObject(payload) ? payload.owner : undefined;
  const named = isObject(owner) ? owner.login : undefined;
  return typeof named === "string" && named.toLowerCase() === login.toLowerCase();
}

/** A refusal that may be about the path and not about what it leads to. */
function mayBeHidden(answer: Answer): boolean {
  return [403, 404].includes(answer.status) && !isLimit(answer) && !saysGone(answer);
}
