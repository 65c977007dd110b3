import type { PackageVersion } from "../../src/model/package-version";
import type { PreparedPackage } from "../../src/plan/prepared";
import { findUnmatched, type Listed, MOST_COMPARISONS, type Unmatched } from "../../src/plan/unmatched";
import { matchPackages, parsePackages, unmatchedPatterns } from "../../src/policy/package-selection";
import type { Policy } from "../../src/policy/policy";
import { formatProblem } from "../../src/policy/problem";
import { parseProtect } from "../../src/policy/settings";
import { askNothing, image, NOW, play, policy, release } from "../support/builder";

function prepared(made: Policy, versions: readonly PackageVersion[], name = "app"): PreparedPackage {
  const pkg = { type: made.type, name };
  const { plan } = play({ pkg, policy: made, versions });
  return {
    pkg,
    policy: made,
    plan,
    repository: `acme/${name}`,
    inUseFiles: [],
    askFacts: askNothing,
    now: NOW,
    held: new Map(),
  };
}

/** Old images with these tags, one each. */
function tagged(...tags: string[]): PackageVersion[] {
  return tags.map((tag, index) => image({ id: index + 1, tags: [tag] }));
}

/** What is said of a policy for one package with old images of these tags. */
function unmatched(keep: string, ...tags: string[]): Unmatched {
  const made = policy(keep);
  return findUnmatched([made], [{ policy: made, prepared: prepared(made, tagged(...tags)) }], new Map());
}

function slipsOf(found: Unmatched): string[] {
  return found.slips.map(formatProblem);
}

function warned(found: Unmatched): string[] {
  expect(slipsOf(found)).toEqual([]);
  return found.warnings.map(({ message }) => message);
}

describe("a line that matches nothing", () => {
  it("is warned of, with its place; rest and untagged may find nothing to do", () => {
    expect(
      warned(unmatched("v*: always\npr*-: 14d\n/nightly/: 3\nprerelease: 3\nrest: 1\nuntagged: never", "v1")),
    ).toEqual([
      'keep:2:1: "pr*-" matches nothing in container app: is it a typo?',
      'keep:3:1: "/nightly/" matches nothing in container app: is it a typo?',
      'keep:4:1: "prerelease" matches nothing in container app: there is none to keep or delete so far',
    ]);
    expect(warned(unmatched("v*: always\nrest: 1\nuntagged: never", "v1"))).toEqual([]);
  });

  it("may match something in another package, also in one that could not be listed", () => {
    const made = policy("v*: always\npr-*: always");
    const app = prepared(made, tagged("v1"));
    const web = prepared(made, tagged("pr-1"), "web");
    const found = (...all: Listed[]) => warned(findUnmatched([made], all, new Map()));
    expect(found({ policy: made, prepared: app }, { policy: made, prepared: web })).toEqual([]);
    expect(found({ policy: made, prepared: app }, { policy: made })).toEqual([]);
    expect(found({ policy: made, prepared: app })).toHaveLength(1);
  });
});

describe("a slip", () => {
  it("is a name that is one or two letters away from a tag that would go", () => {
    const found = unmatched("lastest: always\nrest: never", "latest", "v1");
    expect(found.warnings).toEqual([]);
    expect(slipsOf(found)).toEqual(['keep:1:1: "lastest" claims nothing, did you mean "latest"?']);
    expect(slipsOf(unmatched("Latest: 1\nrest: never", "latest"))).toHaveLength(1);
    expect(slipsOf(unmatched("produktoin: 30d\nrest: never", "produktion"))).toHaveLength(1);
    expect(slipsOf(unmatched("relase-1.2: {last: 3}\nrest: never", "release-1.2", "release-1.3"))).toEqual([
      'keep:1:1: "relase-1.2" claims nothing, did you mean "release-1.2"?',
    ]);
  });

  it.each([
    ["three letters apart", "lastestest: always\nrest: never", ["latest"]],
    ["of other digits", "v1.2.3: always\nrest: never", ["v1.2.4"]],
    ["of fewer than four characters", "dex: always\nrest: never", ["dev"]],
    ["with a wildcard", "lastest*: always\nrest: never", ["latest"]],
    ["a regex", "/lastest/: always\nrest: never", ["latest"]],
    ["a line that keeps nothing", "lastest: never\nrest: never", ["latest"]],
    ["near a tag that stays", "lastest: always\nrest: always", ["latest"]],
    ["near a tag that no line covers", "lastest: always\nv*: never", ["latest", "v1"]],
    ["near a reserved word that has its line", "test: always\nrest: never", ["v1"]],
    ["two letters from a word of four", "next: always\nv*: never", ["v1"]],
  ])("is not what is %s: a warning", (_, keep, tags) => {
    expect(warned(unmatched(keep, ...tags))).toHaveLength(1);
  });

  it.each([
    ["untaged: 5", "untaged", "untagged"],
    ["semvr: 5\nrest: never", "semvr", "semver"],
    ["prerelaese: 5\nrest: never", "prerelaese", "prerelease"],
    ["rets: 5", "rets", "rest"],
  ])("is a mistyped reserved word: %j", (keep, written, meant) => {
    expect(slipsOf(unmatched(keep, "v1"))).toEqual([
      `keep:1:1: "${written}" claims nothing, did you mean "${meant}"?`,
    ]);
  });

  it("counts although another package could not be listed: its deletions would be the same", () => {
    const made = policy("lastest: always\nrest: never");
    const all = [{ policy: made, prepared: prepared(made, tagged("latest")) }, { policy: made }];
    expect(slipsOf(findUnmatched([made], all, new Map()))).toHaveLength(1);
  });

  it("is near no version that a reviewed plan holds back, and near a tag that is taken off", () => {
    const made = policy("lastest: always\nrest: never");
    const app = { ...prepared(made, tagged("latest")), held: new Map([[1, "not reviewed"]]) };
    expect(slipsOf(findUnmatched([made], [{ policy: made, prepared: app }], new Map()))).toEqual([]);
    const untagging = policy("v*: always\nlastest: always\nrest: never", { untag: true });
    const both = prepared(untagging, [image({ id: 1, tags: ["v1", "latest"] })]);
    expect(
      slipsOf(findUnmatched([untagging], [{ policy: untagging, prepared: both }], new Map())),
    ).toHaveLength(1);
  });
});

describe("an except that matches nothing", () => {
  it("of what its line matches is warned of", () => {
    const keep =
      'v*: {within: 1d, except: ["*-rc*", "*-beta*"]}\nrest: {last: 1, except: [edge, v1-rc1, main]}';
    expect(warned(unmatched(keep, "v1", "v1-rc1", "edge"))).toEqual([
      'keep:1:36: "*-beta*" matches nothing that "v*" matches in container app: leave the except out, or is it a typo?',
      'keep:2:40: "main" matches nothing that "rest" matches in container app: leave the except out, or is it a typo?',
    ]);
  });

  it("is not warned of beside its line that matches nothing", () => {
    expect(warned(unmatched('v*: {within: 1d, except: "*-rc*"}', "edge"))).toEqual([
      'keep:1:1: "v*" matches nothing in container app: is it a typo?',
    ]);
  });
});

describe("an entry of packages that matches nothing", () => {
  /** What is said of a selection among the listed packages, each of which loses a version. */
  function ofPackages(text: string, ...listed: string[]): Unmatched {
    const { selection } = parsePackages(text, "packages");
    const made = policy("rest: never", { type: "npm", packages: selection });
    const all = matchPackages(selection, listed).map((name) => ({
      policy: made,
      prepared: prepared(made, [release({ id: 1 })], name),
    }));
    return findUnmatched([made], all, new Map([[made, unmatchedPatterns(selection, listed)]]));
  }

  it("is warned of, a glob and an exclusion", () => {
    expect(warned(ofPackages("web-*, ap-*\n!old-*", "web-a", "old-a"))).toEqual([
      'packages:1:8: "ap-*" matches no npm package: is it a typo?',
      'packages:2:1: "!old-*" matches none of the selected npm packages: is it a typo?',
    ]);
    expect(warned(ofPackages("web-*, api, !web-b, !api", "web-a", "web-b"))).toEqual([]);
  });

  it("is a slip where it would have excluded a package that loses versions", () => {
    expect(slipsOf(ofPackages("*, !web-legcy", "web-legacy", "api"))).toEqual([
      'packages:1:4: "!web-legcy" matches nothing, did you mean "!web-legacy"?',
    ]);
    expect(slipsOf(ofPackages("web-legacy, api, !web-legcy"))).toHaveLength(1);
    expect(slipsOf(ofPackages("*, !@acme/web-legcy", "web-legacy"))).toEqual([
      'packages:1:4: "!@acme/web-legcy" matches nothing, did you mean "!@acme/web-legacy"?',
    ]);
    expect(slipsOf(ofPackages("*, !web-2", "web-1"))).toEqual([]);
    expect(slipsOf(ofPackages("*, !web-legcy*", "web-legacy"))).toEqual([]);
  });
});

describe("an entry of protect that matches nothing", () => {
  function protecting(text: string, ...tags: string[]): Unmatched {
    const parsed = parseProtect(text, { source: "protect" });
    if ("error" in parsed) throw new Error(parsed.error);
    const made = policy("rest: never", parsed.value);
    return findUnmatched([made], [{ policy: made, prepared: prepared(made, tagged(...tags)) }], new Map());
  }

  it("is warned of: no version has that id, digest or tag", () => {
    const gone = `sha256:${"0".repeat(64)}`;
    expect(warned(protecting(`1, v1\nedge, 77\n${gone}`, "v1"))).toEqual([
      'protect:2:1: "edge" matches nothing in container app: is it a typo? Remove it if its version is gone',
      'protect:2:7: "77" matches nothing in container app: is it a typo? Remove it if its version is gone',
      `protect:3:1: "${gone}" matches nothing in container app: is it a typo? Remove it if its version is gone`,
    ]);
    expect(warned(protecting(image({ id: 1 }).name, "v1"))).toEqual([]);
  });

  it("is a slip where it would have protected a tag that goes", () => {
    expect(slipsOf(protecting("lastest", "latest"))).toEqual([
      'protect:1:1: "lastest" matches nothing, did you mean "latest"?',
    ]);
    expect(slipsOf(protecting("v1.2.3", "v1.2.4"))).toEqual([]);
  });

  it("of the input may match in the packages of any policy", () => {
    const protect = new Set(["v1", "v2"]);
    const made = [policy("rest: never", { protect }), policy("rest: never", { protect })];
    const all = made.map((one, index) => ({ policy: one, prepared: prepared(one, tagged(`v${index + 1}`)) }));
    expect(warned(findUnmatched(made, all, new Map()))).toEqual([]);
    expect(warned(findUnmatched(made, all.slice(0, 1), new Map()))).toEqual([
      'protect: "v2" matches nothing in any selected package: is it a typo? Remove it if its version is gone',
    ]);
  });
});

describe("the search for slips", () => {
  const letters = (index: number) => [...`${index}`].map((digit) => "abcdefghij"[Number(digit)]).join("");

  it("compares only what can be near: hundreds of lines with hundreds of tags, without a comparison", () => {
    const keep = Array.from({ length: 500 }, (_, index) => `gone-${index}: always\n`).join("");
    const made = policy(`${keep}rest: never`);
    const tags = Array.from({ length: 500 }, (_, index) => `here-${index + 5000}`);
    const allowance = { left: MOST_COMPARISONS };
    const all = [{ policy: made, prepared: prepared(made, tagged(...tags)) }];
    const found = findUnmatched([made], all, new Map(), allowance);
    expect(found.warnings).toHaveLength(500);
    expect(slipsOf(found)).toEqual([]);
    expect(MOST_COMPARISONS - allowance.left).toBe(0);
  });

  it("ends at its allowance, and then doubts", () => {
    const keep = Array.from({ length: 300 }, (_, index) => `${letters(1000 + index)}xyz: always\n`).join("");
    const made = policy(`${keep}rest: never`);
    const tags = Array.from({ length: 300 }, (_, index) => `${letters(1000 + index)}uvw`);
    const all = [{ policy: made, prepared: prepared(made, tagged(...tags)) }];
    const allowance = { left: 1000 };
    expect(slipsOf(findUnmatched([made], all, new Map(), allowance))).toEqual([
      "keep: so much of the policy matches nothing that it cannot be searched for slips: remove what matches nothing",
    ]);
    expect(allowance.left).toBe(0);
  });
});
