import type { EmulatorData, PackageData, TokenData, VersionData } from "../../emulator/data";
import { imageManifest, versionOf } from "../../emulator/images";
import { type Emulator, startEmulator } from "../../emulator/server";
import type { WrittenReport } from "../../src/report/report";
import { jobSession } from "../../src/run/job-session";
import { runSession } from "../../src/run/session";
import { world } from "./acme";
import { validateRequest } from "./openapi";
import { reportFaults } from "./report-faults";
import { type ActionResult, type ActionRun, runAction, runHere } from "./run-action";

/** What the tests of the built action need: a small GitHub, and a run of the action on it. */

export { PAT, world } from "./acme";

/** The GITHUB_TOKEN of a job of acme/app, which has the Admin role on the named packages. */
export function jobToken(...admin: string[]): TokenData {
  return { kind: "github-token", token: "job-token", repository: "acme/app", packages: "write", admin };
}

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** Starts an emulator that ends with the test. */
export async function startWorld(
  packages: readonly PackageData[],
  changes: Partial<EmulatorData> = {},
): Promise<Emulator> {
  const emulator = await startEmulator(world(packages, changes));
  running.push(emulator);
  return emulator;
}

export interface Run extends ActionResult {
  /** What was sent in this run, to the API and to the registry: `GET /orgs/…`. */
  readonly sent: readonly string[];
  readonly report: WrittenReport | undefined;
}

/** `built`: the built action, in a process of its own, for what a process alone can show. Who kills it gets one, too. */
type More = Partial<Omit<ActionRun, "emulator" | "inputs">> & { readonly built?: boolean };

/** Runs the action for packages of `acme`, and checks each of its requests against GitHub's API description. */
export async function run(emulator: Emulator, inputs: ActionRun["inputs"], more: More = {}): Promise<Run> {
  const before = emulator.requests.length;
  const action = { emulator, inputs: { owner: "acme", ...inputs }, ...more };
  const result = more.built || more.killAt ? await runAction(action) : await runHere(action, startAction);
  const requests = emulator.requests.slice(before);
  const api = requests.filter(({ path }) => !/^\/(v2|token)\b/.test(path));
  expect(api.flatMap(({ method, path }) => validateRequest(method, path))).toEqual([]);
  expect(result.stderr).toBe("");
  expect(result.report === undefined ? [] : reportFaults(result.report)).toEqual([]);
  return {
    ...result,
    report: result.report as WrittenReport | undefined,
    sent: requests.map(({ method, path }) => `${method} ${path}`),
  };
}

/** The action as a runner starts it. */
function startAction(): Promise<void> {
  return runSession(jobSession(process.env));
}

/** GitHub Enterprise Server has no limits by default: no warning about the pace, and no waiting between deletions. */
export const AT_FULL_SPEED = {
  inputs: { "deletes-per-minute": "100000" },
  env: { GITHUB_SERVER_URL: "https://github.example.com" },
};

/** What was sent that could change anything. Octokit ends some addresses with an empty query, which Node 20 drops. */
export function writesOf({ sent }: Run): string[] {
  return sent.filter((line) => !line.startsWith("GET ")).map((line) => line.replace(/\?$/, ""));
}

/** A time so many days ago, as the API writes times. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A container package of acme's: of images, where versions have neither a manifest nor a digest. */
export function container(name: string, versions: readonly VersionData[]): PackageData {
  const pushed = versions.map((version, at) =>
    version.name === undefined ? versionOf(imageManifest(`${name} ${at}`), version) : version,
  );
  return { owner: "acme", type: "container", name, repository: "acme/app", versions: pushed };
}

/** An npm package of acme's. */
export function npm(name: string, versions: readonly VersionData[]): PackageData {
  return { owner: "acme", type: "npm", name, versions: [...versions] };
}

/** A version so many days old. */
export function release(id: number, name: string, days = 100): VersionData {
  return { id, name, createdAt: daysAgo(days) };
}

/** The verdicts of one package of a report, by version id: `{11: ["keep", "semver: last 2"]}`. */
export function verdictsOf({ report }: Run, name?: string): Record<number, string[]> {
  const pkg = report?.packages.find((one) => name === undefined || one.name === name);
  return Object.fromEntries(
    (pkg?.versions ?? []).map(({ id, verdict, reasons, outcome }) => [
      id,
      [verdict, ...reasons, ...(outcome === undefined ? [] : [`→ ${outcome}`])],
    ]),
  );
}
