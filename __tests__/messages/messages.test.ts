import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { removeFolder } from "../../scripts/remove-folder";
import { workspace } from "./bring-about";
import { MESSAGES } from "./messages";

/**
 * What the action says when something is wrong, read as its user would: what happened, to which package and version,
 * and what to do. The list is in the files beside this one.
 */

afterAll(() => removeFolder(workspace));

/** What differs from run to run stands in angle brackets. */
function steady(text: string): string {
  return text
    .replaceAll(workspace, "<workspace>")
    .replaceAll(/<workspace>[\\/]/g, "<workspace>/")
    .replaceAll(realpathSync(dirname(workspace)), "<temp>")
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "<server>")
    .replaceAll(/(an empty image now, )sha256:[0-9a-f]{64}/g, "$1<digest>")
    .replaceAll(/(Error: )?E[A-Z]{3,}: [^'\n]*'[^'\n]*'/g, "<why>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
}

/** What a way out looks like: a question that hits it, what is legal, or something to do. */
const WAY_OUT = [
  /did you mean "|is it a typo\?|secret .* set\?/i,
  /\bsuch as\b|\bas in\b|at least \d|up to 100%|is for containers only|has no lookaheads|cannot be parsed: missing/,
  /\b(write|quote|drop|leave|remove|indent|close|split|list|name|give|say|set|use|check|add|exclude|raise|authorize|simplify|store)\b/i,
  /\b(delete it|push it|push the tag|run .*\bagain|the next (run|one) (continues|looks at it)|contact github|you must|expect to|restore: "\*")/i,
  /names? .* twice: add|policies with packages and keep|is missing: /,
];

/** A problem has its place in front and no full stop, as in `keep:1:8: …`; all else is whole sentences. */
const PROBLEM = /^(retention\.yml|-x|--[a-z-]+|[a-z]+(-[a-z]+)*)(:\d+:\d+)?: /;
const SUBJECT =
  /\bapp\b|\bpackages\b|\breport file\b|\bthe log\b|\bacme\b|"nobody"|report\.json|`[a-z]+(-[a-z]+)+`|^(deletes-per-minute|delete-empty-package|The runner's clock) /;
const LEAKED = /undefined|\[object|\bNaN\b|\bnull\b|^\s+at |\(.*:\d+:\d+\)$| {2}|^\s*$/;

const lines = MESSAGES.flatMap(({ says, onlyTells = false }) =>
  says.split("\n").map((line) => ({ line, onlyTells })),
);

/** The lines for which a rule does not hold. */
function breaking(rule: (line: string, onlyTells: boolean) => boolean): string[] {
  return lines.filter(({ line, onlyTells }) => !rule(line, onlyTells)).map(({ line }) => line);
}

describe("what the action says", () => {
  it.each(MESSAGES.map((message) => [message.when, message] as const))("of %s", async (_, { how, says }) => {
    expect(steady(await how())).toBe(says);
  });

  it("is on the list once for each situation, and the same is not said of two", () => {
    expect(new Set(MESSAGES.map(({ when }) => when)).size).toBe(MESSAGES.length);
    expect(new Set(MESSAGES.map(({ says }) => says)).size).toBe(MESSAGES.length);
  });

  it("is for people: whole sentences, or a place and what is wrong there, and nothing from inside the program", () => {
    expect(breaking((line) => !LEAKED.test(line))).toEqual([]);
    expect(breaking((line) => (PROBLEM.test(line) ? /[^\s:;,]$/ : /[.?]$/).test(line))).toEqual([]);
  });

  it("names the input, the file or the package", () => {
    expect(breaking((line) => PROBLEM.test(line) || SUBJECT.test(line))).toEqual([]);
  });

  it("has a way out", () => {
    const hasWayOut = (line: string) => WAY_OUT.some((way) => way.test(line.replace(PROBLEM, "")));
    expect(breaking((line, onlyTells) => onlyTells || hasWayOut(line))).toEqual([]);
  });
});
