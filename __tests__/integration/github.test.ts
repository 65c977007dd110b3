import type { EmulatorData, PackageData } from "../../emulator/data";
import { type Emulator, startEmulator } from "../../emulator/server";
import type { Account } from "../../src/github/account";
import { BudgetExhausted } from "../../src/github/budget";
import { createGitHub, type GitHub, type GitHubOptions } from "../../src/github/github";
import { resolveAccount } from "../../src/github/owner";
import { createPackages, type PackageClient } from "../../src/github/packages";
import type { PackageRef } from "../../src/model/package-version";
import { systemClock } from "../../src/net/clock";
import { createPatience } from "../../src/net/patience";
import { virtualClock } from "../support/virtual-clock";

const org: Account = { login: "octo-org", kind: "org" };
const app = { type: "npm", name: "app" } as const;
const SERVER = "https://github.com";
const ADMIN = "admin-token";
const READER = "reader-token";

function packageOf(count: number, changes: Partial<PackageData> = {}): PackageData {
  const versions = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: `1.0.${index}`,
    createdAt: "2026-11-01T00:00:00Z",
  }));
  return { owner: "octo-org", type: "npm", name: "app", visibility: "private", versions, ...changes };
}

function world(changes: Partial<EmulatorData> = {}): EmulatorData {
  return {
    owners: [
      { login: "octo-org", type: "Organization", admins: ["octocat"], members: ["reader"] },
      { login: "octocat", type: "User" },
      { login: "reader", type: "User" },
    ],
    tokens: [
      {
        kind: "pat",
        token: ADMIN,
        login: "octocat",
        scopes: ["read:packages", "write:packages", "delete:packages"],
      },
      { kind: "pat", token: READER, login: "reader", scopes: ["read:packages", "delete:packages"] },
      { kind: "github-token", token: "job-token", repository: "octo-org/app", packages: "write" },
    ],
    packages: [packageOf(3)],
    ...changes,
  };
}

const PATIENT = createPatience({ waits: true, timeLeft: () => Number.POSITIVE_INFINITY });

let emulator: Emulator | undefined;
let messages: string[] = [];

async function start(changes: Partial<EmulatorData> = {}): Promise<Emulator> {
  emulator = await startEmulator(world(changes));
  return emulator;
}

function client({ url }: Emulator, changes: Partial<GitHubOptions> = {}): GitHub {
  const note = (message: string) => messages.push(message);
  return createGitHub({
    token: ADMIN,
    baseUrl: url,
    deletesPerMinute: 60_000,
    rateLimitReserve: 100,
    log: { debug: note, info: note, warning: note },
    clock: virtualClock(),
    ...changes,
  });
}

/** The client of one package. */
function on(github: GitHub, pkg: PackageRef = app, account: Account = org): PackageClient {
  return createPackages(github, account, SERVER).of(pkg);
}

beforeEach(() => {
  messages = [];
});

afterEach(async () => {
  expect(messages.join("\n")).not.toMatch(/-token\b/);
  await emulator?.close();
  emulator = undefined;
});

/** Methods and paths, without the query. */
function asked({ requests }: Emulator): string[] {
  return requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
}

describe("the owner", () => {
  it("may be an organization", async () => {
    const github = client(await start());
    expect(await resolveAccount(github, "Octo-Org")).toEqual({ login: "octo-org", kind: "org" });
  });

  it("may be the user that the token belongs to, or another one", async () => {
    const github = client(await start());
    expect(await resolveAccount(github, "OctoCat")).toEqual({ login: "octocat", kind: "self" });
    expect(await resolveAccount(github, "reader")).toEqual({ login: "reader", kind: "user" });
  });

  it("is not the user of a token that has none", async () => {
    const github = client(await start(), { token: "job-token" });
    expect(await resolveAccount(github, "octocat")).toEqual({ login: "octocat", kind: "user" });
  });

  it("must exist", async () => {
    const github = client(await start());
    await expect(resolveAccount(github, "nobody")).rejects.toThrow(
      'There is no user or organization "nobody": check the input owner.',
    );
  });
});

describe("the listing of packages", () => {
  const packages = Array.from({ length: 205 }, (_, index) => packageOf(1, { name: `app-${index}` }));

  it("has all of them, page by page", async () => {
    const running = await start({ packages });
    const listed = await createPackages(client(running), org, SERVER).list("npm");
    expect(listed).toHaveLength(205);
    expect(new Set(listed.map(({ name }) => name)).size).toBe(205);
    expect(listed[0]).toMatchObject({ visibility: "private" });
    expect(running.requests).toHaveLength(3);
  });

  it("says which tokens may list", async () => {
    const github = client(await start(), { token: "job-token" });
    await expect(createPackages(github, org, SERVER).list("npm")).rejects.toThrow(
      /^Cannot list the npm packages of octo-org: GitHub answered 403: .* GITHUB_TOKEN cannot list packages: name them/,
    );
  });
});

describe("the listing of versions", () => {
  it("has every version once, with pages fetched ten at a time at most", async () => {
    const running = await start({ packages: [packageOf(1_450)], latency: { read: 20 } });
    const versions = await on(client(running)).list("active");
    expect(versions.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1_450 }, (_, index) => index + 1),
    );
    expect(running.requests).toHaveLength(15);
    const busiest = Math.max(...running.requests.map(({ inFlight }) => inFlight));
    expect(busiest).toBeGreaterThan(1);
    expect(busiest).toBeLessThanOrEqual(10);
  });

  it.each([
    [0, 1],
    [1, 1],
    [99, 1],
    [100, 2],
    [101, 2],
    [200, 2],
  ])("of %p versions takes %p requests", async (count, requests) => {
    const running = await start({ packages: [packageOf(count)] });
    expect(await on(client(running)).list("active")).toHaveLength(count);
    expect(running.requests).toHaveLength(requests);
  });

  it("stays on its own path when the links lead elsewhere", async () => {
    const running = await start({ packages: [packageOf(150)], listing: { organizationLinks: true } });
    expect(await on(client(running)).list("active")).toHaveLength(150);
    expect(asked(running)).toEqual(Array(2).fill("GET /orgs/octo-org/packages/npm/app/versions"));
  });

  it.each(["org", "user", "self"] as const)("works for an account of kind %s", async (kind) => {
    const owner = kind === "org" ? "octo-org" : "octocat";
    const packages = [packageOf(101, { owner, visibility: "public" })];
    const github = client(await start({ packages }));
    expect(await on(github, app, { login: owner, kind }).list("active")).toHaveLength(101);
  });

  it("sends a name with a slash as one segment", async () => {
    const running = await start({ packages: [packageOf(1, { name: "@acme/app" })] });
    const versions = await on(client(running), { type: "npm", name: "@acme/app" }).list("active");
    expect(versions.map(({ name }) => name)).toEqual(["1.0.0"]);
    expect(asked(running)).toEqual(["GET /orgs/octo-org/packages/npm/%40acme%2Fapp/versions"]);
  });

  it("goes on when the list has grown beyond the pages that were announced", async () => {
    const running = await start({ packages: [packageOf(200)] });
    const grown = packageOf(205).versions.slice(200);
    running.onRequest((index) => {
      const { versions } = running.package("app", "npm");
      const [sample] = versions;
      if (index !== 2 || !sample) return;
      for (const { id, name } of grown) versions.push({ ...sample, id: id ?? 0, name: name ?? "" });
    });
    const versions = await on(client(running)).list("active");
    const ids = versions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(Array.from({ length: 200 }, (_, index) => index + 1)));
    expect(running.requests).toHaveLength(3);
  });

  it("has the deleted versions on request", async () => {
    const versions = [
      { id: 1, name: "1.0.0", createdAt: "3d ago", deletedAt: "1d ago" },
      { id: 2, name: "1.0.1", createdAt: "3d ago" },
    ];
    const github = client(await start({ packages: [packageOf(0, { versions })] }));
    const deleted = await on(github).list("deleted");
    expect(deleted.map(({ id }) => id)).toEqual([1]);
  });

  it.each([
    ["are the same", {}, undefined],
    ["have another name", { name: "1.0.9" }, "version 1 is on it twice, in different states"],
    ["were updated at another time", { updated_at: "2026-11-02T00:00:00Z" }, "version 1 is on it twice"],
  ])("takes two entries of one id for one version only where they %s", async (_, change, problem) => {
    const entry = {
      id: 1,
      name: "1.0.0",
      created_at: "2026-11-01T00:00:00Z",
      updated_at: "2026-11-01T00:00:00Z",
    };
    const body = [entry, { ...entry, ...change }];
    const github = client(
      await start({ faults: [{ match: { path: "/versions" }, answer: { status: 200, body } }] }),
    );
    const listed = on(github).list("active");
    if (problem === undefined) expect(await listed).toHaveLength(1);
    else await expect(listed).rejects.toThrow(problem);
  });

  it("that says it has a million pages is refused, and so is one that goes on for ever", async () => {
    const link = (rel: string, page: number) => `<https://api.github.com/x?page=${page}>; rel="${rel}"`;
    const entry = { id: 1, name: "1.0.0", created_at: "2026-11-01T00:00:00Z" };
    const fault = (headers: Record<string, string>, body: unknown) => ({
      match: { path: "/versions", count: "always" as const },
      answer: { status: 200, body, headers },
    });
    const long = await start({ faults: [fault({ link: link("last", 999_999) }, [entry])] });
    await expect(on(client(long)).list("active")).rejects.toThrow(
      "the list has more than 2000 pages, which is more than the action reads",
    );
    expect(long.requests).toHaveLength(1);
    await long.close();
    const endless = await start({ faults: [fault({ link: link("next", 2) }, [entry])] });
    await expect(on(client(endless)).list("active")).rejects.toThrow(
      "page 2 of the list is the same as the one before",
    );
    expect(endless.requests).toHaveLength(2);
  });

  it("does not show the token to another host that it is redirected to", async () => {
    const stranger = await startEmulator(world());
    const running = await start();
    const path = "/orgs/octo-org/packages/npm/app/versions?state=active&page=1&per_page=100";
    const answer = { status: 302, headers: { location: `${stranger.url}${path}` } };
    running.faults.add({ match: { path: "/versions" }, answer });
    await expect(on(client(running)).list("active")).rejects.toThrow("GitHub answered 401");
    expect(stranger.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await stranger.close();
  });

  it("of a package that is not there fails with the way out", async () => {
    const github = client(await start());
    await expect(on(github, { type: "npm", name: "gone" }).list("active")).rejects.toThrow(
      /^Cannot list the versions of the npm package octo-org\/gone: GitHub answered 404: .*Check the name/,
    );
  });

  it.each([
    ["no list", { message: "hello" }, "GitHub answered 200: the answer is not a list."],
    [
      "a list of other things",
      [{ id: 1 }],
      "The listing of the npm package app makes no sense: version 1 has no name.",
    ],
  ])("that is %s fails", async (_, body, message) => {
    const github = client(
      await start({ faults: [{ match: { path: "/versions" }, answer: { status: 200, body } }] }),
    );
    await expect(on(github).list("active")).rejects.toThrow(message);
  });

  it.each([
    ["is cut off", { cutBody: true }],
    ["never comes", { drop: true }],
    ["is a web page", { answer: { status: 200, body: "<html>", headers: { "content-type": "text/html" } } }],
    ["is a 500", { answer: { status: 500 } }],
    ["is a 502", { answer: { status: 502 } }],
    ["is a 503 with retry-after", { answer: { status: 503, headers: { "retry-after": "7" } } }],
  ])("is tried again when a page %s", async (_, fault) => {
    const running = await start({
      packages: [packageOf(150)],
      faults: [{ match: { path: "[?&]page=2" }, ...fault }],
    });
    expect(await on(client(running)).list("active")).toHaveLength(150);
    expect(running.requests).toHaveLength(3);
  });

  it("fails when a page stays unreadable", async () => {
    const faults = [{ match: { path: "[?&]page=2", count: "always" as const }, cutBody: true }];
    const running = await start({ packages: [packageOf(150)], faults });
    await expect(on(client(running)).list("active")).rejects.toThrow(
      "GitHub did not answer: the answer was cut off. Run the action again later.",
    );
    expect(running.requests).toHaveLength(6);
  });

  it("fails when a page has no end, and is asked for once", async () => {
    const answer = { status: 200, body: `["${"x".repeat(16 * 1024 * 1024)}"]` };
    const running = await start({ faults: [{ answer }] });
    await expect(on(client(running)).list("active")).rejects.toThrow("the answer is larger than 16 MiB");
    expect(running.requests).toHaveLength(1);
  });

  it("says that a token is not valid", async () => {
    const answer = { status: 401, body: { message: "Bad credentials" } };
    const github = client(await start({ faults: [{ answer }] }));
    await expect(on(github).list("active")).rejects.toThrow(
      "GitHub answered 401: Bad credentials. The token is not valid",
    );
  });
});

describe("a deletion", () => {
  it("deletes", async () => {
    const running = await start();
    expect(await on(client(running)).deleteVersion(1)).toEqual({ kind: "deleted" });
    expect(running.activeIds("app", "npm")).toEqual([2, 3]);
  });

  it("of a version that is not there finds that it is gone, without another question", async () => {
    const running = await start();
    expect(await on(client(running)).deleteVersion(99)).toMatchObject({ kind: "gone", status: 404 });
    expect(asked(running)).toEqual(["DELETE /orgs/octo-org/packages/npm/app/versions/99"]);
    expect(await on(client(running)).getVersion(99)).toBe("gone");
  });

  it("of a version that GitHub still shows believes GitHub's word that it is gone", async () => {
    const body = { message: "Package version not found." };
    const faults = [{ match: { method: "DELETE" }, answer: { status: 404, body } }];
    const running = await start({ faults });
    expect(await on(client(running)).deleteVersion(1)).toMatchObject({ kind: "gone" });
    expect(asked(running)).toHaveLength(1);
    expect(await on(client(running)).getVersion(1)).toMatchObject({ id: 1 });
  });

  it("with a token that may only read finds nothing, although it is there", async () => {
    const github = client(await start(), { token: READER });
    const result = await on(github).deleteVersion(1);
    expect(result).toMatchObject({ kind: "not-found", status: 404 });
    expect(result).toHaveProperty(
      "message",
      expect.stringContaining('the Admin role under "Manage Actions access"'),
    );
    expect(await on(github).getVersion(1)).toMatchObject({ id: 1, tags: ["1.0.0"] });
  });

  it("is refused by GitHub's own rules", async () => {
    const packages = [packageOf(1)];
    const github = client(await start({ packages }));
    expect(await on(github).deleteVersion(1)).toEqual({
      kind: "refused",
      status: 400,
      message: "You cannot delete the last version of a package. You must delete the package instead.",
    });
  });

  it.each([
    "Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support.",
    "You cannot delete the last tagged version of a package. You must delete the package instead.",
  ])("is refused: %s", async (message) => {
    const github = client(await start({ faults: [{ answer: { status: 400, body: { message } } }] }));
    expect(await on(github).deleteVersion(1)).toEqual({ kind: "refused", status: 400, message });
  });

  it("is forbidden", async () => {
    const answer = { status: 403, body: { message: "Resource not accessible by integration" } };
    const github = client(await start({ faults: [{ answer }] }));
    expect(await on(github).deleteVersion(1)).toMatchObject({ kind: "forbidden", status: 403 });
  });

  it("that GitHub carries out and answers with an error is done", async () => {
    const faults = [{ match: { method: "DELETE" }, processed: true, answer: { status: 502 } }];
    const running = await start({ faults });
    expect(await on(client(running)).deleteVersion(1)).toEqual({ kind: "deleted" });
    expect(asked(running)).toEqual([
      "DELETE /orgs/octo-org/packages/npm/app/versions/1",
      "DELETE /orgs/octo-org/packages/npm/app/versions/1",
    ]);
  });

  it("that a token may not do is not done, even after an error", async () => {
    const running = await start({ faults: [{ match: { method: "DELETE" }, answer: { status: 502 } }] });
    const result = await on(client(running, { token: READER })).deleteVersion(1);
    expect(result).toMatchObject({ kind: "not-found" });
    expect(running.activeIds("app", "npm")).toEqual([1, 2, 3]);
  });

  it.each([301, 302, 303, 307, 308])(
    "that is redirected with a %d is not done, and goes nowhere else",
    async (status) => {
      const stranger = await startEmulator(world());
      const headers = { location: `${stranger.url}/orgs/octo-org/packages/npm/app/versions/1` };
      const running = await start({
        faults: [{ match: { method: "DELETE", count: "always" }, answer: { status, headers } }],
      });
      const result = await on(client(running)).deleteVersion(1);
      expect(result).toMatchObject({ kind: "failed", status });
      expect(result).toHaveProperty("message", expect.stringContaining("this is not how GitHub confirms it"));
      expect(running.activeIds("app", "npm")).toEqual([1, 2, 3]);
      expect(stranger.requests).toEqual([]);
      await stranger.close();
    },
  );

  it("fails after five errors", async () => {
    const faults = [{ match: { method: "DELETE", count: "always" as const }, answer: { status: 500 } }];
    const running = await start({ faults });
    expect(await on(client(running)).deleteVersion(1)).toMatchObject({ kind: "failed" });
    const methods = running.requests.map(({ method }) => method);
    expect(methods).toEqual(["DELETE", "DELETE", "DELETE", "DELETE", "DELETE", "GET"]);
  });

  it("fails when there is no GitHub", async () => {
    const running = await start();
    await running.close();
    const result = await on(client(running)).deleteVersion(1);
    expect(result).toMatchObject({ kind: "failed" });
    expect(result).toHaveProperty(
      "message",
      expect.stringContaining("GitHub did not answer: connect ECONNREFUSED"),
    );
  });
});

describe("a package", () => {
  it("is shown, deleted and restored as a whole", async () => {
    const running = await start();
    const github = client(running);
    expect(await on(github).getPackage()).toEqual({
      kind: "found",
      package: { name: "app", owner: "octo-org", visibility: "private", versionCount: 3 },
    });
    expect(await on(github).deletePackage()).toEqual({ kind: "deleted" });
    expect(await on(github).getPackage()).toMatchObject({ kind: "not-found" });
    expect(await on(github).restorePackage()).toEqual({ kind: "restored" });
    expect(running.activeIds("app", "npm")).toEqual([1, 2, 3]);
  });

  it("has versions that can be restored", async () => {
    const running = await start();
    const github = client(running);
    await on(github).deleteVersion(1);
    expect(await on(github).restoreVersion(1)).toEqual({ kind: "restored" });
    expect(running.activeIds("app", "npm")).toEqual([1, 2, 3]);
    expect(await on(github).restoreVersion(99)).toMatchObject({ kind: "gone", status: 404 });
  });

  it("of which GitHub restores a version and answers with an error is restored", async () => {
    const faults = [{ match: { method: "POST" }, processed: true, answer: { status: 502 } }];
    const running = await start({ faults });
    const github = client(running);
    await on(github).deleteVersion(1);
    expect(await on(github).restoreVersion(1)).toEqual({ kind: "restored" });
  });
});

describe("a private package of a user, with the GITHUB_TOKEN of the user's repository", () => {
  const user: Account = { login: "octocat", kind: "user" };
  const packages = [packageOf(3, { owner: "octocat", repository: "octocat/app" })];
  const token = {
    kind: "github-token",
    token: "job-token",
    repository: "octocat/app",
    packages: "write",
  } as const;

  async function startWith(privateUserPackages: { status: 403 | 404; reads?: boolean; user?: boolean }) {
    const running = await start({ packages, tokens: [{ ...token, admin: ["app"], privateUserPackages }] });
    return { running, github: client(running, { token: "job-token" }) };
  }

  it.each([403, 404] as const)(
    "is reached below /user where /users answers %d, asked for once",
    async (status) => {
      const { running, github } = await startWith({ status });
      const packagesOfUser = createPackages(github, user, SERVER);
      expect(await packagesOfUser.of(app).list("active")).toHaveLength(3);
      expect(await packagesOfUser.of(app).deleteVersion(1)).toEqual({ kind: "deleted" });
      expect(await packagesOfUser.of(app).restoreVersion(1)).toEqual({ kind: "restored" });
      expect(asked(running)).toEqual([
        "GET /users/octocat/packages/npm/app/versions",
        "GET /user/packages/npm/app",
        "GET /user/packages/npm/app/versions",
        "DELETE /user/packages/npm/app/versions/1",
        "POST /user/packages/npm/app/versions/1/restore",
      ]);
    },
  );

  it("is changed below /user where only that is refused below /users", async () => {
    const { running, github } = await startWith({ status: 403, reads: true });
    const own = on(github, app, user);
    expect(await own.list("active")).toHaveLength(3);
    expect(await own.deleteVersion(1)).toEqual({ kind: "deleted" });
    expect(asked(running)).toEqual([
      "GET /users/octocat/packages/npm/app/versions",
      "DELETE /users/octocat/packages/npm/app/versions/1",
      "GET /user/packages/npm/app",
      "DELETE /user/packages/npm/app/versions/1",
    ]);
  });

  it("fails as it did where /user does not show it either, which is asked for once", async () => {
    const { running, github } = await startWith({ status: 403, user: false });
    const own = on(github, app, user);
    for (let times = 0; times < 3; times++)
      await expect(own.list("active")).rejects.toThrow("GitHub answered 403: Resource not accessible by");
    expect(asked(running).filter((path) => path.startsWith("GET /user/"))).toHaveLength(1);
  });

  it("is not taken for a package of the same name of whom the token belongs to", async () => {
    const running = await start({ packages: [packageOf(3, { owner: "octocat" })] });
    const own = on(client(running), app, { login: "reader", kind: "user" });
    await expect(own.list("active")).rejects.toThrow("GitHub answered 404");
    expect(await own.deleteVersion(1)).toMatchObject({ kind: "not-found" });
    expect(running.activeIds("app", "npm")).toHaveLength(3);
  });

  it("is listed among all of the user where a glob asks for them, and others' packages are not", async () => {
    const others = packageOf(1, { owner: "octocat", name: "other" });
    const running = await start({ packages: [...packages, others] });
    const answer = { status: 403, body: { message: "Resource not accessible by integration" } };
    running.faults.add({ match: { path: "^/users/octocat/packages\\?", count: "always" }, answer });
    const listed = await createPackages(client(running), user, SERVER).list("npm");
    expect(listed.map(({ name }) => name).sort()).toEqual(["app", "other"]);
    running.faults.add({ match: { path: "^/users/reader/packages\\?", count: "always" }, answer });
    const ofReader = createPackages(client(running), { login: "reader", kind: "user" }, SERVER).list("npm");
    await expect(ofReader).rejects.toThrow("GITHUB_TOKEN cannot list packages");
  });
});

describe("GitHub's limits", () => {
  it.each([
    [
      "a secondary limit",
      403,
      { message: "You have exceeded a secondary rate limit." },
      { "retry-after": "30" },
    ],
    ["a bare 429", 429, {}, {}],
    ["a 403 with retry-after", 403, { message: "Slow down" }, { "retry-after": "30" }],
  ])("stop all traffic: %s", async (_, status, body, headers) => {
    const faults = [{ match: { method: "DELETE", nth: 3 }, answer: { status, body, headers } }];
    const running = await start({ packages: [packageOf(30)], faults });
    const clock = virtualClock();
    const github = client(running, { clock });
    const seconds = "retry-after" in headers ? 30 : 60;
    const results = [];
    for (let id = 1; id <= 20; id++) results.push(await on(github).deleteVersion(id));
    expect(results).toEqual(Array(20).fill({ kind: "deleted" }));
    expect(running.requests).toHaveLength(21);
    expect(clock.sleeps.filter((sleep) => sleep > 20_000)).toHaveLength(1);
    expect(messages).toEqual([expect.stringMatching(`All requests pause for ${seconds} s.$`)]);
  });

  it.each([
    ["a bare 429", 429, {}],
    [
      "a secondary limit that does not say how long",
      403,
      { message: "You have exceeded a secondary rate limit." },
    ],
  ])("are given up where they do not end, after longer and longer pauses: %s", async (_, status, body) => {
    const faults = [{ match: { count: "always" as const }, answer: { status, body } }];
    const running = await start({ faults });
    const clock = virtualClock();
    const result = await on(client(running, { clock, patience: PATIENT })).deleteVersion(1);
    expect(result).toMatchObject({
      kind: "forbidden",
      message: expect.stringContaining("keeps asking to slow down"),
    });
    expect(running.requests).toHaveLength(9);
    const minutes = clock.sleeps.filter((sleep) => sleep > 20_000).map((sleep) => Math.round(sleep / 60_000));
    expect(minutes).toEqual([1, 2, 4, 8, 15, 15, 15, 15]);
  });

  it("end the run after the first pause where they go on, unless it may wait for longer", async () => {
    const faults = [{ match: { count: "always" as const }, answer: { status: 429, body: {} } }];
    const running = await start({ faults });
    const clock = virtualClock();
    await expect(on(client(running, { clock })).deleteVersion(1)).rejects.toMatchObject({
      name: "Stopped",
      message:
        "GitHub asks to slow down (429: no message): the run would have to wait 2 min. Run it again after that, or " +
        "set `on-rate-limit: wait`.",
    });
    expect(running.requests).toHaveLength(2);
  });

  it.each([
    ["a 429", 429, {}],
    ["a secondary limit", 403, { message: "You have exceeded a secondary rate limit." }],
  ])("that ask for a day end the run at once, with nothing else sent: %s", async (_, status, body) => {
    const answer = { status, body, headers: { "retry-after": "86400" } };
    const running = await start({ faults: [{ answer }] });
    const clock = virtualClock();
    const github = client(running, { clock });
    const before = clock.now();
    await expect(on(github).deleteVersion(1)).rejects.toThrow("the run would have to wait 24 h");
    await expect(on(github).deleteVersion(2)).rejects.toMatchObject({ name: "Stopped" });
    await expect(on(github).list("active")).rejects.toMatchObject({ name: "Stopped" });
    expect(running.requests).toHaveLength(1);
    expect(clock.now() - before).toBeLessThan(60_000);
    expect(messages).toEqual([]);
  });

  it("that ask for a day are waited for with on-rate-limit: wait, as far as max-minutes allows", async () => {
    const answer = { status: 429, body: {}, headers: { "retry-after": "86400" } };
    const running = await start({ faults: [{ answer }] });
    const clock = virtualClock();
    const end = clock.now() + 90_000_000;
    const patience = createPatience({ waits: true, timeLeft: () => end - clock.now() });
    const github = client(running, { clock, patience });
    expect(await on(github).deleteVersion(1)).toEqual({ kind: "deleted" });
    running.faults.add({ answer });
    await expect(on(github).deleteVersion(2)).rejects.toThrow("longer than `max-minutes` leaves");
  });

  it("of an hour are waited for with on-rate-limit: wait", async () => {
    const reset = Math.floor(Date.now() / 1000) + 1_800;
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${reset}` };
    const body = { message: "API rate limit exceeded for installation." };
    const running = await start({ faults: [{ answer: { status: 403, body, headers } }] });
    const clock = virtualClock();
    const before = clock.now();
    const github = client(running, { clock, patience: PATIENT });
    expect(await on(github).deleteVersion(1)).toEqual({ kind: "deleted" });
    expect(clock.now() - before).toBeGreaterThan(1_790_000);
    expect(messages).toEqual([expect.stringMatching(/All requests pause for 3[01] min\.$/)]);
  });

  it("that come with a 503 are not waited for either: the deletion fails", async () => {
    const answer = { status: 503, body: {}, headers: { "retry-after": "86400" } };
    const running = await start({ faults: [{ match: { method: "DELETE" }, answer }] });
    const clock = virtualClock();
    const before = clock.now();
    expect(await on(client(running, { clock })).deleteVersion(1)).toMatchObject({
      kind: "failed",
      status: 503,
    });
    expect(clock.now() - before).toBeLessThan(60_000);
  });

  it("hold back the requests that were not refused too", async () => {
    const answer = { status: 429, body: {}, headers: { "retry-after": "30" } };
    const faults = [{ match: { path: "[?&]page=2&" }, answer }];
    const running = await start({ packages: [packageOf(4_000)], faults });
    const virtual = virtualClock();
    const sentBeforeTheEnd: number[] = [];
    const sleep = async (milliseconds: number) => {
      // Time enough for all other pages, if nothing held them back.
      await systemClock.sleep(300);
      if (milliseconds > 20_000) sentBeforeTheEnd.push(running.requests.length);
      await virtual.sleep(milliseconds);
    };
    const github = client(running, { clock: { now: virtual.now, sleep } });
    expect(await on(github).list("active")).toHaveLength(4_000);
    expect(running.requests).toHaveLength(41);
    expect(sentBeforeTheEnd.length).toBeGreaterThan(0);
    // The first page, the ten that were under way, and those that went off while the refusal was on its way.
    expect(Math.min(...sentBeforeTheEnd)).toBeLessThan(30);
  });

  it("of an hour end the run cleanly, to the last request above the reserve", async () => {
    const running = await start({
      packages: [packageOf(30)],
      limits: { primary: { limit: 1_000, used: 890 } },
    });
    const github = client(running);
    await resolveAccount(github, "octo-org");
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        on(github)
          .deleteVersion(index + 1)
          .catch((error: unknown) => error),
      ),
    );
    const stopped = results.filter((result) => result instanceof BudgetExhausted);
    expect(stopped).toHaveLength(11);
    expect(running.requests).toHaveLength(10);
    expect(github.budget()).toMatchObject({ limit: 1_000, remaining: 100 });
  });

  it("of an hour end the run above the reserve although the reset jitters", async () => {
    const running = await start({
      packages: [packageOf(130)],
      limits: { primary: { limit: 200, resetJitterSeconds: 1 }, secondary: false },
    });
    const github = client(running);
    const results = [];
    for (let id = 1; id <= 120; id++)
      results.push(
        await on(github)
          .deleteVersion(id)
          .catch(({ name }) => name),
      );
    expect(results.filter((result) => result === "BudgetExhausted")).toHaveLength(20);
    expect(running.requests).toHaveLength(100);
  });

  it.each([2, -2])("of an hour count by GitHub's time where the runner's is %d days off", async (days) => {
    const running = await start({ limits: { primary: { limit: 1_000, used: 897 } } });
    const clock = virtualClock();
    const skewed = { now: () => clock.now() + days * 86_400_000, sleep: clock.sleep };
    const github = client(running, { clock: skewed });
    await resolveAccount(github, "octo-org");
    expect(github.clockOffset() / 86_400_000).toBeCloseTo(-days, 3);
    for (const id of [1, 2]) expect(await on(github).deleteVersion(id)).toEqual({ kind: "deleted" });
    await expect(on(github).deleteVersion(3)).rejects.toBeInstanceOf(BudgetExhausted);
  });

  it("of an hour end the run when others have used them up", async () => {
    const running = await start({ limits: { primary: { limit: 1_000, used: 1_000 } } });
    await expect(on(client(running)).deleteVersion(1)).rejects.toBeInstanceOf(BudgetExhausted);
    expect(running.requests).toHaveLength(1);
  });

  it("are waited for where the reset is near", async () => {
    const running = await start({ limits: { primary: { limit: 102, windowSeconds: 2 } } });
    const github = client(running, { clock: systemClock });
    for (const id of [1, 2]) expect(await on(github).deleteVersion(id)).toEqual({ kind: "deleted" });
    expect(await on(github).getVersion(3)).toMatchObject({ id: 3 });
    expect(running.violations).toEqual([]);
  });

  it("may be unknown", async () => {
    const github = client(await start({ limits: { primary: false, secondary: false } }));
    expect(await on(github).deleteVersion(1)).toEqual({ kind: "deleted" });
    expect(github.budget()).toBeUndefined();
  });
});

describe("the pace of deletions", () => {
  it("is even from the first on, and kept up while GitHub is slow", async () => {
    const running = await start({ packages: [packageOf(20)], latency: { write: 150 } });
    const github = client(running, { clock: systemClock, deletesPerMinute: 1_200 });
    await Promise.all(Array.from({ length: 12 }, (_, index) => on(github).deleteVersion(index + 1)));
    const times = running.requests.map(({ time }) => time);
    const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
    // Eleven times 50 ms, less what the first request needs for its connection; about 150 ms without a pace.
    expect(span).toBeGreaterThan(400);
    expect(Math.max(...running.requests.map(({ inFlight }) => inFlight))).toBeGreaterThan(1);
  });
});

describe("a cancelled run", () => {
  it("ends at once, requests under way included", async () => {
    const running = await start({ packages: [packageOf(30)], latency: { write: 1_000 } });
    const controller = new AbortController();
    const github = client(running, { signal: controller.signal });
    running.onRequest(() => controller.abort(new Error("cancelled")));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => on(github).deleteVersion(index + 1)),
    );
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    expect(running.requests.length).toBeLessThanOrEqual(10);
  });
});
