import fc from "fast-check";
import { parseKeep } from "../../src/policy/keep";
import { parsePolicyFile } from "../../src/policy/policy-file";
import { formatProblem } from "../../src/policy/problem";
import { DEFAULT_SETTINGS } from "../../src/policy/settings";
import { parseYaml, type YamlNode } from "../../src/policy/yaml-source";

function problemsOf(text: string): string[] {
  return parseYaml(text, "keep").problems.map(formatProblem);
}

/** The texts of a tree, as JSON would show them. */
function plain(node: YamlNode | undefined): unknown {
  if (node?.kind === "mapping") return node.entries.map(({ key, value }) => [key.text, plain(value)]);
  if (node?.kind === "list") return node.items.map(plain);
  return node?.text;
}

describe("a YAML text", () => {
  it("holds its texts as they are written", () => {
    const text = "1.10: 010\ntrue: ~\n1e3: 0x10\nnull: [1.0, No]\n";
    expect(plain(parseYaml(text, "keep").root)).toEqual([
      ["1.10", "010"],
      ["true", "~"],
      ["1e3", "0x10"],
      ["null", ["1.0", "No"]],
    ]);
  });

  it("knows the line and column of each, from 1, whatever ends the lines", () => {
    const { root } = parseYaml("\uFEFFa: 1\r\n\r\n  # comment\r\nbc: {d: 2}\r\n", "keep");
    const [, second] = root?.kind === "mapping" ? root.entries : [];
    expect(second?.key.at).toEqual({ line: 4, column: 1 });
    expect(second?.value.at).toEqual({ line: 4, column: 5 });
    expect(second?.value.kind === "mapping" && second.value.entries[0]?.value.at).toEqual({
      line: 4,
      column: 9,
    });
  });
});

describe("what YAML reads as something else", () => {
  test.each([
    ["*: 3", 'keep:1:1: quote this key: "*": in YAML an unquoted * begins an alias'],
    ["*-rc: 3", 'keep:1:1: quote this key: "*-rc": in YAML an unquoted * begins an alias'],
    ["*-{a,b}: 3", 'keep:1:1: quote this key: "*-{a,b}": in YAML an unquoted * begins an alias'],
    ["{a,b}: 3", 'keep:1:1: quote this key: "{a,b}": in YAML an unquoted { begins a mapping'],
    ["{a,b}-*: 3", 'keep:1:1: quote this key: "{a,b}-*": in YAML an unquoted { begins a mapping'],
    ["[ab]*: 3", 'keep:1:1: quote this key: "[ab]*": in YAML an unquoted [ begins a list'],
    ["!x: 3", 'keep:1:1: quote this key: "!x": in YAML an unquoted ! begins a tag'],
    ["&x: 3", 'keep:1:1: quote this key: "&x": in YAML an unquoted & begins an anchor'],
    ["@x: 3", 'keep:1:1: quote this key: "@x": in YAML an unquoted @ is reserved'],
    ["`x: 3", 'keep:1:1: quote this key: "`x": in YAML an unquoted ` is reserved'],
    ["%x: 3", 'keep:1:1: quote this key: "%x": in YAML an unquoted % begins a directive'],
    ["a: 1\n%x: 3", 'keep:2:1: quote this key: "%x": in YAML an unquoted % begins a directive'],
    ["|x: 3", 'keep:1:1: quote this key: "|x": in YAML an unquoted | begins a block of text'],
    [">x: 3", 'keep:1:1: quote this key: ">x": in YAML an unquoted > begins a block of text'],
    ["? x: 3", 'keep:1:1: quote this key: "? x": in YAML an unquoted ? begins a key on lines of its own'],
    ["- @acme/*", 'keep:1:3: quote this item: "@acme/*": in YAML an unquoted @ is reserved'],
    ["- [ab]*", 'keep:1:3: quote this item: "[ab]*": in YAML an unquoted [ begins a list'],
    ["a: [*-rc*]", 'keep:1:5: quote this item: "*-rc*": in YAML an unquoted * begins an alias'],
    [
      "a: [v{1,2}]",
      'keep:1:5: quote this item: "v{1,2}": in YAML an unquoted { inside of brackets begins a mapping',
    ],
    [
      "a: [/v[0-9]+/]",
      'keep:1:5: quote this item: "/v[0-9]+/": in YAML an unquoted [ inside of brackets begins a list',
    ],
    ["a: {*: 3}", 'keep:1:5: quote this key: "*": in YAML an unquoted * begins an alias'],
    [
      "a: **/*.yaml",
      'keep:1:4: quote this value: "**/*.yaml": in YAML an unquoted * begins an alias, which is not supported here',
    ],
    [
      "a: &b 3",
      'keep:1:4: quote this value: "&b 3": in YAML an unquoted & begins an anchor, which is not supported here',
    ],
    [
      "a: !!int 3",
      'keep:1:4: quote this value: "!!int 3": in YAML an unquoted ! begins a tag, which is not supported here',
    ],
  ])("%j is to be quoted", (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it("is read as the text that was meant, so that the rest can be checked", () => {
    const { root } = parseYaml('*-rc: 3\nv*: {except: [*-a, "b"]}\n[x]*: 4 # *\n', "keep");
    expect(plain(root)).toEqual([
      ["*-rc", "3"],
      ["v*", [["except", ["*-a", "b"]]]],
      ["[x]*", "4"],
    ]);
  });

  test.each([
    "?(a)b: 3",
    "-x: 3",
    "v*: {a: [b, c]}",
    "/a{1,2}/: 3",
    '"*": 3',
    "v[0-9]*: 3",
    "a:\n  {b: c}",
    "a: |\n  *x\n  !y",
  ])("is not %j", (text) => {
    expect(problemsOf(text)).toEqual([]);
  });
});

describe("a fault of the YAML itself", () => {
  test.each([
    [
      "latest always\nv*: always",
      'keep:1:1: this is not "key: value": write a colon and a space after the key',
    ],
    [
      "latest: always\nv*:always",
      'keep:2:1: this is not "key: value": write a colon and a space after the key',
    ],
    [
      "v*: last: 3",
      "keep:1:5: two colons on one line: write a mapping in braces, as in {last: 3}, or quote the value",
    ],
    ["v*:\n\tlast: 3", "keep:2:1: indent with spaces: YAML allows no tabs here"],
    ["v*: {last: 3\nrest: 1", "keep:2:1: a { is not closed before this: close it with }"],
    ["v*: [a\nrest: 1", "keep:2:1: a [ is not closed before this: close it with ]"],
    ['a: 1\nv*: "x\nrest: 1', "keep:2:5: this quote is not closed: close it after its text"],
    [
      '"/\\d+/": 1',
      "keep:1:3: in double quotes YAML reads \\ as an escape: use single quotes, or double each \\",
    ],
    ["a: 1\n---\nb: 2", "keep:2:1: only one YAML document is read: remove what follows"],
    ["a: 1\n...\nb: 2", "keep:3:1: only one YAML document is read: remove what follows"],
    ["%YAML 1.2\n---\na: 1", "keep:1:1: YAML directives are not supported: remove this line"],
    ["a: {<<: b}", "keep:1:5: merge keys (<<) are not supported: write the entries out"],
    ["a: \u0000", "keep: the text contains a control character: remove it"],
    [`a: ${"x".repeat(100_000)}`, "keep: the text is longer than 100000 characters: split it up"],
    ["[".repeat(10_000), "keep:1:51: this is nested more than 50 deep: write it simpler"],
    [
      "a: b\n".repeat(3) + "- ".repeat(10_000),
      "keep:4:101: this is nested more than 50 deep: write it simpler",
    ],
    ["a: ".repeat(20_000), "keep:1:152: this is nested more than 50 deep: write it simpler"],
    [
      Array.from({ length: 60 }, (_, index) => `${" ".repeat(index)}a:`).join("\n"),
      "keep:51:51: this is nested more than 50 deep: write it simpler",
    ],
  ])("%j is told once", (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it("leaves standing what was found before it, and nothing that only follows from it", () => {
    const problems = parseKeep("latest: alway\nv*: last: 3\nrest: 1\n", { source: "keep" }).problems;
    expect(problems.map(formatProblem)).toEqual([
      'keep:1:9: unknown word "alway", did you mean "always"?',
      "keep:2:5: two colons on one line: write a mapping in braces, as in {last: 3}, or quote the value",
    ]);
  });
});

describe("any text", () => {
  const piece = fc.constantFrom(
    ..."*&!{}[]@%`|>?,:#-'\" \n\t\r".split(""),
    "v*",
    "last",
    ": ",
    "- ",
    "\n  ",
    "always",
    "3",
    "14d",
    "/x/",
    "---",
    "<<",
  );
  const yamlish = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));

  it("is read or refused, never thrown at", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), yamlish), (text) => {
        const { lines, problems } = parseKeep(text, { source: "keep", type: "container" });
        expect(lines.length + problems.length).toBeGreaterThan(0);
        expect(parsePolicyFile(text, "file", DEFAULT_SETTINGS).problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("has each fault told once", () => {
    fc.assert(
      fc.property(yamlish, (text) => {
        const problems = parseKeep(text, { source: "keep", type: "container" }).problems.map(formatProblem);
        expect(new Set(problems).size).toBe(problems.length);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps its meaning when its keys are quoted", () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9.*-]{0,8}$/);
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 5 }), (keys) => {
        const bare = parseYaml(keys.map((text) => `${text}: 1\n`).join(""), "keep");
        const quoted = parseYaml(keys.map((text) => `"${text}": 1\n`).join(""), "keep");
        expect(bare.problems).toEqual([]);
        expect(plain(bare.root)).toEqual(plain(quoted.root));
      }),
    );
  });
});
