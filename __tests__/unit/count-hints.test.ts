import { countHints } from "../../src/policy/count-hints";
import { parseKeep } from "../../src/policy/keep";
import { formatProblem } from "../../src/policy/problem";

function hints(keep: string): string[] {
  return countHints(parseKeep(keep, { source: "keep" }).lines).map(formatProblem);
}

describe("a count beside times", () => {
  it("is hinted at where the same number is a time in another line, or in its own", () => {
    expect(hints("pr-*: 14d\nnightly-*: 14\nlatest: always")).toEqual([
      'keep:2:1: "nightly-*" keeps 14 versions (last: 14), beside 14d: write 14d if the time is meant',
    ]);
    expect(hints("pr-*: {within: 2 weeks, last: 2}")).toEqual([
      'keep:1:1: "pr-*" keeps 2 versions (last: 2), beside 2 weeks: write 2 weeks if the time is meant',
    ]);
  });

  it.each([
    "v*: always\npr-*: 14d\nrest: 10\nuntagged: 14d",
    "pr-*: 14d\nnightly-*: 14\nrest: 10",
    "pr-*: 14\nrest: 14",
    "nightly-*: {daily: 14}\nrest: 14d",
    "pr-*: 14d\nrest: 140",
    "semver: {highest: 14}\nrest: 14d",
  ])("is taken as it is: %j", (keep) => {
    expect(hints(keep)).toEqual([]);
  });
});
