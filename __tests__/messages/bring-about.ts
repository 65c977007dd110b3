import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmulatorData, Fault, PackageData, TokenData, VersionData } from "../../emulator/data";
import type { Emulator } from "../../emulator/server";
import { explainRefusal, type Refusal } from "../../src/github/github-error";
import { readInputs } from "../../src/inputs/inputs";
import { parseRestore } from "../../src/inputs/restore-entry";
import { readSavedReport, type SavedReport } from "../../src/inputs/saved-report";
import type { PackageType } from "../../src/model/package-version";
import type { Warning } from "../../src/model/warning";
import { createJournal, type Deleted, type Journal } from "../../src/output/journal";
import { publish } from "../../src/output/publish";
import { runnerOutput } from "../../src/output/runner";
import { parseKeep } from "../../src/policy/keep";
import { parsePackages } from "../../src/policy/package-selection";
import type { Policy } from "../../src/policy/policy";
import { parsePolicyFile } from "../../src/policy/policy-file";
import { formatProblem } from "../../src/policy/problem";
import { DEFAULT_SETTINGS } from "../../src/policy/settings";
import { RegistryError } from "../../src/registry/registry-error";
import type { Report } from "../../src/report/report";
import { groupWarnings } from "../../src/report/warnings";
import { listenForCancellation } from "../../src/run/cancellation";
import { endedEarly } from "../../src/run/ended-early";
import { runRestore } from "../../src/run/restore-run";
import { type RunResult, runPolicies } from "../../src/run/run";
import type { RunContext } from "../../src/run/run-context";
import { PAT } from "../support/acme";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";
import { runAction } from "../support/run-action";

/** Where reports are read from and written to. */
export const workspace = mkdtempSync(join(tmpdir(), "messages-"));
// --- what was written: policies, policy files, inputs

export function keep(text: string, type: PackageType = "container"): string {
  return parseKeep(text, { source: "keep", type }).problems.map(formatProblem).join("\n");
}

export function file(text: string): string {
  return parsePolicyFile(text, "retention.yml", DEFAULT_SETTINGS).problems.map(formatProblem).join("\n");
}

export function policyFile(lines: string): string {
  return file(`policies:\n  - packages: app\n    keep: {latest: always}\n${lines}`);
}

export async function inputs(
  given: Record<string, string>,
  env: Record<string, string> = {},
  policyFile?: string | (() => Buffer),
): Promise<string> {
  const all: Record<string, string> = { token: "secret", keep: "latest: always", ...given };
  const read = await readInputs({
    getInput: (name) => all[name] ?? "",
    env: { GITHUB_REPOSITORY: "acme/app", GITHUB_WORKSPACE: workspace, ...env },
    readFile: (path) => {
      if (typeof policyFile === "function") return policyFile();
      if (policyFile !== undefined) return Buffer.from(policyFile);
      throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    },
  });
  return ("problems" in read ? read.problems.map(formatProblem) : read.inputs.warnings).join("\n");
}

// --- what GitHub and the registry answered

export const app = { type: "container", name: "app" } as const;

const SETTINGS = "https://github.com/orgs/acme/packages/container/app/settings";

export function refused(changes: Partial<Refusal>): string {
  const refusal = {
    operation: "deleteVersion",
    status: 404,
    message: "Package not found.",
    headers: {},
  } as const;
  return explainRefusal({ ...refusal, owner: "acme", subject: app, settingsUrl: SETTINGS, ...changes });
}

export function registryRefused(status: number, message: string): string {
  const reference = `sha256:${"0".repeat(64)}`;
  return new RegistryError({ repository: "acme/app", settingsUrl: SETTINGS, reference, status, message })
    .message;
}

export async function thrown(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

// --- what happened in a run, on the local GitHub

export const JOB: TokenData = {
  kind: "github-token",
  token: "job-token",
  repository: "acme/app",
  packages: "write",
  admin: ["app"],
};

export interface Situation
  extends Partial<Pick<RunContext, "isDryRun" | "stopReason" | "reviewed" | "sizes">> {
  readonly data?: Partial<EmulatorData>;
  readonly faults?: readonly Fault[];
  readonly owner?: string;
  /** What happens as a request arrives. */
  readonly meanwhile?: (emulator: Emulator, request: { method: string; path: string }) => void;
}

/** All that one run says: warnings while it runs, those at its end, and the errors of packages; or what it throws. */
export async function said(
  packages: readonly PackageData[],
  work: (context: RunContext) => Promise<RunResult>,
  { data = {}, faults = [], owner = "acme", meanwhile, ...changes }: Situation = {},
): Promise<string> {
  const emulator = await startAcme({ packages: [...packages], ...data });
  for (const fault of faults) emulator.faults.add(fault);
  if (meanwhile) emulator.onRequest((_, request) => meanwhile(emulator, request));
  const warnings: string[] = [];
  const log = { warning: (text: string) => warnings.push(text) };
  const token = (data.tokens ?? [PAT])[0]?.token ?? "";
  try {
    const context = await localContext({ emulator, log, owner, token });
    const { report, warnings: atEnd } = await work({ ...context, ...changes });
    const errors = report.packages.flatMap(({ error }) => error ?? []);
    return [...warnings, ...groupWarnings(atEnd).map(({ text }) => text), ...errors].join("\n");
  } catch (error) {
    return [...warnings, (error as Error).message].join("\n");
  } finally {
    await emulator.close();
  }
}

export function deleting(
  packages: readonly PackageData[],
  policies: Policy | readonly Policy[],
  situation: Situation = {},
): Promise<string> {
  const all = Array.isArray(policies) ? policies : [policies];
  return said(packages, (context) => runPolicies(all, context), situation);
}

/** The annotations of the built action. */
export async function actionSays(
  packages: readonly PackageData[],
  inputs: Readonly<Record<string, string>>,
  data: Partial<EmulatorData> = {},
): Promise<string> {
  const emulator = await startAcme({ packages: [...packages], ...data });
  try {
    const { annotations } = await runAction({ emulator, inputs: { owner: "acme", ...inputs } });
    return [...annotations.errors, ...annotations.warnings].join("\n");
  } finally {
    await emulator.close();
  }
}

export function restoring(
  there: readonly PackageData[],
  text: string,
  {
    reports = [],
    type = "npm",
    packages = names("app"),
    ...situation
  }: Situation & { reports?: SavedReport[]; type?: PackageType; packages?: Policy["packages"] } = {},
): Promise<string> {
  const parsed = parseRestore(text);
  if ("error" in parsed) throw new Error(parsed.error);
  const order = {
    type,
    packages,
    entries: parsed.value,
    reports: reports.map((report) => ({ path: "report.json", report })),
  };
  return said(there, (context) => runRestore(order, context), situation);
}

export function names(...list: string[]): Policy["packages"] {
  return { names: list, globs: [], excludes: [] };
}

export function selection(text: string): Policy["packages"] {
  return parsePackages(text, "packages").selection;
}

export function globs(text: string): Policy["packages"] {
  return { names: [], globs: [{ text, matches: () => false, at: { source: "packages" } }], excludes: [] };
}

export function npm(versions: readonly VersionData[], changes: Partial<PackageData> = {}): PackageData {
  return {
    owner: "acme",
    type: "npm",
    name: "app",
    visibility: "public",
    versions: [...versions],
    ...changes,
  };
}

export function images(...versions: VersionData[]): PackageData {
  return { owner: "acme", type: "container", name: "app", repository: "acme/app", versions };
}

export function old(id: number, name = `1.0.${id}`, changes: Partial<VersionData> = {}): VersionData {
  return { id, name, createdAt: "50d ago", ...changes };
}

export const npmPolicy = (text: string, settings: Partial<Policy> = {}) =>
  policy(text, { type: "npm", ...settings });
export const NONE_OF_1 = npmPolicy("1.*: never");

export function answer(method: string, path: string, status: number, message: string): Fault {
  return { match: { method, path, count: "always" }, answer: { status, body: { message } } };
}

export function savedReport(changes: Partial<SavedReport> = {}): SavedReport {
  return {
    generatedAt: "2026-11-01T00:00:00Z",
    dryRun: true,
    status: "dry-run",
    owner: "acme",
    packages: [],
    ...changes,
  };
}

export function saved(id: number, changes: object = {}): SavedReport["packages"][number]["versions"][number] {
  const times = { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" };
  const name = `1.0.${id}`;
  return { id, name, tags: [name], ...times, verdict: "delete", reasons: [], outcome: "deleted", ...changes };
}

export function namedReport(text: string | object): Promise<string> {
  writeFileSync(join(workspace, "report.json"), typeof text === "string" ? text : JSON.stringify(text));
  const request = {
    path: "report.json",
    workspace,
    places: [workspace],
    owner: "acme",
    input: "plan-file",
  } as const;
  return thrown(() => readSavedReport(request));
}

/** The annotations that the end of a run leaves; nothing else of it goes anywhere but to the named summary. */
export async function published(
  report: Report,
  reportFile: string,
  summary?: string,
  warnings: readonly Warning[] = [],
  journal: Pick<Journal, "deleted"> = createJournal(),
): Promise<string> {
  const { write } = process.stdout;
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, ...env } = process.env;
  const { env: before, exitCode } = process;
  let text = "";
  process.env = summary === undefined ? env : { ...env, GITHUB_STEP_SUMMARY: summary };
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  try {
    const destination = { output: runnerOutput, reportFile, journal, pages: undefined };
    await publish({ report, warnings }, destination);
  } finally {
    process.stdout.write = write;
    process.env = before;
    process.exitCode = exitCode;
  }
  return [...text.matchAll(/^::(?:error|warning) [^:]*::(.*)$/gm)].map(([, one = ""]) => one).join("\n");
}

/** What is said of a package in a run that something thrown ended after these deletions. */
export async function endedWith(thrown: unknown, deleted: Omit<Deleted, "pkg">): Promise<string> {
  const read = await readInputs({
    getInput: (name) =>
      ({ token: "secret", keep: "latest: always", owner: "acme", packages: "app" })[name] ?? "",
    env: {},
    readFile: () => Buffer.from(""),
  });
  if ("problems" in read) throw new Error(read.problems.map(formatProblem).join());
  const journal = { startedAt: 0, deleted: [{ ...deleted, pkg: { type: "npm", name: "app" } as const }] };
  return endedEarly(thrown, read.inputs, journal)
    .report.packages.map(({ error }) => error)
    .join("\n");
}

export function failedReport(): Report {
  const counts = { kept: 0, planned: 1, failed: 1 };
  const { id, name, tags, createdAt, updatedAt } = saved(1);
  const message = refused({
    subject: { type: "npm", name: "app" },
    version: 1,
    status: 500,
    message: "Server Error",
  });
  const known = { id, name, tags, createdAt, updatedAt, reasons: [] };
  const version = { ...known, verdict: "delete", outcome: "failed", message } as const;
  const pkg = { type: "npm", name: "app", status: "failed", counts, versions: [version] } as const;
  return {
    schemaVersion: 1,
    generatedAt: "2026-11-20T00:00:00Z",
    dryRun: false,
    status: "failed",
    owner: "acme",
    packages: [pkg],
  };
}

export function cancelled(): string {
  const before = process.listeners("SIGTERM");
  const interrupts = process.listeners("SIGINT");
  const { reason } = listenForCancellation();
  for (const listener of process.listeners("SIGTERM"))
    if (!before.includes(listener)) {
      listener("SIGTERM");
      process.removeListener("SIGTERM", listener);
    }
  for (const listener of process.listeners("SIGINT"))
    if (!interrupts.includes(listener)) process.removeListener("SIGINT", listener);
  return reason() ?? "";
}
