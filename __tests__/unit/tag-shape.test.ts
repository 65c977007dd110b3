import { groupByReason } from "../../src/report/reason-groups";
import { renderSummary } from "../../src/report/summary";
import { tagShape } from "../../src/report/tag-shape";
import { aPackage, aReport, aVersion } from "../support/report-builder";

it.each([
  ["edge", "edge"],
  ["buildcache", "buildcache"],
  ["buildcache-main", "buildcache-*"],
  ["main-1a2b3c4", "main-*"],
  ["v1.2.3", "v*"],
  ["1.2.3", "[0-9]*"],
  ["20261120", "[0-9]*"],
  ["_tmp", "_*"],
  ["fix_login.2", "fix_*"],
])("the shape of %s is %s", (tag, shape) => {
  expect(tagShape(tag)).toBe(shape);
});

const SAYS = [{ text: "beyond the last 10" }];

/** Versions with one tag each, which `rest` deletes. */
function deletedByRest(tags: readonly string[]) {
  return tags.map((tag, id) =>
    aVersion({
      id,
      tags: [tag],
      verdict: "delete",
      outcome: "planned",
      reasons: [{ rule: "line", key: "rest", says: SAYS }],
    }),
  );
}

describe("What rest deletes", () => {
  const tags = ["main-1", "main-2", "main-3", "buildcache-x", "buildcache-y", "edge"];

  it("is counted by the shape of its tags, the most frequent first", () => {
    const [group] = groupByReason(deletedByRest(tags)).changed;
    expect(group?.shapes).toEqual([
      ["main-*", 3],
      ["buildcache-*", 2],
      ["edge", 1],
    ]);
  });

  it("counts a version once for each shape, and no bookkeeping tags", () => {
    const [version] = deletedByRest(["main-1"]);
    if (!version) throw new Error("no version");
    const several = { ...version, tags: ["main-1", "main-2", "sha-1", `sha256-${"0".repeat(64)}.sig`] };
    expect(groupByReason([several]).changed[0]?.shapes).toEqual([
      ["main-*", 1],
      ["sha-*", 1],
    ]);
  });

  it("shows its shapes in the summary, where other lines show examples", () => {
    const summary = renderSummary(aReport({ packages: [aPackage({ versions: deletedByRest(tags) })] }));
    expect(summary).toContain(
      "| 3 <code>main-&#42;</code>, 2 <code>buildcache-&#42;</code>, 1 <code>edge</code> |",
    );
  });

  it("says how many more shapes there are", () => {
    const many = Array.from({ length: 11 }, (_, place) => `${"abcdefghijk"[place]}-1`);
    const summary = renderSummary(aReport({ packages: [aPackage({ versions: deletedByRest(many) })] }));
    expect(summary).toContain("1 <code>h-&#42;</code>, and 3 more kinds of tags |");
  });
});
