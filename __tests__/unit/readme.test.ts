import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, parseDocument } from "yaml";
import type { PackageData } from "../../emulator/data";
import { imageManifest, versionOf } from "../../emulator/images";
import { readText, withGeneratedParts } from "../../scripts/readme-tables";
import { createGitHub } from "../../src/github/github";
import { createPackages } from "../../src/github/packages";
import { type ReadInputs, readInputs } from "../../src/inputs/inputs";
import { parseKeep } from "../../src/policy/keep";
import type { Policy } from "../../src/policy/policy";
import { parsePolicyFile } from "../../src/policy/policy-file";
import { formatProblem } from "../../src/policy/problem";
import { DEFAULT_SETTINGS } from "../../src/policy/settings";
import { createRegistry } from "../../src/registry/registry";
import { runPolicies } from "../../src/run/run";
import { noRepository } from "../support/builder";
import { container, daysAgo, npm, PAT, release, startWorld } from "../support/world";

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on?: unknown;
  readonly permissions?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const ROOT = new URL("../../", import.meta.url);
const OURS = /^(package-retention\/package-retention@|\.\/$)/;
const README = readText("README.md");
const INPUTS = Object.keys((parse(readText("action.yml")) as { inputs: object }).inputs);
/** The policy file of the examples lies where users would have it. */
const POLICY_FILES: Readonly<Record<string, string>> = { ".github/retention.yml": "examples/retention.yml" };

/** What GitHub makes of the expressions in the examples. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  "inputs.dry-run || false": "false",
  "inputs.dry-run": "true",
  "inputs.what": "v1.4.*",
  "github.event.number": "7",
  "matrix.package": "api",
  "secrets.RETENTION_TOKEN": "token",
  "vars.RETENTION_PACKAGE": "app",
  "env.POLICY": "rest: 30d",
};

const workflows = [...filesIn("examples"), ...filesIn(".github/workflows")].filter(
  (path) => path !== "examples/retention.yml",
);
const blocks = [...README.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
/** The jobs of an example, or the `with:` of its last step, before a link to all of it. */
const excerpts = [
  ...README.matchAll(/^```yaml\n((?:(?!```).*\n)*)```\n\n\[The whole workflow\]\((\S+)\)$/gm),
].map(([, text = "", path = ""]) => ({ text, path }));

function filesIn(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, ROOT))
    .filter((name) => name.endsWith(".yml"))
    .map((name) => `${folder}/${name}`);
}

function readStep({ with: given = {} }: Step, env: Workflow["env"] = {}): Promise<ReadInputs> {
  return readInputs({
    getInput: (name) => evaluate(String(given[name] ?? (name === "token" ? "token" : "")), env),
    env: { GITHUB_REPOSITORY: "acme/app", GITHUB_REPOSITORY_OWNER: "acme" },
    readFile: (path) => Buffer.from(readText(POLICY_FILES[path.replaceAll("\\", "/")] ?? path)),
  });
}

/** All problems that the action finds in the inputs of a step, and inputs that it does not have. */
async function problemsOf(step: Step, env: Workflow["env"] = {}): Promise<string[]> {
  const unknown = Object.keys(step.with ?? {}).filter((name) => !INPUTS.includes(name));
  const read = await readStep(step, env);
  const problems = "problems" in read ? read.problems.map(formatProblem) : read.inputs.warnings;
  return [...unknown.map((name) => `action.yml has no input ${name}`), ...problems];
}

function evaluate(text: string, env: Workflow["env"] = {}): string {
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const value = env[expression.replace(/^env\./, "")] ?? EXPRESSIONS[expression];
    if (value === undefined) throw new Error(`the test does not know what \${{ ${expression} }} is`);
    return value;
  });
}

function stepsOf(workflow: Workflow): Step[] {
  return Object.values(workflow.jobs).flatMap(({ steps }) => steps);
}

function ourSteps(steps: readonly Step[]): Step[] {
  return steps.filter(({ uses = "" }) => OURS.test(uses));
}

async function problemsOfSteps(steps: readonly Step[], env?: Workflow["env"]): Promise<string[]> {
  return (await Promise.all(ourSteps(steps).map((step) => problemsOf(step, env)))).flat();
}

/** All problems of one YAML block: a workflow, steps, a policy file, inputs of a step, or lines of a policy. */
async function problemsOfBlock(text: string): Promise<string[]> {
  const value = parse(text) as Workflow | Step[] | Record<string, unknown>;
  if (Array.isArray(value)) return problemsOfSteps(value);
  if ("jobs" in value) {
    const { env, ...workflow } = value as Workflow;
    return problemsOfSteps(stepsOf(workflow), env);
  }
  if ("policies" in value) {
    return parsePolicyFile(text, "file", DEFAULT_SETTINGS).problems.map(formatProblem);
  }
  if (["keep", "policy-file", "restore"].some((name) => name in value)) return problemsOf({ with: value });
  return parseKeep(text, { source: "keep", type: "container" }).problems.map(formatProblem);
}

const LOG = { debug: () => {}, info: () => {}, warning: () => {} };

/** The status of a dry run on a local GitHub that has what the policies name, with versions of the usual kinds. */
async function dryRun(policies: readonly Policy[]): Promise<string> {
  const emulator = await startWorld(policies.flatMap(packagesFor));
  const github = createGitHub({
    token: PAT.token,
    baseUrl: emulator.url,
    deletesPerMinute: 170,
    rateLimitReserve: 0,
    log: LOG,
  });
  const { report } = await runPolicies(policies, {
    github,
    packages: createPackages(github, { login: "acme", kind: "org" }),
    repositories: noRepository,
    registry: createRegistry({ url: emulator.registryUrl, token: PAT.token, log: LOG }),
    log: LOG,
    now: Date.now(),
    clock: Date.now,
    isDryRun: true,
    stopReason: () => undefined,
    inUseFiles: new Map(),
  });
  return report.status;
}

/** The policies of each step that plans; steps that restore have none. */
async function policiesIn(path: string): Promise<{ path: string; policies: readonly Policy[] }[]> {
  const workflow = parse(readText(path)) as Workflow;
  const reads = await Promise.all(ourSteps(stepsOf(workflow)).map((step) => readStep(step, workflow.env)));
  return reads.flatMap((read) =>
    "inputs" in read && read.inputs.mode.kind === "policies"
      ? [{ path, policies: read.inputs.mode.policies }]
      : [],
  );
}

function packagesFor({ packages, type }: Policy): PackageData[] {
  const names = [...packages.names, ...packages.globs.map(({ text }) => text.replaceAll("*", "x"))];
  return names.map((name) =>
    type === "container" ? container(name, IMAGES) : { ...npm(name, RELEASES), type },
  );
}

const IMAGES = [["latest", "v1.2.0"], ["v1.1.0"], ["pr-7"], ["nightly-20260101"], ["main-0a1b2c3"], []].map(
  (tags, place) =>
    versionOf(imageManifest(`image ${place}`), { id: place + 1, tags, createdAt: daysAgo(90 - place) }),
);
const RELEASES = ["1.0.0", "1.1.0-beta.1", "1.1.0"].map((name, place) =>
  release(place + 1, name, 90 - place),
);

const inWorkflows = (await Promise.all(workflows.map(policiesIn))).flat();

describe("the README", () => {
  it("has its tables and examples up to date", () => {
    expect(withGeneratedParts(README)).toBe(README);
  });

  it("shows every input and output, and each example", () => {
    const action = parse(readText("action.yml")) as { outputs: object };
    for (const name of [...INPUTS, ...Object.keys(action.outputs)])
      expect(README).toContain(`| \`${name}\` |`);
    const whole = filesIn("examples").filter((path) => README.includes(`<!-- begin ${path} -->`));
    const inPart = excerpts.map(({ path }) => path);
    expect([...whole, ...inPart].sort()).toEqual(filesIn("examples").sort());
  });

  it.each(excerpts)("shows of $path what is in it", ({ text, path }) => {
    const shown = parse(text) as object;
    const { jobs } = parse(readText(path)) as Workflow;
    expect(shown).toEqual("jobs" in shown ? { jobs } : ourSteps(stepsOf({ jobs })).at(-1)?.with);
  });

  it("has blocks of YAML that the action takes without a word", async () => {
    expect(blocks.length).toBeGreaterThan(20);
    expect((await Promise.all(blocks.map(problemsOfBlock))).flat()).toEqual([]);
  });

  it("translates options of other cleaners to lines that are valid", async () => {
    const [, section = ""] = /^## Coming from other cleaners\n([\s\S]*?)^## /m.exec(README) ?? [];
    const cells = [...section.matchAll(/^\| .* \| (.*) \|$/gm)].map(([, cell = ""]) => cell);
    const codes = cells.flatMap((cell) =>
      [...cell.matchAll(/`([^`]+: [^`]+)`/g)].map(([, code = ""]) => code),
    );
    const lines = codes
      .filter((code) => !INPUTS.includes(code.split(":")[0] ?? ""))
      .map((code) => (code.startsWith("{") ? `x: ${code}` : code));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect([line, await problemsOfBlock(line)]).toEqual([line, []]);
  });

  it("links to files and headings that are there", () => {
    const links = [...README.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const headings = [...README.matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => anchorOf(text));
    for (const link of links.filter((target) => !/^https?:/.test(target))) {
      if (link.startsWith("#")) expect(headings).toContain(link.slice(1));
      else expect([link, existsSync(fileURLToPath(new URL(link, ROOT)))]).toEqual([link, true]);
    }
  });
});

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, "")
    .replaceAll(" ", "-");
}

describe("the policy file of the examples", () => {
  it("is valid, and names the schema that is in the repository", () => {
    const text = readText("examples/retention.yml");
    expect(parsePolicyFile(text, "examples/retention.yml", DEFAULT_SETTINGS).problems).toEqual([]);
    const [, path = ""] =
      /\$schema=https:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\/v1\/(\S+)/.exec(text) ?? [];
    expect([path, existsSync(fileURLToPath(new URL(path, ROOT)))]).toEqual([
      "schema/retention.schema.json",
      true,
    ]);
  });
});

describe.each(workflows)("the workflow %s", (path) => {
  const text = readText(path);
  const workflow = parse(text) as Workflow;

  it("is valid YAML with a trigger, jobs and its permissions", () => {
    const { errors, warnings } = parseDocument(text);
    expect([errors, warnings]).toEqual([[], []]);
    expect(Object.keys(workflow)).toEqual(expect.arrayContaining(["name", "on", "permissions", "jobs"]));
  });

  it("gives the action inputs that it takes without a word", async () => {
    expect(await problemsOfSteps(stepsOf(workflow), workflow.env)).toEqual([]);
  });

  it("uses actions of others by their commit, if it is one of this repository", () => {
    const used = stepsOf(workflow).flatMap(({ uses }) =>
      uses === undefined || OURS.test(uses) ? [] : [uses],
    );
    const reference = path.startsWith(".github/") ? /@[0-9a-f]{40}$/ : /@v\d+$/;
    for (const action of used) expect(action).toMatch(reference);
  });
});

describe("the policies", () => {
  it.each(inWorkflows)("of $path are planned on the local GitHub without a failure", async ({ policies }) => {
    expect(await dryRun(policies)).toBe("dry-run");
  });
});

describe("the other files for GitHub", () => {
  it.each([".github/dependabot.yml", ...filesIn(".github/ISSUE_TEMPLATE")])("%s is valid YAML", (path) => {
    const { errors, warnings } = parseDocument(readText(path));
    expect([errors, warnings]).toEqual([[], []]);
  });
});
