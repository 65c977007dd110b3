import * as core from "@actions/core";
import { createGitHub } from "./github/github";
import { resolveAccount } from "./github/owner";
import { createPackages } from "./github/packages";
import { createRepository } from "./github/repository";
import { type Inputs, readInputs } from "./inputs/inputs";
import { readSafely } from "./inputs/safe-file";
import { readSavedReport, type SavedReport } from "./inputs/saved-report";
import { readInUseFiles } from "./inputs/workspace";
import { systemClock } from "./net/clock";
import type { Log } from "./net/log";
import { stoppedBy } from "./net/stop";
import { publish, publishProblems } from "./output/publish";
import { whyNotWritable } from "./output/report-file";
import type { WorkspaceFile } from "./plan/in-use";
import type { Policy } from "./policy/policy";
import { formatProblem } from "./policy/problem";
import { requireDryRun } from "./prepare/reviewed-plan";
import { createRegistry } from "./registry/registry";
import type { Report, Status } from "./report/report";
import type { NamedReport } from "./restore/restore-request";
import { type Cancellation, listenForCancellation } from "./run/cancellation";
import { runRestore } from "./run/restore-run";
import { type RunContext, type RunResult, runPolicies } from "./run/run";
import { timeIsUp } from "./run/time-limit";

const log: Log = { debug: core.debug, info: core.info, warning: core.warning };

await main();

/** The action: reads the inputs, runs, and tells what came of it. Whatever is thrown fails the step. */
async function main(): Promise<void> {
  const startedAt = Date.now();
  const cancellation = listenForCancellation();
  const read = await readInputs({
    getInput: (name) => core.getInput(name, { trimWhitespace: false }),
    env: process.env,
    readFile: readSafely,
  });
  if ("problems" in read) {
    await publishProblems(read.problems.map(formatProblem));
    return;
  }
  const { inputs } = read;
  core.setSecret(inputs.token);
  for (const warning of inputs.warnings) core.warning(warning);
  const why = await whyNotWritable(inputs.reportFile);
  if (why !== undefined) {
    await publishProblems([
      `report-file: the report cannot be written to ${inputs.reportFile}, check the path: ${why}`,
    ]);
    return;
  }
  try {
    const { report, warnings } = await run(inputs, startedAt, cancellation);
    await publish(report, warnings, inputs.reportFile);
  } catch (error) {
    await publishEnd(error, inputs, startedAt);
  }
  // A request that was given up may still hold a connection open: the step does not wait for it.
  setTimeout(() => process.exit(), 2_000).unref();
}

async function run(inputs: Inputs, startedAt: number, cancellation: Cancellation): Promise<RunResult> {
  const { mode, token } = inputs;
  const policies = mode.kind === "policies" ? mode.policies : [];
  const inUseFiles = readFilesInUse(policies, inputs);
  const reviewed = await readReviewed(inputs);
  const reports = await readReports(inputs);
  const { signal } = cancellation;
  const github = createGitHub({
    token,
    baseUrl: inputs.apiUrl,
    deletesPerMinute: inputs.deletesPerMinute,
    rateLimitReserve: inputs.rateLimitReserve,
    log,
    signal,
  });
  const context: RunContext = {
    github,
    packages: createPackages(github, await resolveAccount(github, inputs.owner)),
    repositories: (fullName) => createRepository(github, fullName),
    ...(inputs.workflowRepository === undefined ? {} : { workflowRepository: inputs.workflowRepository }),
    registry: createRegistry({ url: inputs.registryUrl, token, log, signal }),
    log,
    now: startedAt,
    clock: Date.now,
    isDryRun: inputs.dryRun,
    stopReason: () => cancellation.reason() ?? timeIsUp(inputs.maxMinutes, Date.now() - startedAt),
    inUseFiles,
    pause: (milliseconds) => systemClock.sleep(milliseconds, signal),
    ...(reviewed ? { reviewed } : {}),
  };
  if (mode.kind === "restore") return runRestore({ ...mode, reports }, context);
  return runPolicies(policies, context);
}

/** The reviewed plan, where `plan-file` names one. */
async function readReviewed({ mode, workspace, places, owner }: Inputs): Promise<SavedReport | undefined> {
  const path = mode.kind === "policies" ? mode.planFile : undefined;
  if (path === undefined) return undefined;
  const report = await readSavedReport({ path, workspace, places, owner, input: "plan-file" });
  requireDryRun(report, path);
  return report;
}

/** The reports that `restore` names. */
async function readReports({ mode, workspace, places, owner }: Inputs): Promise<NamedReport[]> {
  const reports: NamedReport[] = [];
  for (const entry of mode.kind === "restore" ? mode.entries : []) {
    if (entry.kind !== "report") continue;
    const { path } = entry;
    reports.push({
      path,
      report: await readSavedReport({ path, workspace, places, owner, input: "restore" }),
    });
  }
  return reports;
}

function readFilesInUse(
  policies: readonly Policy[],
  { workspace, places }: Inputs,
): Map<Policy, readonly WorkspaceFile[]> {
  return new Map(policies.map((policy) => [policy, readInUseFiles(policy.inUseFiles, workspace, places)]));
}

/** A run that ended before anything was deleted: the budget's end and a cancelled job are no failures. */
async function publishEnd(error: unknown, inputs: Inputs, startedAt: number): Promise<void> {
  const stopped = stoppedBy(error);
  const report = emptyReport(inputs, startedAt, stopped === undefined ? "failed" : "partial");
  if (stopped !== undefined) {
    const message = `Nothing was changed: the packages could not be listed in full. ${stopped}`;
    return publish(report, [{ kind: "stopped", message }], inputs.reportFile);
  }
  if (error instanceof Error) core.debug(error.stack ?? "");
  await publish(report, [], inputs.reportFile, messageOf(error));
}

function emptyReport({ dryRun, owner, mode }: Inputs, startedAt: number, status: Status): Report {
  const generatedAt = new Date(startedAt).toISOString().replace(/\.\d+Z$/, "Z");
  const restore = mode.kind === "restore" ? ({ restore: true } as const) : {};
  return { schemaVersion: 1, generatedAt, dryRun, status, owner, ...restore, packages: [] };
}

/** The message of whatever was thrown, with its cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
