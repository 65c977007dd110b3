import { join } from "node:path";
import { registryOf } from "../../src/github/server-url";
import { type Inputs, readInputs } from "../../src/inputs/inputs";
import { formatProblem } from "../../src/policy/problem";

const ENV = {
  GITHUB_REPOSITORY: "octo-org/App",
  GITHUB_REPOSITORY_OWNER: "octo-org",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_API_URL: "https://api.github.com",
  GITHUB_WORKSPACE: "workspace",
  RUNNER_TEMP: "temp",
};

const FILE = "policies:\n  - packages: api\n    keep: {latest: always}\n";

type Env = Record<string, string | undefined>;

function read(inputs: Record<string, string>, env: Env = ENV) {
  const files: Record<string, string> = { [join("workspace", "retention.yml")]: FILE };
  return readInputs({
    getInput: (name) => ({ token: "secret", ...inputs })[name] ?? "",
    env,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error("no such file");
      return Buffer.from(text);
    },
  });
}

async function inputsOf(inputs: Record<string, string>, env: Env = ENV): Promise<Inputs> {
  const result = await read(inputs, env);
  if ("problems" in result) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.inputs;
}

async function problemsOf(inputs: Record<string, string>, env: Env = ENV): Promise<string[]> {
  const result = await read(inputs, env);
  return "problems" in result ? result.problems.map(formatProblem) : [];
}

async function policyOf(inputs: Record<string, string>, env: Env = ENV) {
  const { mode } = await inputsOf(inputs, env);
  if (mode.kind !== "policies") throw new Error(mode.kind);
  return mode.policies[0];
}

describe("the inputs", () => {
  it("have defaults for all but what to keep", async () => {
    const { mode, ...others } = await inputsOf({ keep: "latest: always" });
    expect(others).toEqual({
      token: "secret",
      owner: "octo-org",
      dryRun: true,
      deletesPerMinute: 170,
      rateLimitReserve: 100,
      onRateLimit: "stop",
      sizes: false,
      apiUrl: "https://api.github.com",
      serverUrl: "https://github.com",
      workflowRepository: "octo-org/App",
      workspace: "workspace",
      places: "anywhere",
      warnings: [],
    });
    expect(mode).toMatchObject({
      kind: "policies",
      policies: [
        {
          packages: { names: ["app"], globs: [], excludes: [] },
          type: "container",
          ifNotFound: "error",
          protect: new Set(),
          inUseFiles: [],
          inUseEnvironments: [],
          minKeep: 1,
          grace: { text: "1d" },
          timestamp: "updated",
          timezone: "UTC",
          deleteBroken: "never",
          untag: false,
          deleteEmptyPackage: false,
        },
      ],
    });
    expect(mode).not.toHaveProperty("planFile");
    expect(await policyOf({ keep: "latest: always" })).not.toHaveProperty("maxDelete");
  });

  it("are all read", async () => {
    const inputs = await inputsOf({
      owner: "someone",
      keep: "v*: 3\nuntagged: never",
      packages: "api, web-*",
      "package-type": "docker",
      "dry-run": "false",
      "min-keep": "0",
      "max-delete": "10%",
      "plan-file": "plan.json",
      "deletes-per-minute": "60",
      "rate-limit-reserve": "0",
      "on-rate-limit": "wait",
      "max-minutes": "7.5",
      "registry-url": "http://localhost:5000/",
      "report-file": "out/report.json",
    });
    expect(inputs).toMatchObject({
      owner: "someone",
      dryRun: false,
      deletesPerMinute: 60,
      rateLimitReserve: 0,
      onRateLimit: "wait",
      maxMinutes: 7.5,
      registryUrl: "http://localhost:5000",
      reportFile: "out/report.json",
      mode: {
        kind: "policies",
        planFile: "plan.json",
        policies: [{ type: "docker", minKeep: 0, maxDelete: { kind: "percent", percent: 10 } }],
      },
    });
  });

  it("are not given where they are empty", async () => {
    const inputs = {
      "dry-run": "",
      "policy-file": "",
      restore: "  ",
      "min-keep": "",
      packages: "",
      keep: "latest: always",
    };
    expect((await inputsOf(inputs)).dryRun).toBe(true);
    expect((await policyOf(inputs))?.packages.names).toEqual(["app"]);
  });

  it("take the repository's name as it is for packages that are no containers", async () => {
    expect((await policyOf({ keep: "rest: 3", "package-type": "nuget" }))?.packages.names).toEqual(["App"]);
  });

  it("take the owner from the repository where the runner does not name it", async () => {
    expect((await inputsOf({ keep: "x: 1" }, { GITHUB_REPOSITORY: "octo-org/app" })).owner).toBe("octo-org");
  });

  test.each([
    ["https://github.com", "https://ghcr.io"],
    ["", "https://ghcr.io"],
    ["https://octocorp.ghe.com", "https://containers.octocorp.ghe.com"],
    ["https://git.example.org", "https://containers.git.example.org"],
    ["http://git.example.org:8080", "http://containers.git.example.org:8080"],
  ])("find the registry of %j at %s", async (server, registry) => {
    const { registryUrl, serverUrl } = await inputsOf(
      { keep: "x: 1" },
      { ...ENV, GITHUB_SERVER_URL: server },
    );
    expect(registryUrl).toBeUndefined();
    expect(registryOf(serverUrl)).toBe(registry);
  });

  test.each([
    ["https://github.com", "181", 1],
    ["https://octocorp.ghe.com", "200", 1],
    ["https://github.com", "180", 0],
    ["https://git.example.org", "1000", 0],
  ])("on %s draw warnings for %s deletions a minute: %d", async (server, pace, count) => {
    const { warnings } = await inputsOf(
      { keep: "x: 1", "deletes-per-minute": pace },
      { ...ENV, GITHUB_SERVER_URL: server },
    );
    expect(warnings).toHaveLength(count);
  });

  it("draw a warning where delete-empty-package can have no effect", async () => {
    expect((await inputsOf({ keep: "x: 1", "delete-empty-package": "true" })).warnings).toEqual([
      "delete-empty-package has no effect where min-keep is above 0: set min-keep to 0 if you mean it.",
    ]);
    expect(
      (await inputsOf({ keep: "x: 1", "delete-empty-package": "true", "min-keep": "0" })).warnings,
    ).toEqual([]);
  });
});

describe("a policy file", () => {
  it("is read from the workspace, with the inputs as its defaults", async () => {
    expect(await policyOf({ "policy-file": "retention.yml", "min-keep": "7" })).toMatchObject({
      packages: { names: ["api"] },
      minKeep: 7,
    });
  });

  it("that is missing is named, with where it was looked for", async () => {
    expect(await problemsOf({ "policy-file": "other.yml" })).toEqual([
      "policy-file: cannot read other.yml in workspace: check the path, and that the repository is checked out (no such file)",
    ]);
  });
});

describe("restoring", () => {
  it("takes reports, version ids, digests and tag globs", async () => {
    const digest = `sha256:${"0a".repeat(32)}`;
    const { mode } = await inputsOf({ restore: `report.json\n12 # the good one\n${digest}\nv1.*\n*\n` });
    expect(mode).toMatchObject({
      kind: "restore",
      type: "container",
      packages: { names: ["app"] },
      entries: [
        { kind: "report", path: "report.json" },
        { kind: "version", id: 12 },
        { kind: "digest", digest },
        { kind: "tags", pattern: { text: "v1.*" } },
        { kind: "tags", pattern: { text: "*" } },
      ],
    });
  });

  it("refuses what is none of them", async () => {
    expect(await problemsOf({ restore: "sha256:abc" })).toEqual([
      'restore: "sha256:abc" is not a digest: write it in full (sha256:…)',
    ]);
    expect(await problemsOf({ restore: "# nothing" })).toEqual([
      "restore: nothing is named: write a report, version ids, digests or tag globs",
    ]);
  });
});

describe("a fault of the inputs", () => {
  test.each([
    [{}, ["keep: nothing says what to keep: give one of keep, policy-file and restore"]],
    [{ keep: "\n \n" }, ["keep: nothing says what to keep: give one of keep, policy-file and restore"]],
    ...["a\nsecret", "a\r\nsecret", "a\0secret", "a\u201csecret"].map(
      (token): [Record<string, string>, string[]] => [
        { keep: "x: 1", token },
        [
          "token: the token has a line break in its middle, or another character that cannot be sent: check the secret " +
            "that it is taken from",
        ],
      ],
    ),
    [{ keep: "x: 1", token: "" }, ["token: the token is empty: is the secret that it is taken from set?"]],
    [
      { keep: "x: 1", "policy-file": "retention.yml" },
      ["policy-file: policy-file and keep exclude each other: give only one of them"],
    ],
    [
      { keep: "x: 1", restore: "12" },
      ["restore: restore and keep exclude each other: give only one of them"],
    ],
    [
      { "policy-file": "retention.yml", packages: "a", "package-type": "npm" },
      [
        "packages: cannot be combined with policy-file: set it in the file",
        "package-type: cannot be combined with policy-file: set it in the file",
      ],
    ],
    [
      { restore: "12", "plan-file": "plan.json" },
      [
        "plan-file: plan-file says what may be deleted and cannot be combined with restore: to restore from a report, name it there",
      ],
    ],
    [{ keep: "x: 1", "dry-run": "maybe" }, ['dry-run: "maybe" is not a boolean: write true or false']],
    [{ keep: "x: 1", "dry-run": "no" }, ['dry-run: "no" is not a boolean: write true or false']],
    [
      { keep: "x: 1", "package-type": "image" },
      ['package-type: unknown value "image": write one of container, npm, maven, nuget, rubygems, docker'],
    ],
    [
      { keep: "x: 1", packages: "!a" },
      ['packages: only exclusions are listed, which select nothing: add what to select, "*" for all'],
    ],
    [
      { keep: "untagged: 1", "package-type": "npm" },
      [
        "keep:1:1: untagged is for container and docker packages: every version of type npm has a tag; remove this line",
      ],
    ],
    [
      { keep: "x: 1", "package-type": "npm", "in-use-files": "a" },
      ["in-use-files: in-use-files is for containers only, and package-type is npm: remove it"],
    ],
    [
      { keep: "x: 1", "deletes-per-minute": "0" },
      ['deletes-per-minute: "0" is not a whole number of at least 1'],
    ],
    [
      { keep: "x: 1", "registry-url": "ghcr.io" },
      ['registry-url: "ghcr.io" is not an address: write one such as https://ghcr.io'],
    ],
    [
      { keep: "x: 1", "registry-url": "ftp://ghcr.io" },
      ['registry-url: "ftp://ghcr.io" is not an address: write one such as https://ghcr.io'],
    ],
  ] as [Record<string, string>, string[]][])("%j", async (inputs, expected) => {
    expect(await problemsOf(inputs)).toEqual(expected);
  });

  it("is told where there is no repository to take defaults from", async () => {
    expect(await problemsOf({ keep: "x: 1" }, {})).toEqual([
      "owner: no owner is given and there is no repository to take it from: name one",
      "packages: no package is given and there is no repository to take the name from: name one",
    ]);
  });

  it("does not hide the others, and counts the lines of keep as they are written", async () => {
    const inputs = {
      keep: "\n\n  latest: alway\n  v*: {lst: 3}\n",
      "dry-run": "maybe",
      grace: "1",
      "max-minutes": "0",
    };
    expect((await problemsOf(inputs)).sort()).toEqual([
      'dry-run: "maybe" is not a boolean: write true or false',
      'grace: "1": 1 has no unit: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d; 0 switches it off',
      'keep:3:11: unknown word "alway", did you mean "always"?',
      'keep:4:8: unknown word "lst", did you mean "last"?',
      'max-minutes: "0" is not a number of minutes above 0: write 30 or 7.5',
    ]);
  });
});
