import { execFileSync } from "node:child_process";

type Env = Readonly<Record<string, string | undefined>>;

/** Longer than this, `gh` waits for somebody. */
const LONGEST_WAIT_MS = 10_000;

/** What is said where there is none. */
export const NO_TOKEN = "there is no token: set GITHUB_TOKEN or GH_TOKEN, or log in with `gh auth login`";

/** A person's token: `GITHUB_TOKEN`, else `GH_TOKEN`, else what `gh auth token` prints for the server. */
export function findToken(env: Env, serverUrl: string): string | undefined {
  return env.GITHUB_TOKEN?.trim() || env.GH_TOKEN?.trim() || tokenOfGh(env, serverUrl);
}

function tokenOfGh(env: Env, serverUrl: string): string | undefined {
  const host = URL.canParse(serverUrl) ? new URL(serverUrl).host : "github.com";
  try {
    const token = execFileSync("gh", ["auth", "token", "--hostname", host], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
      timeout: LONGEST_WAIT_MS,
    });
    return token.trim() || undefined;
  } catch {
    return undefined;
  }
}
