import type { EmulatorData, PackageData, TokenData } from "../../emulator/data";

/** Mona's classic personal access token, with every right. */
export const PAT = {
  kind: "pat",
  token: "monas-token",
  login: "mona",
  scopes: ["repo", "write:packages", "delete:packages"],
} satisfies TokenData;

/**
 * Data of a small GitHub: the organization `acme`, whose packages Mona administers, and the users `mona` and `hubot`. Mona's
 * token is the one that the action gets, unless others are named.
 */
export function world(packages: readonly PackageData[], changes: Partial<EmulatorData> = {}): EmulatorData {
  return {
    owners: [
      { login: "acme", type: "Organization" },
      { login: "mona", type: "User" },
      { login: "hubot", type: "User" },
    ],
    tokens: [PAT],
    packages: [...packages],
    ...changes,
  };
}
