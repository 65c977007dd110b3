import type { EmulatorData, PackageData, VersionData } from "../emulator/data";

export const TOKEN = "bench-token";
export const OWNER = "octo-org";

const MINUTE = 60_000;

/** An organization with one package, and a token that may do everything. */
export function world(
  versions: VersionData[],
  settings: Partial<EmulatorData> & { readonly type?: PackageData["type"] } = {},
): EmulatorData {
  const { type = "npm", ...others } = settings;
  const scopes = ["read:packages", "write:packages", "delete:packages"];
  return {
    owners: [
      { login: OWNER, type: "Organization" },
      { login: "octocat", type: "User" },
    ],
    tokens: [{ kind: "pat", token: TOKEN, login: "octocat", scopes }],
    packages: [{ owner: OWNER, type, name: "app", versions }],
    ...others,
  };
}

/** npm versions, one a minute, the last one ten days ago. */
export function npmVersions(count: number, nameOf: (index: number) => string): VersionData[] {
  const newest = Date.now() - 10 * 24 * 60 * MINUTE;
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: nameOf(index),
    createdAt: new Date(newest - (count - index) * MINUTE).toISOString(),
  }));
}
