import { isAbsolute, join } from "node:path";
import { apiOf, parseUrl } from "../github/server-url";
import { messageOf } from "../model/error-message";
import { PACKAGE_TYPES, type PackageType } from "../model/package-version";
import { parseKeep } from "../policy/keep";
import { makePolicy } from "../policy/make-policy";
import { parsePackages } from "../policy/package-selection";
import type { PackageSelection, Policy } from "../policy/policy";
import { firstProblems, type Parsed, type Problem } from "../policy/problem";
import {
  DEFAULT_SETTINGS,
  parseBoolean,
  parseChoice,
  parseMinutes,
  parseSetting,
  parseWholeNumber,
  SETTING_NAMES,
  type Settings,
} from "../policy/settings";
import type { PolicyText } from "../report/report";
import { inputWarnings } from "./input-warnings";
import { parseRestore, type RestoreEntry } from "./restore-entry";
import { LARGEST_FILE, type Places } from "./safe-file";

/** What a run is for. `planFile` is a path as it was given. */
export type Mode =
  | {
      readonly kind: "policies";
      readonly policies: readonly Policy[];
      /** The policy as it was given. */
      readonly text: PolicyText;
      readonly planFile?: string;
    }
  | {
      readonly kind: "restore";
      readonly type: PackageType;
      readonly packages: PackageSelection;
      readonly entries: readonly RestoreEntry[];
    };

/** All inputs of the action, with their defaults applied (spec/action.md). */
export interface Inputs {
  readonly token: string;
  readonly owner: string;
  readonly mode: Mode;
  readonly dryRun: boolean;
  readonly deletesPerMinute: number;
  readonly rateLimitReserve: number;
  readonly onRateLimit: (typeof ON_RATE_LIMIT)[number];
  readonly maxMinutes?: number;
  /** Whether the run says what the plan frees. */
  readonly sizes: boolean;
  readonly apiUrl: string;
  /** Undefined where the server is asked for it. */
  readonly registryUrl?: string;
  /** Where the report is written, if that was given. */
  readonly reportFile?: string;
  readonly serverUrl: string;
  /** The page of the workflow run. */
  readonly runUrl?: string;
  readonly workspace: string;
  /** The repository that the workflow runs in, `owner/name`. */
  readonly workflowRepository?: string;
  /** Where files that inputs name have to be. */
  readonly places: Places;
  /** What is allowed and probably not meant; one message of each kind. */
  readonly warnings: readonly string[];
}

/** The inputs, or all that is wrong with them. */
export type ReadInputs = { readonly inputs: Inputs } | WrongInputs;

export interface WrongInputs {
  readonly problems: readonly Problem[];
  /** The path of the policy file, which problems in it have for their source. */
  readonly policyFile?: string;
}

export interface InputSource {
  /** The text of an input, untrimmed (`keep` has line numbers); empty where it is not given. */
  readonly getInput: (name: string) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The bytes of a file within the places, at most so many; throws where it cannot be read. */
  readonly readFile: (path: string, places: Places, most: number) => Uint8Array;
  /** What to say where there is no token, if it is not taken from a secret. */
  readonly noToken?: string;
}

/** When the hourly limit is used up: end as partial, or wait for its reset. */
const ON_RATE_LIMIT = ["stop", "wait"] as const;

/** The texts of the inputs as they were given, and the problems found so far. */
interface Reading extends InputSource {
  readonly problems: Problem[];
  readonly given: (name: string) => string | undefined;
}

/** Reads all inputs, and the policy file where one is given; every fault is reported, not just the first. */
export async function readInputs(source: InputSource): Promise<ReadInputs> {
  const { env } = source;
  const given = (name: string) => source.getInput(name).trim() || undefined;
  const reading: Reading = { ...source, given, problems: [] };
  const serverUrl = env.GITHUB_SERVER_URL || "https://github.com";
  const maxMinutes = read(reading, "max-minutes", parseMinutes, undefined);
  const inputs = {
    token: readToken(reading),
    owner: readOwner(reading),
    mode: await readMode(reading),
    dryRun: read(reading, "dry-run", parseBoolean, true),
    deletesPerMinute: read(reading, "deletes-per-minute", (text) => parseWholeNumber(text, 1), 170),
    rateLimitReserve: read(reading, "rate-limit-reserve", (text) => parseWholeNumber(text, 0), 100),
    onRateLimit: read(reading, "on-rate-limit", (text) => parseChoice(text, ON_RATE_LIMIT), "stop" as const),
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
    sizes: read(reading, "sizes", parseBoolean, false),
    apiUrl: env.GITHUB_API_URL || apiOf(serverUrl),
    ...optional("registryUrl", read(reading, "registry-url", parseUrl, undefined)),
    ...optional("reportFile", given("report-file")),
    serverUrl,
    ...optional("runUrl", runUrlOf(env, serverUrl)),
    workspace: workspaceOf(env),
    places: placesOf(env),
  };
  const { mode, problems } = { ...inputs, problems: reading.problems };
  if (problems.length > 0 || mode === undefined)
    return { problems: firstProblems(problems), ...optional("policyFile", given("policy-file")) };
  return {
    inputs: {
      ...inputs,
      mode,
      warnings: inputWarnings(
        mode.kind === "policies" ? mode.policies : [],
        inputs.deletesPerMinute,
        serverUrl,
      ),
    },
  };
}

function read<T, D>(reading: Reading, name: string, parse: (text: string) => Parsed<T>, otherwise: D): T | D {
  const text = reading.given(name);
  if (text === undefined) return otherwise;
  const parsed = parse(text);
  if ("value" in parsed) return parsed.value;
  reading.problems.push({ source: name, message: parsed.error });
  return otherwise;
}

function runUrlOf(
  { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt }: InputSource["env"],
  serverUrl: string,
): string | undefined {
  if (!repository || !id) return undefined;
  return `${serverUrl}/${repository}/actions/runs/${id}${attempt ? `/attempts/${attempt}` : ""}`;
}

function workspaceOf(env: InputSource["env"]): string {
  return env.GITHUB_WORKSPACE || ".";
}

/** In a job, what an earlier step or a checkout left may be a trap. A person at a command line may name any file. */
function placesOf(env: InputSource["env"]): Places {
  if (!env.GITHUB_ACTIONS) return "anywhere";
  return env.RUNNER_TEMP ? [workspaceOf(env), env.RUNNER_TEMP] : [workspaceOf(env)];
}

const NO_SECRET = "the token is empty: is the secret that it is taken from set?";

/** What no header may have; Node's own error would show the whole token. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;
const TORN_SECRET =
  "the token has a line break in its middle, or another character that cannot be sent: check the secret that it is taken from";

function readToken({ given, problems, noToken }: Reading): string {
  const token = given("token");
  if (token !== undefined && !UNSENDABLE.test(token)) return token;
  problems.push({ source: "token", message: token === undefined ? (noToken ?? NO_SECRET) : TORN_SECRET });
  return "";
}

function readOwner({ given, env, problems }: Reading): string {
  const owner = given("owner") ?? (env.GITHUB_REPOSITORY_OWNER || env.GITHUB_REPOSITORY?.split("/")[0]);
  if (owner) return owner;
  problems.push({
    source: "owner",
    message: "no owner is given and there is no repository to take it from: name one",
  });
  return "";
}

const MODES = ["keep", "policy-file", "restore"] as const;

async function readMode(reading: Reading): Promise<Mode | undefined> {
  const { given, problems } = reading;
  const settings = readSettings(reading);
  const type = read(reading, "package-type", (text) => parseChoice(text, PACKAGE_TYPES), "container");
  const [kind, ...others] = MODES.filter((name) => given(name) !== undefined);
  if (kind === undefined) {
    problems.push({
      source: "keep",
      message: "nothing says what to keep: give one of keep, policy-file and restore",
    });
    return undefined;
  }
  for (const other of others) {
    problems.push({
      source: other,
      message: `${other} and ${kind} exclude each other: give only one of them`,
    });
  }
  const packages = kind === "policy-file" ? NO_PACKAGES : readPackages(reading, type);
  const modes: Mode[] = [];
  for (const each of [kind, ...others]) {
    if (each === "keep") modes.push(readKeep(reading, packages, type, settings));
    else if (each === "restore") modes.push(readRestore(reading, packages, type));
    else modes.push(await readPolicyFile(reading, settings));
  }
  return modes[0];
}

const NO_PACKAGES: PackageSelection = { names: [], globs: [], excludes: [] };

function readSettings(reading: Reading): Settings {
  let settings = DEFAULT_SETTINGS;
  for (const name of SETTING_NAMES) {
    settings = { ...settings, ...read(reading, name, (text) => parseSetting(name, text), {}) };
  }
  return settings;
}

function readPackages({ given, env, problems }: Reading, type: PackageType): PackageSelection {
  const text = given("packages") ?? repositoryName(env, type);
  if (text === undefined && isOfReports(given("restore"))) return NO_PACKAGES;
  if (text === undefined) {
    problems.push({
      source: "packages",
      message: "no package is given and there is no repository to take the name from: name one",
    });
  }
  const parsed = parsePackages(text ?? "*", "packages");
  problems.push(...parsed.problems);
  return parsed.selection;
}

/** Whether all that is to be restored is in reports, which name the packages. */
function isOfReports(restore: string | undefined): boolean {
  const parsed = parseRestore(restore ?? "");
  return "value" in parsed && parsed.value.every(({ kind }) => kind === "report");
}

/** Names of container images are lower-case, whatever the repository's is. */
function repositoryName(env: InputSource["env"], type: PackageType): string | undefined {
  const name = env.GITHUB_REPOSITORY?.split("/")[1];
  return type === "container" ? name?.toLowerCase() : name;
}

function readKeep(reading: Reading, packages: PackageSelection, type: PackageType, settings: Settings): Mode {
  const { lines, problems } = parseKeep(reading.getInput("keep"), { source: "keep", type });
  reading.problems.push(...problems);
  for (const name of type === "container" ? [] : inUseInputs(settings)) {
    const message = `${name} is for containers only, and package-type is ${type}: remove it`;
    reading.problems.push({ source: name, message });
  }
  return {
    kind: "policies",
    policies: [makePolicy(packages, type, lines, settings)],
    text: { input: "keep", text: reading.getInput("keep") },
    ...optional("planFile", reading.given("plan-file")),
  };
}

/** Those of the inputs for containers alone that are given. */
function inUseInputs({ inUseFiles, inUseEnvironments }: Settings): string[] {
  return [
    ...(inUseFiles.length > 0 ? ["in-use-files"] : []),
    ...(inUseEnvironments.length > 0 ? ["in-use-environments"] : []),
  ];
}

/** A property that is not there rather than undefined. */
function optional<K extends string>(key: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: string });
}

async function readPolicyFile(reading: Reading, settings: Settings): Promise<Mode> {
  const { given, problems } = reading;
  for (const name of ["packages", "package-type"]) {
    if (given(name) !== undefined) {
      problems.push({ source: name, message: "does not go with policy-file: say it in the file" });
    }
  }
  const path = given("policy-file") ?? "";
  const text = readText(reading, path);
  const { parsePolicyFile } = await import(/* webpackMode: "eager" */ "../policy/policy-file");
  const parsed = text === undefined ? { policies: [], problems: [] } : parsePolicyFile(text, path, settings);
  problems.push(...parsed.problems);
  const isOfNoUse = parsed.policies.length > 0 && parsed.policies.every(({ type }) => type !== "container");
  for (const name of isOfNoUse ? inUseInputs(settings) : []) {
    const message = `${name} is for containers only, and no policy of ${path} is: remove it`;
    problems.push({ source: name, message });
  }
  const { policies } = parsed;
  const written = { input: "policy-file", path, text: text ?? "" } as const;
  return { kind: "policies", policies, text: written, ...optional("planFile", given("plan-file")) };
}

function readText({ env, readFile, problems }: Reading, path: string): string | undefined {
  const workspace = workspaceOf(env);
  try {
    const file = isAbsolute(path) ? path : join(workspace, path);
    return Buffer.from(readFile(file, placesOf(env), LARGEST_FILE.policy)).toString("utf8");
  } catch (error) {
    const where = isAbsolute(path) ? path : `${path} in ${workspace}`;
    const why = messageOf(error);
    const message = `cannot read ${where}: check the path, and that the repository is checked out (${why})`;
    problems.push({ source: "policy-file", message });
    return undefined;
  }
}

function readRestore(reading: Reading, packages: PackageSelection, type: PackageType): Mode {
  if (reading.given("plan-file") !== undefined) {
    reading.problems.push({
      source: "plan-file",
      message:
        "plan-file says what may be deleted and does not go with restore: to restore from a report, name it there",
    });
  }
  const entries = read(reading, "restore", parseRestore, []);
  return { kind: "restore", type, packages, entries };
}
