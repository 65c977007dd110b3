import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020";
import { parse } from "yaml";
import { schemaText } from "../../scripts/schema-text";
import { parsePolicyFile } from "../../src/policy/policy-file";
import { formatProblem } from "../../src/policy/problem";
import { DEFAULT_SETTINGS, type Settings } from "../../src/policy/settings";

const EXAMPLE = `timezone: Europe/Berlin
policies:
  - packages: [api, "web-*", "!web-legacy"]
    type: container
    keep:
      v*: always
      pr-*: 14d
      untagged: never
    in-use-files: ["deploy/**/*.yaml"]
  - packages: ["@acme/*"]
    type: npm
    keep:
      semver: {last: 3, per: minor}
      prerelease: 30d
`;

const FULL = `policies:
  - packages: app
    keep: {latest: always}
    repository: octo-org/app
    if-not-found: warn
    protect: [123, "sha256:${"0a".repeat(32)}", v1.2.3, 1.10]
    in-use-environments: [production, staging]
    in-use-files: |
      compose.yml
      deploy/*.yaml
    min-keep: 0
    max-delete: 12.5%
    grace: 0
    timestamp: created
    timezone: America/New_York
    delete-broken: ghost
    untag: true
    delete-empty-package: true
`;

function policiesOf(text: string, defaults: Settings = DEFAULT_SETTINGS) {
  const { policies, problems } = parsePolicyFile(text, ".github/retention.yml", defaults);
  expect(problems.map(formatProblem)).toEqual([]);
  return policies;
}

function problemsOf(text: string): string[] {
  return parsePolicyFile(text, "f.yml", DEFAULT_SETTINGS).problems.map(formatProblem);
}

describe("a policy file", () => {
  it("holds policies for several packages", () => {
    const [images, modules, ...others] = policiesOf(EXAMPLE);
    expect(others).toEqual([]);
    expect(images?.packages.names).toEqual(["api"]);
    expect(images?.packages.globs.map(({ text }) => text)).toEqual(["web-*"]);
    expect(images?.packages.excludes.map(({ text }) => text)).toEqual(["web-legacy"]);
    expect(images?.type).toBe("container");
    expect(images?.lines.map(({ key }) => key)).toEqual(["v*", "pr-*", "untagged"]);
    expect(images?.inUseFiles).toEqual(["deploy/**/*.yaml"]);
    expect(images?.timezone).toBe("Europe/Berlin");
    expect(modules?.type).toBe("npm");
    expect(modules?.lines.map(({ key }) => key)).toEqual(["semver", "prerelease"]);
    expect(modules?.timezone).toBe("Europe/Berlin");
    expect(modules?.minKeep).toBe(1);
  });

  it("sets everything that the inputs set", () => {
    const [policy] = policiesOf(FULL);
    expect(policy).toMatchObject({
      type: "container",
      repository: "octo-org/app",
      ifNotFound: "warn",
      protect: new Set(["123", `sha256:${"0a".repeat(32)}`, "v1.2.3", "1.10"]),
      inUseEnvironments: ["production", "staging"],
      inUseFiles: ["compose.yml", "deploy/*.yaml"],
      minKeep: 0,
      maxDelete: { kind: "percent", percent: 12.5 },
      timestamp: "created",
      timezone: "America/New_York",
      deleteBroken: "ghost",
      untag: true,
      deleteEmptyPackage: true,
    });
    expect(policy).not.toHaveProperty("grace");
  });

  it("leaves to the inputs what it leaves out", () => {
    const defaults: Settings = {
      ...DEFAULT_SETTINGS,
      protect: new Set(["7"]),
      inUseFiles: ["compose.yml"],
      minKeep: 5,
      maxDelete: { kind: "count", count: 10 },
      grace: undefined,
      timezone: "Asia/Tokyo",
      untag: true,
    };
    const [images, modules] = policiesOf(
      "policies:\n  - {packages: a, keep: {x: 1}, min-keep: 2}\n  - {packages: b, keep: {x: 1}, type: npm}\n",
      defaults,
    );
    expect(images).toMatchObject({
      protect: new Set(["7"]),
      inUseFiles: ["compose.yml"],
      minKeep: 2,
      maxDelete: { kind: "count", count: 10 },
      timezone: "Asia/Tokyo",
      untag: true,
    });
    expect(images).not.toHaveProperty("grace");
    expect(modules).toMatchObject({ inUseFiles: [], minKeep: 5 });
  });

  it("takes a text for the lines of keep as well, and knows where they stand", () => {
    const [policy] = policiesOf(
      "policies:\n  - packages: a\n    keep: |\n\n      v*: always\n      rest: {last: 3}\n",
    );
    expect(policy?.lines.map(({ key, at }) => [key, at])).toEqual([
      ["v*", { source: ".github/retention.yml", line: 5, column: 7 }],
      ["rest", { source: ".github/retention.yml", line: 6, column: 7 }],
    ]);
    expect(
      problemsOf('policies:\n- keep: |2-\r\n      "v*": alway\r\n    rest: 0\r\n  packages: a\n'),
    ).toEqual([
      'f.yml:3:13: unknown word "alway", did you mean "always"?',
      "f.yml:4:5: lines that belong together begin at the same column: indent this one like the others",
    ]);
    expect(problemsOf("policies:\n  - packages: a\n    keep: |\n      v*: alway\n      *: 3\n")).toEqual([
      'f.yml:4:11: unknown word "alway", did you mean "always"?',
      'f.yml:5:7: quote this key: "*": in YAML an unquoted * begins an alias',
    ]);
    expect(problemsOf("policies:\n  - packages: a\n    keep: |\n    protect: 1\n")).toEqual([
      'f.yml:3:5: the policy has no lines: a policy has lines of "key: what to keep", such as "latest: always"',
    ]);
  });

  it.each([">", ">-", ">+", ">2"])("says what keep: %s does to its lines", (header) => {
    const text = `policies:\n  - packages: a\n    keep: ${header}\n      v*: always\n      rest: 3\n`;
    expect(problemsOf(text)).toEqual([
      "f.yml:3:11: YAML joins the lines below > into one: drop the >, so that each line of keep is read by itself",
    ]);
  });

  it("takes a text for the list of packages as well", () => {
    const [policy] = policiesOf(
      "policies:\n  - packages: |\n      api\n      web-*, !web-a\n    keep: {x: 1}\n",
    );
    expect(policy?.packages.names).toEqual(["api"]);
    expect(policy?.packages.excludes[0]?.at).toEqual({
      source: ".github/retention.yml",
      line: 4,
      column: 14,
    });
    expect(problemsOf("policies:\n  - packages: |\n      api\n      !\n    keep: {x: 1}\n")).toEqual([
      "f.yml:4:7: an empty glob matches nothing: write a name, or a glob such as pr-*",
    ]);
  });

  it("takes names as they are written", () => {
    const [policy] = policiesOf('policies:\n  - packages: [1.10, true, "!x"]\n    keep: {1.10: 1}\n');
    expect(policy?.packages.names).toEqual(["1.10", "true"]);
    expect(policy?.lines[0]?.key).toBe("1.10");
  });
});

describe("a fault of a policy file", () => {
  test.each([
    [
      "",
      [
        'f.yml:1:1: this is not a policy file: a policy file has "policies:" and below it a list of policies with packages and keep',
      ],
    ],
    [
      "- a",
      [
        'f.yml:1:1: this is not a policy file: a policy file has "policies:" and below it a list of policies with packages and keep',
      ],
    ],
    [
      "timezone: UTC",
      [
        'f.yml:1:1: policies is missing: a policy file has "policies:" and below it a list of policies with packages and keep',
      ],
    ],
    ["polcies: []", ['f.yml:1:1: unknown key "polcies", did you mean "policies"?']],
    [
      "policies: []",
      [
        'f.yml:1:11: policies takes a list with at least one policy: a policy file has "policies:" and below it a list of policies with packages and keep',
      ],
    ],
    ["policies:\n  - api", ["f.yml:2:5: this is not a policy: write a mapping with packages and keep"]],
    [
      "policies:\n  - type: npm",
      [
        'f.yml:2:5: packages is missing: a policy file has "policies:" and below it a list of policies with packages and keep',
        'f.yml:2:5: keep is missing: a policy file has "policies:" and below it a list of policies with packages and keep',
      ],
    ],
    [
      "policies:\n  - {package: a, keep: {x: 1}}",
      ['f.yml:2:6: unknown key "package", did you mean "packages"?'],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: 1}, type: nmp}",
      ['f.yml:2:39: unknown value "nmp", did you mean "npm"?'],
    ],
    [
      "policies:\n  - {packages: a, keep: }",
      [
        'f.yml:2:19: the policy has no lines: a policy has lines of "key: what to keep", such as "latest: always"',
      ],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: alway}}",
      ['f.yml:2:29: unknown word "alway", did you mean "always"?'],
    ],
    [
      "policies:\n  - {packages: [@a/*], keep: {x: 1}}",
      ['f.yml:2:17: quote this item: "@a/*": in YAML an unquoted @ is reserved'],
    ],
    [
      'policies:\n  - {packages: ["!a"], keep: {x: 1}}',
      ['f.yml:2:16: only exclusions are listed, which select nothing: add what to select, "*" for all'],
    ],
    [
      "policies:\n  - {packages: , keep: {x: 1}}",
      ["f.yml:2:6: packages takes a name, a glob, or a list of them"],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: 1}, min-keep: -1}",
      ['f.yml:2:43: "-1" is not a whole number of at least 0'],
    ],
    [
      'policies:\n  - {packages: a, keep: {x: 1}, min-keep: "1"}',
      ["f.yml:2:43: this is a text, and min-keep takes none: drop the quotes"],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: 1}, untag: yes}",
      ['f.yml:2:40: "yes" is not a boolean: write true or false'],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: 1}, untag: }",
      ["f.yml:2:33: untag has no value: write one, or leave the key out"],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: 1}, grace: [1d]}",
      ["f.yml:2:40: grace takes no list: write one value"],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: 1}, type: npm, in-use-files: a}",
      ["f.yml:2:44: in-use-files is for containers only, and the type is npm: remove it"],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: 1}, type: npm, in-use-environments: [a]}",
      ["f.yml:2:44: in-use-environments is for containers only, and the type is npm: remove it"],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: 1}, repository: app}",
      ['f.yml:2:45: "app" is not a repository: write owner/name, such as octo-org/app'],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: {while: brnch}}, if-not-found: [warn]}",
      [
        'f.yml:2:37: while knows no "brnch", did you mean "branch"?',
        "f.yml:2:60: if-not-found takes no list: write one value",
      ],
    ],
    [
      "policies:\n  - {packages: a, keep: {untagged: 1}, type: npm}",
      [
        "f.yml:2:26: untagged is for container and docker packages: every version of type npm has a tag; remove this line",
      ],
    ],
    [
      `policies:\n  - {packages: a, keep: {x: 1}, in-use-files: [a.yml, ${"x".repeat(257)}]}`,
      ["f.yml:2:55: a glob has at most 256 characters, and this one has 257: write a shorter one"],
    ],
    [
      "timezone: Mars\npolicies:\n  - {packages: a, keep: {x: 1}}",
      ['f.yml:1:11: "Mars" is not a known time zone: write an IANA name such as UTC or Europe/Berlin'],
    ],
    [
      "policies:\n  - {packages: a, keep: {x: 1}, keep: {y: 1}}",
      ['f.yml:2:33: duplicate key "keep": it stands on line 2 already, remove one of them'],
    ],
  ])("%j is told with its place", (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it("does not hide the others, and is told in reading order", () => {
    const text = [
      "timezon: UTC",
      "policies:",
      "  - packages: api",
      "    grace: soon",
      "    keep:",
      "      *: 3",
      "      v*: {lst: 3}",
      "    protect: [latest, 12, v1.*]",
      "  - keep: {untagged: 0}",
      "    type: npm",
      "",
    ].join("\n");
    expect(problemsOf(text)).toEqual([
      'f.yml:1:1: unknown key "timezon", did you mean "timezone"?',
      'f.yml:4:12: "soon" is not a duration: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d; 0 switches it off',
      'f.yml:6:7: quote this key: "*": in YAML an unquoted * begins an alias',
      'f.yml:7:12: unknown word "lst", did you mean "last"?',
      'f.yml:8:27: "v1.*": tags are literal here, for a glob write a line such as "v1.*: always"',
      'f.yml:9:5: packages is missing: a policy file has "policies:" and below it a list of policies with packages and keep',
      "f.yml:9:12: untagged is for container and docker packages: every version of type npm has a tag; remove this line",
      "f.yml:9:22: 0 is not a count: write at least 1; to keep nothing, write never",
    ]);
  });
});

describe("the published JSON Schema", () => {
  const file = new URL("../../schema/retention.schema.json", import.meta.url);
  const published = JSON.parse(readFileSync(file, "utf8"));
  const validate = new Ajv2020({ strict: false }).compile(published);

  it("is the one that is generated from the definition", () => {
    expect(published).toEqual(JSON.parse(schemaText()));
  });

  test.each([EXAMPLE, FULL])("accepts what is accepted: %#", (text) => {
    expect(validate(parse(text))).toBe(true);
  });

  test.each([
    "polcies: []",
    "policies: []",
    "policies: [{packages: a}]",
    "policies: [{packages: a, keep: {v*: alway}}]",
    "policies: [{packages: a, keep: {v*: 0}}]",
    "policies: [{packages: a, keep: {v*: {lst: 3}}}]",
    "policies: [{packages: a, keep: {v*: 14x}}]",
    "policies: [{packages: a, keep: {v*: {always: false}}}]",
    "policies: [{packages: a, keep: {v*: 1}, type: nmp}]",
    "policies: [{packages: a, keep: {v*: 1}, min-keep: -1}]",
    "policies: [{packages: a, keep: {v*: 1}, untag: yes}]",
    "policies: [{packages: a, keep: {v*: 1}, grace: soon}]",
    "policies: [{packages: a, keep: {v*: 1}, max-delete: ten}]",
  ])("refuses what is refused: %s", (text) => {
    expect(validate(parse(text))).toBe(false);
    expect(problemsOf(text)).not.toEqual([]);
  });
});
