import { pagesOf } from "../github/account";
import { createGitHub } from "../github/github";
import { resolveAccount } from "../github/owner";
import { createPackages } from "../github/packages";
import { askRegistryAddress, plainHttpWarning } from "../github/registry-address";
import { createRepository } from "../github/repository";
import type { Inputs } from "../inputs/inputs";
import { readSavedReport, type SavedReport } from "../inputs/saved-report";
import { readInUseFiles } from "../inputs/workspace";
import { systemClock } from "../net/clock";
import type { Log } from "../net/log";
import { createPatience } from "../net/patience";
import type { Journal } from "../output/journal";
import type { InUseFile } from "../plan/in-use";
import type { Policy } from "../policy/policy";
import { requireDryRun } from "../prepare/reviewed-plan";
import { createRegistry } from "../registry/registry";
import type { PackagePages } from "../report/package-pages";
import type { NamedReport } from "../restore/restore-request";
import type { Cancellation } from "./cancellation";
import { runRestore } from "./restore-run";
import { type RunResult, runPolicies } from "./run";
import type { RunContext } from "./run-context";
import { clockWarning } from "./runner-clock";
import { timeIsUp, timeLeft } from "./time-limit";

/** What a run needs besides its inputs. */
export interface Surroundings {
  readonly log: Log;
  readonly cancellation: Cancellation;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly journal: Journal;
  /** Told as soon as it is known whose packages they are. */
  readonly onPages: (pages: PackagePages) => void;
}

/** Reads the files that the inputs name, makes the clients, and runs. */
export async function startRun(inputs: Inputs, around: Surroundings): Promise<RunResult> {
  const { mode, token } = inputs;
  const { log, cancellation, startedAt, journal } = around;
  const { signal } = cancellation;
  const policies = mode.kind === "policies" ? mode.policies : [];
  const inUseFiles = readFilesInUse(policies, inputs);
  const reviewed = await readReviewed(inputs);
  const reports = await readReports(inputs);
  const { deletesPerMinute, rateLimitReserve, maxMinutes } = inputs;
  const elapsed = () => Date.now() - startedAt;
  const patience = createPatience({
    waits: inputs.onRateLimit === "wait",
    timeLeft: () => timeLeft(maxMinutes, elapsed()),
  });
  const github = createGitHub({
    token,
    baseUrl: inputs.apiUrl,
    deletesPerMinute,
    rateLimitReserve,
    log,
    signal,
    patience,
  });
  const account = await resolveAccount(github, inputs.owner);
  const clockOffset = github.clockOffset();
  around.onPages(pagesOf(account, inputs.serverUrl));
  const registryUrl = inputs.registryUrl ?? (await askRegistryAddress(github, inputs.serverUrl));
  for (const warning of [clockWarning(clockOffset), plainHttpWarning(registryUrl)])
    if (warning !== undefined) log.warning(warning);
  const context: RunContext = {
    github,
    packages: journal.watch(createPackages(github, account, inputs.serverUrl)),
    repositories: (fullName) => createRepository(github, fullName),
    ...(inputs.workflowRepository === undefined ? {} : { workflowRepository: inputs.workflowRepository }),
    registry: createRegistry({ url: registryUrl, token, log, signal, patience }),
    log,
    // GitHub dates the versions: their ages count by its clock.
    now: startedAt + clockOffset,
    clock: Date.now,
    isDryRun: inputs.dryRun,
    sizes: inputs.sizes,
    stopReason: () => cancellation.reason() ?? timeIsUp(maxMinutes, elapsed()),
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
): Map<Policy, readonly InUseFile[]> {
  return new Map(policies.map((policy) => [policy, readInUseFiles(policy.inUseFiles, workspace, places)]));
}
