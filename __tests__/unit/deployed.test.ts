import { type Deployment, findDeployed, notDeployedMessage } from "../../src/plan/deployed";
import { image } from "../support/builder";

const COMMIT = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
const RUNS: Deployment = { commit: COMMIT, ref: "refs/heads/main", isDone: true };

function named(tag: string, deployment: Deployment = { ...RUNS, ref: COMMIT }): boolean {
  const { inUse } = findDeployed(new Map([["production", [deployment]]]), [image({ id: 1, tags: [tag] })]);
  return inUse.has(1);
}

describe("what is deployed", () => {
  it.each([
    ["1a2b3c4", true],
    ["sha-1a2b3c4", true],
    ["main-1A2B3C4D", true],
    ["build1a2b3c4", true],
    [`sha-${COMMIT}`, true],
    ["2026-11-20-1a2b3c4-amd64", true],
    ["1a2b3c4-1a2b3c4d5e", true],
    ["1a2b3c", false],
    ["sha-1a2b3c5", false],
    ["sha-1a2b3c4f", false],
    [`sha-${COMMIT}0`, false],
    ["2b3c4d5e6f7", false],
    ["main", false],
  ])("by its commit has the tag %s: %s", (tag, expected) => {
    expect(named(tag)).toBe(expected);
  });

  it.each([
    ["refs/heads/feature/Login", "feature-login", true],
    ["feature/Login", "feature-login", true],
    ["feature/login", "feature-login-2", false],
    ["refs/tags/v1.2.3", "1.2.3", true],
    ["api/v1.2.3", "v1.2.3", true],
    ["v1.2.3", "v1.2", false],
    ["", "_", false],
  ])("by its ref %s has the tag %s: %s", (ref, tag, expected) => {
    expect(named(tag, { commit: COMMIT, ref, isDone: true })).toBe(expected);
  });

  it("is told by environment, with the tags that name it", () => {
    const next: Deployment = { commit: "9".repeat(40), ref: "main", isDone: false };
    const environments = new Map([
      ["production", [next, { ...RUNS, ref: "v1.0.0" }]],
      ["staging", [{ ...RUNS, commit: "9".repeat(40) }]],
    ]);
    const versions = [
      image({ id: 3, tags: ["sha-9999999", "edge"] }),
      image({ id: 2, tags: ["v1.0.0", "sha-1a2b3c4"] }),
      image({ id: 1, tags: ["v0.9.0"] }),
    ];
    expect(findDeployed(environments, versions)).toEqual({
      inUse: new Map([
        [3, ["environment production", "environment staging"]],
        [2, ["environment production"]],
      ]),
      tags: new Set(["sha-9999999", "v1.0.0", "sha-1a2b3c4"]),
      unfound: [],
    });
  });

  it("is not found where only what has not ended has a tag", () => {
    const next: Deployment = { commit: "9".repeat(40), ref: "x", isDone: false };
    const versions = [image({ id: 3, tags: ["sha-9999999"] })];
    expect(findDeployed(new Map([["production", [next, RUNS]]]), versions).unfound).toEqual(["production"]);
    expect(findDeployed(new Map([["production", []]]), versions).unfound).toEqual(["production"]);
  });
});

it("says why a package is not planned", () => {
  const pkg = { type: "container", name: "app" } as const;
  expect(notDeployedMessage(pkg, "prod", [])).toContain(
    "no deployment of the environment prod has succeeded",
  );
  expect(notDeployedMessage(pkg, "prod", [RUNS])).toContain("(commit 1a2b3c4d5e6f, ref refs/heads/main)");
});
