import type { Account } from "./account";
import type { Answer, GitHub } from "./github";
import { GitHubError, wayOut } from "./github-error";

/** Looks up what an owner is. Throws GitHubError for an unknown owner and for answers that do not tell. */
export async function resolveAccount(github: GitHub, owner: string): Promise<Account> {
  const answer = await github.get("/users/{username}", { username: owner });
  const { login, type } = profile(answer);
  if (answer.status !== 200 || !login) throw ownerError(owner, answer);
  if (type === "Organization") return { login, kind: "org" };
  const own = await github.get("/user", {});
  // Tokens of a job or an App have no user: GitHub refuses the question.
  if (![200, 401, 403, 404].includes(own.status)) throw ownerError(owner, own);
  const isSelf = own.status === 200 && profile(own).login?.toLowerCase() === login.toLowerCase();
  return { login, kind: isSelf ? "self" : "user" };
}

function profile({ data }: Answer): { login?: string; type?: string } {
  return typeof data === "object" && data !== null ? data : {};
}

function ownerError(owner: string, answer: Answer): GitHubError {
  if (answer.status === 404) {
    return new GitHubError(`There is no user or organization "${owner}": check the input owner.`, 404);
  }
  const what = answer.status === 0 ? answer.message : `GitHub answered ${answer.status}: ${answer.message}`;
  const help = wayOut({ operation: "owner", ...answer });
  return new GitHubError(`Cannot look up the owner "${owner}": ${what}. ${help}`.trim(), answer.status);
}
