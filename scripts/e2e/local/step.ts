import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Emulator } from "../../../emulator/server";
import { parseOutputs, runAction } from "../../runner";
import { type Contexts, evaluate, evaluateAll } from "./expressions";
import type { Scripts } from "./scripts";
import { nameOf, ROOT, type Step } from "./workflow-file";

/** Where a step runs, and with which token. */
export interface Place {
  readonly emulator: Emulator;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
  /** `RUNNER_TEMP` */
  readonly temp: string;
  readonly scripts: Scripts;
}

export interface StepResult {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  /** What it printed. */
  readonly log: string;
}

type Environment = Readonly<Record<string, string>>;

const execute = promisify(execFile);
/** What these do is done here already, or nobody needs it. */
const NOT_NEEDED = /^actions\/(checkout|setup-node|upload-artifact)@/;
const COMMIT = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";

/** Runs one step of a job: a script, or the built action. Throws for any other action that it does not know. */
export async function runStep(
  step: Step,
  place: Place,
  env: Environment,
  contexts: Contexts,
): Promise<StepResult> {
  const outer = { ...contexts, env };
  const own = { ...env, ...evaluateAll(step.env, outer) };
  const all = { ...contexts, env: own };
  if (step.run !== undefined) return runScript(nameOf(step), evaluate(step.run, all), own, place);
  if (step.uses === "./") return useAction(nameOf(step), evaluateAll(step.with, all), place);
  if (!NOT_NEEDED.test(step.uses ?? "")) throw new Error(`${step.uses} is not known here`);
  return skipped(step);
}

export function skipped(step: Step): StepResult {
  return { name: nameOf(step), outcome: "skipped", outputs: {}, log: "" };
}

async function runScript(name: string, script: string, env: Environment, place: Place): Promise<StepResult> {
  const output = join(mkdtempSync(join(place.temp, "step-")), "output");
  writeFileSync(output, "");
  const all = { ...runnersEnvironment(place), ...env, GITHUB_OUTPUT: output };
  const command = await place.scripts(script);
  const { ok, log } = await execute("bash", ["-e", "-c", command], { cwd: ROOT, env: all }).then(
    ({ stdout, stderr }) => ({ ok: true, log: stdout + stderr }),
    (error: { stdout: string; stderr: string }) => ({ ok: false, log: error.stdout + error.stderr }),
  );
  const outputs = parseOutputs(readFileSync(output, "utf8"));
  return { name, outcome: ok ? "success" : "failure", outputs, log };
}

async function useAction(name: string, inputs: Environment, place: Place): Promise<StepResult> {
  const { emulator, repository, token } = place;
  const env = {
    ...runnersEnvironment(place),
    // With limits as on github.com the deletions would take longer than a test may.
    GITHUB_SERVER_URL: "https://github.example.com",
    GITHUB_REPOSITORY_OWNER: repository.split("/")[0] ?? "",
  };
  const { exitCode, outputs, stdout, stderr } = await runAction({ emulator, inputs, token, env });
  return { name, outcome: exitCode === 0 ? "success" : "failure", outputs, log: stdout + stderr };
}

/** What a runner sets, and nothing of this machine but where its programs are. */
function runnersEnvironment({ emulator, repository, temp }: Place): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: temp,
    GITHUB_API_URL: emulator.url,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: repository,
    GITHUB_SHA: COMMIT,
    RUNNER_TEMP: temp,
  };
}
