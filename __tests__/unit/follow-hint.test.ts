import type { Reason } from "../../src/model/reason";
import { followLogLines, followParagraph } from "../../src/report/follow-hint";
import { logLines } from "../../src/report/log-lines";
import { renderSummary } from "../../src/report/summary";
import { aPackage, aReport, aVersion, byLine, digest } from "../support/report-builder";

function uncovered(tag: string): Reason {
  return { rule: "uncovered", tag };
}

let id = 0;

/** A version that is kept only for its last tag. */
function keptFor(...tags: string[]) {
  return aVersion({ id: ++id, tags, reasons: [uncovered(tags.at(-1) ?? "")] });
}

describe("the hint at a line that follows", () => {
  it("says which line lets other tags decide, in the log and in the summary", () => {
    const pkg = aPackage({
      versions: [keptFor("pr-1", "sha-abc1234"), keptFor("pr-2", "sha-0000000"), keptFor("pr-3", "edge")],
    });
    expect(followLogLines(pkg)).toEqual([
      '  2 versions are kept only for tags such as sha-abc1234: a line "sha-*: follow" lets the others decide',
      '  1 version is kept only for the tag edge: a line "edge: follow" lets the others decide',
    ]);
    expect(logLines(pkg)).toEqual(expect.arrayContaining(followLogLines(pkg)));
    const text =
      "2 versions are kept only for tags such as <code>sha-abc1234</code>: a line <code>sha-&#42;: follow</code> lets the others decide.";
    expect(followParagraph([pkg])).toContain(text);
    expect(renderSummary(aReport({ packages: [pkg] }))).toContain(text);
  });

  it.each([
    ["sha-abcdefa", "sha-*"],
    ["build_12", "build_*"],
    ["main-2026-11-20", "main-*"],
    ["0a1b2c3", "/[0-9a-f]{7,40}/"],
    ["a".repeat(40), "/[0-9a-f]{7,40}/"],
    ["feature-login", "feature-login"],
    ["1.4", "1.4"],
  ])("for %s is %s", (tag, key) => {
    expect(followLogLines(aPackage({ versions: [keptFor("pr-1", tag)] })).join()).toContain(
      `a line "${key}: follow" lets`,
    );
  });

  it("is not given where another tag cannot decide, or something else keeps the version", () => {
    const versions = [
      keptFor("edge"),
      keptFor(`${digest("a").replace(":", "-")}.sig`, "edge"),
      aVersion({ id: 90, tags: ["pr-1", "a-1", "b-1"], reasons: [uncovered("a-1"), uncovered("b-1")] }),
      aVersion({ id: 91, tags: ["v1", "a-1"], reasons: [uncovered("a-1"), byLine("v*", "always")] }),
      aVersion({ id: 92, tags: ["v1", "a-1"], verdict: "delete", reasons: [byLine("v*", "never")] }),
    ];
    expect(followLogLines(aPackage({ versions }))).toEqual([]);
    expect(followParagraph([aPackage({ versions })])).toBe("");
  });

  it("names the three most frequent kinds, as text", () => {
    const versions = ["a-1", "b-1", "b-2", "c-1", "c-2", "d-1", "<b>-1"].map((tag) => keptFor("pr-1", tag));
    expect(followLogLines(aPackage({ versions })).map((line) => /"(.*)"/.exec(line)?.[1])).toEqual([
      "b-*: follow",
      "c-*: follow",
      "a-*: follow",
    ]);
    expect(followParagraph([aPackage({ versions: [keptFor("pr-1", "<b>x")] })])).not.toContain("<b>");
  });
});
