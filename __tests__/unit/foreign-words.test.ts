import { parseKeep } from "../../src/policy/keep";
import { formatProblem } from "../../src/policy/problem";

function problems(keep: string): string[] {
  return parseKeep(keep, { source: "keep" }).problems.map(formatProblem);
}

describe("a key that is a word of this or another cleaner's language", () => {
  it.each([
    ["last: 10", 'write "rest: 10"'],
    ["keep-last: 5", 'write "rest: 5"'],
    ["keep_last: true", 'write "rest: 10"'],
    ["keepLast: 3", 'write "rest: 3"'],
    ["keep-n-tagged: 7", 'write "rest: 7"'],
    ["older-than: 30 days", 'write "rest: 30 days"'],
    ["older-than: 30", 'write "rest: 30d"'],
    ["cut-off: A week ago UTC", 'write "rest: 14d"'],
    ["within: 6mo", 'write "rest: 6mo"'],
    ["daily: 7", 'write "rest: {daily: 7}"'],
    ["keep-monthly: 12", 'write "rest: {monthly: 12}"'],
    ["highest: 3", 'write "semver: {highest: 3}"'],
    ["per: minor", 'write "semver: {last: 3, per: minor}"'],
    ["except: edge", 'write "rest: {last: 10, except: edge}"'],
    ["max-age: 90d", 'write "rest: {last: 10, max-age: 90d}"'],
    ["only-while: branch", 'write "rest: {last: 10, only-while: branch}"'],
    ["always: latest", 'write "latest: always"'],
    ["exclude-tags: v1,v2", 'write "latest: always"'],
    ["skip-tags: main", 'write "main: always"'],
    ["never: pr-*", 'write "pr-*: never"'],
    ["delete-untagged: true", 'write "untagged: never"'],
    ["keep-n-untagged: 5", 'write "untagged: 5"'],
    ["delete-ghost-images: true", 'write "delete-broken: ghost" next to keep, not in it'],
    ["min-keep: 5", "write it next to keep, not in it"],
    ['"last": 10', 'write "rest: 10"'],
  ])("%j is an error, whatever the package has", (line, advice) => {
    const key = line.replace(/^"|"?:.*$/g, "");
    expect(problems(`v*: always\n${line}`)).toEqual([
      `keep:2:1: "${key}" is not a tag here: ${advice}; for a tag of that name write /${key}/`,
    ]);
  });

  it.each([
    "/last/: 10",
    "last-*: 10",
    "release: 3",
    "lasting: 3",
    "main: always",
    "__proto__: 1",
    "constructor: 1",
  ])("is not %j", (line) => {
    expect(problems(line)).toEqual([]);
  });
});
