import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenData } from "../../../emulator/data";
import type { Emulator } from "../../../emulator/server";
import { removeFolder } from "../../remove-folder";
import { evaluateAll } from "./expressions";
import { createScripts, type Scripts } from "./scripts";
import { runStep, type StepResult, skipped } from "./step";
import { type Job, type Permissions, ROOT, type Workflow } from "./workflow-file";

/** A run of a workflow of this repository on a local GitHub. */
export interface WorkflowRun {
  readonly emulator: Emulator;
  readonly workflow: Workflow;
  /** `owner/name` in which it runs. */
  readonly repository: string;
  /** In place of the workflow's own `env`. */
  readonly env: Readonly<Record<string, string>>;
  /** Packages that are there from the start and that the jobs administer. */
  readonly admin: readonly string[];
  readonly skippedJobs: readonly string[];
}

export interface JobResult {
  readonly id: string;
  readonly result: "success" | "failure" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepResult[];
}

/** A workflow while it runs. */
interface Session {
  readonly run: WorkflowRun;
  readonly scripts: Scripts;
  /** A folder that is removed in the end. */
  readonly folder: string;
}

const ALWAYS = "always()";

/** Runs the jobs of a workflow as GitHub does: each once those that it needs have ended, with a token of its permissions. */
export async function runWorkflow(run: WorkflowRun): Promise<JobResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "package-retention-workflow-"));
  const session = { run, scripts: createScripts(ROOT, folder), folder };
  const results = new Map<string, Promise<JobResult>>();
  for (const [id, job] of Object.entries(run.workflow.jobs)) {
    if (run.skippedJobs.includes(id)) continue;
    const needs = [job.needs ?? []].flat().map((needed) => resultOf(results, needed));
    results.set(
      id,
      Promise.all(needs).then((ended) => runJob(session, id, job, ended)),
    );
  }
  try {
    return await Promise.all(results.values());
  } finally {
    removeFolder(folder);
  }
}

function resultOf(results: ReadonlyMap<string, Promise<JobResult>>, id: string): Promise<JobResult> {
  const result = results.get(id);
  if (!result) throw new Error(`the job ${id} does not stand before those that need it`);
  return result;
}

async function runJob(
  session: Session,
  id: string,
  job: Job,
  needs: readonly JobResult[],
): Promise<JobResult> {
  const isGood = needs.every(({ result }) => result === "success");
  if (!isDue(job.if, isGood)) return { id, result: "skipped", outputs: {}, steps: [] };
  const { run, scripts, folder } = session;
  const temp = mkdtempSync(join(folder, `${id}-`));
  const token = addToken(run, id, job.permissions ?? run.workflow.permissions ?? {});
  const github = { token, repository: run.repository, run_id: "1", run_attempt: "1" };
  const base = { github, runner: { temp }, needs: Object.fromEntries(needs.map((one) => [one.id, one])) };
  const workflowEnv = { ...evaluateAll(run.workflow.env, base), ...run.env };
  const env = { ...workflowEnv, ...evaluateAll(job.env, { ...base, env: workflowEnv }) };

  const results: StepResult[] = [];
  const steps: Record<string, StepResult> = {};
  const contexts = { ...base, steps };
  const place = { emulator: run.emulator, repository: run.repository, token, temp, scripts };
  let result: JobResult["result"] = "success";
  for (const step of job.steps) {
    const isDueNow = isDue(step.if, result === "success");
    const done = isDueNow ? await runStep(step, place, env, contexts) : skipped(step);
    results.push(done);
    if (step.id !== undefined) steps[step.id] = done;
    if (done.outcome === "failure" && !step["continue-on-error"]) result = "failure";
  }
  return { id, result, outputs: evaluateAll(job.outputs, contexts), steps: results };
}

function isDue(condition: string | undefined, isGood: boolean): boolean {
  if (condition !== undefined && condition !== ALWAYS)
    throw new Error(`the condition ${condition} is not known here`);
  return condition === ALWAYS || isGood;
}

/** Makes the token of a job known: what is not among its permissions is none. */
function addToken(
  { emulator, repository, admin }: WorkflowRun,
  job: string,
  permissions: Permissions,
): string {
  const token = `token-of-${job}`;
  const of = (name: string) => (permissions[name] ?? "none") as "none" | "read" | "write";
  const data: TokenData = {
    kind: "github-token",
    token,
    repository,
    packages: of("packages"),
    admin: [...admin],
    permissions: {
      contents: of("contents"),
      pullRequests: of("pull-requests"),
      deployments: of("deployments"),
      actions: of("actions"),
    },
  };
  emulator.state.tokens.push(data);
  return token;
}
