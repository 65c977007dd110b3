import type { EmulatorData } from "../../emulator/data";
import type { RepositoryData } from "../../emulator/repository-data";
import type { Emulator } from "../../emulator/server";
import { validateRequest, validateResponse } from "../support/openapi";
import { acme, answered, ask, GITHUB_TOKEN, PAT, start } from "./fixture";

const APP = "/repos/acme/app";
const SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";

const APP_DATA: RepositoryData = {
  fullName: "acme/app",
  pullRequests: [
    { number: 7, createdAt: "3d ago", updatedAt: "1h ago" },
    { number: 8, state: "closed", createdAt: "2d ago" },
    { number: 9, draft: true, createdAt: "1d ago", updatedAt: "2h ago" },
  ],
  branches: ["main", "feature/login", { name: "develop", sha: SHA, protected: true }],
  releases: [
    { tag: "v1.0.0", createdAt: "30d ago" },
    { tag: "v2.0.0-rc.1", prerelease: true, createdAt: "1d ago" },
    { tag: "v2.0.0", draft: true, createdAt: "1h ago" },
  ],
  tags: ["v1.0.0", "v2.0.0-rc.1", { name: "app/v1", sha: SHA }],
  deployments: [
    {
      environment: "production",
      sha: SHA,
      ref: "v1.0.0",
      createdAt: "9d ago",
      statuses: [{ state: "success" }],
    },
    {
      environment: "production",
      sha: SHA,
      ref: "main",
      createdAt: "1d ago",
      statuses: [
        { state: "queued", createdAt: "1d ago" },
        { state: "failure", createdAt: "23h ago" },
      ],
    },
    { environment: "staging", sha: SHA, ref: "main", createdAt: "2d ago" },
  ],
  environments: [{ name: "cleanup", reviewers: ["mona"] }],
};

function startApp(
  changes: Partial<RepositoryData> = {},
  more: Partial<EmulatorData> = {},
): Promise<Emulator> {
  return start({ repositories: [{ ...APP_DATA, ...changes }], ...more });
}

/** One field of each item of a list. */
async function list(
  emulator: Emulator,
  path: string,
  field: string,
  token: string | null = PAT,
): Promise<unknown[]> {
  const { body } = await ask(emulator, "GET", `${APP}${path}`, token);
  return (body as Record<string, unknown>[]).map((one) => one[field]);
}

describe("a repository, by the official description", () => {
  test.each([
    "",
    "/pulls",
    "/pulls?state=all&sort=created&direction=desc&per_page=1",
    "/branches?per_page=100&page=1",
    "/releases",
    "/tags",
    "/deployments?environment=production",
    "/deployments/7001",
    "/deployments/7002/statuses",
    "/environments",
    "/environments/cleanup",
  ])("GET /repos/acme/app%s", async (path) => {
    const { status, body } = await ask(await startApp(), "GET", `${APP}${path}`);
    expect(status).toBe(200);
    expect(validateRequest("GET", `${APP}${path}`)).toEqual([]);
    expect(validateResponse("GET", `${APP}${path}`, status, body)).toEqual([]);
  });

  test.each(["/deployments/1", "/deployments/1/statuses", "/nothing"])("has nothing at %s", async (path) => {
    expect(answered(await ask(await startApp(), "GET", `${APP}${path}`))).toBe("404 Not Found");
  });
});

describe("a repository", () => {
  it("has the id that its packages say, and is found by it and in any case", async () => {
    const emulator = await startApp();
    const { body } = await ask(emulator, "GET", "/orgs/acme/packages/container/app");
    const { id } = (body as { repository: { id: number } }).repository;
    expect((await ask(emulator, "GET", `/repositories/${id}`)).body).toMatchObject({ full_name: "acme/app" });
    expect((await ask(emulator, "GET", "/repos/ACME/App")).body).toMatchObject({ id, private: true });
  });

  it("is changed by a test in the middle of a run", async () => {
    const emulator = await startApp();
    const app = emulator.repository("acme/app");
    for (const one of app.pullRequests) one.state = "closed";
    app.branches.push({ name: "zebra" });
    expect(await list(emulator, "/pulls", "number")).toEqual([]);
    expect(await list(emulator, "/branches", "name")).toEqual(["develop", "feature/login", "main", "zebra"]);
    expect(() => emulator.repository("acme/none")).toThrow('The emulator has no repository "acme/none".');
  });

  it("belongs to an owner of the data", async () => {
    await expect(startApp({ fullName: "nobody/app" })).rejects.toThrow(
      '- repositories[0].fullName: the owner of "nobody/app" is not among the owners',
    );
  });
});

describe("the lists of a repository", () => {
  it("has the open pull requests, drafts too, and all where they are asked for", async () => {
    const emulator = await startApp();
    expect(await list(emulator, "/pulls", "number")).toEqual([9, 7]);
    expect(await list(emulator, "/pulls?state=closed", "number")).toEqual([8]);
    expect(await list(emulator, "/pulls?state=all&direction=asc", "number")).toEqual([7, 8, 9]);
    expect(await list(emulator, "/pulls?sort=updated&direction=desc", "number")).toEqual([7, 9]);
    expect(await list(emulator, "/pulls?state=all&sort=created&direction=desc&per_page=1", "number")).toEqual(
      [9],
    );
  });

  it("shows drafts of releases to those alone who may push", async () => {
    const emulator = await startApp();
    expect(await list(emulator, "/releases", "tag_name", GITHUB_TOKEN)).toEqual(["v2.0.0-rc.1", "v1.0.0"]);
    expect(await list(emulator, "/releases", "tag_name")).toEqual(["v2.0.0", "v2.0.0-rc.1", "v1.0.0"]);
    expect(await list(emulator, "/releases", "draft")).toEqual([true, false, false]);
    expect(await list(emulator, "/releases", "prerelease")).toEqual([false, true, false]);
  });

  it("ends at 10,000 releases", async () => {
    const releases = Array.from({ length: 10_001 }, (_, index) => ({ tag: `v${index}` }));
    const emulator = await startApp({ releases });
    expect((await ask(emulator, "GET", `${APP}/releases?per_page=100&page=100`)).status).toBe(200);
    expect(answered(await ask(emulator, "GET", `${APP}/releases?per_page=100&page=101`))).toBe(
      "422 Only the first 10000 results are available.",
    );
  });

  it("has deployments and their statuses, the newest first", async () => {
    const emulator = await startApp();
    expect(await list(emulator, "/deployments", "id")).toEqual([7002, 7003, 7001]);
    expect(await list(emulator, "/deployments?environment=production", "ref")).toEqual(["main", "v1.0.0"]);
    expect(await list(emulator, "/deployments?environment=production&ref=main", "id")).toEqual([7002]);
    expect(await list(emulator, "/deployments?environment=Production", "id")).toEqual([]);
    expect(await list(emulator, "/deployments/7002/statuses", "state")).toEqual(["failure", "queued"]);
  });

  it("has the environments of the data and those that were deployed to", async () => {
    const { body } = await ask(await startApp(), "GET", `${APP}/environments`);
    expect(body).toMatchObject({
      total_count: 3,
      environments: [
        { name: "cleanup", protection_rules: [{ type: "required_reviewers" }] },
        { name: "production", protection_rules: [] },
        { name: "staging", protection_rules: [] },
      ],
    });
  });

  it("links to the other pages by the repository's id", async () => {
    const emulator = await startApp();
    const { id } = emulator.repository("acme/app");
    const { headers } = await ask(emulator, "GET", `${APP}/branches?per_page=2`);
    const next = `/repositories/${id}/branches?per_page=2&page=2`;
    expect(headers.get("link")).toBe(
      `<${emulator.url}${next}>; rel="next", <${emulator.url}${next}>; rel="last"`,
    );
    const second = await ask(emulator, "GET", next);
    expect(second.body).toMatchObject([{ name: "main" }]);
    expect(second.headers.get("link")).toContain(
      `/repositories/${id}/branches?per_page=2&page=1>; rel="prev"`,
    );
    expect(validateRequest("GET", next)).toEqual([]);
  });

  it("pages through 5,000 branches and 20,000 tags", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `name-${index}`);
    const emulator = await startApp({ branches: many(5_000), tags: many(20_000) });
    const pages = (path: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${path}?per_page=100&page=${index + 1}`);
    for (const page of [...pages("/branches", 50), ...pages("/tags", 200)])
      expect(await list(emulator, page, "name")).toHaveLength(100);
    expect(await list(emulator, "/tags?per_page=100&page=201", "name")).toEqual([]);
  });
});

describe("the right to read a repository", () => {
  const withPermissions = (permissions: object, visibility: "public" | "private" = "private") =>
    startApp(
      { visibility },
      {
        tokens: [
          { kind: "github-token", token: "t", repository: "acme/app", packages: "write", permissions },
        ],
      },
    );

  test.each([
    ["pullRequests", ["/pulls"]],
    ["contents", ["/branches", "/tags", "/releases"]],
    ["deployments", ["/deployments", "/deployments/7001/statuses"]],
    ["actions", ["/environments"]],
  ])("of a job needs the permission %s", async (permission, paths) => {
    const without = await withPermissions({ [permission]: "none" });
    for (const path of paths)
      expect(answered(await ask(without, "GET", `${APP}${path}`, "t"))).toBe(
        "403 Resource not accessible by integration",
      );
    expect(answered(await ask(without, "GET", APP, "t"))).toBe("200 done");
    const open = await withPermissions({ [permission]: "none" }, "public");
    for (const path of paths) expect((await ask(open, "GET", `${APP}${path}`, "t")).status).toBe(200);
  });

  it("of a job that may write contents includes drafts", async () => {
    const emulator = await withPermissions({ contents: "write" });
    expect(await list(emulator, "/releases", "draft", "t")).toEqual([true, false, false]);
  });

  it("is nobody's from outside, as if nothing were there", async () => {
    const emulator = await startApp(
      {},
      {
        tokens: [
          { kind: "github-token", token: "other", repository: "acme/other", packages: "write" },
          { kind: "pat", token: "packages", login: "mona", scopes: ["write:packages"] },
          { kind: "pat", token: "deployer", login: "mona", scopes: ["repo_deployment"] },
        ],
      },
    );
    for (const token of ["other", "packages", null])
      expect(answered(await ask(emulator, "GET", `${APP}/pulls`, token))).toBe("404 Not Found");
    expect((await ask(emulator, "GET", `${APP}/deployments`, "deployer")).status).toBe(200);
    expect((await ask(emulator, "GET", `${APP}/branches`, "deployer")).status).toBe(404);
  });

  it("is a member's, and everyone's where it is public", async () => {
    const owners = (access: object): EmulatorData["owners"] => [
      { login: "acme", type: "Organization", ...access },
      { login: "mona", type: "User" },
    ];
    const member = await startApp({}, { owners: owners({ admins: [], members: ["mona"] }) });
    expect(await list(member, "/releases", "draft")).toEqual([false, false]);
    const stranger = await startApp({}, { owners: owners({ admins: [] }) });
    expect((await ask(stranger, "GET", `${APP}/branches`)).status).toBe(404);
    const open = await startApp({ visibility: "public" }, { owners: owners({ admins: [] }) });
    expect((await ask(open, "GET", `${APP}/branches`, null)).status).toBe(200);
  });

  it("must be authorized for single sign-on", async () => {
    const [pat] = acme().tokens;
    if (pat?.kind !== "pat") throw new Error("the fixture's first token is a PAT");
    const emulator = await startApp({}, { tokens: [{ ...pat, ssoRequired: ["acme"] }] });
    const answer = await ask(emulator, "GET", `${APP}/branches`);
    expect([answer.status, answer.headers.has("x-github-sso")]).toEqual([403, true]);
  });
});
