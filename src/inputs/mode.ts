import { isAbsolute, join } from "node:path";
import { messageOf } from "../model/error-message";
import { PACKAGE_TYPES, type PackageType } from "../model/package-version";
import { parseKeep } from "../policy/keep";
import { makePolicy } from "../policy/make-policy";
import { parsePackages } from "../policy/package-selection";
import type { PackageSelection, Policy } from "../policy/policy";
import {
  DEFAULT_SETTINGS,
  parseChoice,
  parseSetting,
  SETTING_NAMES,
  type Settings,
} from "../policy/settings";
import type { PolicyText } from "../report/report";
import { type InputSource, optional, placesOf, type Reading, read, workspaceOf } from "./reading";
import { parseRestore, type RestoreEntry } from "./restore-entry";
import { LARGEST_FILE } from "./safe-file";

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

const MODES = ["keep", "policy-file", "restore"] as const;

/** What the run is for, by the inputs `keep`, `policy-file` and `restore`; undefined where none is given. */
export async function readMode(reading: Reading): Promise<Mode | undefined> {
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

async function readPolicyFile(reading: Reading, settings: Settings): Promise<Mode> {
  const { given, problems } = reading;
  for (const name of ["packages", "package-type"]) {
    if (given(name) !== undefined) {
      problems.push({ source: name, message: "cannot be combined with policy-file: set it in the file" });
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
        "plan-file says what may be deleted and cannot be combined with restore: to restore from a report, name it there",
    });
  }
  const entries = read(reading, "restore", parseRestore, []);
  return { kind: "restore", type, packages, entries };
}
