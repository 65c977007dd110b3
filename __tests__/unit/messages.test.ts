import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmulatorData, Fault, PackageData, TokenData, VersionData } from "../../emulator/data";
import { imageManifest, multiArch, versionOf } from "../../emulator/images";
import { startEmulator } from "../../emulator/server";
import { requireDryRun } from "../../src/apply/reviewed-plan";
import { untagManifest } from "../../src/apply/untag-manifest";
import { listenForCancellation } from "../../src/cancellation";
import { BudgetExhausted } from "../../src/github/budget";
import { createGitHub } from "../../src/github/github";
import { explainRefusal, type Refusal } from "../../src/github/github-error";
import { resolveAccount } from "../../src/github/owner";
import { readInputs } from "../../src/inputs";
import { timeIsUp } from "../../src/limits";
import type { PackageType } from "../../src/model/package-version";
import { parseKeep } from "../../src/policy/keep";
import type { Policy } from "../../src/policy/policy";
import { parsePolicyFile } from "../../src/policy/policy-file";
import { formatProblem } from "../../src/policy/problem";
import { DEFAULT_SETTINGS } from "../../src/policy/settings";
import { publish } from "../../src/publish";
import { createRegistry } from "../../src/registry/registry";
import { RegistryError } from "../../src/registry/registry-error";
import type { Report } from "../../src/report/report";
import { runRestore } from "../../src/restore/restore";
import { parseRestore } from "../../src/restore/restore-entry";
import { type RunContext, type RunResult, runPolicies } from "../../src/run";
import { readSavedReport, type SavedReport } from "../../src/saved-report";
import { groupWarnings } from "../../src/warnings";
import { readInUseFiles } from "../../src/workspace";
import { digest, image, play, policy, signatureTag } from "../support/builder";
import { virtualClock } from "../support/virtual-clock";

/**
 * What the action says when something is wrong, read as its user would: what happened, to which package and version,
 * and what to do. `MESSAGES` is the list, `SITUATIONS` brings each of them about, by the code that says it in a run.
 */

const workspace = mkdtempSync(join(tmpdir(), "messages-"));
afterAll(() => rmSync(workspace, { recursive: true }));

/** What differs from run to run stands in angle brackets. */
function steady(text: string): string {
  return text
    .replaceAll(workspace, "<workspace>")
    .replaceAll("\\", "/")
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "<server>")
    .replaceAll(/(Error: )?E[A-Z]{3,}: [^'\n]*'[^'\n]*'/g, "<why>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
}

// --- what was written: policies, policy files, inputs

function keep(text: string, type: PackageType = "container"): string {
  return parseKeep(text, { source: "keep", type }).problems.map(formatProblem).join("\n");
}

function file(text: string): string {
  return parsePolicyFile(text, "retention.yml", DEFAULT_SETTINGS).problems.map(formatProblem).join("\n");
}

function policyFile(lines: string): string {
  return file(`policies:\n  - packages: app\n    keep: {latest: always}\n${lines}`);
}

function inputs(given: Record<string, string>, env: Record<string, string> = {}): string {
  const all: Record<string, string> = { token: "secret", keep: "latest: always", ...given };
  const read = readInputs({
    getInput: (name) => all[name] ?? "",
    env: { GITHUB_REPOSITORY: "acme/app", GITHUB_WORKSPACE: workspace, ...env },
    readFile: (path) => {
      throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    },
  });
  return ("problems" in read ? read.problems.map(formatProblem) : read.inputs.warnings).join("\n");
}

// --- what GitHub and the registry answered

const app = { type: "container", name: "app" } as const;

function refused(changes: Partial<Refusal>): string {
  const refusal = {
    operation: "deleteVersion",
    status: 404,
    message: "Package not found.",
    headers: {},
  } as const;
  return explainRefusal({ ...refusal, owner: "acme", subject: app, ...changes });
}

function registryRefused(status: number, message: string): string {
  const reference = `sha256:${"0".repeat(64)}`;
  return new RegistryError({ repository: "acme/app", reference, status, message }).message;
}

async function thrown(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

// --- what happened in a run, on the local GitHub

const PAT: TokenData = {
  kind: "pat",
  token: "monas-token",
  login: "mona",
  scopes: ["write:packages", "delete:packages"],
};
const JOB: TokenData = {
  kind: "github-token",
  token: "job-token",
  repository: "acme/app",
  packages: "write",
  admin: ["app"],
};

interface Situation extends Partial<Pick<RunContext, "isDryRun" | "stopReason" | "reviewed">> {
  readonly data?: Partial<EmulatorData>;
  readonly faults?: readonly Fault[];
  readonly owner?: string;
}

/** All that one run says: warnings while it runs, those at its end, and the errors of packages; or what it throws. */
async function said(
  packages: readonly PackageData[],
  work: (context: RunContext) => Promise<RunResult>,
  { data = {}, faults = [], owner = "acme", ...changes }: Situation = {},
): Promise<string> {
  const owners: EmulatorData["owners"] = [
    { login: "acme", type: "Organization" },
    { login: "mona", type: "User" },
  ];
  const emulator = await startEmulator({ owners, tokens: [PAT], packages: [...packages], ...data });
  for (const fault of faults) emulator.faults.add(fault);
  const warnings: string[] = [];
  const log = { debug: () => {}, info: () => {}, warning: (text: string) => warnings.push(text) };
  const token = (data.tokens ?? [PAT])[0]?.token ?? "";
  const clock = virtualClock();
  const shared = { token, log, clock };
  const pace = { deletesPerMinute: 100_000, rateLimitReserve: 100 };
  const github = createGitHub({ ...shared, ...pace, baseUrl: emulator.url });
  try {
    const { report, warnings: atEnd } = await work({
      github,
      account: await resolveAccount(github, owner),
      registry: createRegistry({ ...shared, url: emulator.registryUrl }),
      log,
      now: Date.now(),
      clock: clock.now,
      isDryRun: false,
      stopReason: () => undefined,
      inUseFiles: new Map(),
      pause: (milliseconds) => clock.sleep(milliseconds),
      ...changes,
    });
    const errors = report.packages.flatMap(({ error }) => error ?? []);
    return [...warnings, ...groupWarnings(atEnd), ...errors].join("\n");
  } catch (error) {
    return [...warnings, (error as Error).message].join("\n");
  } finally {
    await emulator.close();
  }
}

function deleting(
  packages: readonly PackageData[],
  policies: Policy | readonly Policy[],
  situation: Situation = {},
): Promise<string> {
  const all = Array.isArray(policies) ? policies : [policies];
  return said(packages, (context) => runPolicies(all, context), situation);
}

function restoring(
  packages: readonly PackageData[],
  text: string,
  {
    reports = [],
    type = "npm",
    ...situation
  }: Situation & { reports?: SavedReport[]; type?: PackageType } = {},
): Promise<string> {
  const parsed = parseRestore(text);
  if ("error" in parsed) throw new Error(parsed.error);
  const order = {
    type,
    packages: names("app"),
    entries: parsed.value,
    reports: reports.map((report) => ({ path: "report.json", report })),
  };
  return said(packages, (context) => runRestore(order, context), situation);
}

function names(...list: string[]): Policy["packages"] {
  return { names: list, globs: [], excludes: [] };
}

function globs(text: string): Policy["packages"] {
  return { names: [], globs: [{ text, matches: () => false }], excludes: [] };
}

function npm(versions: readonly VersionData[], changes: Partial<PackageData> = {}): PackageData {
  return {
    owner: "acme",
    type: "npm",
    name: "app",
    visibility: "public",
    versions: [...versions],
    ...changes,
  };
}

function images(...versions: VersionData[]): PackageData {
  return { owner: "acme", type: "container", name: "app", repository: "acme/app", versions };
}

function old(id: number, name = `1.0.${id}`, changes: Partial<VersionData> = {}): VersionData {
  return { id, name, createdAt: "50d ago", ...changes };
}

const npmPolicy = (text: string, settings: Partial<Policy> = {}) =>
  policy(text, { type: "npm", ...settings });
const NONE_OF_1 = npmPolicy("1.*: never");

function answer(method: string, path: string, status: number, message: string): Fault {
  return { match: { method, path, count: "always" }, answer: { status, body: { message } } };
}

function savedReport(changes: Partial<SavedReport> = {}): SavedReport {
  return {
    generatedAt: "2026-11-01T00:00:00Z",
    dryRun: true,
    status: "dry-run",
    owner: "acme",
    packages: [],
    ...changes,
  };
}

function saved(id: number, changes: object = {}): SavedReport["packages"][number]["versions"][number] {
  const times = { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" };
  const name = `1.0.${id}`;
  return { id, name, tags: [name], ...times, verdict: "delete", reasons: [], outcome: "deleted", ...changes };
}

function namedReport(text: string | object): Promise<string> {
  writeFileSync(join(workspace, "report.json"), typeof text === "string" ? text : JSON.stringify(text));
  const request = { path: "report.json", workspace, owner: "acme", input: "plan-file" } as const;
  return thrown(() => readSavedReport(request));
}

/** The annotations that the end of a run leaves; nothing else of it goes anywhere. */
async function published(report: Report, reportFile: string): Promise<string> {
  const { write } = process.stdout;
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, ...env } = process.env;
  const { env: before, exitCode } = process;
  let text = "";
  process.env = env;
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  try {
    await publish(report, [], reportFile);
  } finally {
    process.stdout.write = write;
    process.env = before;
    process.exitCode = exitCode;
  }
  return [...text.matchAll(/^::(?:error|warning)::(.*)$/gm)].map(([, one = ""]) => one).join("\n");
}

function failedReport(): Report {
  const counts = { kept: 0, planned: 1, failed: 1 };
  const { id, name, tags, createdAt, updatedAt, reasons } = saved(1);
  const message = refused({
    subject: { type: "npm", name: "app" },
    version: 1,
    status: 500,
    message: "Server Error",
  });
  const known = { id, name, tags, createdAt, updatedAt, reasons };
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

function cancelled(): string {
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

const multi = multiArch("app", { tags: ["v1"], createdAt: "50d ago" }, { attestations: false });
const plain = imageManifest("plain");
const DRY = { isDryRun: true };
const DOWNLOADED = { downloads: 5_001 };

/** How each of them comes about. */
const SITUATIONS: Readonly<Record<string, () => string | Promise<string>>> = {
  "a policy without lines": () => keep("# nothing"),
  "a policy that is a list": () => keep("- latest: always"),
  "a policy that is a word": () => keep("always"),
  "a mistyped value": () => keep("latest: alway"),
  "a line without a value": () => keep("latest:"),
  "a value that is true": () => keep("latest: true"),
  "a value that is false": () => keep("latest: false"),
  "a value that is a list": () => keep("latest: [3]"),
  "a mistyped word": () => keep("pr-*: {lst: 3}"),
  "an unknown word": () => keep("pr-*: {banana: 3}"),
  "a word without a colon": () => keep("pr-*: {last 3}"),
  "never in a mapping": () => keep("pr-*: {never: true}"),
  "always: false": () => keep("pr-*: {always: false}"),
  "a mapping that keeps nothing": () => keep("semver: {per: minor}"),
  "a word as the whole value": () => keep("pr-*: last"),
  "a count of zero": () => keep("pr-*: 0"),
  "a count with a fraction": () => keep("pr-*: 1.5"),
  "a count in quotes": () => keep('pr-*: {last: "3"}'),
  "a time as a count": () => keep("pr-*: {last: 14d}"),
  "a duration without a unit": () => keep("pr-*: {within: 14}"),
  "a duration with an unknown unit": () => keep("pr-*: 14x"),
  "a duration with an upper-case unit": () => keep("pr-*: 14D"),
  "a duration of zero": () => keep("pr-*: 0d"),
  "a duration beyond all dates": () => keep("pr-*: 999999y"),
  "a duration with a unit twice": () => keep("pr-*: 1d 2d"),
  "highest on a glob": () => keep("v*: {highest: 3}"),
  "per on a glob": () => keep("v*: {last: 3, per: minor}"),
  "per with a mistyped part": () => keep("semver: {last: 3, per: miner}"),
  "per without its group": () => keep('"/(?<branch>.+)-1/": {last: 1, per: brunch}'),
  "except with a reserved word": () => keep("v*: {last: 1, except: rest}"),
  "except on untagged": () => keep("untagged: {last: 1, except: v*}"),
  "untagged on npm": () => keep("untagged: never", "npm"),
  "a duplicate key": () => keep("v*: 3\nv*: 4"),
  "an unquoted *": () => keep("*-dev: 7d"),
  "an unquoted {": () => keep("{a,b}: 7d"),
  "two colons on one line": () => keep("pr-*: last: 3"),
  "a tab": () => keep("pr-*:\n\tlast: 3"),
  "an open quote": () => keep('"pr-*: 3'),
  "an open brace": () => keep("pr-*: {last: 3\nv*: 4"),
  "no colon": () => keep("latest always"),
  "an invalid regex": () => keep("/(/: 3"),
  "a regex with look-around": () => keep('"/(?!v).*/": 3'),
  "a regex with flags behind it": () => keep("/pr/i: 3"),
  "a glob that is too complex": () => keep('"*a*!(b)*c*": 3'),
  "a second document": () => keep("v*: 3\n---\nv*: 4"),
  "a merge key": () => keep("<<: 3"),

  "a file that is no policy file": () => file("latest: always"),
  "a file without policies": () => file("timezone: UTC\npolicies: []"),
  "a policy that is no mapping": () => file("policies: [app]"),
  "a policy without keep": () => file("policies: [{packages: app}]"),
  "a mistyped key": () => file("policies:\n  - package: app\n    keeps: {latest: always}"),
  "a mistyped type": () => policyFile("    type: nmp"),
  "a setting of the wrong type": () => policyFile('    min-keep: "3"'),
  "a setting that is a list": () => policyFile("    grace: [1d]"),
  "a setting without a value": () => policyFile("    max-delete:"),
  "in-use-files of another type in a file": () => policyFile("    type: npm\n    in-use-files: a.yaml"),

  "an empty token": () => inputs({ token: "" }),
  "no owner": () => inputs({ packages: "app" }, { GITHUB_REPOSITORY: "" }),
  "no package": () => inputs({ owner: "acme" }, { GITHUB_REPOSITORY: "" }),
  "nothing that says what to keep": () => inputs({ keep: "" }),
  "keep and restore": () => inputs({ restore: "v1" }),
  "a policy file that is not there": () =>
    inputs({ keep: "", "policy-file": "retention.yml", "package-type": "npm" }),
  "a mistyped package-type": () => inputs({ "package-type": "containr" }),
  "a boolean that is none": () => inputs({ "dry-run": "no" }),
  "a mistyped choice": () => inputs({ timestamp: "creatd", "delete-broken": "ghosts" }),
  "numbers that are none": () =>
    inputs({ "min-keep": "-1", "max-delete": "120%", "max-minutes": "0", "deletes-per-minute": "fast" }),
  "a max-delete that is a word": () => inputs({ "max-delete": "ten" }),
  "a time zone that is none": () => inputs({ timezone: "Europe/Berlni" }),
  "a grace without a unit": () => inputs({ grace: "1" }),
  "a tag in protect": () => inputs({ protect: "v1.2.3" }),
  "only exclusions in packages": () => inputs({ packages: "!web" }),
  "an address that is none": () => inputs({ "registry-url": "ghcr.io" }),
  "in-use-files of another type": () => inputs({ "package-type": "npm", "in-use-files": "a.yaml" }),
  "a digest that is cut off": () => inputs({ keep: "", restore: "sha256:2c26b4" }),
  "plan-file with restore": () => inputs({ keep: "", restore: "v1", "plan-file": "report.json" }),
  "a pace above GitHub's ceiling": () => inputs({ "deletes-per-minute": "500" }),
  "delete-empty-package with min-keep": () => inputs({ "delete-empty-package": "true" }),

  "in-use-files that match nothing": () => thrown(() => readInUseFiles(["deploy/*.yaml"], workspace)),
  "in-use-files that only exclude": () => thrown(() => readInUseFiles(["!a.yaml"], workspace)),
  "a report that is not there": () =>
    thrown(() => readSavedReport({ path: "nowhere.json", workspace, owner: "acme", input: "restore" })),
  "a report that is not JSON": () => namedReport(""),
  "a file that is no report": () => namedReport({}),
  "a report of another version": () => namedReport({ schemaVersion: 2 }),
  "a report that was changed": () =>
    namedReport({ schemaVersion: 1, ...savedReport(), packages: [{ type: "npm" }] }),
  "a report of another owner": () => namedReport({ schemaVersion: 1, ...savedReport({ owner: "mona" }) }),
  "a plan that was applied": () =>
    thrown(() => requireDryRun({ ...savedReport(), dryRun: false }, "report.json")),
  "a report that cannot be written": () => {
    const report = { ...failedReport(), status: "complete", packages: [] } as const;
    writeFileSync(join(workspace, "file"), "");
    return published(report, join(workspace, "file", "report.json"));
  },
  "versions that could not be deleted": () => published(failedReport(), join(workspace, "out.json")),

  "a token that is not valid": () =>
    refused({ operation: "listVersions", status: 401, message: "Bad credentials" }),
  "a token that may not delete": () => refused({ version: 42 }),
  "a token that may not restore": () => refused({ operation: "restoreVersion", version: 42 }),
  "a token that may not read": () =>
    refused({ operation: "listVersions", status: 403, message: "Forbidden" }),
  "a package that is not shown": () => refused({ operation: "listVersions" }),
  "single sign-on": () =>
    refused({
      operation: "listVersions",
      status: 403,
      message: "Resource protected by organization SAML enforcement.",
      headers: { "x-github-sso": "required; url=https://github.com/orgs/acme/sso?a=1" },
    }),
  "a limit that does not end": () =>
    refused({ version: 42, status: 429, message: "You have exceeded a secondary rate limit." }),
  "trouble at GitHub": () => refused({ version: 42, status: 502, message: "Server Error" }),
  "no answer": () => refused({ version: 42, status: 0, message: "connect ECONNREFUSED" }),
  "a token that may not pull": () => registryRefused(403, "it answered 403 DENIED: denied"),
  "trouble at the registry": () => registryRefused(502, "it answered status 502"),
  "a registry that is somewhere else": () => registryRefused(404, "it answered status 404"),
  "the end of the hour's requests": () => new BudgetExhausted({ remaining: 100, reset: new Date(0) }).message,

  "an owner that does not exist": () => deleting([], NONE_OF_1, { owner: "nobody" }),
  "an owner that the token may not see": () =>
    deleting([], NONE_OF_1, { faults: [answer("GET", "/users/", 401, "Bad credentials")] }),
  "globs with GITHUB_TOKEN": () =>
    deleting([npm([])], npmPolicy("1.*: never", { packages: globs("a*") }), { data: { tokens: [JOB] } }),
  "a glob that matches no package": () => deleting([], npmPolicy("1.*: never", { packages: globs("a*") })),
  "a package of two policies": () => deleting([npm([old(1)])], [NONE_OF_1, npmPolicy("1.*: 3")]),
  "a package that is not there": () => deleting([], NONE_OF_1),
  "a listing that makes no sense": () =>
    deleting([npm([old(1)])], NONE_OF_1, {
      faults: [{ match: { path: "/versions" }, answer: { status: 200, body: [{ id: 1, name: "" }] } }],
    }),
  "a line that claims nothing": () => deleting([npm([old(1)])], npmPolicy("1.*: never\nnigthly-*: 3"), DRY),
  "a mistyped reserved word": () => deleting([npm([old(1)])], npmPolicy("1.*: never\nprerelase: 3"), DRY),
  "a plan above max-delete": () =>
    deleting(
      [npm([old(1), old(2)])],
      npmPolicy("1.*: never", { maxDelete: { kind: "percent", percent: 25 } }),
    ),
  "a package of which nothing would be left": () =>
    deleting([npm([old(1), old(2)])], npmPolicy("1.*: never", { deleteEmptyPackage: true }), {
      isDryRun: true,
    }),
  "a plan that takes more requests than there are": () =>
    deleting([npm([old(1), old(2), old(3, "2.0.0")])], NONE_OF_1, {
      data: { limits: { primary: { limit: 104 } } },
    }),
  "a run whose time is up": () =>
    deleting([npm([old(1), old(2)])], NONE_OF_1, { stopReason: () => timeIsUp(7.5, 450_000) }),
  "a cancelled job": () => deleting([npm([old(1), old(2)])], NONE_OF_1, { stopReason: cancelled }),
  "a version with many downloads": () =>
    deleting([npm([old(1, "1.0.1", DOWNLOADED), old(2, "2.0.0")])], NONE_OF_1),
  "the last version": () => deleting([npm([old(1)])], NONE_OF_1),
  "a package that may not be changed": () =>
    deleting([npm([old(1), old(2, "2.0.0")])], NONE_OF_1, {
      data: { tokens: [{ ...JOB, admin: [] } as TokenData] },
    }),
  "GitHub's trouble with every deletion": () =>
    deleting([npm(Array.from({ length: 22 }, (_, index) => old(index + 1)))], NONE_OF_1, {
      faults: [answer("DELETE", "/versions/", 502, "Server Error")],
    }),
  "a plan that is not quite what was reviewed": () =>
    deleting([npm([old(1), old(2, "2.0.0")])], NONE_OF_1, {
      reviewed: savedReport({ packages: [{ type: "npm", name: "app", versions: [saved(9)] }] }),
    }),
  "a store of signatures": () => {
    const versions = [image({ id: 1, tags: [signatureTag(digest("elsewhere"), ".sig")] })];
    return play({ policy: policy("untagged: never"), versions }).plan.warnings[0]?.message ?? "";
  },
  "a kept image without a manifest": () => {
    const versions = [image({ id: 2, tags: ["v1"] }), image({ id: 1 })];
    return (
      play({ policy: policy("v*: always\nuntagged: never"), versions }, { absent: ["v2"] }).plan.warnings[0]
        ?.message ?? ""
    );
  },
  "an image that only looks broken": () => {
    const registry = { indexes: { v1: ["amd64"] }, present: ["amd64"] };
    const one = policy("v*: always", { deleteBroken: "partial" });
    return (
      play({ policy: one, versions: [image({ id: 1, tags: ["v1"] })] }, registry).plan.warnings[0]?.message ??
      ""
    );
  },
  "a manifest that cannot be read": () =>
    deleting([images(...multi.versions)], policy("v*: always\nuntagged: never"), {
      faults: [answer("GET", "/manifests/", 502, "")],
    }),
  "a tag that cannot be removed": () =>
    deleting([images(versionOf(plain, { tags: ["v1", "pr-1"], createdAt: "50d ago" }))], untagging(), {
      faults: [
        {
          match: { method: "PUT" },
          answer: { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } },
        },
      ],
    }),
  "a tag that is off, and its stand-in stays": () =>
    deleting([images(versionOf(plain, { tags: ["v1", "pr-1"], createdAt: "50d ago" }))], untagging(), {
      faults: [answer("DELETE", "/versions/", 403, "Forbidden")],
    }),
  "a stand-in that an interrupted run left over": () => {
    const { body } = untagManifest("acme/app", "pr-1", 1);
    const leftover = { id: 2, tags: ["pr-1"], manifest: body, createdAt: "50d ago" };
    return deleting(
      [images({ ...versionOf(plain, { tags: ["v1"], createdAt: "50d ago" }), id: 1 }, leftover)],
      untagging("v*: always"),
    );
  },

  "nothing to restore": () => restoring([npm([old(1)])], "2.*"),
  "one entry of several that matches nothing": () =>
    restoring([npm([old(1), old(2, "2.0.0", { deletedAt: "1d ago" })])], "2.*\n3.*"),
  "the report of a dry run to restore from": () =>
    restoring([npm([old(1)])], "report.json", { reports: [savedReport()] }),
  "versions that are gone for good": () =>
    restoring([npm([old(1)])], "report.json", {
      reports: [
        savedReport({
          dryRun: false,
          generatedAt: "2026-01-01T00:00:00Z",
          packages: [{ type: "npm", name: "app", versions: [saved(7)] }],
        }),
      ],
    }),
  "a version whose name is taken again": () =>
    restoring([npm([old(1), old(2, "1.0.1", { deletedAt: "1d ago" })])], "2"),
  "a deleted package": () => restoring([npm([old(1)], { deletedAt: "1d ago" })], "*", { isDryRun: true }),
  "a deleted package without its star": () => restoring([npm([old(1)], { deletedAt: "1d ago" })], "1.*"),
  "a package that does not come back": () => restoring([], "*"),
  "restored images whose parts are unknown": () =>
    restoring(
      [
        images(
          ...multi.versions.map((one) => ({ ...one, deletedAt: "1d ago" })),
          versionOf(plain, { tags: ["v2"], createdAt: "50d ago" }),
        ),
      ],
      "v1",
      { type: "container", isDryRun: true },
    ),
  "a restoration that had to stop": () =>
    restoring([npm([old(1), old(2, "2.0.0", { deletedAt: "1d ago" })])], "2.*", {
      stopReason: cancelled,
    }),
};

function untagging(text = "v*: always\npr-*: never"): Policy {
  return policy(text, { untag: true });
}

/** The list: in which situation, and all that is said in it; one line a message. */
const MESSAGES: Readonly<Record<string, string>> = {
  "a policy without lines":
    'keep:1:1: the policy has no lines: a policy has lines of "key: what to keep", such as "latest: always"',
  "a policy that is a list":
    'keep:1:1: a list is not a policy: a policy has lines of "key: what to keep", such as "latest: always"',
  "a policy that is a word":
    'keep:1:1: "always" is not a policy: a policy has lines of "key: what to keep", such as "latest: always"',
  "a mistyped value": 'keep:1:9: unknown word "alway", did you mean "always"?',
  "a line without a value":
    "keep:1:1: this line does not say what to keep: write always, never, a number, a duration such as 14d, or a mapping such as {last: 10}",
  "a value that is true": 'keep:1:9: "true" does not say what to keep: to keep all, write always',
  "a value that is false": 'keep:1:9: "false" does not say what to keep: to keep nothing, write never',
  "a value that is a list":
    "keep:1:9: a list does not say what to keep: write always, never, a number, a duration such as 14d, or a mapping such as {last: 10}",
  "a mistyped word": 'keep:1:8: unknown word "lst", did you mean "last"?',
  "an unknown word":
    'keep:1:8: unknown word "banana": write one of always, within, last, highest, hourly, daily, weekly, monthly, yearly, per, except',
  "a word without a colon": 'keep:1:8: unknown word "last 3": write a colon and a space, as in last: 3',
  "never in a mapping":
    "keep:1:8: never stands alone, not in a mapping: write it as the whole value of the line",
  "always: false": "keep:1:16: always: false keeps nothing: leave the word out, or write never",
  "a mapping that keeps nothing":
    "keep:1:9: this keeps nothing: add a word such as last: 10, or write never (words: always, within, last, highest, hourly, daily, weekly, monthly, yearly)",
  "a word as the whole value": 'keep:1:7: "last" does not say how many or how long: write {last: 10}',
  "a count of zero": "keep:1:7: 0 is no count: write at least 1; to keep nothing, write never",
  "a count with a fraction": 'keep:1:7: last takes a plain whole number of at least 1, not "1.5"',
  "a count in quotes": 'keep:1:14: "3" is a text, and a count is a number: drop the quotes',
  "a time as a count":
    'keep:1:14: last takes a plain whole number of at least 1, not "14d"; for a time write within: 14d',
  "a duration without a unit":
    'keep:1:16: "14": 14 has no unit: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
  "a duration with an unknown unit":
    'keep:1:7: "14x": unknown unit "x": write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
  "a duration with an upper-case unit":
    'keep:1:7: "14D": unknown unit "D", units are lower-case: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
  "a duration of zero":
    'keep:1:7: "0d": 0 days is not a duration: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
  "a duration beyond all dates":
    'keep:1:7: "999999y" reaches back beyond the earliest date there is: write a shorter duration',
  "a duration with a unit twice": 'keep:1:7: "1d 2d" names days twice: add them up',
  "highest on a glob":
    "keep:1:6: highest ranks by SemVer: only semver and prerelease lines take it, write last instead",
  "per on a glob":
    "keep:1:15: per needs something to group by: a semver or prerelease line, or a /regex/ with a group (?<name>…)",
  "per with a mistyped part": 'keep:1:24: unknown SemVer line "miner", did you mean "minor"?',
  "per without its group": 'keep:1:37: the regex has no group "brunch", did you mean "branch"?',
  "except with a reserved word":
    'keep:1:23: except takes no reserved word: the tag "rest" is reached with /rest/',
  "except on untagged": "keep:1:21: an untagged line takes no except: its versions have no tags to leave out",
  "untagged on npm":
    "keep:1:1: untagged is for container and docker packages: every version of type npm has a tag; remove this line",
  "a duplicate key": 'keep:2:1: duplicate key "v*": it stands on line 1 already, remove one of them',
  "an unquoted *": 'keep:1:1: quote this key: "*-dev": in YAML an unquoted * begins an alias',
  "an unquoted {": 'keep:1:1: quote this key: "{a,b}": in YAML an unquoted { begins a mapping',
  "two colons on one line":
    "keep:1:7: two colons on one line: write a mapping in braces, as in {last: 3}, or quote the value",
  "a tab":
    "keep:1:1: this line does not say what to keep: write always, never, a number, a duration such as 14d, or a mapping such as {last: 10}\nkeep:2:1: indent with spaces: YAML allows no tabs here",
  "an open quote": "keep:1:1: this quote is not closed: close it behind its text",
  "an open brace": "keep:2:1: a { is not closed before this: close it with }",
  "no colon":
    'keep:1:1: "latest always" is not a policy: a policy has lines of "key: what to keep", such as "latest: always"',
  "an invalid regex": 'keep:1:1: the regex "/(/" cannot be parsed: missing closing ): `(`',
  "a regex with look-around":
    'keep:1:1: the regex "/(?!v).*/" cannot be parsed: invalid or unsupported Perl syntax: `(?!` (the engine is RE2, whose time is linear: it has no lookaheads, lookbehinds or backreferences)',
  "a regex with flags behind it":
    'keep:1:1: "/pr/i" begins with / and does not end with it: write flags inside, as in /(?i)pr/',
  "a glob that is too complex":
    'keep:1:1: the glob "*a*!(b)*c*" is too complex: list what a simpler one must not match under except',
  "a second document": "keep:2:1: only one YAML document is read: remove what follows",
  "a merge key": "keep:1:1: merge keys (<<) are not supported: write the entries out",
  "a file that is no policy file":
    'retention.yml:1:1: policies is missing: a policy file has "policies:" and below it a list of policies with packages and keep\nretention.yml:1:1: unknown key "latest": write one of timezone, policies',
  "a file without policies":
    'retention.yml:2:11: policies takes a list with at least one policy: a policy file has "policies:" and below it a list of policies with packages and keep',
  "a policy that is no mapping":
    "retention.yml:1:12: this is not a policy: write a mapping with packages and keep",
  "a policy without keep":
    'retention.yml:1:12: keep is missing: a policy file has "policies:" and below it a list of policies with packages and keep',
  "a mistyped key":
    'retention.yml:2:5: unknown key "package", did you mean "packages"?\nretention.yml:3:5: unknown key "keeps", did you mean "keep"?',
  "a mistyped type": 'retention.yml:4:11: unknown value "nmp", did you mean "npm"?',
  "a setting of the wrong type":
    "retention.yml:4:15: this is a text, and min-keep takes none: drop the quotes",
  "a setting that is a list": "retention.yml:4:12: grace takes no list: write one value",
  "a setting without a value": "retention.yml:4:5: max-delete has no value: write one, or leave the key out",
  "in-use-files of another type in a file":
    "retention.yml:5:5: in-use-files is for containers only, and the type is npm: remove it",
  "an empty token": "token: the token is empty: is the secret that it is taken from set?",
  "no owner": "owner: no owner is given and there is no repository to take it from: name one",
  "no package": "packages: no package is given and there is no repository to take the name from: name one",
  "nothing that says what to keep":
    "keep: nothing says what to keep: give one of keep, policy-file and restore",
  "keep and restore": "restore: restore and keep exclude each other: give only one of them",
  "a policy file that is not there":
    "package-type: does not go with policy-file: say it in the file\npolicy-file: cannot read retention.yml in <workspace>: check the path, and that the repository is checked out (<why>)",
  "a mistyped package-type": 'package-type: unknown value "containr", did you mean "container"?',
  "a boolean that is none": 'dry-run: "no" is not a boolean: write true or false',
  "a mistyped choice":
    'timestamp: unknown value "creatd", did you mean "created"?\ndelete-broken: unknown value "ghosts", did you mean "ghost"?',
  "numbers that are none":
    'max-minutes: "0" is not a number of minutes above 0: write 30 or 7.5\nmin-keep: "-1" is not a whole number of at least 0\nmax-delete: "120%" is not a percentage above 0% and up to 100%\ndeletes-per-minute: "fast" is not a whole number of at least 1',
  "a max-delete that is a word":
    'max-delete: "ten" is neither a whole number nor a percentage: write 100 or 10%',
  "a time zone that is none":
    'timezone: "Europe/Berlni" is not a known time zone: write an IANA name such as UTC or Europe/Berlin',
  "a grace without a unit":
    'grace: "1": 1 has no unit: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d; 0 switches it off',
  "a tag in protect":
    'protect: "v1.2.3": write digests (sha256:… in full) and version ids, one per line; a tag is kept by a line such as "latest: always"',
  "only exclusions in packages":
    'packages: only exclusions are listed, which select nothing: add what to select, "*" for all',
  "an address that is none": 'registry-url: "ghcr.io" is not an address: write one such as https://ghcr.io',
  "in-use-files of another type":
    "in-use-files: in-use-files is for containers only, and package-type is npm: remove it",
  "a digest that is cut off": 'restore: "sha256:2c26b4" is no digest: write it in full (sha256:…)',
  "plan-file with restore":
    "plan-file: plan-file says what may be deleted and does not go with restore: to restore from a report, name it there",
  "a pace above GitHub's ceiling":
    "deletes-per-minute is 500, and GitHub documents a ceiling of 180: expect to be paused by rate limits.",
  "delete-empty-package with min-keep":
    "delete-empty-package has no effect where min-keep is above 0: set min-keep to 0 if you mean it.",
  "in-use-files that match nothing":
    "in-use-files: deploy/*.yaml matches no file in <workspace>: check the glob, and that the workspace is checked out before this step.",
  "in-use-files that only exclude": "in-use-files: !a.yaml only exclude files: name the files that count.",
  "a report that is not there":
    "restore: nowhere.json cannot be read in <workspace>: check the path, and that an earlier step downloaded the report (<why>).",
  "a report that is not JSON":
    "plan-file: report.json is not JSON (Unexpected end of JSON input): name the report-file of a run.",
  "a file that is no report": "plan-file: report.json is no report of this action: name its report-file.",
  "a report of another version":
    "plan-file: report.json has the schemaVersion 2, and this version of the action reads 1: use the version of the action that wrote it.",
  "a report that was changed":
    "plan-file: report.json is no report of this action, or was changed: packages.0.name: is missing; packages.0.versions: is missing.",
  "a report of another owner":
    "plan-file: report.json is about the packages of mona, and this run is about those of acme: check the input owner.",
  "a plan that was applied":
    "plan-file: report.json is the report of a run that was applied (<time>): name the report of a dry run.",
  "a report that cannot be written":
    "report-file: the report cannot be written to <workspace>/file/report.json, check the path: <why>",
  "versions that could not be deleted":
    "app: 1 version could not be deleted, the first because: Cannot delete version 1 of the npm package acme/app: GitHub answered 500: Server Error. Run the action again later.",
  "a token that is not valid":
    "Cannot list the versions of the container package acme/app: GitHub answered 401: Bad credentials. The token is not valid (expired, revoked or mistyped): check the input token.",
  "a token that may not delete":
    'Cannot delete version 42 of the container package acme/app: GitHub answered 404: Package not found. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package. With a classic personal access token: it needs read:packages and delete:packages, and its owner the Admin role on the package.',
  "a token that may not restore":
    'Cannot restore version 42 of the container package acme/app: GitHub answered 404: Package not found. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package. With a classic personal access token: it needs read:packages and write:packages, and its owner the Admin role on the package.',
  "a token that may not read":
    'Cannot list the versions of the container package acme/app: GitHub answered 403: Forbidden. With GITHUB_TOKEN: give the job "permissions: packages: read", and this repository a role under "Manage Actions access" in the settings of the package. With a classic personal access token: it needs read:packages.',
  "a package that is not shown":
    'Cannot list the versions of the container package acme/app: GitHub answered 404: Package not found. Check the name and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the repository needs a role under "Manage Actions access" in the settings of the package.',
  "single sign-on":
    "Cannot list the versions of the container package acme/app: GitHub answered 403: Resource protected by organization SAML enforcement. The organization enforces SAML single sign-on: authorize the token for it at https://github.com/orgs/acme/sso?a=1.",
  "a limit that does not end":
    "Cannot delete version 42 of the container package acme/app: GitHub answered 429: You have exceeded a secondary rate limit. GitHub keeps asking to slow down: run the action again later, or with a lower `deletes-per-minute`.",
  "trouble at GitHub":
    "Cannot delete version 42 of the container package acme/app: GitHub answered 502: Server Error. Run the action again later.",
  "no answer":
    "Cannot delete version 42 of the container package acme/app: GitHub did not answer: connect ECONNREFUSED. Run the action again later.",
  "a token that may not pull":
    'The registry gave no usable answer for acme/app@sha256:0000000000000000000000000000000000000000000000000000000000000000: it answered 403 DENIED: denied. Check that the token may use the package: with GITHUB_TOKEN the job needs "permissions: packages: read" (write, to delete or untag) and this repository a role under "Manage Actions access" in the settings of the package; a classic personal access token needs read:packages (write:packages to untag).',
  "trouble at the registry":
    "The registry gave no usable answer for acme/app@sha256:0000000000000000000000000000000000000000000000000000000000000000: it answered status 502. Run the action again later.",
  "a registry that is somewhere else":
    "The registry gave no usable answer for acme/app@sha256:0000000000000000000000000000000000000000000000000000000000000000: it answered status 404. Check the input registry-url.",
  "the end of the hour's requests":
    "The token has 100 requests left of its hourly limit, which resets at <time>. Run again after that, lower `rate-limit-reserve`, or use a token with a higher limit.",
  "an owner that does not exist": 'There is no user or organization "nobody": check the input owner.',
  "an owner that the token may not see":
    'Cannot look up the owner "acme": GitHub answered 401: Bad credentials. The token is not valid (expired, revoked or mistyped): check the input token.',
  "globs with GITHUB_TOKEN":
    "Cannot list the npm packages of acme: GitHub answered 403: Resource not accessible by integration. GITHUB_TOKEN cannot list packages: name them in the input packages, without globs, or use a classic personal access token with read:packages.",
  "a glob that matches no package":
    "No npm package of acme matches a*: check `packages` and the package type.",
  "a package of two policies":
    'The npm package app is matched by two policies: exclude it from one of them with "!app".',
  "a package that is not there":
    'Cannot list the versions of the npm package acme/app: GitHub answered 404: Package not found. Check the name and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the repository needs a role under "Manage Actions access" in the settings of the package.',
  "a listing that makes no sense":
    "The listing of the npm package app makes no sense: version 1 has no name.",
  "a line that claims nothing": 'The line "nigthly-*" claims nothing in npm app: is it a typo?',
  "a mistyped reserved word":
    'The line "prerelase" claims nothing in npm app: is it a typo? Did you mean "prerelease"?',
  "a plan above max-delete":
    "The plan deletes 2 of the 2 versions of the npm package app, which is more than `max-delete` (25%) allows: nothing of it is deleted. If the plan is right, raise `max-delete`.",
  "a package of which nothing would be left":
    "Nothing would be left of the npm package app: it would be deleted as a whole, with all of its 2 versions, in one request.",
  "a plan that takes more requests than there are":
    "The plan needs 3 requests, and the token has 102 left until <time>, some of them for others (`rate-limit-reserve`): the run will stop before the rest is done, and the next one goes on.\napp: 1 version planned and not attempted. The token has 100 requests left of its hourly limit, which resets at <time>. Run again after that, lower `rate-limit-reserve`, or use a token with a higher limit.",
  "a run whose time is up":
    "app: 2 versions planned and not attempted. The time of `max-minutes` (7.5) is over; the next run goes on.",
  "a cancelled job": "app: 2 versions planned and not attempted. The job was cancelled (SIGTERM).",
  "a version with many downloads":
    "GitHub refused to delete app@1.0.1 (id 1): Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.",
  "the last version":
    "GitHub refused to delete app@1.0.1 (id 1): You cannot delete the last version of a package. You must delete the package instead.",
  "a package that may not be changed":
    'Cannot delete version 1 of the npm package acme/app: GitHub answered 404: Package not found. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package. With a classic personal access token: it needs read:packages and delete:packages, and its owner the Admin role on the package.',
  "GitHub's trouble with every deletion":
    "20 deletions in a row failed, and no more were tried. The last: Cannot delete version 3 of the npm package acme/app: GitHub answered 502: Server Error. Run the action again later.",
  "a plan that is not quite what was reviewed":
    "app is not quite what was reviewed: 1 not in the reviewed plan, 1 reviewed, and not there any more.",
  "a store of signatures":
    "app holds only signatures of images that are not in it. Nothing in it is deleted.",
  "a kept image without a manifest":
    "app:v1 is broken: the registry has no manifest for it. Delete it or push it again.",
  "an image that only looks broken":
    "app:v1 looks broken in the list, but the registry has what seemed to be missing. It stays.",
  "a manifest that cannot be read":
    "The registry gave no usable answer for acme/app@sha256:7d292f0e7b086b1e9aba266ae52e958f747d87073cbaeaaf876ea61925cac54d: it answered status 502. Run the action again later.",
  "a tag that cannot be removed":
    'The tag app:pr-1 of app:v1 (id 1) was not removed: The registry gave no usable answer for acme/app:pr-1: it answered 403 DENIED: denied. Check that the token may use the package: with GITHUB_TOKEN the job needs "permissions: packages: read" (write, to delete or untag) and this repository a role under "Manage Actions access" in the settings of the package; a classic personal access token needs read:packages (write:packages to untag).',
  "a tag that is off, and its stand-in stays":
    'The tag app:pr-1 of app:v1 (id 1) was taken off its version, and points to an empty index now, sha256:2e663286ec04eb33288b732b708d362157501956cec152a9f84a3e1ec13d4579, which was not deleted: Cannot delete version 2 of the container package acme/app: GitHub answered 403: Forbidden. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package. With a classic personal access token: it needs read:packages and delete:packages, and its owner the Admin role on the package. Delete the version of that digest, or push the tag again.',
  "a stand-in that an interrupted run left over":
    "The version 2 of app with the tag pr-1, left over from an interrupted removal of that tag, was deleted.",
  "nothing to restore":
    "restore: nothing matches. 2.*: nothing like this among the deleted versions of the npm package app of acme. GitHub keeps deleted versions for 30 days; check the entries, `packages` and `package-type`.",
  "one entry of several that matches nothing":
    "restore: 3.*: nothing like this among the deleted versions of the npm package app of acme.",
  "the report of a dry run to restore from":
    "restore: nothing matches. report.json is the report of a dry run, which deleted nothing: name that of the run that did. GitHub keeps deleted versions for 30 days; check the entries, `packages` and `package-type`.",
  "versions that are gone for good":
    "app@1.0.7 (id 7) does not come back: it was deleted more than 30 days ago, and GitHub does not have it any more.",
  "a version whose name is taken again":
    'Nothing of app came back: of 1 version, GitHub answered 404 to 1. Where they are neither too old nor taken again, the token lacks a right. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package. With a classic personal access token: it needs read:packages and write:packages, and its owner the Admin role on the package.\napp@1.0.1 (id 2) does not come back: GitHub answered 404: it was deleted more than 30 days ago, or its name is taken again by a newer version.',
  "a deleted package":
    "The npm package app is not there: it would be restored as a whole, with the versions that it had.",
  "a deleted package without its star":
    'Cannot list the versions of the npm package acme/app: GitHub answered 404: Package not found. Check the name and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the repository needs a role under "Manage Actions access" in the settings of the package. If the package was deleted as a whole, `restore: "*"` brings it back, with its name in `packages`.',
  "a package that does not come back":
    'Nothing came back: there was no such package, it was deleted more than 30 days ago, its name is taken again, or the token may not restore it. Cannot restore the npm package acme/app: GitHub answered 404: Package not found. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package. With a classic personal access token: it needs read:packages and write:packages, and its owner the Admin role on the package.',
  "restored images whose parts are unknown":
    "The parts of 1 version of app are known only once they are restored: they come back as well, and are not counted here.",
  "a restoration that had to stop":
    "app: 1 version planned and not restored. The job was cancelled (SIGTERM).",
};

/** Of these nothing needs to be done, or they say what was done about it. */
const ONLY_TELL: readonly string[] = [
  "a package of which nothing would be left",
  "a cancelled job",
  "a plan that is not quite what was reviewed",
  "a listing that makes no sense",
  "a store of signatures",
  "an image that only looks broken",
  "a stand-in that an interrupted run left over",
  "one entry of several that matches nothing",
  "versions that are gone for good",
  "a deleted package",
  "restored images whose parts are unknown",
  "a restoration that had to stop",
];

/** What a way out looks like: a question that hits it, what is legal, or something to do. */
const WAY_OUT = [
  /did you mean "|is it a typo\?|secret .* set\?/i,
  /\bsuch as\b|\bas in\b|at least \d|up to 100%|is for containers only|has no lookaheads|cannot be parsed: missing/,
  /\b(write|quote|drop|leave|remove|indent|close|split|list|name|give|say|set|use|check|add|exclude|raise|authorize)\b/i,
  /\b(delete it|push it|push the tag|run .*\bagain|the next (run|one) goes on|contact github|you must|expect to|restore: "\*"|is reached with)/i,
  /names? .* twice: add|policies with packages and keep|is missing: /,
];

/** A problem has its place in front and no full stop, as in `keep:1:8: …`; all else is whole sentences. */
const PROBLEM = /^(retention\.yml|[a-z]+(-[a-z]+)*)(:\d+:\d+)?: /;
const SUBJECT =
  /\bapp\b|\bacme\b|"nobody"|report\.json|`[a-z]+(-[a-z]+)+`|^(deletes-per-minute|delete-empty-package) /;
const LEAKED = /undefined|\[object|\bNaN\b|\bnull\b|^\s+at |\(.*:\d+:\d+\)$| {2}|^\s*$/;

const lines = Object.entries(MESSAGES).flatMap(([situation, text]) =>
  text.split("\n").map((line) => ({ situation, line })),
);

/** The lines for which a rule does not hold. */
function breaking(rule: (line: string) => boolean, except: readonly string[] = []): string[] {
  return lines
    .filter(({ situation, line }) => !except.includes(situation) && !rule(line))
    .map(({ line }) => line);
}

describe("what the action says", () => {
  it.each(Object.keys(SITUATIONS))("of %s", async (situation) => {
    expect(steady((await SITUATIONS[situation]?.()) ?? "")).toBe(MESSAGES[situation]);
  });

  it("is on the list for each situation, and the same is not said of two", () => {
    expect(Object.keys(MESSAGES)).toEqual(Object.keys(SITUATIONS));
    expect(new Set(Object.values(MESSAGES)).size).toBe(Object.keys(MESSAGES).length);
  });

  it("is for people: whole sentences, or a place and what is wrong there, and nothing from inside the program", () => {
    expect(breaking((line) => !LEAKED.test(line))).toEqual([]);
    expect(breaking((line) => (PROBLEM.test(line) ? /[^\s:;,]$/ : /[.?]$/).test(line))).toEqual([]);
  });

  it("names the input, the file or the package", () => {
    expect(breaking((line) => PROBLEM.test(line) || SUBJECT.test(line))).toEqual([]);
  });

  it("has a way out", () => {
    const hasWayOut = (line: string) => WAY_OUT.some((way) => way.test(line.replace(PROBLEM, "")));
    expect(breaking(hasWayOut, ONLY_TELL)).toEqual([]);
  });
});
