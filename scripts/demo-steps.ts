import { readFileSync } from "node:fs";
import type { PackageData } from "../emulator/data";
import type { EmulatorState } from "../emulator/state";
import { JOB_TOKEN, OCTOCAT_TOKEN } from "./demo-data";
import type { DemoOptions } from "./demo-options";

/** One step of a workflow that uses the action. */
export interface DemoStep {
  readonly title: string;
  /** Where the step runs, and so whose token and which defaults it has. */
  readonly repository: string;
  readonly token: string;
  /** Its `with:`, without `dry-run`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Files of its workspace. */
  readonly files?: Readonly<Record<string, string>>;
}

const APP_POLICY = `latest: always
semver: {highest: 1, per: minor}
pr-*: {while: pull-request, within: 7d}
nightly-*: {daily: 7, weekly: 4}
untagged: never
`;

const UI_POLICY = `semver: {highest: 2, per: major}
prerelease: 30d
`;

const TOOLBOX_POLICY = `latest: always
build-*: 3
`;

/** The steps to show: the demo's own, or one with the policy of the command line. */
export function stepsFor(options: DemoOptions, state: EmulatorState): readonly DemoStep[] {
  if (options.policyFile !== undefined) return [fileStep(options.policyFile, state)];
  if (options.keep === undefined) return OWN_STEPS;
  if (options.data === undefined) return [{ ...APP_STEP, inputs: { keep: options.keep } }];
  return [dataStep(options.keep, options.package, state)];
}

const APP_STEP: DemoStep = {
  title: "The container package of octo-org/app, with GITHUB_TOKEN",
  repository: "octo-org/app",
  token: JOB_TOKEN,
  inputs: { keep: APP_POLICY, "delete-broken": "partial" },
};

const OWN_STEPS: readonly DemoStep[] = [
  APP_STEP,
  {
    title: "The npm package @octo-org/ui, with GITHUB_TOKEN",
    repository: "octo-org/app",
    token: JOB_TOKEN,
    inputs: { "package-type": "npm", packages: "@octo-org/ui", keep: UI_POLICY },
  },
  {
    title: "A private package of the user octocat, with octocat's own token",
    repository: "octocat/toolbox",
    token: OCTOCAT_TOKEN,
    inputs: { keep: TOOLBOX_POLICY },
  },
];

/** Globs in the file need the list of packages, which a personal token gets and a GITHUB_TOKEN does not. */
function fileStep(path: string, state: EmulatorState): DemoStep {
  const token = state.tokens.find(({ kind }) => kind === "pat") ?? state.tokens[0];
  const [first] = state.packages;
  return {
    title: `The packages of ${first?.owner}, by ${path}`,
    repository: `${first?.owner}/${first?.name}`,
    token: token?.token ?? "",
    inputs: { "policy-file": "retention.yml" },
    files: { "retention.yml": readPolicyFile(path) },
  };
}

function readPolicyFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`--policy-file ${path} cannot be read: ${(error as Error).message}`);
  }
}

function dataStep(keep: string, name: string | undefined, state: EmulatorState): DemoStep {
  const found = state.packages.find((one) => name === undefined || one.name === name);
  if (!found) throw new Error(`--package ${name}: the data has no package of that name.`);
  return {
    title: `The ${found.type} package ${found.name} of ${found.owner}`,
    repository: `${found.owner}/${found.name}`,
    token: state.tokens[0]?.token ?? "",
    inputs: { owner: found.owner, ...packageInputs(found), keep },
  };
}

/** The inputs that name one package. A comma separates names, so one that has a comma travels in a YAML list. */
function packageInputs({ type, name }: Pick<PackageData, "type" | "name">): Record<string, string> {
  return { "package-type": type, packages: name.includes(",") ? JSON.stringify([name]) : name };
}
