import { parseKeep } from "../../src/policy/keep";
import { parsePackages } from "../../src/policy/package-selection";
import { parsePolicyFile } from "../../src/policy/policy-file";
import { firstProblems, formatProblem } from "../../src/policy/problem";
import { DEFAULT_SETTINGS } from "../../src/policy/settings";

/** Work that grows faster than its text would take minutes for these. A policy may be five times as long. */
const LENGTH = 20_000;

function filled(piece: string): string {
  return piece.repeat(Math.floor(LENGTH / piece.length));
}

describe("a long hostile text", () => {
  it.each([
    ...[
      ":",
      ": ",
      "a: ",
      ":\n",
      "a: b: c\n",
      "a:\n\t",
      "- ",
      "- [\n",
      "[",
      "{",
      "}",
      "]\n",
      '"',
      "'\n",
      "*x\n",
      "&x\n",
    ],
    ...[
      "! ",
      "a: !x\n",
      "? ",
      "%a\n",
      "---\n",
      "|",
      "a: |\n x\n",
      "a: *b\n",
      "<<: *a\n",
      "#\n",
      "\n",
      " ",
      "a,",
      "\\",
    ],
    ...["a: [*x, *x]\n", "x\n", "a: 3\n", "@ ", "`\n"],
  ])(
    "of %j alone is refused, in at most as many problems as it has characters",
    async (piece) => {
      const text = filled(piece);
      for (const { problems } of [
        parseKeep(text, { source: "keep" }),
        await parsePolicyFile(text, "f.yml", DEFAULT_SETTINGS),
      ]) {
        expect(problems.length).toBeGreaterThan(0);
        const told = firstProblems(problems).map(formatProblem);
        expect(told.length).toBeLessThanOrEqual(51);
        expect(Math.max(...told.map(({ length }) => length))).toBeLessThan(1_100);
      }
    },
    30_000,
  );

  it.each(["[a*\n", "{a,", ",", "- a\n", "!(a),", "(", "{1..9}\n"])(
    "of packages, %j alone, is read or refused",
    (piece) => {
      const { selection, problems } = parsePackages(filled(piece), "packages");
      expect(problems.length + selection.globs.length + selection.names.length).toBeGreaterThan(0);
    },
    30_000,
  );
});

describe("problems", () => {
  it("are told up to fifty; the others are counted", () => {
    const { problems } = parseKeep("a: alway\nb: alway\n".repeat(40), { source: "keep" });
    const told = firstProblems(problems);
    expect(told).toHaveLength(51);
    expect(told.slice(0, 50)).toEqual(problems.slice(0, 50));
    expect(told.slice(50).map(formatProblem)).toEqual([
      `keep: ${problems.length - 50} more problems are not listed: fix these, and run the action again`,
    ]);
    expect(firstProblems(problems.slice(0, 50))).toEqual(problems.slice(0, 50));
  });

  it("quote no more of a text than tells which it is, and keep their way out", () => {
    const { problems } = parseKeep(`a: {${"x".repeat(900)}: 3}`, { source: "keep" });
    expect(problems.map(formatProblem)).toEqual([
      `keep:1:5: unknown word "${"x".repeat(100)}…": write one of always, within, while, last, highest, hourly, daily, weekly, monthly, yearly, per, except, max-age, only-while, follow`,
    ]);
    const escaped = formatProblem({
      source: "keep",
      message: `${JSON.stringify('\\"'.repeat(200))} is wrong`,
    });
    expect(escaped).toBe(`keep: "${'\\\\\\"'.repeat(50)}…" is wrong`);
    expect(formatProblem({ source: "keep", message: "x".repeat(5_000) })).toHaveLength(1_007);
  });
});
