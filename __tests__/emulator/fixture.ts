import type { EmulatorData, VersionData } from "../../emulator/data";
import { imageManifest, multiArch, versionOf } from "../../emulator/images";
import { type Emulator, startEmulator } from "../../emulator/server";

export const PAT = "monas-pat";
export const GITHUB_TOKEN = "job-token";

/** What came back: the body parsed if it is JSON, the text if not, undefined if there is none. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

/** Starts an emulator that ends with the test. */
export async function start(changes: Partial<EmulatorData> = {}): Promise<Emulator> {
  const emulator = await startEmulator({ ...acme(), ...changes });
  running.push(emulator);
  return emulator;
}

/** One request to the API, with `PAT` unless another token is given; `null`: without any. */
export async function ask(
  emulator: Emulator,
  method: string,
  path: string,
  token: string | null = PAT,
): Promise<Reply> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return reply(await fetch(`${emulator.url}${path}`, { method, headers }));
}

export async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const body = text === "" ? undefined : isJson ? (JSON.parse(text) as unknown) : text;
  return { status: response.status, headers: response.headers, body };
}

/** An answer in short: its status and GitHub's message, `done` if there is none. */
export function answered({ status, body }: Reply): string {
  return `${status} ${(body as { message?: string } | undefined)?.message ?? "done"}`;
}

/** An organization `acme`, a user `mona`, and packages of several types for both. */
export function acme(): EmulatorData {
  return {
    owners: [
      { login: "acme", type: "Organization" },
      { login: "mona", type: "User" },
    ],
    tokens: [
      {
        kind: "pat",
        token: PAT,
        login: "mona",
        scopes: ["repo", "write:packages", "delete:packages"],
      },
      {
        kind: "github-token",
        token: GITHUB_TOKEN,
        repository: "acme/app",
        packages: "write",
        admin: ["app"],
      },
    ],
    packages: [
      { owner: "acme", type: "container", name: "app", repository: "acme/app", versions: appVersions() },
      { owner: "acme", type: "npm", name: "@acme/tools", visibility: "public", versions: toolsVersions() },
      { owner: "acme", type: "docker", name: "old", versions: [dockerVersion("1"), dockerVersion("2")] },
      {
        owner: "mona",
        type: "container",
        name: "site",
        visibility: "public",
        repository: "mona/site",
        versions: siteVersions(),
      },
      { owner: "mona", type: "container", name: "secret", versions: siteVersions() },
    ],
  };
}

/** A tagged image of one layer. */
export function image(seed: string, tags: readonly string[], createdAt = "5d ago"): VersionData {
  return versionOf(imageManifest(seed), { tags: [...tags], createdAt });
}

/** Ids 1 to 5: two untagged images, their tagged index `v1`, the deleted `pr-1`, and `v2`. */
function appVersions(): VersionData[] {
  const { versions } = multiArch("app", { tags: ["v1"], createdAt: "20d ago" }, { attestations: false });
  return [
    ...versions.map((version, index) => ({ ...version, id: index + 1 })),
    { ...image("app pr-1", ["pr-1"], "10d ago"), id: 4, deletedAt: "2d ago" },
    { ...image("app v2", ["v2"], "1d ago"), id: 5 },
  ];
}

function toolsVersions(): VersionData[] {
  return [
    { id: 11, name: "1.0.0", createdAt: "2025-01-01T00:00:00Z", downloads: 5001, license: "MIT" },
    { id: 12, name: "1.1.0", createdAt: "2025-02-01T00:00:00Z", description: "Tools" },
    { id: 13, name: "1.2.0", createdAt: "2025-03-01T00:00:00Z", deletedAt: "1d ago" },
  ];
}

function dockerVersion(name: string): VersionData {
  return { id: 20 + Number(name), name, tags: [name, "latest"], createdAt: "90d ago" };
}

function siteVersions(): VersionData[] {
  return [
    image("site 1", ["one"], "9d ago"),
    image("site 2", ["two"], "8d ago"),
    { ...image("site 3", ["three"], "7d ago"), deletedAt: "1d ago" },
  ];
}
