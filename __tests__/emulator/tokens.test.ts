import type { EmulatorData } from "../../emulator/data";
import { acme, answered, ask, GITHUB_TOKEN, PAT, start } from "./fixture";

const APP = "/orgs/acme/packages/container/app";

function withToken(token: EmulatorData["tokens"][number]): Partial<EmulatorData> {
  return { tokens: [token] };
}

function pat(scopes: string[], more: object = {}): EmulatorData["tokens"][number] {
  return { kind: "pat", token: "t", login: "mona", scopes, ...more };
}

describe("without a token it knows", () => {
  it("answers 401", async () => {
    const emulator = await start();
    expect(answered(await ask(emulator, "GET", APP, "wrong"))).toBe("401 Bad credentials");
    expect(answered(await ask(emulator, "GET", APP, null))).toBe("401 Requires authentication");
  });

  it("still tells what kind of account a name is", async () => {
    const emulator = await start();
    expect((await ask(emulator, "GET", "/users/ACME", null)).body).toMatchObject({
      login: "acme",
      type: "Organization",
    });
    expect((await ask(emulator, "GET", "/users/mona", null)).body).toMatchObject({
      login: "mona",
      type: "User",
    });
    expect(answered(await ask(emulator, "GET", "/users/nobody", null))).toBe("404 Not Found");
  });
});

describe("a personal access token", () => {
  it("is known by its owner and its scopes", async () => {
    const { body, headers } = await ask(await start(), "GET", "/user");
    expect(body).toMatchObject({ login: "mona", type: "User" });
    expect(headers.get("x-oauth-scopes")).toBe("repo, write:packages, delete:packages");
  });

  it.each([
    [["repo"], "GET", APP, "403 You need at least read:packages scope to get a package."],
    [["read:packages"], "GET", APP, "200 done"],
    [["write:packages"], "GET", APP, "200 done"],
    [
      ["read:packages"],
      "DELETE",
      `${APP}/versions/5`,
      "403 You need at least delete:packages scope to delete a package.",
    ],
    [["read:packages", "delete:packages"], "DELETE", `${APP}/versions/5`, "204 done"],
    [
      ["read:packages", "delete:packages"],
      "POST",
      `${APP}/versions/4/restore`,
      "403 You need at least write:packages scope to restore a package.",
    ],
    [["write:packages"], "POST", `${APP}/versions/4/restore`, "204 done"],
    [
      ["write:packages"],
      "GET",
      "/orgs/acme/packages/docker/old",
      "403 You need at least repo scope to get a package.",
    ],
  ] as const)("with the scopes %j: %s %s answers %s", async (scopes, method, path, expected) => {
    const emulator = await start(withToken(pat([...scopes])));
    expect(answered(await ask(emulator, method, path, "t"))).toBe(expected);
  });

  it("reads an organization's private packages as a member, deletes as an admin, sees nothing otherwise", async () => {
    const owners = (access: object): Partial<EmulatorData> => ({
      owners: [
        { login: "acme", type: "Organization", ...access },
        { login: "mona", type: "User" },
      ],
    });
    const member = await start(owners({ admins: [], members: ["mona"] }));
    expect(answered(await ask(member, "GET", APP))).toBe("200 done");
    expect(answered(await ask(member, "DELETE", `${APP}/versions/5`))).toBe("404 Package not found.");
    const admin = await start(owners({ admins: ["Mona"] }));
    expect(answered(await ask(admin, "DELETE", `${APP}/versions/5`))).toBe("204 done");
    const stranger = await start(owners({ admins: [] }));
    expect(answered(await ask(stranger, "GET", APP))).toBe("404 Package not found.");
    expect(answered(await ask(stranger, "GET", "/orgs/acme/packages/npm/@acme%2Ftools"))).toBe("200 done");
  });

  it("must be authorized for an organization with SSO", async () => {
    const emulator = await start(withToken(pat(["read:packages"], { ssoRequired: ["acme"] })));
    const answer = await ask(emulator, "GET", APP, "t");
    expect(answered(answer)).toBe(
      "403 Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
    );
    expect(answer.headers.get("x-github-sso")).toBe(
      "required; url=https://github.com/orgs/acme/sso?authorization_request=emulated",
    );
    expect(answered(await ask(emulator, "GET", "/user/packages/container/secret", "t"))).toBe("200 done");
  });
});

describe("a GITHUB_TOKEN", () => {
  it("deletes where its repository has the Admin role", async () => {
    const emulator = await start();
    expect(answered(await ask(emulator, "DELETE", `${APP}/versions/5`, GITHUB_TOKEN))).toBe("204 done");
  });

  it.each([
    ["no Admin role", { admin: [] }],
    ["packages: read", { packages: "read", admin: ["app"] }],
  ] as const)("with %s lists, and gets a 404 for a deletion", async (_, change) => {
    const token = { kind: "github-token", token: "t", repository: "acme/app", packages: "write" } as const;
    const emulator = await start(withToken({ ...token, ...change, admin: [...change.admin] }));
    expect(answered(await ask(emulator, "GET", `${APP}/versions`, "t"))).toBe("200 done");
    for (const [method, path] of [
      ["DELETE", `${APP}/versions/5`],
      ["DELETE", APP],
      ["POST", `${APP}/versions/4/restore`],
    ] as const)
      expect(answered(await ask(emulator, method, path, "t"))).toBe("404 Package not found.");
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 5]);
  });

  it.each([
    ["no Admin role", { packages: "write" }],
    ["packages: read", { packages: "read", admin: ["app"] }],
  ] as const)("with %s restores no package", async (_, change) => {
    const job = { kind: "github-token", token: "t", repository: "acme/app" } as const;
    const [app] = acme().packages;
    if (!app) throw new Error("the fixture has a package");
    const emulator = await start({
      packages: [{ ...app, deletedAt: "1d ago" }],
      tokens: [{ ...job, packages: change.packages, ...("admin" in change && { admin: [...change.admin] }) }],
    });
    expect(answered(await ask(emulator, "POST", `${APP}/restore`, "t"))).toBe("404 Package not found.");
    expect(emulator.activeIds("app")).toEqual([]);
  });

  it("lists no packages, has no account, and reaches nothing below /user", async () => {
    const emulator = await start();
    const integration = "403 Resource not accessible by integration";
    expect(answered(await ask(emulator, "GET", "/orgs/acme/packages?package_type=npm", GITHUB_TOKEN))).toBe(
      integration,
    );
    expect(answered(await ask(emulator, "GET", "/user", GITHUB_TOKEN))).toBe(integration);
    expect(answered(await ask(emulator, "GET", "/user/packages?package_type=npm", GITHUB_TOKEN))).toBe(
      "404 Not Found",
    );
    expect(answered(await ask(emulator, "GET", "/user/packages/container/site/versions", GITHUB_TOKEN))).toBe(
      "404 Not Found",
    );
  });

  it("reads nothing private of other repositories", async () => {
    const emulator = await start({
      packages: acme().packages.map((one) =>
        one.name === "app" ? { ...one, repository: "acme/other", name: "other" } : one,
      ),
    });
    expect(answered(await ask(emulator, "GET", "/orgs/acme/packages/container/other", GITHUB_TOKEN))).toBe(
      "404 Package not found.",
    );
  });

  describe("and the private packages of its user", () => {
    const SECRET = "packages/container/secret";
    const withOption = (privateUserPackages?: object) =>
      start({
        packages: acme().packages.map((one) => (one.name === "secret" ? { ...one, id: 77 } : one)),
        tokens: [
          {
            kind: "github-token",
            token: "t",
            repository: "mona/site",
            packages: "write",
            admin: ["secret", "site"],
            ...(privateUserPackages && { privateUserPackages }),
          } as EmulatorData["tokens"][number],
        ],
      });
    const ofSecret = async (options: object | undefined, method: string, prefix: string, more = "") =>
      answered(await ask(await withOption(options), method, `${prefix}/${SECRET}${more}`, "t"));

    it("finds them below /users, unless said otherwise", async () => {
      expect(await ofSecret(undefined, "GET", "/users/mona", "/versions")).toBe("200 done");
      expect(await ofSecret(undefined, "GET", "/user", "/versions")).toBe("404 Not Found");
    });

    it.each([
      [403, "403 Resource not accessible by integration"],
      [404, "404 Package not found."],
    ])("is refused there with a %i, and finds them below /user", async (status, refusal) => {
      expect(await ofSecret({ status }, "GET", "/users/mona")).toBe(refusal);
      expect(await ofSecret({ status }, "GET", "/users/mona", "/versions")).toBe(refusal);
      expect(await ofSecret({ status }, "DELETE", "/users/mona")).toBe(refusal);
      const emulator = await withOption({ status });
      const { body } = await ask(emulator, "GET", `/user/${SECRET}`, "t");
      expect(body).toMatchObject({ id: 77, owner: { login: "mona" } });
      const [version] = emulator.package("secret").versions;
      const path = `/user/${SECRET}/versions/${version?.id}`;
      expect(answered(await ask(emulator, "DELETE", path, "t"))).toBe("204 done");
      expect(answered(await ask(emulator, "POST", `${path}/restore`, "t"))).toBe("204 done");
      expect((await ask(emulator, "GET", "/users/mona/packages/container/site", "t")).status).toBe(200);
      expect((await ask(emulator, "GET", "/user/packages?package_type=npm", "t")).status).toBe(403);
    });

    it("may be refused changes alone, and may find no way around", async () => {
      const options = { status: 403, reads: true };
      expect(await ofSecret(options, "GET", "/users/mona", "/versions")).toBe("200 done");
      expect(await ofSecret(options, "DELETE", "/users/mona")).toBe(
        "403 Resource not accessible by integration",
      );
      expect(await ofSecret({ status: 404, user: false }, "GET", "/user")).toBe("404 Not Found");
    });
  });

  it("may do nothing without any permission for packages", async () => {
    const emulator = await start(
      withToken({ kind: "github-token", token: "t", repository: "acme/app", packages: "none" }),
    );
    expect(answered(await ask(emulator, "GET", APP, "t"))).toBe("403 Resource not accessible by integration");
  });
});

it("tells users and organizations apart", async () => {
  const emulator = await start();
  expect(answered(await ask(emulator, "GET", "/orgs/mona/packages/container/site", PAT))).toBe(
    "404 Not Found",
  );
  expect(answered(await ask(emulator, "GET", "/users/acme/packages/container/app", PAT))).toBe(
    "404 Not Found",
  );
});
