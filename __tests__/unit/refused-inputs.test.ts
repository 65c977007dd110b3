import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readInputs } from "../../src/inputs/inputs";
import { formatProblem } from "../../src/policy/problem";

type Inputs = Record<string, string>;
type Files = Record<string, string>;

const workspaces: string[] = [];

afterAll(() => {
  for (const folder of workspaces) rmSync(folder, { recursive: true });
});

/** All that is wrong with the inputs of a workflow of acme/app, whose workspace has these files. */
async function refusal(inputs: Inputs, files: Files = {}, env: Inputs = {}): Promise<readonly string[]> {
  const workspace = mkdtempSync(join(tmpdir(), "workspace-"));
  workspaces.push(workspace);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  const given: Inputs = { token: "secret", owner: "acme", ...inputs };
  const read = await readInputs({
    getInput: (name) => given[name] ?? "",
    env: { GITHUB_REPOSITORY: "acme/app", GITHUB_WORKSPACE: workspace, RUNNER_TEMP: workspace, ...env },
    readFile: (path) => readFileSync(path),
  });
  return "problems" in read ? read.problems.map(formatProblem) : [];
}

/** The same, for a policy given as lines. */
function refusalOf(...keep: string[]): Promise<readonly string[]> {
  return refusal({ keep: keep.join("\n") });
}

const VALUES =
  "write always, never, follow, a number, a duration such as 14d, or a mapping such as {last: 10}";
const DURATIONS = "write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d";
const WORDS = "always, within, while, last, highest, hourly, daily, weekly, monthly, yearly";
const NO_LINES =
  'the policy has no lines: a policy has lines of "key: what to keep", such as "latest: always"';
const FILE = 'a policy file has "policies:" and below it a list of policies with packages and keep';
const A_FILE = "policies:\n  - packages: app\n    keep: {latest: always}\n";

describe("a policy", () => {
  it("has all its errors reported in one go, with line and column", async () => {
    const errors = await refusalOf(
      "pr-*: {lst: 3}",
      "v*: foo",
      "list: [1]",
      "empty:",
      "zero: 0",
      "none: {last: 0}",
      "half: {last: 1.5}",
      "unit: 14x",
      "unitless: {within: 14}",
      "no-time: 0d",
      "negative: -5d",
      "quoted: {daily: '7'}",
      "untagged: {last: 1, except: x}",
    );
    expect(errors).toEqual([
      'keep:1:8: unknown word "lst", did you mean "last"?',
      `keep:2:5: unknown word "foo": ${VALUES}`,
      `keep:3:7: a list does not say what to keep: ${VALUES}`,
      `keep:4:1: this line does not say what to keep: ${VALUES}`,
      "keep:5:7: 0 is not a count: write at least 1; to keep nothing, write never",
      "keep:6:14: 0 is not a count: write at least 1; to keep nothing, write never",
      'keep:7:14: last takes a plain whole number of at least 1, not "1.5"',
      `keep:8:7: "14x": unknown unit "x": ${DURATIONS}`,
      `keep:9:20: "14": 14 has no unit: ${DURATIONS}`,
      `keep:10:10: "0d": 0 days is not a duration: ${DURATIONS}`,
      `keep:11:11: "-5d" is not a duration: ${DURATIONS}`,
      'keep:12:17: "7" is a text, and a count is a number: drop the quotes',
      "keep:13:21: an untagged line does not take except: its versions have no tags to leave out",
    ]);
  });

  it("may not name a key twice, nor a pattern that cannot be read", async () => {
    const errors = await refusalOf(
      "v*: always",
      '"v*": never',
      "/(/: 1",
      "/a(?=b)/: 1",
      "/x/i: 3",
      "semver: {per: mayor, last: 1}",
      '"/(?<a>x)/": {last: 1, per: b}',
      "pr-*: {highest: 1}",
      "q*: {per: minor, last: 1}",
    );
    expect(errors).toEqual([
      'keep:2:1: duplicate key "v*": it stands on line 1 already, remove one of them',
      'keep:3:1: the regex "/(/" cannot be parsed: missing closing ): `(`',
      'keep:4:1: the regex "/a(?=b)/" cannot be parsed: invalid or unsupported Perl syntax: `(?=` (the engine is RE2, ' +
        "whose time is linear: it has no lookaheads, lookbehinds or backreferences)",
      'keep:5:1: "/x/i" begins with / and does not end with it: write flags inside, as in /(?i)x/',
      'keep:6:15: unknown SemVer line "mayor", did you mean "major"?',
      'keep:7:29: the regex has no group "b": name one, as in (?<b>[a-z]+)',
      "keep:8:8: highest ranks by SemVer: only semver and prerelease lines take it, write last instead",
      "keep:9:6: per needs something to group by: a semver or prerelease line, or a /regex/ with a group (?<name>…)",
    ]);
  });

  it("has lines that keep something, or say never", async () => {
    const errors = await refusalOf(
      "a: {}",
      "b: {except: [c]}",
      "d: {always: false}",
      "e: {last: 1, except: [semver]}",
      "f: {never: true}",
      "g: {last: ten}",
      "h: true",
      "i: daily",
      "untagged: {last: 1, per: minor, highest: 2}",
    );
    expect(errors).toEqual([
      `keep:1:4: this keeps nothing: add a word such as last: 10, or write never (words: ${WORDS})`,
      `keep:2:4: this keeps nothing: add a word such as last: 10, or write never (words: ${WORDS})`,
      "keep:3:13: always: false keeps nothing: leave the word out, or write never",
      'keep:4:23: except does not take a reserved word: for the tag "semver" write /semver/',
      "keep:5:5: never stands alone, not in a mapping: write it as the whole value of the line",
      'keep:6:11: last takes a plain whole number of at least 1, not "ten"',
      'keep:7:4: "true" does not say what to keep: to keep all, write always',
      'keep:8:4: "daily" does not say how many or how long: write {daily: 10}',
      "keep:9:21: an untagged line does not take per, its versions have no tags to group by: leave it out",
      "keep:9:33: highest ranks by SemVer: only semver and prerelease lines take it, write last instead",
    ]);
  });

  it("has durations that can be told", async () => {
    const errors = await refusalOf("a: 999999y", "b: 1w 1w", "c: 1M", "d: 0.5d", "e: 1d2");
    expect(errors).toEqual([
      'keep:1:4: "999999y" reaches back beyond the earliest date there is: write a shorter duration',
      'keep:2:4: "1w 1w" names weeks twice: add them up',
      `keep:3:4: "1M": unknown unit "M", units are lower-case: ${DURATIONS}`,
      `keep:4:4: "0.5d": durations are whole numbers: ${DURATIONS}`,
      `keep:5:4: "1d2": 2 has no unit: ${DURATIONS}`,
    ]);
  });

  it.each([
    ["*: always", 'keep:1:1: quote this key: "*": in YAML an unquoted * begins an alias'],
    ["{a,b}: always", 'keep:1:1: quote this key: "{a,b}": in YAML an unquoted { begins a mapping'],
    ["[ab]: 3", 'keep:1:1: quote this key: "[ab]": in YAML an unquoted [ begins a list'],
    ["!x: 3", 'keep:1:1: quote this key: "!x": in YAML an unquoted ! begins a tag'],
  ])("that YAML reads as something else, %s, says which key to quote", async (keep, message) => {
    expect(await refusalOf(keep)).toEqual([message]);
  });

  it.each([
    ["# nothing", `keep:1:1: ${NO_LINES}`],
    ["{}", `keep:1:1: ${NO_LINES}`],
    ["\tv*: 3", "keep:1:1: indent with spaces: YAML allows no tabs here"],
    [
      "v*: last: 3",
      "keep:1:5: two colons on one line: write a mapping in braces, as in {last: 3}, or quote the value",
    ],
    [
      "v* always",
      'keep:1:1: "v* always" is not a policy: a policy has lines of "key: what to keep", such as "latest: always"',
    ],
  ])("that is none, %j, says why", async (keep, message) => {
    expect(await refusalOf(keep)).toEqual([message]);
  });

  it("has no untagged line and no in-use-files where versions have no tags", async () => {
    const errors = await refusal(
      {
        keep: "latest: always\nuntagged: never",
        "package-type": "npm",
        packages: "ui",
        "in-use-files": "deploy/*.yaml",
      },
      { "deploy/app.yaml": "" },
    );
    expect(errors).toEqual([
      "keep:2:1: untagged is for container and docker packages: every version of type npm has a tag; remove this line",
      "in-use-files: in-use-files is for containers only, and package-type is npm: remove it",
    ]);
  });
});

describe("the inputs", () => {
  it("have all their errors reported in one go", async () => {
    const errors = await refusal({
      token: "",
      keep: "pr-*: {lst: 3}",
      "package-type": "nmp",
      packages: "!x",
      "dry-run": "yes",
      untag: "1",
      "delete-empty-package": "on",
      "min-keep": "-1",
      "max-delete": "ten",
      "deletes-per-minute": "0",
      "rate-limit-reserve": "1.5",
      "on-rate-limit": "sleep",
      "max-minutes": "0",
      "registry-url": "ghcr.io",
      timestamp: "modified",
      timezone: "Europe/Berlinn",
      grace: "0d",
      "delete-broken": "ghosts",
      protect: "sha256:12",
    });
    expect([...errors].sort()).toEqual([
      'delete-broken: unknown value "ghosts", did you mean "ghost"?',
      'delete-empty-package: "on" is not a boolean: write true or false',
      'deletes-per-minute: "0" is not a whole number of at least 1',
      'dry-run: "yes" is not a boolean: write true or false',
      `grace: "0d": 0 days is not a duration: ${DURATIONS}; 0 switches it off`,
      'keep:1:8: unknown word "lst", did you mean "last"?',
      'max-delete: "ten" is neither a whole number nor a percentage: write 100 or 10%',
      'max-minutes: "0" is not a number of minutes above 0: write 30 or 7.5',
      'min-keep: "-1" is not a whole number of at least 0',
      'on-rate-limit: unknown value "sleep": write one of stop, wait',
      'package-type: unknown value "nmp", did you mean "npm"?',
      'packages: only exclusions are listed, which select nothing: add what to select, "*" for all',
      'protect: "sha256:12" is not a digest: write it in full',
      'rate-limit-reserve: "1.5" is not a whole number of at least 0',
      'registry-url: "ghcr.io" is not an address: write one such as https://ghcr.io',
      'timestamp: unknown value "modified": write one of updated, created',
      'timezone: "Europe/Berlinn" is not a known time zone: write an IANA name such as UTC or Europe/Berlin',
      "token: the token is empty: is the secret that it is taken from set?",
      'untag: "1" is not a boolean: write true or false',
    ]);
  });

  it("take 1 for no boolean either, and no percentage above 100", async () => {
    expect(await refusal({ keep: "latest: always", "dry-run": "1", "max-delete": "101%" })).toEqual([
      'max-delete: "101%" is not a percentage above 0% and up to 100%',
      'dry-run: "1" is not a boolean: write true or false',
    ]);
  });

  it("say what to keep", async () => {
    expect(await refusal({ keep: "" })).toEqual([
      "keep: nothing says what to keep: give one of keep, policy-file and restore",
    ]);
  });

  it("say it only once", async () => {
    const inputs = { keep: "latest: always", "policy-file": "retention.yml", restore: "*" };
    expect(await refusal(inputs, { "retention.yml": A_FILE })).toEqual([
      "policy-file: policy-file and keep exclude each other: give only one of them",
      "restore: restore and keep exclude each other: give only one of them",
    ]);
  });

  it("name no packages next to a policy file, which names them itself", async () => {
    const inputs = { "policy-file": "retention.yml", packages: "app", "package-type": "container" };
    expect(await refusal(inputs, { "retention.yml": A_FILE })).toEqual([
      "packages: cannot be combined with policy-file: set it in the file",
      "package-type: cannot be combined with policy-file: set it in the file",
    ]);
  });

  it("name packages, where there is no repository to take a name from", async () => {
    const env = { GITHUB_REPOSITORY: "", GITHUB_REPOSITORY_OWNER: "" };
    expect(await refusal({ owner: "", keep: "latest: always" }, {}, env)).toEqual([
      "owner: no owner is given and there is no repository to take it from: name one",
      "packages: no package is given and there is no repository to take the name from: name one",
    ]);
  });
});

describe("a policy file", () => {
  function refusalOfFile(...lines: string[]): Promise<readonly string[]> {
    return refusal({ "policy-file": ".github/retention.yml" }, { ".github/retention.yml": lines.join("\n") });
  }

  it("has all its errors reported in one go, with its path, line and column", async () => {
    const errors = await refusalOfFile(
      "timezone: Mars",
      "policies:",
      "  - package: app",
      "    type: contaner",
      "    keep:",
      "      v*: alway",
      "  - packages: [x]",
      "    type: npm",
      "    keep:",
      "      untagged: never",
      "    in-use-files: [a]",
      '    min-keep: "1"',
      "    untag: yes",
      "  - packages: []",
      "    keep: {}",
      "  - 5",
      "extra: 1",
    );
    expect(errors).toEqual([
      '.github/retention.yml:1:11: "Mars" is not a known time zone: write an IANA name such as UTC or Europe/Berlin',
      '.github/retention.yml:3:5: unknown key "package", did you mean "packages"?',
      '.github/retention.yml:4:11: unknown value "contaner", did you mean "container"?',
      '.github/retention.yml:6:11: unknown word "alway", did you mean "always"?',
      ".github/retention.yml:10:7: untagged is for container and docker packages: every version of type npm has a tag; remove this line",
      ".github/retention.yml:11:5: in-use-files is for containers only, and the type is npm: remove it",
      ".github/retention.yml:12:15: this is a text, and min-keep takes none: drop the quotes",
      '.github/retention.yml:13:12: "yes" is not a boolean: write true or false',
      ".github/retention.yml:14:15: no package is listed: write names or globs",
      `.github/retention.yml:15:11: ${NO_LINES}`,
      ".github/retention.yml:16:5: this is not a policy: write a mapping with packages and keep",
      '.github/retention.yml:17:1: unknown key "extra": write one of timezone, policies',
    ]);
  });

  it.each([
    ["nothing at all", "", `1:1: this is not a policy file: ${FILE}`],
    ["a list", "- app", `1:1: this is not a policy file: ${FILE}`],
    ["no policies", "policies: []", `1:11: policies takes a list with at least one policy: ${FILE}`],
    [
      "broken YAML",
      "policies:\n  - packages: [a\n    keep: {x: 1}",
      "3:5: a [ is not closed before this: close it with ]",
    ],
  ])("with %s is none", async (_what, text, message) => {
    expect(await refusalOfFile(text)).toEqual([`.github/retention.yml:${message}`]);
  });

  it("that is missing, or cannot be read, is an error that says where it was looked for", async () => {
    const [missing] = await refusal({ "policy-file": ".github/retention.yml" });
    expect(missing).toMatch(
      /^policy-file: cannot read \.github\/retention\.yml in .*workspace-.*: check the path, and that the repository is checked out \((?:Error: )?ENOENT.*\)$/,
    );
    const [directory] = await refusal({ "policy-file": "a" }, { "a/b": "" });
    expect(directory).toMatch(
      /^policy-file: cannot read a in .*workspace-.*: check the path, and that the repository is checked out \((?:Error: )?E.*\)$/,
    );
  });

  it("has its errors told together with those of the inputs", async () => {
    const errors = await refusal(
      { "policy-file": "r.yml", "dry-run": "yes", grace: "1" },
      { "r.yml": "policies:\n  - packages: app\n    keep: {v*: alway}\n" },
    );
    expect(errors).toEqual([
      `grace: "1": 1 has no unit: ${DURATIONS}; 0 switches it off`,
      'r.yml:3:16: unknown word "alway", did you mean "always"?',
      'dry-run: "yes" is not a boolean: write true or false',
    ]);
  });
});
