import type { PackageVersion } from "../../src/model/package-version";
import { type Living, livingLookup } from "../../src/plan/living";
import { image, play, policy, readable, release } from "../support/builder";

function planned(keep: string, versions: readonly PackageVersion[], living: Living = {}) {
  return readable(play({ policy: policy(keep), versions, living: livingLookup(living) }).plan);
}

describe("while", () => {
  it("keeps previews as long as their pull request is open, and what cannot be told", () => {
    const versions = [
      image({ id: 6, tags: ["pr-7"], age: "90d" }),
      image({ id: 5, tags: ["pr-8"], age: "2d" }),
      image({ id: 4, tags: ["pr-9"], age: "90d" }),
      image({ id: 3, tags: ["pr-9-a", "pr-7-a"], age: "90d" }),
      image({ id: 2, tags: ["pr-31"], age: "90d" }),
      image({ id: 1, tags: ["pr-base"], age: "90d" }),
    ];
    const keep = '"/pr-(?<name>[^-]+).*/": {while: pull-request, within: 7d}';
    const key = "/pr-(?<name>[^-]+).*/";
    expect(planned(keep, versions, { pullRequests: { open: [7], newest: 30 } })).toEqual({
      6: ["keep", `${key}: pull request is open`],
      5: ["keep", `${key}: within 7d`],
      4: ["delete", `${key}: pull request is not open, older than 7d`],
      3: ["keep", `${key}: pull request is open`],
      2: ["keep", `${key}: pull request unknown`],
      1: ["keep", `${key}: pull request unknown`],
    });
  });

  it("keeps what branches, releases and git tags stand behind", () => {
    const versions = [
      image({ id: 6, tags: ["feature-login"] }),
      image({ id: 5, tags: ["feature-old"] }),
      image({ id: 4, tags: ["1.1.0"] }),
      image({ id: 3, tags: ["1.0.0"] }),
      image({ id: 2, tags: ["api-v3"] }),
      image({ id: 1, tags: ["api-v2"] }),
    ];
    const keep = "api-*: {while: git-tag}\nsemver: {while: [release, git-tag]}\nrest: {while: branch}";
    const living = {
      branches: ["main", "feature/Login"],
      releases: ["v1.1.0"],
      gitTags: ["v1.1.0", "api/v3"],
    };
    expect(planned(keep, versions, living)).toEqual({
      6: ["keep", "rest: branch exists"],
      5: ["delete", "rest: branch is gone"],
      4: ["keep", "semver: release exists", "semver: git tag exists"],
      3: ["delete", "semver: no release, no git tag"],
      2: ["keep", "api-*: git tag exists"],
      1: ["delete", "api-*: no git tag"],
    });
  });

  it("is for all types: the version of a package is its one tag", () => {
    const versions = [release({ id: 2, name: "1.1.0-rc.1+build.5" }), release({ id: 1, name: "1.0.0" })];
    const living = livingLookup({ releases: ["v1.1.0-rc.1+build.5"] });
    const ofNpm = policy("prerelease: {while: release}\nsemver: {while: release}", { type: "npm" });
    expect(readable(play({ policy: ofNpm, versions, living }).plan)).toEqual({
      2: ["keep", "prerelease: release exists"],
      1: ["delete", "semver: no release"],
    });
  });

  it("applies to each value of per as every word does", () => {
    const versions = [
      image({ id: 3, tags: ["main-3", "gone-3"], age: "1d" }),
      image({ id: 2, tags: ["gone-2"], age: "2d" }),
      image({ id: 1, tags: ["main-1"], age: "3d" }),
    ];
    const keep = '"/(?<name>[a-z]+)-[0-9]/": {while: branch, last: 1, per: name}';
    const key = "/(?<name>[a-z]+)-[0-9]/";
    expect(planned(keep, versions, { branches: ["main"] })).toEqual({
      3: ["keep", `${key}: branch exists`, `${key}: last 1 of main`, `${key}: last 1 of gone`],
      2: ["delete", `${key}: branch is gone, beyond the last 1 of gone`],
      1: ["keep", `${key}: branch exists`],
    });
  });
});

describe("only-while", () => {
  const key = "/(?<branch>[a-z]+)-[0-9]/";

  it("lets go of what is kept by words, and not by something that lives", () => {
    const versions = [
      image({ id: 5, tags: ["main-5"], age: "1d" }),
      image({ id: 4, tags: ["gone-4"], age: "2d" }),
      image({ id: 3, tags: ["main-3"], age: "3d" }),
      image({ id: 2, tags: ["gone-2", "main-2"], age: "4d" }),
      image({ id: 1, tags: ["gone-1"], age: "5d" }),
    ];
    const keep = '"/(?<branch>[a-z]+)-[0-9]/": {last: 2, per: branch, only-while: branch}';
    expect(planned(keep, versions, { branches: ["main"] })).toEqual({
      5: ["keep", `${key}: last 2 of main`],
      4: ["delete", `${key}: branch is gone`],
      3: ["keep", `${key}: last 2 of main`],
      // It is the second of its branch that is gone, and one of its tags names a branch.
      2: ["keep", `${key}: last 2 of gone`],
      1: ["delete", `${key}: branch is gone`],
    });
  });

  it("is passed by what cannot be told, and then the words decide", () => {
    const versions = [
      image({ id: 3, tags: ["pr-99"], age: "2d" }),
      image({ id: 2, tags: ["pr-98"], age: "20d" }),
      image({ id: 1, tags: ["pr-5"], age: "2d" }),
    ];
    const living = { pullRequests: { open: [7], newest: 30 } };
    expect(planned("pr-*: {within: 14d, only-while: pull-request}", versions, living)).toEqual({
      3: ["keep", "pr-*: within 14d"],
      2: ["delete", "pr-*: older than 14d"],
      1: ["delete", "pr-*: pull request is not open"],
    });
  });
});

describe("max-age", () => {
  it("lets go of what is older, which takes its place in the counts all the same", () => {
    const versions = [
      image({ id: 4, tags: ["a-4"], age: "10d" }),
      image({ id: 3, tags: ["a-3"], age: "89d" }),
      image({ id: 2, tags: ["a-2"], age: "91d" }),
      image({ id: 1, tags: ["a-1"], age: "95d" }),
    ];
    expect(planned("a-*: {last: 3, max-age: 90d}", versions)).toEqual({
      4: ["keep", "a-*: last 3"],
      3: ["keep", "a-*: last 3"],
      2: ["delete", "a-*: older than 90d, the max-age"],
      1: ["delete", "a-*: older than 90d, the max-age"],
    });
  });

  it("keeps what is exactly as old, and bounds always, per and untagged lines", () => {
    const versions = [
      image({ id: 4, tags: ["x"], age: "90d" }),
      image({ id: 3, tags: ["x2"], age: "91d" }),
      image({ id: 2, age: "20d" }),
      image({ id: 1, age: "40d" }),
    ];
    const keep = "x*: {always: true, max-age: 90d}\nuntagged: {last: 2, max-age: 30d}";
    expect(planned(keep, versions)).toEqual({
      4: ["keep", "x*: always"],
      3: ["delete", "x*: older than 90d, the max-age"],
      2: ["keep", "untagged: last 2"],
      1: ["delete", "untagged: older than 30d, the max-age"],
    });
  });

  it("names the bounds alone where there are several", () => {
    const versions = [image({ id: 1, tags: ["a-1"], age: "91d" })];
    expect(
      planned("a-*: {within: 30d, only-while: branch, max-age: 90d}", versions, { branches: [] }),
    ).toEqual({
      1: ["delete", "a-*: older than 90d, the max-age, branch is gone"],
    });
  });
});

describe("follow", () => {
  const living = { pullRequests: { open: [7], newest: 30 } };

  it("leaves previews with a second tag to their pull request, and keeps what has that tag alone", () => {
    const versions = [
      image({ id: 5, tags: ["pr-7", "sha-5"] }),
      image({ id: 4, tags: ["pr-8", "sha-4"] }),
      image({ id: 3, tags: ["sha-3"] }),
      image({ id: 2, tags: ["sha-2", "edge"] }),
      image({ id: 1, tags: ["sha-1", "sha-0"] }),
    ];
    expect(planned("pr-*: {while: pull-request}\nsha-*: follow", versions, living)).toEqual({
      5: ["keep", "pr-*: pull request is open"],
      4: ["delete", "pr-*: pull request is not open"],
      3: ["keep", "sha-*: follow"],
      2: ["keep", 'tag "edge" is not covered by any line'],
      1: ["keep", "sha-*: follow"],
    });
  });

  it("takes no place in the counts where other tags decide", () => {
    const versions = [
      image({ id: 4, tags: ["pr-4", "sha-4"], age: "1d" }),
      image({ id: 3, tags: ["v3", "sha-3"], age: "2d" }),
      image({ id: 2, tags: ["sha-2"], age: "3d" }),
      image({ id: 1, tags: ["sha-1"], age: "4d" }),
    ];
    expect(planned("pr-*: never\nv*: always\nsha-*: {follow: true, last: 1}", versions)).toEqual({
      4: ["delete", "pr-*: never"],
      3: ["keep", "v*: always"],
      2: ["keep", "sha-*: last 1"],
      1: ["delete", "sha-*: beyond the last 1"],
    });
  });

  it("has a say where all tags are of lines that follow", () => {
    const versions = [
      image({ id: 2, tags: ["sha-2", "run-2"], age: "40d" }),
      image({ id: 1, tags: ["sha-1", "main"], age: "40d" }),
    ];
    const keep = "sha-*: {follow: true, within: 14d}\nrun-*: {follow: true, within: 30d}\nrest: never";
    expect(planned(keep, versions)).toEqual({
      2: ["delete", "sha-*: older than 14d", "run-*: older than 30d"],
      1: ["delete", "rest: never"],
    });
  });

  it("has no say where a line that does not follow claims the same tag", () => {
    const versions = [image({ id: 1, tags: ["sha-1"], age: "40d" })];
    expect(planned("sha-*: follow\n/sha-.*/: 14d", versions)).toEqual({
      1: ["delete", "/sha-.*/: older than 14d"],
    });
  });

  it("takes no heed of bookkeeping tags", () => {
    const versions = [image({ id: 1, tags: ["sha-1", `sha256-${"a".repeat(64)}`] })];
    expect(planned("sha-*: {follow: true, within: 14d}\nrest: always", versions)).toEqual({
      1: ["delete", "sha-*: older than 14d"],
    });
  });
});
