import { parseKeep } from "../../src/policy/keep";
import { matchPackages, parsePackages } from "../../src/policy/package-selection";
import { parsePolicyFile } from "../../src/policy/policy-file";
import { formatProblem } from "../../src/policy/problem";
import { DEFAULT_SETTINGS, parseSetting } from "../../src/policy/settings";
import { image, play, policy, readable } from "../support/builder";

/** Names that every object has: those of tags, keys and packages are looked up in nothing that has them. */
const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"];

function problemsOf(keep: string): string[] {
  return parseKeep(keep, { source: "keep" }).problems.map(formatProblem);
}

describe("a name that every object has", () => {
  it.each(NAMES)("is a key and a tag as any other: %s", (name) => {
    const versions = [image({ id: 3, tags: [name] }), image({ id: 2, tags: ["v1"] }), image({ id: 1 })];
    const { plan } = play({ policy: policy(`${name}: always\nrest: never\nuntagged: never`), versions });
    expect(readable(plan)).toEqual({
      3: ["keep", `${name}: always`],
      2: ["delete", "rest: never"],
      1: ["delete", "untagged: never"],
    });
    const without = play({ policy: policy("v1: always"), versions }).plan;
    expect(readable(without)[3]).toEqual(["keep", `tag "${name}" is not covered by any line`]);
    const excepted = play({ policy: policy(`rest: {last: 1, except: ${name}}`), versions }).plan;
    expect(readable(excepted)[3]).toEqual(["keep", `tag "${name}" is not covered by any line`]);
  });

  it.each(NAMES)("is told as a duplicate, and as no word, value or unit: %s", (name) => {
    expect(problemsOf(`${name}: 1\n${name}: 2`)).toEqual([
      `keep:2:1: duplicate key "${name}": it stands on line 1 already, remove one of them`,
    ]);
    expect(problemsOf(`x: {${name}: 3}`)).toEqual([
      expect.stringMatching(/^keep:1:5: unknown word ".*": write one of always, /),
    ]);
    expect(problemsOf(`x: ${name}`)).toEqual([expect.stringMatching(/^keep:1:4: unknown word /)]);
    expect(problemsOf(`x: 3${name}`)).toEqual([expect.stringMatching(/^keep:1:4: .*unknown unit /)]);
    expect(problemsOf(`semver: {last: 1, per: ${name}}`)).toEqual([
      `keep:1:24: unknown SemVer line "${name}": write one of major, minor, patch`,
    ]);
    expect(parseSetting("delete-broken", name)).toEqual({
      error: `unknown value "${name}": write one of never, ghost, partial`,
    });
  });

  it.each(NAMES)("may be captured, and be the name of a group: %s", (name) => {
    const versions = [
      image({ id: 3, tags: [`${name}-2`], age: "1d" }),
      image({ id: 2, tags: [`${name}-1`], age: "2d" }),
      image({ id: 1, tags: ["main-1"], age: "3d" }),
    ];
    const line = `"/(?<${name}>[A-Za-z_]+)-[0-9]/": {last: 1, per: ${name}}`;
    expect(
      Object.values(readable(play({ policy: policy(line), versions }).plan)).map(([verdict]) => verdict),
    ).toEqual(["keep", "delete", "keep"]);
  });

  it.each(NAMES)("is no key of a policy file, and may be its package: %s", async (name) => {
    const read = async (text: string) => {
      const { problems, policies } = await parsePolicyFile(text, "f.yml", DEFAULT_SETTINGS);
      return { policies, problems: problems.map(formatProblem) };
    };
    const top = await read(`${name}: 1\npolicies:\n  - {packages: a, keep: {x: 1}}`);
    expect(top.problems).toEqual([`f.yml:1:1: unknown key "${name}": write one of timezone, policies`]);
    const inPolicy = await read(`policies:\n  - {packages: a, keep: {x: 1}, ${name}: {polluted: true}}`);
    expect(inPolicy.problems).toEqual([
      expect.stringMatching(/^f\.yml:2:33: unknown key ".*": write one of packages, /),
    ]);
    const { policies, problems } = await read(`policies:\n  - {packages: ${name}, keep: {${name}: 1}}`);
    expect(problems).toEqual([]);
    expect(policies[0]?.packages.names).toEqual([name]);
    expect(policies[0]?.lines.map(({ key }) => key)).toEqual([name]);
    expect({}).not.toHaveProperty("polluted");
    const { selection } = parsePackages(`*, !${name}`, "packages");
    expect(matchPackages(selection, [name, "a"])).toEqual(["a"]);
  });
});

describe("what YAML can do besides", () => {
  it.each([
    ["x: &a [b]\ny: *a", ["keep:1:4: quote this value", "keep:2:4: quote this value"]],
    [
      "x: &a 3\n<<: *a",
      ["keep:1:4: quote this value", "keep:2:1: merge keys (<<) are not supported", "keep:2:5: quote"],
    ],
    ["? [x]\n: 3", ["keep:1:1: quote this item", "keep:2:1: this is not YAML"]],
    ["x: !!js/function 'f'", ["keep:1:4: quote this value"]],
    ["x: !!binary aGk=", ["keep:1:4: quote this value"]],
    ["%YAML 1.1\n---\nx: 3", ["keep:1:1: YAML directives are not supported"]],
    ["x: 3\n--- \ny: 3", ["keep:2:1: only one YAML document is read"]],
    ["x: 0b11", ["keep:1:4: "]],
    ["x: 1_000", ["keep:1:4: "]],
    ["x: 1:30", ["keep:1:4: "]],
    ["x: 0o17", ["keep:1:4: "]],
    ["x: .inf", ["keep:1:4: "]],
    ["x: ~", ["keep:1:4: "]],
    ["x: 2026-01-01", ["keep:1:4: "]],
    ['"x": 3\nx: 4', ['keep:2:1: duplicate key "x"']],
    ['"\\u0078": 3\nx: 4', ['keep:2:1: duplicate key "x"']],
    ["[x]: 3", ["keep:1:1: quote this key"]],
    ["{x: 3}: 3", ["keep:1:1: quote this key", "keep:1:5: two colons on one line"]],
  ])("is refused: %j", (text, starts) => {
    const problems = problemsOf(text);
    expect(problems.map((problem, index) => problem.slice(0, starts[index]?.length))).toEqual(starts);
  });

  it("does not change what is written: keys are texts", () => {
    const { lines, problems } = parseKeep(
      "1.10: 1\n1.1: 1\n010: 1\n8: 1\nyes: 1\n'no': 1\n0x1: 1\n1e3: 1\n~: 1\nnull: 1",
      {
        source: "keep",
      },
    );
    expect(problems).toEqual([]);
    expect(lines.map(({ key }) => key)).toEqual([
      "1.10",
      "1.1",
      "010",
      "8",
      "yes",
      "no",
      "0x1",
      "1e3",
      "~",
      "null",
    ]);
  });
});
