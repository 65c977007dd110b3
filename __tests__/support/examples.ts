import { parse } from "yaml";
import { readText } from "../../scripts/readme-tables";
import { type ReadInputs, readInputs } from "../../src/inputs/inputs";
import { parseKeep } from "../../src/policy/keep";
import { parsePolicyFile } from "../../src/policy/policy-file";
import { formatProblem } from "../../src/policy/problem";
import { DEFAULT_SETTINGS } from "../../src/policy/settings";

export interface Step {
  readonly uses?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Workflow {
  readonly on?: unknown;
  readonly permissions?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: object; readonly steps?: readonly Step[] }>
  >;
}

/** The names of the action's inputs. */
export const INPUTS = Object.keys((parse(readText("action.yml")) as { inputs: object }).inputs);

/** Steps that use this action, by its name or from this repository. */
export const OURS = /^(package-retention\/package-retention@|\.\/$)/;

/** The policy file of the examples lies where users would have it. */
const POLICY_FILES: Readonly<Record<string, string>> = { ".github/retention.yml": "examples/retention.yml" };

/** What GitHub makes of the expressions in the examples and documents. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  "inputs.dry-run || false": "false",
  "inputs.dry-run": "true",
  "inputs.what": "v1.4.*",
  "github.event.number": "7",
  "matrix.package": "api",
  "runner.temp": "/runner/temp",
  "secrets.RETENTION_TOKEN": "token",
  "steps.app.outputs.token": "token",
  "vars.RETENTION_PACKAGE": "app",
  "env.POLICY": "sha-*: 30d",
};

export function workflowAt(path: string): Workflow {
  return parse(readText(path)) as Workflow;
}

export function stepsOf(workflow: Workflow): Step[] {
  // A job that calls another workflow has no steps of its own.
  return Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps);
}

export function ourSteps(steps: readonly Step[]): Step[] {
  return steps.filter(({ uses = "" }) => OURS.test(uses));
}

/** What the action reads from the inputs of a step. */
export function readStep({ with: given = {} }: Step, env: Workflow["env"] = {}): Promise<ReadInputs> {
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

export async function problemsOfSteps(steps: readonly Step[], env?: Workflow["env"]): Promise<string[]> {
  return (await Promise.all(ourSteps(steps).map((step) => problemsOf(step, env)))).flat();
}

/** All problems of one YAML block: a workflow, steps, a policy file, inputs of a step, or lines of a policy. */
export async function problemsOfBlock(text: string): Promise<string[]> {
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

function evaluate(text: string, env: Workflow["env"] = {}): string {
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const value = env[expression.replace(/^env\./, "")] ?? EXPRESSIONS[expression];
    if (value === undefined) throw new Error(`the test does not know what \${{ ${expression} }} is`);
    return value;
  });
}
