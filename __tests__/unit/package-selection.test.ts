import { matchPackages, needsList, parsePackages } from "../../src/policy/package-selection";
import { formatProblem } from "../../src/policy/problem";

const LISTED = ["api", "web-a", "web-b", "web-legacy", "@acme/ui", "team/app"];

function selected(text: string): string[] {
  const { selection, problems } = parsePackages(text, "packages");
  expect(problems).toEqual([]);
  return matchPackages(selection, LISTED);
}

function problemsOf(text: string): string[] {
  return parsePackages(text, "packages").problems.map(formatProblem);
}

describe("a selection of packages", () => {
  test.each([
    ["api", ["api"]],
    ["api\nweb-a\n", ["api", "web-a"]],
    ["api, web-a,,", ["api", "web-a"]],
    ["api # the main one\n# web-a\n", ["api"]],
    ["web-*", ["web-a", "web-b", "web-legacy"]],
    ["api\nweb-*\n!web-legacy", ["api", "web-a", "web-b"]],
    ["!web-*, *", ["api", "@acme/ui", "team/app"]],
    ["web-{a,b}, api", ["api", "web-a", "web-b"]],
    ["@acme/*", ["@acme/ui"]],
    ["*", LISTED],
    ["team/app", ["team/app"]],
    ["[api, web-a]", ["api", "web-a"]],
    ['["web-*", "!web-legacy"]', ["web-a", "web-b"]],
    ["- api\n- web-a\n", ["api", "web-a"]],
    ['- "web-{a,b}"\n', ["web-a", "web-b"]],
    ["\"web-*\", '!web-legacy'", ["web-a", "web-b"]],
    ["[aw]*-a", ["web-a"]],
    ["api, api, a*", ["api"]],
  ])("%j", (text, expected) => {
    expect(selected(text)).toEqual(expected);
  });

  it("excludes an exact name, too", () => {
    expect(selected("web-a\nweb-b\n!web-a")).toEqual(["web-b"]);
    expect(selected("web-a\nweb-b\n!*-b")).toEqual(["web-a"]);
  });

  it("is case-sensitive", () => {
    expect(selected("WEB-*")).toEqual([]);
  });

  it("knows where its globs and exclusions stand", () => {
    const { selection } = parsePackages("api # main\n  web-* , !{a,b} ,'!web-legacy'\n", "packages");
    const place = ({ at }: { at: object }) => at;
    expect(selection.globs.map(place)).toEqual([{ source: "packages", line: 2, column: 3 }]);
    expect(selection.excludes.map(place)).toEqual([
      { source: "packages", line: 2, column: 11 },
      { source: "packages", line: 2, column: 19 },
    ]);
    const list = parsePackages('[api, "web-*"]', "packages").selection;
    expect(list.globs.map(place)).toEqual([{ source: "packages", line: 1, column: 7 }]);
  });

  it("needs the list of packages only for globs", () => {
    const needs = (text: string) => needsList(parsePackages(text, "packages").selection);
    expect(needs("api, team/app, @acme/ui, !web-*")).toBe(false);
    expect(needs("api, web-*")).toBe(true);
  });

  it("holds exact names even if they are not listed", () => {
    const { selection } = parsePackages("hidden, !api, api", "packages");
    expect(matchPackages(selection, [])).toEqual(["hidden"]);
  });
});

describe("a selection that selects nothing", () => {
  test.each([
    [
      "!web-legacy",
      'packages: only exclusions are listed, which select nothing: add what to select, "*" for all',
    ],
    [
      '["!a", "!b"]',
      'packages: only exclusions are listed, which select nothing: add what to select, "*" for all',
    ],
    ["[]", "packages: no package is listed: write names or globs"],
    ["# api", "packages: no package is listed: write names or globs"],
    ["api\n!", "packages:2:1: an empty glob matches nothing: write a name, or a glob such as pr-*"],
    ["[api, web-*, @acme/*]", 'packages:1:14: quote this item: "@acme/*": in YAML an unquoted @ is reserved'],
    ["- api\n- *-web\n", 'packages:2:3: quote this item: "*-web": in YAML an unquoted * begins an alias'],
    ["[api, {a: b}]", "packages:1:7: an item is one text: quote it, if it is a glob with {…} or […]"],
  ])("is refused: %j", (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});
