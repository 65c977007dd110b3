import { jest } from "@jest/globals";
import type { EmulatorData, TokenData } from "../../emulator/data";
import { AT_FULL_SPEED, container, jobToken, run, startWorld, verdictsOf, writesOf } from "../support/world";

jest.setTimeout(60_000);

const COMMIT = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";

const VERSIONS = [
  { id: 1, tags: ["pr-7", "sha-0000001"], createdAt: "90d ago" },
  { id: 2, tags: ["pr-8", "sha-0000002"], createdAt: "90d ago" },
  { id: 3, tags: ["fix-login"], createdAt: "90d ago" },
  { id: 4, tags: ["fix-logout"], createdAt: "90d ago" },
  { id: 5, tags: ["v1.0.0"], createdAt: "90d ago" },
  { id: 6, tags: ["v0.9.0", "sha-1a2b3c4"], createdAt: "90d ago" },
  { id: 7, tags: ["nightly-1"], createdAt: "90d ago" },
];

const REPOSITORY: NonNullable<EmulatorData["repositories"]>[number] = {
  fullName: "acme/app",
  pullRequests: [
    { number: 7, state: "open" },
    { number: 8, state: "closed" },
  ],
  branches: ["main", "fix/login"],
  releases: [{ tag: "v1.0.0" }],
  deployments: [{ environment: "production", sha: COMMIT, ref: "main", statuses: [{ state: "success" }] }],
};

const INPUTS = {
  ...AT_FULL_SPEED.inputs,
  keep: `
semver: {while: release}
pr-*: {while: pull-request, within: 7d}
sha-*: follow
nightly-*: {last: 3, max-age: 30d}
rest: {while: branch, within: 14d}
`,
  "in-use-environments": "production",
  "min-keep": "0",
  "dry-run": "false",
};

describe("the job of a repository", () => {
  it("keeps what lives and what is deployed, by the lists of the repository that the package is linked to", async () => {
    const emulator = await startWorld([container("app", VERSIONS)], {
      tokens: [jobToken("app")],
      repositories: [REPOSITORY],
      limits: { primary: false, secondary: false },
    });
    const result = await run(emulator, INPUTS, { token: "job-token", env: AT_FULL_SPEED.env, built: true });
    expect(result.exitCode).toBe(0);
    expect(verdictsOf(result)).toEqual({
      1: ["keep", "pr-*: pull request is open"],
      2: ["delete", "pr-*: pull request is not open, older than 7d", "→ deleted"],
      3: ["keep", "rest: branch exists"],
      4: ["delete", "rest: branch is gone, older than 14d", "→ deleted"],
      5: ["keep", "semver: release exists"],
      6: ["keep", "in use: environment production"],
      7: ["delete", "nightly-*: older than 30d, the max-age", "→ deleted"],
    });
    expect(emulator.activeIds("app")).toEqual([1, 3, 5, 6]);
  });

  it("deletes nothing where it may not see what lives, and names the permission", async () => {
    const token: TokenData = { ...jobToken("app"), permissions: { pullRequests: "none" } } as TokenData;
    const emulator = await startWorld([container("app", VERSIONS)], {
      tokens: [token],
      repositories: [REPOSITORY],
    });
    const result = await run(emulator, INPUTS, { token: "job-token" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors.join()).toContain('give the job "permissions: pull-requests: read"');
    expect(writesOf(result)).toEqual([]);
  });
});
