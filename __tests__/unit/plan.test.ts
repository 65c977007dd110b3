import type { PackageVersion } from "../../src/model/package-version";
import { ago, image, play, policy, readable, release } from "../support/builder";

describe("a policy of tags", () => {
  const versions = [
    image({ id: 9, tags: ["latest", "v2.0.0"], age: "200d" }),
    image({ id: 8, tags: ["pr-8"], age: "2d" }),
    image({ id: 7, tags: ["pr-7"], age: "15d" }),
    image({ id: 6, tags: ["edge"], age: "300d" }),
    image({ id: 5, tags: ["v1.0.0"], age: "400d" }),
  ];

  it("says of each version why it stays or goes", () => {
    const keep = "latest: always\nv*: always\npr-*: 14d\n";
    expect(readable(play({ policy: policy(keep), versions }).plan)).toEqual({
      9: ["keep", "latest: always", "v*: always"],
      8: ["keep", "pr-*: within 14d"],
      7: ["delete", "pr-*: older than 14d"],
      6: ["keep", 'tag "edge" is not covered by any line'],
      5: ["keep", "v*: always"],
    });
  });

  it("keeps a version of which one tag is not covered, whatever the lines say of the others", () => {
    const both = [image({ id: 1, tags: ["pr-1", "edge"], age: "90d" })];
    expect(readable(play({ policy: policy("pr-*: never"), versions: both }).plan)).toEqual({
      1: ["keep", 'tag "edge" is not covered by any line'],
    });
  });

  it("claims by rest what no other line claims", () => {
    expect(readable(play({ policy: policy("v*: always\nrest: 1"), versions }).plan)).toEqual({
      9: ["keep", "v*: always"],
      8: ["keep", "rest: last 1"],
      7: ["delete", "rest: beyond the last 1"],
      6: ["delete", "rest: beyond the last 1"],
      5: ["keep", "v*: always"],
    });
  });

  it("gives each line's reason for what goes", () => {
    const many = [
      image({ id: 2, tags: ["a-1", "b-1"], age: "3d" }),
      image({ id: 1, tags: ["a-0", "b-0"], age: "40d" }),
    ];
    expect(
      readable(play({ policy: policy("a-*: {last: 1, within: 30d}\nb-*: 1"), versions: many }).plan),
    ).toEqual({
      2: ["keep", "a-*: last 1", "a-*: within 30d", "b-*: last 1"],
      1: ["delete", "a-*: beyond the last 1, older than 30d", "b-*: beyond the last 1"],
    });
  });

  it("keeps the newest by min-keep, whatever the lines say", () => {
    expect(readable(play({ policy: policy("rest: never", { minKeep: 2 }), versions }).plan)).toMatchObject({
      8: ["keep", "min-keep"],
      7: ["keep", "min-keep"],
      9: ["delete", "rest: never"],
    });
  });

  it("keeps what is protected, by digest or by id, and what is in use", () => {
    const inUse = new Map([[6, ["deploy/app.yaml"]]]);
    const protect = new Set(["7", versions[4]?.name ?? ""]);
    expect(readable(play({ policy: policy("rest: never", { protect }), versions, inUse }).plan)).toEqual({
      9: ["delete", "rest: never"],
      8: ["delete", "rest: never"],
      7: ["keep", "protect"],
      6: ["keep", "in use: deploy/app.yaml"],
      5: ["keep", "protect"],
    });
  });

  it("keeps what is protected by a tag, literally, and takes a number for both an id and a tag", () => {
    const more = [...versions, image({ id: 4, tags: ["9"] }), image({ id: 3, tags: ["{edge,pr-8}"] })];
    const protect = new Set(["pr-7", "9", "{edge,pr-8}", "V1.0.0"]);
    expect(readable(play({ policy: policy("rest: never", { protect }), versions: more }).plan)).toEqual({
      9: ["keep", "protect"],
      8: ["delete", "rest: never"],
      7: ["keep", "protect"],
      6: ["delete", "rest: never"],
      5: ["delete", "rest: never"],
      4: ["keep", "protect"],
      3: ["keep", "protect"],
    });
  });

  it("counts for rest only what no other line keeps", () => {
    const five = [
      image({ id: 5, tags: ["v2.0.0", "latest"], age: "1d" }),
      image({ id: 4, tags: ["main-4"], age: "2d" }),
      image({ id: 3, tags: ["v1.0.0", "stable"], age: "3d" }),
      image({ id: 2, tags: ["main-2"], age: "4d" }),
      image({ id: 1, tags: ["main-1"], age: "5d" }),
    ];
    const ten = { 5: ["keep", "v*: always"], 3: ["keep", "v*: always"] };
    expect(readable(play({ policy: policy("v*: always\nrest: 2"), versions: five }).plan)).toEqual({
      ...ten,
      4: ["keep", "rest: last 2"],
      2: ["keep", "rest: last 2"],
      1: ["delete", "rest: beyond the last 2"],
    });
    // Words that do not rank speak of all, in the order of the lines.
    const within = policy("rest: {last: 1, within: 84h}\nv*: always");
    expect(readable(play({ policy: within, versions: five }).plan)).toEqual({
      5: ["keep", "rest: within 84h", "v*: always"],
      4: ["keep", "rest: last 1", "rest: within 84h"],
      3: ["keep", "rest: within 84h", "v*: always"],
      2: ["delete", "rest: beyond the last 1, older than 84h"],
      1: ["delete", "rest: beyond the last 1, older than 84h"],
    });
    // A version that only an uncovered tag keeps is kept by no line.
    const excepting = policy('rest: {last: 1, except: "v*"}');
    expect(readable(play({ policy: excepting, versions: five }).plan)).toMatchObject({
      5: ["keep", 'tag "v2.0.0" is not covered by any line', "rest: last 1"],
      4: ["delete", "rest: beyond the last 1"],
    });
  });
});

describe("time", () => {
  const versions = [image({ id: 1, tags: ["pr-1"], age: "30d", updated: "2d" })];

  it("is the later of created and updated, or created alone on request", () => {
    expect(readable(play({ policy: policy("pr-*: 14d"), versions }).plan)).toEqual({
      1: ["keep", "pr-*: within 14d"],
    });
    const created = policy("pr-*: 14d", { timestamp: "created" });
    expect(readable(play({ policy: created, versions }).plan)).toEqual({
      1: ["delete", "pr-*: older than 14d"],
    });
  });

  it("keeps what is exactly as old as the duration, and not what is a second older", () => {
    const edge = { ...image({ id: 2, tags: ["pr-2"] }), createdAt: ago("14d"), updatedAt: ago("14d") };
    const past = {
      ...image({ id: 1, tags: ["pr-1"] }),
      createdAt: "2026-11-06T11:59:59Z",
      updatedAt: "2026-11-06T11:59:59Z",
    };
    expect(readable(play({ policy: policy("pr-*: 14d"), versions: [edge, past] }).plan)).toEqual({
      2: ["keep", "pr-*: within 14d"],
      1: ["delete", "pr-*: older than 14d"],
    });
  });

  it("ranks equal times by the higher id", () => {
    const twins = [image({ id: 1, tags: ["a"] }), image({ id: 2, tags: ["b"] })];
    expect(readable(play({ policy: policy("rest: 1"), versions: twins }).plan)).toEqual({
      2: ["keep", "rest: last 1"],
      1: ["delete", "rest: beyond the last 1"],
    });
  });
});

describe("calendar words", () => {
  const now = Date.parse("2027-01-05T12:00:00Z");

  function nightly(id: number, time: string): PackageVersion {
    return { ...image({ id, tags: [`n-${id}`] }), createdAt: time, updatedAt: time };
  }

  it("count a week that begins in one year and ends in the next as one", () => {
    const versions = [
      nightly(4, "2027-01-04T00:00:00Z"),
      nightly(3, "2027-01-01T12:00:00Z"),
      nightly(2, "2026-12-31T12:00:00Z"),
      nightly(1, "2026-12-27T23:59:59Z"),
    ];
    expect(readable(play({ policy: policy("n-*: {weekly: 9}"), versions, now }).plan)).toEqual({
      4: ["keep", "n-*: weekly 9"],
      3: ["keep", "n-*: weekly 9"],
      2: ["delete", "n-*: beyond weekly 9"],
      1: ["keep", "n-*: weekly 9"],
    });
  });

  it("tell a last week of December that is week 1 from the week 1 of that year", () => {
    const versions = [nightly(2, "2025-12-31T12:00:00Z"), nightly(1, "2025-01-02T12:00:00Z")];
    expect(readable(play({ policy: policy("n-*: {weekly: 9}"), versions, now }).plan)).toEqual({
      2: ["keep", "n-*: weekly 9"],
      1: ["keep", "n-*: weekly 9"],
    });
  });

  it("count an hour that the clock repeats as one", () => {
    const versions = [
      nightly(3, "2026-10-25T01:30:00Z"),
      nightly(2, "2026-10-25T00:30:00Z"),
      nightly(1, "2026-10-24T23:30:00Z"),
    ];
    const inBerlin = policy("n-*: {hourly: 9}", { timezone: "Europe/Berlin" });
    expect(readable(play({ policy: inBerlin, versions, now }).plan)).toEqual({
      3: ["keep", "n-*: hourly 9"],
      2: ["delete", "n-*: beyond hourly 9"],
      1: ["keep", "n-*: hourly 9"],
    });
  });
});

describe("SemVer lines", () => {
  const versions = [
    release({ id: 7, name: "2.0.0-rc.1", age: "1d" }),
    release({ id: 6, name: "1.4.2", age: "2d" }),
    release({ id: 5, name: "1.3.9", age: "3d" }),
    release({ id: 4, name: "1.4.10", age: "4d" }),
    release({ id: 3, name: "1.4.1", age: "5d" }),
    release({ id: 2, name: "next", age: "6d" }),
  ];

  it("keep the highest of each minor version by precedence, not by age", () => {
    const keep = "semver: {highest: 1, per: minor}\nprerelease: never";
    expect(readable(play({ policy: policy(keep, { type: "npm" }), versions }).plan)).toEqual({
      7: ["delete", "prerelease: never"],
      6: ["delete", "semver: beyond the highest 1 of 1.4"],
      5: ["keep", "semver: highest 1 of 1.3"],
      4: ["keep", "semver: highest 1 of 1.4"],
      3: ["delete", "semver: beyond the highest 1 of 1.4"],
      2: ["keep", 'tag "next" is not covered by any line'],
    });
  });

  it("let equal precedence fall to the newer, since build metadata has none", () => {
    const builds = [
      release({ id: 2, name: "1.0.0+1", age: "1d" }),
      release({ id: 1, name: "1.0.0+2", age: "2d" }),
    ];
    const highest = policy("semver: {highest: 1}", { type: "npm" });
    expect(readable(play({ policy: highest, versions: builds }).plan)).toEqual({
      2: ["keep", "semver: highest 1"],
      1: ["delete", "semver: beyond the highest 1"],
    });
  });
});

describe("groups of a regex", () => {
  it("count each captured value by itself, and what captured nothing as one group", () => {
    const versions = [
      image({ id: 5, tags: ["main-0000005"], age: "1d" }),
      image({ id: 4, tags: ["dev-0000004"], age: "2d" }),
      image({ id: 3, tags: ["main-0000003"], age: "3d" }),
      image({ id: 2, tags: ["0000002"], age: "4d" }),
      image({ id: 1, tags: ["0000001"], age: "5d" }),
    ];
    const keep = '"/((?<branch>[a-z]+)-)?[0-9]{7}/": {last: 1, per: branch}';
    const key = "/((?<branch>[a-z]+)-)?[0-9]{7}/";
    expect(readable(play({ policy: policy(keep), versions }).plan)).toEqual({
      5: ["keep", `${key}: last 1 of main`],
      4: ["keep", `${key}: last 1 of dev`],
      3: ["delete", `${key}: beyond the last 1 of main`],
      2: ["keep", `${key}: last 1`],
      1: ["delete", `${key}: beyond the last 1`],
    });
  });
});
