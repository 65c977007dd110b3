import type { EmulatorData, PackageData } from "../../emulator/data";
import type { Emulator } from "../../emulator/server";
import { reasonText } from "../../src/model/reason";
import type { Policy } from "../../src/policy/policy";
import type { PackageReport } from "../../src/report/report";
import { runPolicies } from "../../src/run/run";
import type { RunContext } from "../../src/run/run-context";
import { PAT } from "../support/acme";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";

/** Runs over packages, on a local GitHub with repositories. */

const TOKEN = { ...PAT, scopes: ["repo", "write:packages", "delete:packages"] };

function npm(name: string, versions: readonly string[], changes: Partial<PackageData> = {}): PackageData {
  return {
    owner: "acme",
    type: "npm",
    name,
    repository: "acme/app",
    versions: versions.map((version) => ({ name: version, createdAt: "50d ago" })),
    ...changes,
  };
}

function forPackages(keep: string, names: readonly string[], settings: Partial<Policy> = {}): Policy {
  return policy(keep, { type: "npm", packages: { names, globs: [], excludes: [] }, ...settings });
}

let emulator: Emulator | undefined;

afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

async function run(
  data: Partial<EmulatorData>,
  policies: readonly Policy[],
  changes: Partial<RunContext> = {},
): Promise<readonly PackageReport[]> {
  emulator ??= await startAcme({ tokens: [TOKEN], ...data });
  const context = { ...(await localContext({ emulator, token: TOKEN.token })), ...changes };
  return (await runPolicies(policies, context)).report.packages;
}

/** `1.0.0-pr.7: delete, prerelease: …`, one for each version. */
function said([pkg]: readonly PackageReport[]): string[] {
  return (pkg?.versions ?? []).map(
    ({ name, verdict, reasons, message }) =>
      `${name}: ${verdict}, ${reasons.map(reasonText).join("; ")}${message === undefined ? "" : ` (${message})`}`,
  );
}

function asked(): string[] {
  const paths = (emulator?.requests ?? []).map(({ path }) => path);
  return paths
    .filter((path) => path.includes("/repos/"))
    .map((path) => path.replace(/[?&](page|per_page)=\d+/g, ""));
}

const PREVIEWS = '"/.*-pr[.]([0-9]+)/": {while: pull-request}';
const KEY = "/.*-pr[.]([0-9]+)/";

describe("a run", () => {
  it("asks for what its lines name, once for all packages of a repository", async () => {
    const names = ["a", "b", "c"];
    await run(
      {
        packages: names.map((name) => npm(name, ["1.0.0", "1.0.0-pr.7"])),
        repositories: [
          { fullName: "acme/app", pullRequests: [{ number: 7 }], releases: [{ tag: "v1.0.0" }] },
        ],
      },
      [forPackages("semver: {while: release}\nprerelease: {while: pull-request}", names)],
      { isDryRun: true },
    );
    expect(asked().sort()).toEqual([
      "/repos/acme/app/pulls?state=all&sort=created&direction=desc",
      "/repos/acme/app/pulls?state=open",
      "/repos/acme/app/releases",
    ]);
  });

  it("asks nothing of a repository without a line that needs it", async () => {
    await run({ packages: [npm("a", ["1.0.0"])] }, [forPackages("semver: 1", ["a"])], { isDryRun: true });
    expect(asked()).toEqual([]);
    expect(emulator?.requests.filter(({ path }) => /packages\/npm\/a$/.test(path))).toEqual([]);
  });

  it.each<[string, Partial<PackageData>, Partial<Policy>, Partial<RunContext>, string]>([
    ["of the policy", {}, { repository: "acme/other" }, {}, "acme/other"],
    ["that is linked to the package", { repository: "acme/linked" }, {}, {}, "acme/linked"],
    [
      "of the workflow",
      { repository: undefined as never },
      {},
      { workflowRepository: "acme/flow" },
      "acme/flow",
    ],
  ])("takes the repository %s", async (_, pkg, settings, context, fullName) => {
    const data = {
      packages: [npm("a", ["1.0.0-pr.7"], pkg)].map((one) => JSON.parse(JSON.stringify(one)) as PackageData),
      repositories: [{ fullName, pullRequests: [{ number: 7 }] }],
    };
    const packages = await run(data, [forPackages(PREVIEWS, ["a"], settings)], {
      isDryRun: true,
      ...context,
    });
    expect(said(packages)).toEqual([`1.0.0-pr.7: keep, ${KEY}: pull request is open`]);
  });

  it("asks again before it deletes: what lives again stays", async () => {
    const data = {
      packages: [npm("a", ["1.0.0", "1.0.0-pr.7", "1.0.0-pr.8"])],
      repositories: [
        {
          fullName: "acme/app",
          pullRequests: [
            { number: 7, state: "closed" as const },
            { number: 8, state: "closed" as const },
          ],
        },
      ],
    };
    emulator = await startAcme({ tokens: [TOKEN], ...data });
    const { repositories } = emulator.state;
    emulator.onRequest((_, { path }) => {
      const isAgain = path.includes("/versions") && asked().length > 0;
      const pull = repositories[0]?.pullRequests.find(({ number }) => number === 8);
      if (isAgain && pull) Object.assign(pull, { state: "open" });
    });
    const packages = await run({}, [forPackages(PREVIEWS, ["a"])]);
    expect(said(packages).sort()).toEqual([
      "1.0.0-pr.7: delete, /.*-pr[.]([0-9]+)/: pull request is not open",
      `1.0.0-pr.8: delete, ${KEY}: pull request is not open (is kept now: ${KEY}: pull request is open)`,
      '1.0.0: keep, tag "1.0.0" is not covered by any line',
    ]);
    expect(
      emulator
        .package("a", "npm")
        .versions.filter(({ deletedAt }) => deletedAt)
        .map(({ name }) => name),
    ).toEqual(["1.0.0-pr.7"]);
  });

  it("fails a package of which a list cannot be read, deletes nothing of it, and does the others", async () => {
    const data: Partial<EmulatorData> = {
      packages: [npm("a", ["1.0.0-pr.7"]), npm("b", ["2.0.0", "1.0.0"])],
      repositories: [{ fullName: "acme/app" }],
    };
    emulator = await startAcme({ tokens: [TOKEN], ...data });
    emulator.faults.add({
      match: { path: "/pulls", count: "always" },
      answer: { status: 403, body: { message: "Resource not accessible by integration" } },
    });
    const packages = await run({}, [forPackages(PREVIEWS, ["a"]), forPackages("semver: 1", ["b"])]);
    expect(packages.map(({ name, status, counts }) => [name, status, counts.deleted])).toEqual([
      ["a", "failed", undefined],
      ["b", "complete", 1],
    ]);
    expect(packages[0]?.error).toContain('give the job "permissions: pull-requests: read"');
  });

  it("says which repository it lacks", async () => {
    const { repository: _, ...unlinked } = npm("a", ["1.0.0-pr.7"]);
    emulator = await startAcme({ tokens: [TOKEN], packages: [unlinked] });
    const { workflowRepository: none, ...context } = await localContext({ emulator, token: TOKEN.token });
    const { report } = await runPolicies([forPackages(PREVIEWS, ["a"])], context);
    expect(report.packages[0]?.error).toContain("GitHub links the npm package a to no repository");
    expect(none).toBe("acme/app");
  });
});

describe("in-use-environments", () => {
  const sha = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
  const versions = ["v1.0.0", "sha-1a2b3c4", "other"].map((tag, index) => ({
    id: index + 1,
    tags: [tag],
    createdAt: "50d ago",
  }));
  const data = {
    packages: [
      { owner: "acme", type: "container", name: "app", repository: "acme/app", versions } as const,
    ].map((one) => ({ ...one, versions: [...one.versions] })),
    repositories: [
      {
        fullName: "acme/app",
        deployments: [
          { environment: "production", sha, ref: "main", statuses: [{ state: "success" as const }] },
          {
            environment: "staging",
            sha: "9".repeat(40),
            ref: "refs/tags/v1.0.0",
            statuses: [{ state: "success" as const }],
          },
          {
            environment: "gone",
            sha: "8".repeat(40),
            ref: "topic",
            statuses: [{ state: "success" as const }],
          },
        ],
      },
    ],
  };
  const keep = (...inUseEnvironments: string[]) => [
    policy("rest: never\nuntagged: never", {
      inUseEnvironments,
      environmentsAt: new Map(
        inUseEnvironments.map((name, index) => [
          name,
          { source: "retention.yml", line: index + 1, column: 3 },
        ]),
      ),
    }),
  ];

  it("keeps what is deployed there", async () => {
    const packages = await run(data, keep("production", "staging"), { isDryRun: true });
    expect(
      said(packages)
        .map((line) => line.replace(/^sha256:\w+/, ""))
        .sort(),
    ).toEqual([
      ": delete, rest: never",
      ": keep, in use: environment production",
      ": keep, in use: environment staging",
    ]);
  });

  it.each([
    ["none", "retention.yml:2:3: no deployment of the environment none has succeeded"],
    ["gone", "retention.yml:2:3: no tag of app names what is deployed in gone"],
  ])("fails the package where that cannot be found: %s", async (environment, message) => {
    const [pkg] = await run(data, keep("production", environment));
    expect(pkg?.status).toBe("failed");
    expect(pkg?.error).toContain(message);
    expect(emulator?.activeIds("app")).toEqual([1, 2, 3]);
  });
});
