import type { EmulatorData, TokenData } from "../../emulator/data";
import type { Permissions } from "../../emulator/repository-data";
import { type Emulator, startEmulator } from "../../emulator/server";
import { createGitHub } from "../../src/github/github";
import { createRepository, type Repository } from "../../src/github/repository";
import { virtualClock } from "../support/virtual-clock";

type RepositoryData = NonNullable<EmulatorData["repositories"]>[number];
type DeploymentData = NonNullable<RepositoryData["deployments"]>[number];
type State = NonNullable<DeploymentData["statuses"]>[number]["state"];

const PAT: TokenData = { kind: "pat", token: "t", login: "mona", scopes: ["repo"] };

let emulator: Emulator | undefined;

async function start(
  repository: Partial<RepositoryData>,
  tokens: EmulatorData["tokens"] = [PAT],
): Promise<Repository> {
  emulator = await startEmulator({
    owners: [
      { login: "acme", type: "Organization" },
      { login: "mona", type: "User" },
    ],
    tokens,
    packages: [],
    repositories: [{ fullName: "acme/app", ...repository }],
  });
  const log = { debug: () => {}, info: () => {}, warning: () => {} };
  const options = { deletesPerMinute: 170, rateLimitReserve: 0, log, clock: virtualClock() };
  const github = createGitHub({ ...options, token: tokens[0]?.token ?? "", baseUrl: emulator.url });
  return createRepository(github, "acme/app");
}

afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

function asked(): string[] {
  return (emulator?.requests ?? []).map(({ path }) => path.replace("/repos/acme/app", ""));
}

describe("a repository", () => {
  it("lists the open pull requests, drafts too, and the newest of all, which is asked for first", async () => {
    const repository = await start({
      pullRequests: [
        { number: 3, state: "open", createdAt: "3d ago" },
        { number: 7, state: "open", draft: true, createdAt: "2d ago" },
        { number: 9, state: "closed", createdAt: "1d ago" },
      ],
    });
    const { open, newest } = await repository.pullRequests();
    expect([...open].sort()).toEqual([3, 7]);
    expect(newest).toBe(9);
    expect(asked()).toEqual([
      "/pulls?state=all&sort=created&direction=desc&per_page=1",
      "/pulls?state=open&page=1&per_page=100",
    ]);
  });

  it("without any pull request has none", async () => {
    expect(await (await start({})).pullRequests()).toEqual({ open: [], newest: 0 });
  });

  it("lists branches, git tags and published releases, in full, with as many requests as there are pages", async () => {
    const branches = Array.from({ length: 250 }, (_, index) => `b-${index}`);
    const repository = await start({
      branches,
      tags: ["v1", "v2", "v3"],
      releases: [{ tag: "v1" }, { tag: "v2", prerelease: true }, { tag: "v3", draft: true }],
    });
    // The second page is answered once the third is asked for.
    const third = new Promise<void>((resolve) => {
      emulator?.onRequest((_, { path }) => {
        if (path.includes("&page=3") || path.includes("?page=3")) resolve();
        return path.includes("page=2&") ? third : undefined;
      });
    });
    expect([...(await repository.branches())].sort()).toEqual([...branches].sort());
    expect(emulator?.requests.length).toBe(3);
    expect(repository.requests()).toBe(3);
    expect(await repository.gitTags()).toEqual(["v1", "v2", "v3"]);
    expect([...(await repository.releases())].sort()).toEqual(["v1", "v2"]);
  });

  it("refuses a list of releases that GitHub may have cut off", async () => {
    const releases = Array.from({ length: 10_000 }, (_, index) => ({ tag: `v${index}` }));
    const repository = await start({ releases });
    await expect(repository.releases()).rejects.toThrow("there are 10,000 or more");
  });

  it("does not believe that there are no branches", async () => {
    const repository = await start({ branches: [] });
    await expect(repository.branches()).rejects.toThrow("GitHub lists no branches of acme/app");
  });

  it("refuses a list in which something has no name", async () => {
    const repository = await start({ branches: ["main"] });
    emulator?.faults.add({
      match: { path: "/branches" },
      answer: { status: 200, body: [{ name: "a" }, {}] },
    });
    await expect(repository.branches()).rejects.toThrow(
      "GitHub's list of the branches of acme/app makes no sense: one of them has no name.",
    );
  });

  it.each<[string, keyof Permissions, string, (repository: Repository) => Promise<unknown>]>([
    ["open pull requests", "pullRequests", "pull-requests: read", (one) => one.pullRequests()],
    ["branches", "contents", "contents: read", (one) => one.branches()],
    ["releases", "contents", "contents: read", (one) => one.releases()],
    ["git tags", "contents", "contents: read", (one) => one.gitTags()],
    ["deployments", "deployments", "deployments: read", (one) => one.deployments("production")],
  ])("says which permission is missing for the %s", async (list, right, permission, ask) => {
    const token: TokenData = {
      kind: "github-token",
      token: "j",
      repository: "acme/app",
      packages: "read",
      permissions: { [right]: "none" },
    };
    const repository = await start({}, [token]);
    await expect(ask(repository)).rejects.toThrow(
      `Cannot list the ${list} of acme/app: GitHub answered 403: Resource not accessible by integration. ` +
        `With GITHUB_TOKEN: give the job "permissions: ${permission}"`,
    );
  });
});

describe("an environment", () => {
  const sha = (digit: number) => `${digit}`.repeat(40);
  const deployment = (digit: number, ...states: State[]): DeploymentData => ({
    id: digit,
    environment: "production",
    sha: sha(digit),
    ref: "main",
    createdAt: `${20 - digit}h ago`,
    statuses: states.map((state, place) => ({ state, createdAt: `${(20 - digit) * 60 - place - 1}m ago` })),
  });

  async function deployed(deployments: DeploymentData[]): Promise<string[]> {
    const repository = await start({ deployments, environments: [{ name: "empty" }] });
    const found = await repository.deployments("production");
    return found.map(({ commit, ref, isDone }) => `${commit[0]} ${ref}${isDone ? " runs" : ""}`);
  }

  it("runs the newest deployment that succeeded, and may run the later ones that have not ended", async () => {
    expect(
      await deployed([
        deployment(1, "success"),
        deployment(2, "in_progress", "success", "inactive"),
        deployment(3, "in_progress", "success"),
        deployment(4, "in_progress", "failure"),
        deployment(5),
        deployment(6, "queued", "in_progress"),
        deployment(7, "error"),
        { ...deployment(8, "success"), environment: "staging" },
      ]),
    ).toEqual(["6 main", "5 main", "3 main runs"]);
    expect(asked()).not.toContain(expect.stringContaining("/deployments/8/"));
  });

  it("has what has not ended alone, or nothing, where no deployment succeeded", async () => {
    expect(await deployed([deployment(1, "inactive"), deployment(2, "pending")])).toEqual(["2 main"]);
    await emulator?.close();
    expect(await deployed([])).toEqual([]);
  });

  it("is read as far back as the newest that runs, and to its end where the list has no order", async () => {
    const many = Array.from({ length: 250 }, (_, index) => ({
      ...deployment(1, "success"),
      id: index + 1,
      createdAt: `${500 - index}h ago`,
    }));
    await deployed(many);
    expect(asked()).toEqual([
      "/deployments?environment=production&page=1&per_page=100",
      "/deployments/250/statuses?page=1&per_page=100",
    ]);
    await emulator?.close();
    const repository = await start({ deployments: many });
    const page = [
      { id: 1, sha: sha(2), ref: "x", created_at: "2026-01-01T00:00:00Z" },
      { id: 2, sha: sha(3), ref: "x", created_at: "2026-01-02T00:00:00Z" },
    ];
    emulator?.faults.add({
      match: { path: "deployments\\?" },
      answer: { status: 200, body: page, headers: { link: '<https://x/?page=2>; rel="next"' } },
    });
    await repository.deployments("production");
    expect(asked().filter((path) => path.includes("deployments?")).length).toBe(3);
  });
});
