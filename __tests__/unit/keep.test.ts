import type { PackageType } from "../../src/model/package-version";
import { parseKeep } from "../../src/policy/keep";
import { formatProblem } from "../../src/policy/problem";

function lineOf(text: string) {
  const { lines, problems } = parseKeep(text, { source: "keep", type: "container" });
  expect(problems.map(formatProblem)).toEqual([]);
  const [first] = lines;
  if (first === undefined) throw new Error("no line");
  return first;
}

function problemsOf(text: string, type: PackageType = "container"): string[] {
  return parseKeep(text, { source: "keep", type }).problems.map(formatProblem);
}

const days = (text: string, count: number) => ({
  word: "within",
  duration: { text, years: 0, months: 0, weeks: 0, days: count, hours: 0, minutes: 0 },
});

describe("a keep-spec", () => {
  test.each([
    ["latest: always", [{ word: "always" }]],
    ["latest: never", []],
    ["latest: 10", [{ word: "last", count: 10 }]],
    ["latest: 14d", [days("14d", 14)]],
    ['latest: "14d"', [days("14d", 14)]],
    ["latest: 14 days", [days("14 days", 14)]],
    ["latest: {always: true}", [{ word: "always" }]],
    ["latest: {always: True}", [{ word: "always" }]],
    ["latest: {last: 3}", [{ word: "last", count: 3 }]],
    ["latest: {within: 14d}", [days("14d", 14)]],
    ["semver: {highest: 3}", [{ word: "highest", count: 3 }]],
    ["prerelease: {highest: 3}", [{ word: "highest", count: 3 }]],
    ["latest: 9007199254740991", [{ word: "last", count: 9007199254740991 }]],
    [
      "n-*: {hourly: 1, daily: 7, weekly: 4, monthly: 12, yearly: 2}",
      [
        { word: "hourly", count: 1 },
        { word: "daily", count: 7 },
        { word: "weekly", count: 4 },
        { word: "monthly", count: 12 },
        { word: "yearly", count: 2 },
      ],
    ],
    ["prerelease: {last: 5, within: 30d}", [{ word: "last", count: 5 }, days("30d", 30)]],
    ["v*:\n  last: 3\n  within: 30d", [{ word: "last", count: 3 }, days("30d", 30)]],
  ])("%s", (text, words) => {
    expect(lineOf(text).words).toEqual(words);
  });

  it("takes per on SemVer lines, and on regexes with that group", () => {
    expect(lineOf("semver: {last: 3, per: minor}").per).toEqual({ by: "minor" });
    expect(lineOf("prerelease: {last: 3, per: major}").per).toEqual({ by: "major" });
    expect(lineOf('"/(?<b>[a-z]+)-.*/": {last: 1, per: b}').per).toEqual({ by: "group", group: "b" });
    expect(lineOf('"/(?<major>[0-9]+)-.*/": {last: 1, per: major}').per).toEqual({
      by: "group",
      group: "major",
    });
    expect(lineOf("latest: always")).not.toHaveProperty("per");
  });

  test.each([
    ["pr-*: {while: pull-request}", ["pull-request"]],
    ["x: {while: [branch, git-tag, branch]}", ["branch", "git-tag"]],
    ["rest:\n  while:\n    - release\n", ["release"]],
  ])("asks for what lives: %s", (text, things) => {
    expect(lineOf(text).words).toEqual([{ word: "while", things }]);
  });

  it("takes bounds, and tags that follow", () => {
    expect(lineOf("x: {last: 3, max-age: 90d}")).toMatchObject({ maxAge: { text: "90d", days: 90 } });
    expect(lineOf("untagged: {last: 3, max-age: 90d}")).toMatchObject({ maxAge: { days: 90 } });
    expect(lineOf("x: {last: 3, only-while: branch}").onlyWhile).toEqual(["branch"]);
    expect(lineOf("x: {last: 3, only-while: [branch, release]}").onlyWhile).toEqual(["branch", "release"]);
    expect(lineOf("x: {last: 3, follow: true}")).toMatchObject({ follow: true, words: [{ word: "last" }] });
    expect(lineOf("x: follow")).toMatchObject({ follow: true, words: [{ word: "always" }] });
    expect(lineOf("x: {follow: true, always: true}")).toMatchObject({
      follow: true,
      words: [{ word: "always" }],
    });
    expect(Object.keys(lineOf("x: {last: 3}"))).toEqual(["key", "at", "selector", "words", "except"]);
  });

  test.each([
    ["pr-*", "pr-7", "7"],
    ["pr-*", "pr-", "pr-"],
    ["pr-**-x", "pr-7-x", "7"],
    ['"*"', "main", "main"],
    ["latest", "latest", "latest"],
    ["v?", "v1", "v1"],
    ['"{pr,mr}-*"', "mr-7", "7"],
    ['"@(pr|mr)-*"', "pr-7", "7"],
    ['"{pr-a,mr}-*"', "pr-a-7", "7"],
    ['"[pm]r-*"', "pr-7", "7"],
    ['"[*]-*"', "*-7", "7"],
    ['"pr-*-[0-9a-f]"', "pr-7-b", "7"],
    ['"pr-!(x)-*"', "pr-y-7", "7"],
    ["pr/*", "pr/a/b", "a/b"],
    ["'\"?pr/*'", '"apr/a/b', "a/b"],
    ["/pr-([0-9]+)-.*/", "pr-7-x", "7"],
    ['"/pr-(?<n>[0-9]+)/"', "pr-7", "7"],
    ['"/(a|b)-(?<name>.*)/"', "a-main", "main"],
    ['"/(?:(.*)-)?[0-9a-f]{7}/"', "main-0123abc", "main"],
    ['"/(?:(.*)-)?[0-9a-f]{7}/"', "0123abc", "0123abc"],
    ["/pr-[0-9]+/", "pr-7", "pr-7"],
    ["semver", "v1.2.3", "v1.2.3"],
    ["rest", "anything", "anything"],
  ])("%s: the tag %s names %s", (key, tag, name) => {
    expect(lineOf(`${key}: {while: branch}`).nameIn?.(tag)).toBe(name);
    expect(lineOf(`${key}: {last: 1, only-while: branch}`).nameIn?.(tag)).toBe(name);
  });

  it("takes one pattern or a list under except", () => {
    const texts = (text: string) => lineOf(text).except.map((pattern) => pattern.text);
    expect(texts('v*: {last: 1, except: "*-rc*"}')).toEqual(["*-rc*"]);
    expect(texts('v*: {last: 1, except: ["*-rc*", /v0.*/, 1.10]}')).toEqual(["*-rc*", "/v0.*/", "1.10"]);
    expect(texts("v*:\n  last: 1\n  except:\n    - v0*\n    - v1*\n")).toEqual(["v0*", "v1*"]);
    expect(texts("rest: {last: 1, except: tmp-*}")).toEqual(["tmp-*"]);
    expect(texts("v*: 1")).toEqual([]);
  });
});

describe("the lines of a policy", () => {
  it("stand for themselves, with their keys as people know them", () => {
    const text = "latest: always\n\"v*\": always\n'pr-*': 14d\nrest: 10 # the others\nuntagged: never\n";
    const { lines, problems } = parseKeep(text, { source: "keep", type: "container" });
    expect(problems).toEqual([]);
    expect(lines.map(({ key, selector }) => [key, selector.kind])).toEqual([
      ["latest", "glob"],
      ["v*", "glob"],
      ["pr-*", "glob"],
      ["rest", "rest"],
      ["untagged", "untagged"],
    ]);
  });

  test.each([
    "\uFEFFlatest: always",
    "latest: always\r\nv*: 3\r\n",
    "  latest: always\n  v*: 3",
    "---\nlatest:\talways\n...\n",
    "{latest: always}",
  ])("are read from %j", (text) => {
    expect(lineOf(text).key).toBe("latest");
  });
});

describe("a fault", () => {
  test.each([
    // the value of a line
    ["v*: alway", ['keep:1:5: unknown word "alway", did you mean "always"?']],
    [
      "v*: latest",
      [
        'keep:1:5: unknown word "latest": write always, never, follow, a number, a duration such as 14d, or a mapping such as {last: 10}',
      ],
    ],
    [
      "v*: 14x",
      ['keep:1:5: "14x": unknown unit "x": write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d'],
    ],
    ["v*: 0", ["keep:1:5: 0 is not a count: write at least 1; to keep nothing, write never"]],
    ["v*: -1", ['keep:1:5: last takes a plain whole number of at least 1, not "-1"']],
    ["v*: 1.5", ['keep:1:5: last takes a plain whole number of at least 1, not "1.5"']],
    ["v*: 010", ['keep:1:5: last takes a plain whole number of at least 1, not "010"']],
    ["v*: 1e3", ['keep:1:5: last takes a plain whole number of at least 1, not "1e3"']],
    ["v*: 0x10", ['keep:1:5: last takes a plain whole number of at least 1, not "0x10"']],
    ["v*: 9007199254740992", ["keep:1:5: 9007199254740992 is too large a count: write a smaller one"]],
    ['v*: "10"', ['keep:1:5: "10" is a text, and a count is a number: drop the quotes']],
    ["v*: true", ['keep:1:5: "true" does not say what to keep: to keep all, write always']],
    ["v*: false", ['keep:1:5: "false" does not say what to keep: to keep nothing, write never']],
    ["v*: last", ['keep:1:5: "last" does not say how many or how long: write {last: 10}']],
    [
      "v*:",
      [
        "keep:1:1: this line does not say what to keep: write always, never, follow, a number, a duration such as 14d, or a mapping such as {last: 10}",
      ],
    ],
    [
      "v*: ~",
      [
        'keep:1:5: "~" does not say what to keep: write always, never, follow, a number, a duration such as 14d, or a mapping such as {last: 10}',
      ],
    ],
    [
      "v*: [a]",
      [
        "keep:1:5: a list does not say what to keep: write always, never, follow, a number, a duration such as 14d, or a mapping such as {last: 10}",
      ],
    ],
    ["v*: folow", ['keep:1:5: unknown word "folow", did you mean "follow"?']],
    ["v*: branch", ['keep:1:5: "branch" needs the word while: write {while: branch}']],
    ["v*: while", ['keep:1:5: "while" does not say as long as what: write {while: pull-request}']],
    [
      "rest: follow",
      [
        "keep:1:7: a rest line cannot follow: its tags are those that no other line matches; name them in a line of their own",
      ],
    ],
    [
      "untagged: follow",
      [
        "keep:1:11: an untagged line cannot follow: its versions have no other tags that decide; write always, never or a word",
      ],
    ],
    // what lives
    ["v*: {while: pr}", ['keep:1:13: while knows no "pr", did you mean "pull-request"?']],
    [
      "v*: {while: Pull Requests}",
      ['keep:1:13: while knows no "Pull Requests", did you mean "pull-request"?'],
    ],
    ["v*: {while: tags}", ['keep:1:13: while knows no "tags", did you mean "git-tag"?']],
    [
      "v*: {while: constructor}",
      ['keep:1:13: while knows no "constructor": write one of pull-request, branch, release, git-tag'],
    ],
    ["v*: {while: [branch, realease]}", ['keep:1:22: while knows no "realease", did you mean "release"?']],
    ["v*: {while: }", ["keep:1:6: while names nothing: write one of pull-request, branch, release, git-tag"]],
    [
      "v*: {while: []}",
      ["keep:1:13: while names nothing: write one of pull-request, branch, release, git-tag"],
    ],
    [
      "v*: {while: [[branch]]}",
      ["keep:1:14: while takes no list: write one of pull-request, branch, release, git-tag"],
    ],
    [
      "v*: {last: 1, only-while: 3}",
      ['keep:1:27: only-while knows no "3": write one of pull-request, branch, release, git-tag'],
    ],
    [
      "untagged: {while: branch}",
      [
        "keep:1:12: an untagged line does not take while, its versions have no tags to name a pull request, branch, release or tag: leave it out",
      ],
    ],
    [
      "untagged: {last: 1, only-while: branch}",
      [
        "keep:1:21: an untagged line does not take only-while, its versions have no tags to name a pull request, branch, release or tag: leave it out",
      ],
    ],
    [
      '"*-*": {while: branch}',
      [
        'keep:1:9: "*-*" has more than one *, and it is not clear which of them names the pull request, branch, release or tag: write a /regex/ with a group (?<name>…)',
      ],
    ],
    [
      '"/(a)-(b)/": {last: 1, only-while: branch}',
      [
        'keep:1:24: the regex "/(a)-(b)/" has 2 groups, and it is not clear which of them names the pull request, branch, release or tag: call that one (?<name>…)',
      ],
    ],
    // bounds
    [
      "v*: {last: 1, max-age: 90}",
      ['keep:1:24: "90": 90 has no unit: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d'],
    ],
    ["v*: {last: 1, max-age: [90d]}", ["keep:1:24: max-age takes one duration: write max-age: 90d"]],
    ["v*: {last: 1, max-age: }", ["keep:1:15: max-age takes one duration: write max-age: 90d"]],
    [
      "v*: {max-age: 90d}",
      [
        "keep:1:5: this keeps nothing: max-age is a bound, add a word such as last: 10, or write within: 14d (words: always, within, while, last, highest, hourly, daily, weekly, monthly, yearly)",
      ],
    ],
    [
      "v*: {only-while: branch, except: x}",
      [
        "keep:1:5: this keeps nothing: only-while is a bound, add a word such as last: 10, or write while: pull-request (words: always, within, while, last, highest, hourly, daily, weekly, monthly, yearly)",
      ],
    ],
    [
      "v*: {follow: true}",
      [
        "keep:1:5: this keeps nothing: write always: true beside follow, or follow as the whole value of the line (words: always, within, while, last, highest, hourly, daily, weekly, monthly, yearly)",
      ],
    ],
    [
      "v*: {last: 1, follow: false}",
      ["keep:1:23: follow takes true alone: write follow: true, or leave it out"],
    ],
    [
      'v*: {last: 1, follow: "true"}',
      ["keep:1:23: follow takes true alone: write follow: true, or leave it out"],
    ],
    [
      "rest: {last: 1, follow: true}",
      [
        "keep:1:17: a rest line cannot follow: its tags are those that no other line matches; name them in a line of their own",
      ],
    ],
    [
      "untagged: {last: 1, follow: true}",
      [
        "keep:1:21: an untagged line cannot follow: its versions have no other tags that decide; write always, never or a word",
      ],
    ],
    [
      "v*: {only-while:branch, last: 1}",
      ['keep:1:6: unknown word "only-while:branch": write a colon and a space, as in only-while: branch'],
    ],
    // the words of a mapping
    ["v*: {lst: 3}", ['keep:1:6: unknown word "lst", did you mean "last"?']],
    ["v*: {LAST: 3}", ['keep:1:6: unknown word "LAST", did you mean "last"?']],
    ["v*: {last:3}", ['keep:1:6: unknown word "last:3": write a colon and a space, as in last: 3']],
    [
      "v*: {never: true}",
      ["keep:1:6: never stands alone, not in a mapping: write it as the whole value of the line"],
    ],
    ["v*: {last: 0}", ["keep:1:12: 0 is not a count: write at least 1; to keep nothing, write never"]],
    [
      "v*: {last: 14d}",
      ['keep:1:12: last takes a plain whole number of at least 1, not "14d"; for a time write within: 14d'],
    ],
    ['v*: {weekly: "3"}', ['keep:1:14: "3" is a text, and a count is a number: drop the quotes']],
    ["v*: {last: [3]}", ["keep:1:12: last takes no list: write last: 10"]],
    ["v*: {last: }", ["keep:1:6: last has no value: write last: 10"]],
    [
      "v*: {within: 14}",
      ['keep:1:14: "14": 14 has no unit: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d'],
    ],
    [
      "v*: {within: 300000y}",
      ['keep:1:14: "300000y" reaches back beyond the earliest date there is: write a shorter duration'],
    ],
    ["v*: {always: false}", ["keep:1:14: always: false keeps nothing: leave the word out, or write never"]],
    [
      "v*: {always: FALSE, last: 3}",
      ["keep:1:14: always: false keeps nothing: leave the word out, or write never"],
    ],
    ["v*: {always: yes}", ['keep:1:14: always takes true, not "yes": write always: true']],
    ['v*: {always: "true"}', ["keep:1:14: always takes true: drop the quotes"]],
    [
      "v*: {highest: 3}",
      ["keep:1:6: highest ranks by SemVer: only semver and prerelease lines take it, write last instead"],
    ],
    [
      "rest: {highest: 3}",
      ["keep:1:8: highest ranks by SemVer: only semver and prerelease lines take it, write last instead"],
    ],
    // modifiers
    [
      "v*: {last: 1, per: minor}",
      [
        "keep:1:15: per needs something to group by: a semver or prerelease line, or a /regex/ with a group (?<name>…)",
      ],
    ],
    [
      "rest: {last: 1, per: minor}",
      [
        "keep:1:17: per needs something to group by: a semver or prerelease line, or a /regex/ with a group (?<name>…)",
      ],
    ],
    ["semver: {last: 1, per: mino}", ['keep:1:24: unknown SemVer line "mino", did you mean "minor"?']],
    [
      "/v.*/: {last: 1, per: branch}",
      ['keep:1:23: the regex has no group "branch": name one, as in (?<branch>[a-z]+)'],
    ],
    [
      '"/(?<branch>.*)/": {last: 1, per: brunch}',
      ['keep:1:35: the regex has no group "brunch", did you mean "branch"?'],
    ],
    [
      "semver: {last: 1, per: [minor]}",
      ["keep:1:24: per takes one name: write per: minor, or the name of a group"],
    ],
    [
      "v*: {last: 1, except: rest}",
      ['keep:1:23: except does not take a reserved word: for the tag "rest" write /rest/'],
    ],
    [
      "v*: {last: 1, except: [a, semver]}",
      ['keep:1:27: except does not take a reserved word: for the tag "semver" write /semver/'],
    ],
    ["v*: {last: 1, except: /(/}", ['keep:1:23: the regex "/(/" cannot be parsed: missing closing ): `(`']],
    ["v*: {last: 1, except: []}", ["keep:1:23: except names nothing: leave it out, or list globs"]],
    [
      "v*: {last: 1, except: {a: b}}",
      ["keep:1:23: except takes globs and /regex/, no mapping: quote a glob with {…} or […]"],
    ],
    [
      "untagged: {last: 1, except: a}",
      ["keep:1:21: an untagged line does not take except: its versions have no tags to leave out"],
    ],
    [
      "untagged: {last: 1, per: a}",
      ["keep:1:21: an untagged line does not take per, its versions have no tags to group by: leave it out"],
    ],
    [
      "untagged: {highest: 1}",
      ["keep:1:12: highest ranks by SemVer: only semver and prerelease lines take it, write last instead"],
    ],
    // keys
    [
      "/pr-.*/i: 3",
      ['keep:1:1: "/pr-.*/i" begins with / and does not end with it: write flags inside, as in /(?i)pr-.*/'],
    ],
    ["/(/: 3", ['keep:1:1: the regex "/(/" cannot be parsed: missing closing ): `(`']],
    ["'': 3", ["keep:1:1: an empty glob matches nothing: write a name, or a glob such as pr-*"]],
    ['v*: 1\n"v*": 2', ['keep:2:1: duplicate key "v*": it stands on line 1 already, remove one of them']],
    [
      "v*: {last: 1, last: 2}",
      ['keep:1:15: duplicate key "last": it stands on line 1 already, remove one of them'],
    ],
    ["1.0: 1\n1.00: 1", []],
    // the text as a whole
    [
      "",
      [
        'keep:1:1: the policy has no lines: a policy has lines of "key: what to keep", such as "latest: always"',
      ],
    ],
    [
      "# nothing",
      [
        'keep:1:1: the policy has no lines: a policy has lines of "key: what to keep", such as "latest: always"',
      ],
    ],
    [
      "{}",
      [
        'keep:1:1: the policy has no lines: a policy has lines of "key: what to keep", such as "latest: always"',
      ],
    ],
    [
      "latest",
      [
        'keep:1:1: "latest" is not a policy: a policy has lines of "key: what to keep", such as "latest: always"',
      ],
    ],
    [
      "- latest",
      [
        'keep:1:1: a list is not a policy: a policy has lines of "key: what to keep", such as "latest: always"',
      ],
    ],
  ])("of %j is told with its place", (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  test.each(["v*: {}", "v*: {except: [a]}", "semver: {per: minor}"])(
    "is a mapping without words: %s",
    (text) => {
      const [problem, ...others] = problemsOf(text);
      expect(problem).toContain("this keeps nothing: add a word such as last: 10, or write never");
      expect(others).toEqual([]);
    },
  );

  test.each([["npm"], ["maven"], ["nuget"], ["rubygems"]] as const)("is an untagged line for %s", (type) => {
    expect(problemsOf("untagged: never", type)).toEqual([
      `keep:1:1: untagged is for container and docker packages: every version of type ${type} has a tag; remove this line`,
    ]);
  });

  it("is no untagged line for container and docker", () => {
    expect(problemsOf("untagged: never", "container")).toEqual([]);
    expect(problemsOf("untagged: never", "docker")).toEqual([]);
  });

  it("does not hide the others", () => {
    const text = 'latest: alway\n\n*-rc: 3\nv*: {lst: 3, within: 0d}\n"v*": 2\nuntagged: {per: x, last: 0}\n';
    expect(problemsOf(text)).toEqual([
      'keep:1:9: unknown word "alway", did you mean "always"?',
      'keep:3:1: quote this key: "*-rc": in YAML an unquoted * begins an alias',
      'keep:4:6: unknown word "lst", did you mean "last"?',
      'keep:4:22: "0d": 0 days is not a duration: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
      'keep:5:1: duplicate key "v*": it stands on line 4 already, remove one of them',
      "keep:6:12: an untagged line does not take per, its versions have no tags to group by: leave it out",
      "keep:6:26: 0 is not a count: write at least 1; to keep nothing, write never",
    ]);
  });
});
