import type { PackageData, TokenData } from "../../emulator/data";
import { imageManifest, versionOf } from "../../emulator/images";
import { jobToken, PAT, release, run, startWorld, verdictsOf, writesOf } from "../support/world";

const TYPES = ["container", "npm", "maven", "nuget", "rubygems", "docker"] as const;
const KEEP = "semver: 1";
const NAMES: Record<(typeof TYPES)[number], string> = {
  container: "team/app",
  npm: "@mona/ui",
  maven: "com.mona.tool",
  nuget: "Mona.Tool",
  rubygems: "mona-tool",
  docker: "web/old",
};

/** Three releases of a package; of a container or docker package they are tags. */
function threeReleases(owner: string, type: PackageData["type"], more: Partial<PackageData>): PackageData {
  const isImage = type === "container" || type === "docker";
  const versions = ["1.0.0", "1.1.0", "1.2.0"].map((name, index) => {
    const version = release(index + 1, name, 50 - index);
    if (!isImage) return version;
    return versionOf(imageManifest(name), { ...version, tags: [name] });
  });
  return { owner, type, name: "tool", versions, ...more };
}

const VERDICTS = {
  3: ["keep", "semver: last 1"],
  2: ["delete", "semver: beyond the last 1"],
  1: ["delete", "semver: beyond the last 1"],
};

function verdictsWith(outcome: string): Record<number, string[]> {
  return {
    ...VERDICTS,
    2: [...VERDICTS[2], `→ ${outcome}`],
    1: [...VERDICTS[1], `→ ${outcome}`],
  };
}

describe.each(TYPES)("private %s packages of the token's own account", (type) => {
  const name = NAMES[type];

  it("are seen and deleted by way of /user", async () => {
    const emulator = await startWorld([threeReleases("mona", type, { name, visibility: "private" })]);
    const inputs = { owner: "mona", packages: name, "package-type": type, keep: KEEP };
    const path = `/user/packages/${type}/${encodeURIComponent(name)}/versions`;

    const dry = await run(emulator, inputs);
    expect(dry.exitCode).toBe(0);
    expect(verdictsOf(dry)).toEqual(verdictsWith("planned"));
    expect(dry.report?.owner).toBe("mona");
    expect(dry.sent.slice(0, 3)).toEqual([
      "GET /users/mona",
      "GET /user",
      `GET ${path}?state=active&page=1&per_page=100`,
    ]);
    expect(writesOf(dry)).toEqual([]);

    const applied = await run(emulator, { ...inputs, "dry-run": "false" });
    expect(applied.exitCode).toBe(0);
    expect(applied.outputs).toMatchObject({ status: "complete", "deleted-count": "2", "kept-count": "1" });
    expect(verdictsOf(applied)).toEqual(verdictsWith("deleted"));
    expect(writesOf(applied)).toEqual([`DELETE ${path}/2`, `DELETE ${path}/1`]);
    expect(emulator.activeIds(name, type)).toEqual([3]);
  });
});

describe.each(TYPES)("public %s packages of another user", (type) => {
  const name = NAMES[type];

  it("can be planned with a personal access token, and not deleted", async () => {
    const emulator = await startWorld([threeReleases("hubot", type, { name, visibility: "public" })]);
    const inputs = { owner: "Hubot", packages: name, "package-type": type, keep: KEEP };
    const path = `/users/hubot/packages/${type}/${encodeURIComponent(name)}/versions`;
    const page = encodeURIComponent(name.replace("@mona/", ""));
    const settings = `https://github.com/users/hubot/packages/${type}/${page}/settings`;

    const dry = await run(emulator, inputs);
    expect(dry.exitCode).toBe(0);
    expect(verdictsOf(dry)).toEqual(verdictsWith("planned"));
    expect(dry.report?.owner).toBe("hubot");
    expect(dry.sent.slice(0, 3)).toEqual([
      "GET /users/Hubot",
      "GET /user",
      `GET ${path}?state=active&page=1&per_page=100`,
    ]);
    expect(writesOf(dry)).toEqual([]);

    const applied = await run(emulator, { ...inputs, "dry-run": "false" });
    expect(applied.exitCode).toBe(1);
    expect(applied.outputs).toMatchObject({
      status: "failed",
      "planned-count": "2",
      "deleted-count": "0",
      "failed-count": "1",
      "remaining-count": "1",
    });
    const ofRepository = type === "maven" || type === "docker";
    expect(applied.annotations.errors).toEqual([
      `Cannot delete version 2 of the ${type} package hubot/${name}: GitHub answered 404: Package not found. ` +
        (ofRepository
          ? `Packages of type ${type} have the rights of their repository. With GITHUB_TOKEN: run the action in that ` +
            'repository, and give the job "permissions: packages: write". With a classic personal access token: it needs ' +
            "repo, read:packages and delete:packages, and its owner the Admin role on the repository."
          : 'With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under ' +
            `"Manage Actions access" in the settings of the package (${settings}). With a classic personal access token: it ` +
            "needs read:packages and delete:packages, and its owner the Admin role on the package."),
    ]);
    expect(writesOf(applied)).toEqual([`DELETE ${path}/2`]);
    expect(emulator.activeIds(name, type)).toEqual([1, 2, 3]);
  });
});

describe("packages of a user, with the GITHUB_TOKEN of the user's repository", () => {
  const token: TokenData = {
    kind: "github-token",
    token: "job-token",
    repository: "mona/site",
    packages: "write",
    admin: ["site"],
  };

  it("are deleted by way of /users, since that token is nobody's account", async () => {
    const site = threeReleases("mona", "container", { name: "site", repository: "mona/site" });
    const emulator = await startWorld([site], { tokens: [token] });
    const result = await run(emulator, { owner: "", keep: KEEP, "dry-run": "false" });
    expect(result.exitCode).toBe(0);
    expect(verdictsOf(result)).toEqual(verdictsWith("deleted"));
    expect(writesOf(result)).toEqual([
      "DELETE /users/mona/packages/container/site/versions/2",
      "DELETE /users/mona/packages/container/site/versions/1",
    ]);
    expect(emulator.requests.find(({ path }) => path === "/user")?.status).toBe(403);
  });
});

describe("packages of an organization, with the GITHUB_TOKEN of a repository", () => {
  it("are those of the repository's name where nothing else is said", async () => {
    const app = threeReleases("acme", "container", { name: "app", repository: "acme/App" });
    const emulator = await startWorld([app], { tokens: [jobToken("app")] });
    const result = await run(
      emulator,
      { owner: "", keep: KEEP, "dry-run": "false" },
      { env: { GITHUB_REPOSITORY: "acme/App", GITHUB_REPOSITORY_OWNER: "acme" } },
    );
    expect(result.exitCode).toBe(0);
    expect(result.sent[1]).toBe(
      "GET /orgs/acme/packages/container/app/versions?state=active&page=1&per_page=100",
    );
    expect(emulator.activeIds("app")).toEqual([3]);
  });

  it("may be internal ones", async () => {
    const tools = threeReleases("acme", "npm", { visibility: "internal", repository: "acme/app" });
    const emulator = await startWorld([tools], { tokens: [jobToken("tool")] });
    const inputs = { packages: "tool", "package-type": "npm", keep: KEEP, "dry-run": "false" };
    expect((await run(emulator, inputs)).exitCode).toBe(0);
    expect(emulator.activeIds("tool", "npm")).toEqual([3]);
  });
});

describe("an owner", () => {
  it("that does not exist ends the run, and the message says so", async () => {
    const emulator = await startWorld([threeReleases("acme", "npm", {})]);
    const result = await run(emulator, {
      owner: "acmee",
      packages: "tool",
      "package-type": "npm",
      keep: KEEP,
      "dry-run": "false",
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs.status).toBe("failed");
    expect(result.annotations.errors).toEqual([
      'There is no user or organization "acmee": check the input owner.',
    ]);
    expect(result.sent).toEqual(["GET /users/acmee"]);
    expect(result.report).toMatchObject({ status: "failed", owner: "acmee", packages: [] });
  });

  it("cannot be looked up with a token that is not valid", async () => {
    const emulator = await startWorld([threeReleases("acme", "npm", {})]);
    const result = await run(
      emulator,
      { packages: "tool", "package-type": "npm", keep: KEEP },
      { token: "expired-token" },
    );
    expect(result.exitCode).toBe(1);
    expect(result.outputs.status).toBe("failed");
    expect(result.annotations.errors).toEqual([
      'Cannot look up the owner "acme": GitHub answered 401: Bad credentials. The token is not valid (expired, ' +
        "revoked or mistyped): check the input token.",
    ]);
    expect(result.stdout.replace("::add-mask::expired-token", "")).not.toContain("expired-token");
  });
});

describe("a GitHub Enterprise Server", () => {
  it("is asked below its own path, whatever the kind of owner", async () => {
    const packages = [threeReleases("acme", "npm", {}), threeReleases("mona", "npm", { name: "mine" })];
    const emulator = await startWorld(packages, { apiPath: "/api/v3", tokens: [PAT] });
    const inputs = { "package-type": "npm", keep: KEEP, "dry-run": "false" };
    const env = { GITHUB_SERVER_URL: "https://github.example.com" };
    const organization = await run(emulator, { ...inputs, packages: "tool" }, { env });
    expect(organization.exitCode).toBe(0);
    expect(organization.sent).toEqual([
      "GET /api/v3/users/acme",
      "GET /api/v3/orgs/acme/packages/npm/tool/versions?state=active&page=1&per_page=100",
      "GET /api/v3/orgs/acme/packages/npm/tool/versions?state=active&page=1&per_page=100",
      "DELETE /api/v3/orgs/acme/packages/npm/tool/versions/2",
      "DELETE /api/v3/orgs/acme/packages/npm/tool/versions/1",
    ]);
    const own = await run(emulator, { ...inputs, owner: "mona", packages: "mine" }, { env });
    expect(own.exitCode).toBe(0);
    expect(own.sent.slice(0, 3)).toEqual([
      "GET /api/v3/users/mona",
      "GET /api/v3/user",
      "GET /api/v3/user/packages/npm/mine/versions?state=active&page=1&per_page=100",
    ]);
    expect(emulator.activeIds("tool", "npm")).toEqual([3]);
  });
});
