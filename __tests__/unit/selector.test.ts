import { isBookkeepingTag, subjectOf } from "../../src/model/bookkeeping";
import { parseKeep } from "../../src/policy/keep";
import { claimTag } from "../../src/policy/selector";

const HEX = "0123456789abcdef".repeat(4);

function claim(line: string, tag: string) {
  const { lines, problems } = parseKeep(line, { source: "keep", type: "container" });
  const [first] = lines;
  if (first === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return claimTag(first, tag);
}

function groupOf(line: string, tag: string): string | undefined {
  return claim(line, tag)?.group;
}

describe("a bookkeeping tag", () => {
  test.each([
    [`sha256-${HEX}`, true],
    [`sha256-${HEX}.sig`, true],
    [`sha256-${HEX}.att`, true],
    [`sha256-${HEX}.sbom`, true],
    [`sha256-${HEX}.`, false],
    [`sha256-${HEX}x`, false],
    [`sha256-${HEX.slice(1)}`, false],
    [`sha256-${HEX.toUpperCase()}`, false],
    [`xsha256-${HEX}`, false],
    ["latest", false],
  ])("%s: %s", (tag, expected) => {
    expect(isBookkeepingTag(tag)).toBe(expected);
  });

  it("names its subject", () => {
    expect(subjectOf(`sha256-${HEX}.sig`)).toBe(`sha256:${HEX}`);
    expect(subjectOf("latest")).toBeUndefined();
  });

  test.each(['"*": always', `sha256-${HEX}: always`, "/.*/: always"])("is not claimed by %s", (line) => {
    expect(claim(line, `sha256-${HEX}`)).toBeUndefined();
  });
});

describe("a glob or regex line", () => {
  it("claims whole tags", () => {
    expect(claim("pr-*: 14d", "pr-7")).toEqual({});
    expect(claim("pr-*: 14d", "my-pr-7")).toBeUndefined();
    expect(claim("/pr-[0-9]+/: 14d", "pr-7")).toEqual({});
    expect(claim("/pr-[0-9]+/: 14d", "pr-7-x")).toBeUndefined();
  });

  test.each(["1.10", "010", "true", "1e3", "0x10", "null", "~", "1_000", "2026-11-20"])(
    "takes the key %s as it is written",
    (key) => {
      expect(claim(`${key}: always`, key)).toEqual({});
    },
  );

  it("reaches a tag of a reserved name by a regex", () => {
    expect(claim("/rest/: always", "rest")).toEqual({});
  });

  it("groups by what the named group captured, and by nothing where it captured nothing", () => {
    const line = '"/(?:(?<branch>[a-z]*)-)?[0-9a-f]{7}/": {last: 1, per: branch}';
    expect(groupOf(line, "main-0123abc")).toBe("main");
    expect(claim(line, "0123abc")).toEqual({});
    expect(claim(line, "-0123abc")).toEqual({});
  });
});

describe("a semver line", () => {
  test.each(["1.4.2", "v1.4.2", "0.0.0", "1.4.2+build.7", "9007199254740991.0.0"])("claims %s", (tag) => {
    expect(claim("semver: always", tag)?.version?.raw).toBe(tag);
  });

  test.each([
    "1.4",
    "v1",
    "1.4.2-rc1",
    "1.4.2-alpine",
    "V1.4.2",
    "=1.4.2",
    "v 1.4.2",
    " 1.4.2",
    "1.4.2 ",
    "01.4.2",
    "1.4.2.3",
    "9007199254740992.0.0",
    "latest",
    "",
  ])("does not claim %s", (tag) => {
    expect(claim("semver: always", tag)).toBeUndefined();
  });

  test.each([
    ["major", "1"],
    ["minor", "1.4"],
    ["patch", "1.4.2"],
  ])("groups per %s as %s", (per, group) => {
    expect(groupOf(`semver: {last: 1, per: ${per}}`, "v1.4.2+7")).toBe(group);
  });

  it("has no group without per", () => {
    expect(claim("semver: 3", "1.4.2")).not.toHaveProperty("group");
  });
});

describe("a prerelease line", () => {
  it("claims full versions with a prerelease part, image variants among them", () => {
    expect(claim("prerelease: always", "v1.4.2-rc.1")?.version?.version).toBe("1.4.2-rc.1");
    expect(claim("prerelease: always", "1.4.2-alpine")).toBeDefined();
    expect(claim("prerelease: always", "1.4.2")).toBeUndefined();
    expect(claim("prerelease: always", "1.4-rc.1")).toBeUndefined();
  });

  it("groups by its version's line", () => {
    expect(groupOf("prerelease: {last: 1, per: patch}", "1.4.2-rc.1")).toBe("1.4.2");
  });
});

describe("except", () => {
  it("narrows what the line claims", () => {
    expect(claim('v*: {last: 3, except: "*-rc*"}', "v1")).toEqual({});
    expect(claim('v*: {last: 3, except: "*-rc*"}', "v1-rc1")).toBeUndefined();
    expect(
      claim('prerelease: {last: 3, except: ["*-alpine", "/.*-debian[0-9]*/"]}', "1.2.3-alpine"),
    ).toBeUndefined();
    expect(
      claim('prerelease: {last: 3, except: ["*-alpine", "/.*-debian[0-9]*/"]}', "1.2.3-debian12"),
    ).toBeUndefined();
    expect(
      claim('prerelease: {last: 3, except: ["*-alpine", "/.*-debian[0-9]*/"]}', "1.2.3-rc1"),
    ).toBeDefined();
  });
});

describe("rest and untagged lines", () => {
  test.each(["rest: 10", "untagged: never"])("%s claims no tag by itself", (line) => {
    expect(claim(line, "latest")).toBeUndefined();
    expect(claim(line, "rest")).toBeUndefined();
  });
});
