import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import type { PackageData } from "../../emulator/data";
import { imageManifest, versionOf } from "../../emulator/images";
import { readText } from "../../scripts/readme-tables";
import type { Line, Policy } from "../../src/policy/policy";
import { parsePolicyFile } from "../../src/policy/policy-file";
import { DEFAULT_SETTINGS } from "../../src/policy/settings";
import { runPolicies } from "../../src/run/run";
import { PAT } from "../support/acme";
import { filesIn } from "../support/documents";
import { OURS, ourSteps, problemsOfSteps, readStep, stepsOf, workflowAt } from "../support/examples";
import { localContext } from "../support/local-run";
import { container, daysAgo, npm, release, startWorld } from "../support/world";

/** The policy file is none, and the end-to-end workflow has tests of its own, which run it. */
const OTHERS = ["examples/retention.yml", ".github/workflows/e2e.yml"];
const workflows = [...filesIn("examples"), ...filesIn(".github/workflows")].filter(
  (path) => !OTHERS.includes(path),
);

describe.each(workflows)("the workflow %s", (path) => {
  const text = readText(path);
  const workflow = workflowAt(path);

  it("is valid YAML with a trigger, jobs and its permissions", () => {
    const { errors, warnings } = parseDocument(text);
    expect([errors, warnings]).toEqual([[], []]);
    expect(Object.keys(workflow)).toEqual(expect.arrayContaining(["name", "on", "permissions", "jobs"]));
  });

  it("gives the action inputs that it takes without a word", async () => {
    expect(await problemsOfSteps(stepsOf(workflow), workflow.env)).toEqual([]);
  });

  it("uses actions of others by their commit, if it is one of this repository", () => {
    const used = stepsOf(workflow).flatMap(({ uses }) =>
      uses === undefined || OURS.test(uses) ? [] : [uses],
    );
    const reference = path.startsWith(".github/") ? /@[0-9a-f]{40}$/ : /@v\d+$/;
    for (const action of used) expect(action).toMatch(reference);
  });
});

describe.each(workflows.filter((path) => path.startsWith("examples/")))("the example %s", (path) => {
  const workflow = workflowAt(path);

  it("uploads the report of each step that may delete", async () => {
    for (const { steps = [] } of Object.values(workflow.jobs)) {
      const deletes = ourSteps(steps).filter(
        ({ with: given = {} }) => given["dry-run"] === false || isBox(given),
      );
      const restores = ourSteps(steps).some(({ with: given = {} }) => given.restore !== undefined);
      const upload = steps.find(
        ({ uses = "", if: condition = "" }) =>
          uses.startsWith("actions/upload-artifact@") && condition.includes("always()"),
      );
      expect(upload !== undefined).toBe(deletes.length > 0 && !restores);
      if (upload) expect(upload.with?.path).toMatch(/^\$\{\{ steps\.retention\.outputs\.report-file \}\}$/);
    }
  });

  it("has the permissions that its policies ask for", async () => {
    const asked = (await policiesIn(path)).flatMap(({ policies }) => policies.flatMap(permissionsOf));
    expect(workflow.permissions).toEqual(expect.objectContaining(Object.fromEntries(asked)));
  });
});

function isBox(given: Readonly<Record<string, unknown>>): boolean {
  return String(given["dry-run"]).includes("|| false");
}

/** What a job's token needs for a policy, beside `packages`. */
function permissionsOf({ lines, inUseFiles, inUseEnvironments }: Policy): [string, string][] {
  const things = lines.flatMap(thingsOf);
  return [
    ...(things.includes("pull-request") ? [["pull-requests", "read"] as [string, string]] : []),
    ...(things.some((thing) => thing !== "pull-request") || inUseFiles.length > 0
      ? [["contents", "read"] as [string, string]]
      : []),
    ...(inUseEnvironments.length > 0 ? [["deployments", "read"] as [string, string]] : []),
  ];
}

function thingsOf({ words, onlyWhile = [] }: Line): readonly string[] {
  return [...words.flatMap((word) => (word.word === "while" ? word.things : [])), ...onlyWhile];
}

/** The policies of each step that plans; steps that restore have none. */
async function policiesIn(path: string): Promise<{ path: string; policies: readonly Policy[] }[]> {
  const workflow = workflowAt(path);
  const reads = await Promise.all(ourSteps(stepsOf(workflow)).map((step) => readStep(step, workflow.env)));
  return reads.flatMap((read) =>
    "inputs" in read && read.inputs.mode.kind === "policies"
      ? [{ path, policies: read.inputs.mode.policies }]
      : [],
  );
}

/** The status of a dry run on a local GitHub that has what the policies name, with versions of the usual kinds. */
async function dryRun(policies: readonly Policy[]): Promise<string> {
  const emulator = await startWorld(policies.flatMap(packagesFor), { repositories: [REPOSITORY] });
  const context = await localContext({ emulator, token: PAT.token });
  const { report } = await runPolicies(policies, { ...context, isDryRun: true });
  return report.status;
}

function packagesFor({ packages, type }: Policy): PackageData[] {
  const names = [...packages.names, ...packages.globs.map(({ text }) => text.replaceAll("*", "x"))];
  return names.map((name) =>
    type === "container" ? container(name, IMAGES) : { ...npm(name, RELEASES), type },
  );
}

const COMMIT = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
const IMAGES = [
  ["latest", "v1.2.0"],
  ["v1.1.0"],
  ["pr-7"],
  ["nightly-20260101"],
  ["main-0a1b2c3"],
  [`sha-${COMMIT.slice(0, 7)}`],
  [],
].map((tags, place) =>
  versionOf(imageManifest(`image ${place}`), { id: place + 1, tags, createdAt: daysAgo(90 - place) }),
);
const RELEASES = ["1.0.0", "1.1.0-beta.1", "1.1.0"].map((name, place) =>
  release(place + 1, name, 90 - place),
);
const REPOSITORY = {
  fullName: "acme/app",
  branches: ["main"],
  pullRequests: [{ number: 7 }],
  releases: [{ tag: "v1.2.0" }],
  deployments: [
    { environment: "production", sha: COMMIT, ref: "main", statuses: [{ state: "success" as const }] },
  ],
};

const inWorkflows = (await Promise.all(workflows.map(policiesIn))).flat();

describe("the policies", () => {
  it.each(inWorkflows)("of $path are planned on the local GitHub without a failure", async ({ policies }) => {
    expect(await dryRun(policies)).toBe("dry-run");
  });
});

describe("examples/undo.yml", () => {
  it("downloads the artifact and the file that the other examples upload", () => {
    const undo = readText("examples/undo.yml");
    const { workflow_dispatch: form } = workflowAt("examples/undo.yml").on as {
      workflow_dispatch: { inputs: { report: { default: string } } };
    };
    const artifacts = filesIn("examples").flatMap((path) =>
      [...readText(path).matchAll(/upload-artifact@v\d+\n\s+with:\n\s+name: (.+)/g)].map(
        ([, name = ""]) => name,
      ),
    );
    const reports = artifacts.filter((name) => name !== "retention-plan");
    expect(reports.length).toBeGreaterThan(8);
    for (const name of reports) expect(name).toMatch(new RegExp(`^${form.inputs.report.default}(-\\$.*)?$`));
    expect(undo).toContain("restore: package-retention-report.json");
  });
});

describe("the policy file of the examples", () => {
  it("is valid, and names the schema that is in the repository", () => {
    const text = readText("examples/retention.yml");
    expect(parsePolicyFile(text, "examples/retention.yml", DEFAULT_SETTINGS).problems).toEqual([]);
    const [, path = ""] =
      /\$schema=https:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\/v1\/(\S+)/.exec(text) ?? [];
    expect([path, existsSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)))]).toEqual([
      "schema/retention.schema.json",
      true,
    ]);
  });
});

describe("the other files for GitHub", () => {
  it.each([".github/dependabot.yml", ...filesIn(".github/ISSUE_TEMPLATE")])("%s is valid YAML", (path) => {
    const { errors, warnings } = parseDocument(readText(path));
    expect([errors, warnings]).toEqual([[], []]);
  });
});
