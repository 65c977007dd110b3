import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Warning } from "../../src/model/warning";
import { groupWarnings } from "../../src/report/warnings";
import { published, workspace } from "../messages/bring-about";
import { aReport } from "../support/report-builder";

afterAll(() => rmSync(workspace, { recursive: true }));

/** The texts of the groups. */
function texts(warnings: readonly Warning[]): string[] {
  return groupWarnings(warnings).map(({ text }) => text);
}

function refused(id: number) {
  return { kind: "refused", message: `GitHub refused ${id}` };
}

describe("warnings", () => {
  it("are one text a kind, in the order in which the kinds came up", () => {
    const typo = { kind: "unmatched", message: '"pr*-" matches nothing' };
    expect(texts([refused(1), typo, refused(2)])).toEqual([
      "GitHub refused 1\nGitHub refused 2",
      '"pr*-" matches nothing',
    ]);
  });

  it("are said once, however often they come up", () => {
    expect(texts([refused(1), refused(2), refused(1)])).toEqual(["GitHub refused 1\nGitHub refused 2"]);
  });

  it("of different kinds may say the same", () => {
    expect(texts([refused(1), { ...refused(1), kind: "stopped" }])).toEqual([
      "GitHub refused 1",
      "GitHub refused 1",
    ]);
  });

  it("of a kind are spelled out up to five; the others are counted", () => {
    const ids = [1, 2, 3, 4, 5, 6, 7];
    const five = "GitHub refused 1\nGitHub refused 2\nGitHub refused 3\nGitHub refused 4\nGitHub refused 5";
    expect(texts(ids.slice(0, 5).map(refused))).toEqual([five]);
    expect(texts(ids.map(refused))).toEqual([`${five}\n… and 2 more like this, all in the log.`]);
  });

  it("have a title each, by their kind", () => {
    const kinds = [{ kind: "max-delete", message: "a" }, refused(1)];
    expect(groupWarnings(kinds).map(({ title }) => title)).toEqual(["Max delete", "Refused"]);
  });

  it("may be none", () => {
    expect(texts([])).toEqual([]);
  });

  it("of more than nine kinds are annotations up to the ninth, as GitHub shows ten a step", async () => {
    const kinds = Array.from({ length: 12 }, (_, at) => ({ kind: `kind-${at}`, message: `warning ${at}` }));
    const annotations = await published(aReport(), join(workspace, "warned.json"), undefined, kinds);
    expect(annotations.split("\n")).toEqual(kinds.slice(0, 9).map(({ message }) => message));
  });
});
