import { explainRefusal, type Refusal } from "../../src/github/github-error";

const app = { type: "container", name: "app" } as const;

function explain(changes: Partial<Refusal>): string {
  return explainRefusal({
    operation: "deleteVersion",
    owner: "octo-org",
    subject: app,
    status: 404,
    message: "Package not found.",
    headers: {},
    ...changes,
  });
}

describe("a package that is not found", () => {
  const notFound = (name: string, changes: Partial<Refusal> = {}) =>
    explainRefusal({
      operation: "listVersions",
      owner: "Acme",
      subject: { type: "container", name },
      status: 404,
      message: "Package not found.",
      headers: {},
      ...changes,
    });

  it.each([
    ["ghcr.io/acme/api", "api"],
    ["https://ghcr.io/acme/team/api", "team/api"],
    ["localhost:5000/other/api", "api"],
    ["acme/api", "api"],
    ["acme/team/api", "team/api"],
  ])("by the name %s may be there by its bare name", (name, bare) => {
    expect(notFound(name)).toContain(
      `Package not found. Write "${bare}", without registry and owner. Check the name`,
    );
  });

  it("by a name with blanks may be several", () => {
    expect(notFound("api web-shop")).toContain(
      "Package not found. Separate the names of several packages by commas, or write one per line. Check the name",
    );
  });

  it.each(["api", "team/api", "@acme/api", "acme", "api.js", "api.js/web"])("has no hint for %s", (name) => {
    expect(notFound(name)).toContain("Package not found. Check the name");
  });

  it("has no hint where the right to delete is missing", () => {
    expect(notFound("acme/api", { operation: "deleteVersion" })).not.toContain("without registry");
  });
});

describe("what GitHub refused is explained", () => {
  it("for a token that can read but not delete", () => {
    expect(explain({ version: 42 })).toBe(
      "Cannot delete version 42 of the container package octo-org/app: GitHub answered 404: Package not found. " +
        'With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under ' +
        '"Manage Actions access" in the settings of the package. With a classic personal access token: it needs ' +
        "read:packages and delete:packages, and its owner the Admin role on the package.",
    );
  });

  it("with the address of the settings where a right is missing", () => {
    const settingsUrl = "https://github.com/orgs/octo-org/packages/container/app/settings";
    const access = `"Manage Actions access" in the settings of the package (${settingsUrl})`;
    expect(explain({ version: 42, settingsUrl })).toContain(`the Admin role under ${access}. With a classic`);
    const listing = { operation: "listVersions", settingsUrl } as const;
    expect(explain({ ...listing, status: 403, message: "Forbidden" })).toContain(`a role under ${access}.`);
    expect(explain(listing)).toContain(`the repository needs a role under ${access}.`);
    expect(explain({ ...listing, status: 502, message: "Bad Gateway" })).not.toContain(settingsUrl);
  });

  it("for a token that may not restore", () => {
    const text = explain({ operation: "restoreVersion", version: 42, status: 403, message: "Forbidden" });
    expect(text).toMatch(
      /^Cannot restore version 42 of the container package octo-org\/app: GitHub answered 403: Forbidden\./,
    );
    expect(text).toContain("it needs read:packages and write:packages");
  });

  it("for SAML, with the address where the token is authorized", () => {
    expect(
      explain({
        operation: "listVersions",
        status: 403,
        message: "Resource protected by organization SAML enforcement. You must grant your token access.",
        headers: {
          "x-github-sso": "required; url=https://github.com/orgs/octo-org/sso?authorization_request=A1",
        },
      }),
    ).toBe(
      "Cannot list the versions of the container package octo-org/app: GitHub answered 403: Resource protected by " +
        "organization SAML enforcement. You must grant your token access. The organization enforces SAML single " +
        "sign-on: authorize the token for it at https://github.com/orgs/octo-org/sso?authorization_request=A1.",
    );
  });

  it("for a token that is not valid", () => {
    expect(explain({ operation: "listVersions", status: 401, message: "Bad credentials" })).toBe(
      "Cannot list the versions of the container package octo-org/app: GitHub answered 401: Bad credentials. " +
        "The token is not valid (expired, revoked or mistyped): check the input token.",
    );
  });

  it("for a package that is not shown", () => {
    const text = explain({ operation: "listVersions", status: 404 });
    expect(text).toContain("Check the name and the package-type.");
    expect(text).toContain("A private package of a user is shown only to a token of that user");
  });

  it("for a token that cannot list packages", () => {
    expect(
      explain({
        operation: "listPackages",
        subject: { type: "npm" },
        status: 403,
        message: "Resource not accessible by integration",
      }),
    ).toBe(
      "Cannot list the npm packages of octo-org: GitHub answered 403: Resource not accessible by integration. " +
        "GITHUB_TOKEN cannot list packages: name them in the input packages, without globs, or use a classic " +
        "personal access token with read:packages.",
    );
  });

  it.each([
    [429, "Too many requests"],
    [403, "You have exceeded a secondary rate limit."],
  ])("for a limit that does not end (%s), which is no missing right", (status, message) => {
    expect(explain({ version: 42, status, message })).toMatch(
      /^Cannot delete version 42 .*\. GitHub keeps asking to slow down: run the action again later, or with a lower `deletes-per-minute`\.$/,
    );
  });

  it("for GitHub's own trouble", () => {
    expect(explain({ operation: "listVersions", status: 502, message: "Bad Gateway" })).toBe(
      "Cannot list the versions of the container package octo-org/app: GitHub answered 502: Bad Gateway. " +
        "Run the action again later.",
    );
    expect(explain({ operation: "listVersions", status: 0, message: "connect ECONNREFUSED" })).toBe(
      "Cannot list the versions of the container package octo-org/app: GitHub did not answer: connect ECONNREFUSED. " +
        "Run the action again later.",
    );
  });
});
