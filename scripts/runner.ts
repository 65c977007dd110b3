import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { Emulator } from "../emulator/server";
import { removeFolder } from "./remove-folder";

/** A run of the built action, as the runner would start it. */
export interface ActionRun {
  readonly emulator: Emulator;
  /** Inputs as a workflow gives them; those left out get their defaults of action.yml, an empty string is left empty. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** More environment, or other values: `GITHUB_SERVER_URL`, `RUNNER_DEBUG`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files to put into the workspace, by relative path. */
  readonly files?: Readonly<Record<string, string>>;
  /** A workspace of one's own. */
  readonly cwd?: string;
  /** What `${{ github.token }}` is; the emulator's first GITHUB_TOKEN, or else its first token. */
  readonly token?: string;
  /** Kills the process as a request of this run arrives; after a SIGKILL that request is answered to nobody. */
  readonly killAt?: { readonly nth: number; readonly method?: string; readonly signal?: NodeJS.Signals };
  readonly onSpawn?: (child: ChildProcess) => void;
  /** Another program than `dist/index.js`. */
  readonly entry?: string;
  /** Gives up after this many milliseconds. */
  readonly timeout?: number;
}

export interface ActionResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The report as it was written, parsed; undefined if there is none. */
  readonly report: unknown;
  readonly annotations: {
    readonly errors: readonly string[];
    readonly warnings: readonly string[];
    readonly notices: readonly string[];
  };
  readonly debug: readonly string[];
  readonly workspace: string;
}

interface Place {
  readonly workspace: string;
  readonly temp: string;
  readonly output: string;
  readonly summary: string;
  readonly state: string;
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const NEEDED_ON_WINDOWS = ["SystemRoot", "windir", "COMSPEC", "PATHEXT", "TEMP", "TMP"];
const DEFAULT_TIMEOUT = 60_000;
const places: string[] = [];

/** Removes the directories of all runs so far. */
export function cleanUp(): void {
  for (const place of places.splice(0)) removeFolder(place);
}

/** Runs `node dist/index.js` against an emulator and gathers all that it leaves behind. Rejects when it takes too long. */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const place = makePlace(run);
  const child = spawn(process.execPath, [run.entry ?? join(ROOT, "dist", "index.js")], {
    cwd: place.workspace,
    env: environment(run, place),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout = gather(child.stdout);
  const stderr = gather(child.stderr);
  const unsubscribe = run.killAt ? killAt(run.emulator, child, run.killAt) : () => {};
  run.onSpawn?.(child);
  try {
    const end = await endOf(child, run.timeout ?? DEFAULT_TIMEOUT, stdout);
    return { ...end, stdout: stdout(), stderr: stderr(), ...leftBehind(place, stdout()) };
  } finally {
    unsubscribe();
  }
}

/**
 * Runs the action in this process as the runner would start it, and gathers all that it leaves behind: for what needs no
 * process of its own. `start` is the action itself; it finds its inputs in `process.env`.
 */
export async function runHere(run: ActionRun, start: () => Promise<void>): Promise<ActionResult> {
  if (isRunningHere)
    throw new Error("one run at a time: the environment and the output are those of this process");
  isRunningHere = true;
  const place = makePlace(run);
  const before = {
    env: process.env,
    exitCode: process.exitCode,
    write: process.stdout.write,
  };
  const listeners = SIGNALS.map((name) => [name, process.listeners(name)] as const);
  let stdout = "";
  process.env = environment(run, place);
  process.exitCode = undefined;
  process.stdout.write = (chunk: string | Uint8Array) => {
    stdout += chunk;
    return true;
  };
  try {
    await start();
    const exitCode = Number(process.exitCode ?? 0);
    return { exitCode, signal: null, stdout, stderr: "", ...leftBehind(place, stdout) };
  } finally {
    isRunningHere = false;
    process.stdout.write = before.write;
    process.exitCode = before.exitCode;
    process.env = before.env;
    for (const [name, known] of listeners)
      for (const listener of process.listeners(name))
        if (!known.includes(listener)) process.removeListener(name, listener);
  }
}

let isRunningHere = false;

/** What the action listens for. */
const SIGNALS = ["SIGINT", "SIGTERM", "uncaughtException"] as unknown as readonly NodeJS.Signals[];

function makePlace(run: ActionRun): Place {
  const base = mkdtempSync(join(tmpdir(), "package-retention-"));
  places.push(base);
  const place = {
    workspace: run.cwd ?? join(base, "workspace"),
    temp: join(base, "temp"),
    output: join(base, "output"),
    summary: join(base, "summary"),
    state: join(base, "state"),
  };
  mkdirSync(place.temp);
  mkdirSync(place.workspace, { recursive: true });
  for (const file of [place.output, place.summary, place.state]) writeFileSync(file, "");
  for (const [name, content] of Object.entries(run.files ?? {})) {
    mkdirSync(dirname(join(place.workspace, name)), { recursive: true });
    writeFileSync(join(place.workspace, name), content);
  }
  return place;
}

function environment(run: ActionRun, place: Place): Record<string, string> {
  const kept = ["PATH", "Path", ...(process.platform === "win32" ? NEEDED_ON_WINDOWS : [])];
  const repository = repositoryOf(run.emulator);
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: run.emulator.url,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_OWNER: repository.split("/")[0] ?? "",
    GITHUB_EVENT_NAME: "schedule",
    GITHUB_RUN_ID: "1",
    GITHUB_WORKFLOW: "retention",
    GITHUB_WORKSPACE: place.workspace,
    GITHUB_OUTPUT: place.output,
    GITHUB_STEP_SUMMARY: place.summary,
    GITHUB_STATE: place.state,
    RUNNER_TEMP: place.temp,
    ...inputEnvironment(run),
    ...run.env,
  };
}

/** `INPUT_*` as the runner sets them. `registry-url` has the emulator for its default, so that no test leaves the machine. */
function inputEnvironment(run: ActionRun): Record<string, string> {
  const known = readInputs();
  const given: Record<string, string> = { "registry-url": run.emulator.registryUrl, ...run.inputs };
  const unknown = Object.keys(given).filter((name) => !(name in known));
  if (unknown.length > 0) throw new Error(`action.yml has no input named ${unknown.join(", ")}`);
  const values = Object.entries({ ...known, ...given });
  return Object.fromEntries(values.map(([name, value]) => [inputVariable(name), evaluate(value, run)]));
}

function readInputs(): Record<string, string> {
  const action = parse(readFileSync(join(ROOT, "action.yml"), "utf8")) as {
    inputs: Record<string, { default?: unknown } | null>;
  };
  const defaults = Object.entries(action.inputs).map(
    ([name, input]) => [name, String(input?.default ?? "")] as const,
  );
  return Object.fromEntries(defaults);
}

function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}

function evaluate(value: string, run: ActionRun): string {
  const text = value.replaceAll(/\$\{\{\s*github\.token\s*\}\}/g, () => run.token ?? tokenOf(run.emulator));
  if (text.includes("${{")) throw new Error(`the runner's expression ${text} is not known here`);
  return text;
}

function tokenOf({ state }: Emulator): string {
  const token = state.tokens.find((one) => one.kind === "github-token") ?? state.tokens[0];
  return token?.token ?? "";
}

function repositoryOf({ state }: Emulator): string {
  const token = state.tokens.find((one) => one.kind === "github-token");
  return token?.repository ?? `${state.owners[0]?.login}/${state.packages[0]?.name}`;
}

function killAt(
  emulator: Emulator,
  child: ChildProcess,
  { nth, method, signal = "SIGKILL" }: NonNullable<ActionRun["killAt"]>,
): () => void {
  let count = 0;
  return emulator.onRequest(async (_, request) => {
    if (method !== undefined && request.method !== method) return;
    count++;
    if (count !== nth) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    if (signal === "SIGKILL") await gone;
  });
}

/** How the process ended. Rejects if it had to be killed after so many milliseconds, and only once it is gone. */
async function endOf(
  child: ChildProcess,
  timeout: number,
  stdout: () => string,
): Promise<Pick<ActionResult, "exitCode" | "signal">> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = child.kill("SIGKILL");
  }, timeout);
  try {
    const [exitCode, signal] = await once(child, "close");
    if (isLate) throw new Error(`The action did not end within ${timeout} ms. It printed:\n${stdout()}`);
    return { exitCode, signal };
  } finally {
    clearTimeout(timer);
  }
}

function leftBehind(
  place: Place,
  stdout: string,
): Omit<ActionResult, "exitCode" | "signal" | "stdout" | "stderr"> {
  const outputs = parseOutputs(readFileSync(place.output, "utf8"));
  const commands = parseCommands(stdout);
  const messages = (name: string) => commands.filter((one) => one.name === name).map((one) => one.message);
  return {
    outputs,
    summary: readFileSync(place.summary, "utf8"),
    report: readJson(outputs["report-file"] || join(place.temp, "package-retention-report.json")),
    annotations: { errors: messages("error"), warnings: messages("warning"), notices: messages("notice") },
    debug: messages("debug"),
    workspace: place.workspace,
  };
}

/** Reads a `GITHUB_OUTPUT` file: `name=value` lines and `name<<DELIMITER` blocks. */
export function parseOutputs(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/);
  const outputs: Record<string, string> = {};
  for (let at = 0; at < lines.length; at++) {
    const [, name = "", operator, rest = ""] = /^([^=<]+)(<<|=)(.*)$/.exec(lines[at] ?? "") ?? [];
    if (operator === "=") outputs[name] = rest;
    if (operator !== "<<") continue;
    const end = lines.indexOf(rest, at + 1);
    if (end < 0) throw new Error(`output ${name} has no end`);
    outputs[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return outputs;
}

/** The workflow commands (`::warning title=…::text`) among the lines of a log, with their text decoded. */
export function parseCommands(stdout: string): { name: string; message: string }[] {
  return stdout.split(/\r?\n/).flatMap((line) => {
    const [, name, message] = /^::([a-z-]+)(?: .*?)?::(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, message: decode(message ?? "") }];
  });
}

function decode(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** All that came so far, with the line ends of Unix: `@actions/core` prints those of the system. */
function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8").replaceAll("\r\n", "\n");
}
