import {
  type Living,
  livingLookup,
  matchBranches,
  matchGitTags,
  slugOf,
  thingsAsked,
} from "../../src/plan/living";
import { parseKeep } from "../../src/policy/keep";
import type { LivingThing } from "../../src/policy/policy";

function standing(living: Living, things: readonly LivingThing[], ...names: string[]): string[] {
  return [
    ...livingLookup(living)(
      names.map((one) => ({ names: one })),
      things,
    ),
  ];
}

describe("the slug of a name", () => {
  it.each([
    ["main", "main"],
    ["Feature/Add_login--now", "feature-add-login-now"],
    ["renovate/npm-react-19.x", "renovate-npm-react-19-x"],
    ["--x--", "x"],
    ["größe", "gr-e"],
    ["日本", ""],
  ])("%s: %s", (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
});

describe("a branch", () => {
  const cut = "dependabot-npm-and-yarn-types-node-and-twenty-others-in-the-workspace";
  const isBranch = matchBranches(["main", "feature/Login_Page", cut.replace("-", "/"), "fix/a", "fix/b"]);

  it.each([
    ["main", true],
    ["feature-login-page", true],
    ["Feature_Login-Page", true],
    ["feature-login", false],
    ["mai", false],
    ["main-2", false],
    [cut, true],
    [cut.slice(0, 63), true],
    [cut.slice(0, 50), true],
    [cut.slice(0, 49), false],
    [`${cut}-x`, false],
  ])("%s: %s", (name, expected) => {
    expect(isBranch(name)).toBe(expected);
  });

  it("is found by what is left of its name, wherever it stands in the list", () => {
    const names = Array.from({ length: 100 }, (_, index) => `${"a".repeat(60)}-${index}-end`);
    const isOne = matchBranches(names);
    for (const name of names) expect(isOne(name.slice(0, -4))).toBe(true);
    expect(isOne(`${"a".repeat(60)}-100`)).toBe(false);
  });
});

describe("a git tag", () => {
  const isTag = matchGitTags([
    "v1.2.3",
    "2.0.0",
    "api/v3.1.0",
    "@acme/ui@4.0.0",
    "chart-5.0.0-rc.1",
    "6.0.0+build.7",
  ]);

  it.each([
    ["v1.2.3", true],
    ["1.2.3", true],
    ["2.0.0", true],
    ["v2.0.0", true],
    ["3.1.0", true],
    ["v3.1.0", true],
    ["api-v3.1.0", true],
    ["4.0.0", true],
    ["v4.0.0", true],
    ["ui-4.0.0", true],
    ["5.0.0-rc.1", true],
    ["v5.0.0-rc.1", true],
    ["chart-5.0.0-rc.1", true],
    ["6.0.0-build.7", true],
    ["6.0.0+build.7", true],
    ["5.0.0", false],
    ["1.2", false],
    ["2.3", false],
    ["11.2.3", false],
    ["vv1.2.3", false],
    ["V1.2.3", false],
    ["", false],
    ["v", false],
  ])("%s: %s", (name, expected) => {
    expect(isTag(name)).toBe(expected);
  });

  it("of hostile length takes linear time", () => {
    const started = performance.now();
    const isOne = matchGitTags([`${"-".repeat(100_000)}x`]);
    expect(isOne("x")).toBe(true);
    expect(isOne("-".repeat(100_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("what stands behind a version", () => {
  const pulls: Living = { pullRequests: { open: [7, 12], newest: 20 } };

  it("is an open pull request, by its number", () => {
    expect(standing(pulls, ["pull-request"], "7")).toEqual(["pull-request"]);
    expect(standing(pulls, ["pull-request"], "8")).toEqual([]);
    expect(standing(pulls, ["pull-request"], "8", "12")).toEqual(["pull-request"]);
  });

  it("is unknown for a number that is yet to come, and without a number where only pull requests count", () => {
    expect(standing(pulls, ["pull-request"], "21")).toEqual(["unknown"]);
    expect(standing(pulls, ["pull-request"], "99999999999999999999")).toEqual(["unknown"]);
    expect(standing(pulls, ["pull-request"], "preview")).toEqual(["unknown"]);
    expect(standing({ ...pulls, branches: [] }, ["pull-request", "branch"], "21")).toEqual(["unknown"]);
    expect(standing({ ...pulls, branches: [] }, ["pull-request", "branch"], "preview")).toEqual([]);
    expect(standing({ pullRequests: { open: [], newest: 0 } }, ["pull-request"], "1")).toEqual(["unknown"]);
  });

  it("is any of the things that are asked for, and only of them", () => {
    const living: Living = { ...pulls, branches: ["7"], releases: ["v7"], gitTags: ["v7", "v8"] };
    expect(standing(living, ["branch", "release"], "7")).toEqual(["branch", "release"]);
    expect(standing(living, ["release"], "8")).toEqual([]);
    expect(standing(living, ["git-tag"], "8")).toEqual(["git-tag"]);
  });

  it("cannot be told of what was not listed", () => {
    expect(() => standing({}, ["branch"], "main")).toThrow("what was not listed: branch");
  });
});

it("asks for what the lines name, and nothing else", () => {
  const text =
    "a-*: {while: branch, last: 3}\nb-*: {last: 1, only-while: [release, branch]}\nc-*: 14d\nuntagged: never";
  const { lines } = parseKeep(text, { source: "keep", type: "container" });
  expect([...thingsAsked(lines)]).toEqual(["branch", "release"]);
  expect(thingsAsked(lines.slice(2)).size).toBe(0);
});
