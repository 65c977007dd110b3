import {
  AT_FULL_SPEED,
  container,
  daysAgo,
  jobToken,
  npm,
  PAT,
  release,
  run,
  startWorld,
  verdictsOf,
  writesOf,
} from "../support/world";

/** An npm package with one version that goes and one that stays; ids 1 and 2, or 11 and 12, … */
function pair(name: string, tens = 0) {
  return npm(name, [release(10 * tens + 1, "1.0.0", 50), release(10 * tens + 2, "1.1.0", 40)]);
}

const NPM = { "package-type": "npm", keep: "semver: 1" };
const LIST = /^GET \/orgs\/acme\/packages\?/;

describe("packages that are named", () => {
  it("are never looked up in the list of packages, whatever characters they have", async () => {
    const names = ["100%", "@acme/ui", "a b+c", "deep/er/name"];
    const emulator = await startWorld(names.map((name, index) => pair(name, index)));
    const result = await run(emulator, { ...NPM, packages: names.join("\n") });
    expect(result.exitCode).toBe(0);
    expect(result.report?.packages.map(({ name }) => name)).toEqual(names);
    expect(result.sent.filter((line) => LIST.test(line))).toEqual([]);
    expect([...result.sent].sort()).toEqual(
      [
        "GET /users/acme",
        "GET /orgs/acme/packages/npm/%40acme%2Fui/versions?state=active&page=1&per_page=100",
        "GET /orgs/acme/packages/npm/a%20b%2Bc/versions?state=active&page=1&per_page=100",
        "GET /orgs/acme/packages/npm/deep%2Fer%2Fname/versions?state=active&page=1&per_page=100",
        "GET /orgs/acme/packages/npm/100%25/versions?state=active&page=1&per_page=100",
      ].sort(),
    );
  });

  it("may be separated by commas, or be a YAML list, and be excluded again", async () => {
    const emulator = await startWorld([pair("a"), pair("b", 1), pair("c", 2)]);
    const commas = await run(emulator, { ...NPM, packages: "c, a, b, !b" });
    const list = await run(emulator, { ...NPM, packages: '["c", a, "!b"]' });
    expect(commas.report?.packages.map(({ name }) => name)).toEqual(["a", "c"]);
    expect(list.report?.packages.map(({ name }) => name)).toEqual(["a", "c"]);
    expect([...commas.sent, ...list.sent].filter((line) => LIST.test(line))).toEqual([]);
  });
});

describe("an npm package", () => {
  it("is found with its owner's scope where GitHub names it without, and the other way round", async () => {
    const emulator = await startWorld([pair("ui"), pair("@acme/cli", 1)]);
    const result = await run(emulator, { ...NPM, packages: "@acme/ui, cli" });
    expect(result.exitCode).toBe(0);
    expect(result.report?.packages.map(({ name }) => name)).toEqual(["@acme/cli", "ui"]);
  });

  it("is matched by globs in both spellings, and is one package in both", async () => {
    const emulator = await startWorld([pair("ui"), pair("legacy", 1)]);
    const globbed = await run(emulator, { ...NPM, packages: "@acme/*, !@acme/legacy" });
    expect(globbed.report?.packages.map(({ name }) => name)).toEqual(["ui"]);
    const file = `policies:
  - {packages: ui, type: npm, keep: {semver: 1}}
  - {packages: "@acme/ui", type: npm, keep: {semver: 2}}
`;
    const inputs = { "policy-file": "p.yml", "dry-run": "false" };
    const twice = await run(emulator, inputs, { files: { "p.yml": file } });
    expect(twice.exitCode).toBe(1);
    expect(twice.annotations.errors.join()).toContain("is matched by two policies");
    expect(writesOf(twice)).toEqual([]);
  });

  it("fails for GitHub's trouble with the other spelling, and not for the first one's 404", async () => {
    const emulator = await startWorld([pair("ui")]);
    const trouble = { status: 500, body: { message: "Server Error" } };
    emulator.faults.add({ match: { path: "/npm/ui/versions", count: "always" }, answer: trouble });
    const result = await run(emulator, { ...NPM, packages: "@acme/ui" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors.join()).toContain("the npm package acme/ui: GitHub answered 500");
  });

  it("that is there in neither spelling is not found under the name that was given", async () => {
    const emulator = await startWorld([pair("ui")]);
    const result = await run(emulator, { ...NPM, packages: "@acme/nope" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors.join()).toContain(
      "the npm package acme/@acme/nope: GitHub answered 404",
    );
  });
});

describe("a glob or a regex", () => {
  it("has its engine in the bundle, which loads it when it is used first", async () => {
    const emulator = await startWorld([pair("ab"), pair("ac", 1), pair("ad", 2)]);
    const keep = "/(?i)1\\.0\\..*/: always\nrest: never";
    const result = await run(emulator, { "package-type": "npm", packages: "a[bc]", keep });
    expect(result.report?.packages.map(({ name }) => name).sort()).toEqual(["ab", "ac"]);
    expect(verdictsOf(result, "ac")).toEqual({
      11: ["keep", "/(?i)1\\.0\\..*/: always"],
      12: ["delete", "rest: never", "→ planned"],
    });
  });
});

describe("globs of packages", () => {
  it("are matched against the list of packages of that type, and what is excluded stays out", async () => {
    const emulator = await startWorld([
      pair("@acme/ui"),
      pair("@acme/ui-legacy", 1),
      pair("@acme/cli", 2),
      pair("tools", 3),
      container("@acme/ui", []),
    ]);
    const inputs = { ...NPM, packages: "@acme/*, tools, !*-legacy", "dry-run": "false" };
    const result = await run(emulator, inputs);
    expect(result.exitCode).toBe(0);
    expect(result.sent.filter((line) => LIST.test(line))).toEqual([
      "GET /orgs/acme/packages?package_type=npm&page=1&per_page=100",
    ]);
    expect(result.report?.packages.map(({ name }) => name).sort()).toEqual([
      "@acme/cli",
      "@acme/ui",
      "tools",
    ]);
    expect(emulator.activeIds("@acme/ui", "npm")).toEqual([2]);
    expect(emulator.activeIds("@acme/ui-legacy", "npm")).toEqual([11, 12]);
    expect(emulator.activeIds("@acme/cli", "npm")).toEqual([22]);
    expect(emulator.activeIds("tools", "npm")).toEqual([32]);
  });

  it("read every page of the list", async () => {
    const many = Array.from({ length: 230 }, (_, index) => npm(`p${index}`, []));
    const emulator = await startWorld([...many, pair("web-last")]);
    const result = await run(emulator, { ...NPM, packages: "web-*" });
    expect(result.report?.packages.map(({ name }) => name)).toEqual(["web-last"]);
    expect(result.sent.filter((line) => LIST.test(line)).sort()).toEqual([
      "GET /orgs/acme/packages?package_type=npm&page=1&per_page=100",
      "GET /orgs/acme/packages?package_type=npm&page=2&per_page=100",
      "GET /orgs/acme/packages?package_type=npm&page=3&per_page=100",
    ]);
  });

  it("list the token's own packages, private ones too", async () => {
    const mine = { ...pair("web-mine"), owner: "mona" };
    const emulator = await startWorld([mine]);
    const result = await run(emulator, { ...NPM, owner: "mona", packages: "*" });
    expect(result.report?.packages.map(({ name }) => name)).toEqual(["web-mine"]);
    expect(result.sent).toContain("GET /user/packages?package_type=npm&page=1&per_page=100");
  });

  it("need a token that may list: with GITHUB_TOKEN the message says which ones may", async () => {
    const emulator = await startWorld([pair("web")], { tokens: [jobToken("web")] });
    const result = await run(emulator, { ...NPM, packages: "w*", "dry-run": "false" });
    expect(result.exitCode).toBe(1);
    expect(result.outputs.status).toBe("failed");
    expect(result.annotations.errors).toEqual([
      "Cannot list the npm packages of acme: GitHub answered 403: Resource not accessible by integration. GITHUB_TOKEN " +
        "cannot list packages: name them in the input packages, without globs, or use a classic personal access token " +
        "with read:packages.",
    ]);
    expect(result.summary).toContain("GITHUB&#95;TOKEN cannot list packages");
    expect(writesOf(result)).toEqual([]);
  });

  it.each([
    ["wb*, api-?", "No npm package of acme matches wb*, api-?: check `packages` and the package type."],
    ["web*, !web", "No npm package of acme matches web*, !web: check `packages` and the package type."],
    ["web, !w*", "No npm package of acme matches web, !w*: check `packages` and the package type."],
  ])("that match no package, %s, fail the run before anything is deleted", async (packages, message) => {
    const emulator = await startWorld([pair("web")]);
    const result = await run(emulator, { ...NPM, packages, "dry-run": "false" });
    expect(result.exitCode).toBe(1);
    expect(result.outputs.status).toBe("failed");
    expect(result.annotations.errors).toEqual([message]);
    expect(writesOf(result)).toEqual([]);
  });
});

describe("a policy file", () => {
  const POLICIES = [
    "timezone: Europe/Berlin",
    "policies:",
    '  - packages: ["@acme/*", "!@acme/old"]',
    "    type: npm",
    "    keep:",
    "      semver: {last: 1}",
    "  - packages: app",
    "    keep:",
    "      v*: always",
    "      pr-*: 14d",
    "    min-keep: 2",
  ].join("\n");
  const APP = container("app", [
    { id: 101, tags: ["pr-1"], createdAt: daysAgo(40) },
    { id: 102, tags: ["pr-2"], createdAt: daysAgo(30) },
    { id: 103, tags: ["v1"], createdAt: daysAgo(50) },
  ]);

  it("has a policy for each kind of package", async () => {
    const emulator = await startWorld([pair("@acme/ui"), pair("@acme/old", 1), APP]);
    const result = await run(
      emulator,
      { "policy-file": "retention.yml", "dry-run": "false" },
      { files: { "retention.yml": POLICIES } },
    );
    expect(result.exitCode).toBe(0);
    expect(result.annotations.warnings).toEqual([]);
    expect(verdictsOf(result, "@acme/ui")).toEqual({
      2: ["keep", "semver: last 1"],
      1: ["delete", "semver: beyond the last 1", "→ deleted"],
    });
    expect(verdictsOf(result, "app")).toEqual({
      103: ["keep", "v*: always"],
      102: ["keep", "min-keep"],
      101: ["delete", "pr-*: older than 14d", "→ deleted"],
    });
    expect(result.outputs).toMatchObject({ "planned-count": "2", "deleted-count": "2", "kept-count": "3" });
    expect(JSON.parse(result.outputs.results ?? "")).toMatchObject([
      { type: "npm", name: "@acme/ui", status: "complete", kept: 1, planned: 1, deleted: 1 },
      { type: "container", name: "app", status: "complete", kept: 2, planned: 1, deleted: 1 },
    ]);
    expect(emulator.activeIds("@acme/old", "npm")).toEqual([11, 12]);
  });

  it("in which two policies match a package is refused before anything is deleted", async () => {
    const emulator = await startWorld([pair("web"), pair("api", 1)]);
    const both = [
      "policies:",
      "  - {packages: [api], type: npm, keep: {semver: 1}}",
      "  - {packages: [web], type: npm, keep: {semver: 1}}",
      '  - {packages: ["w*"], type: npm, keep: {semver: 2}}',
    ].join("\n");
    const result = await run(
      emulator,
      { "policy-file": "retention.yml", "dry-run": "false" },
      { files: { "retention.yml": both } },
    );
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors).toEqual([
      'The npm package web is matched by two policies: exclude it from one of them with "!web".',
    ]);
    expect(writesOf(result)).toEqual([]);
  });

  it("may name packages of one name and different types", async () => {
    const emulator = await startWorld([pair("app"), APP]);
    const both =
      "policies:\n  - {packages: app, type: npm, keep: {semver: 1}}\n  - {packages: app, keep: {pr-*: 14d}}";
    const result = await run(emulator, { "policy-file": "r.yml" }, { files: { "r.yml": both } });
    expect(result.exitCode).toBe(0);
    expect(result.report?.packages.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "container app",
      "npm app",
    ]);
  });
});

describe("the failure of one package", () => {
  it("does not stop the others, and the step fails at the end and names it", async () => {
    const emulator = await startWorld([pair("good"), pair("broken", 1)]);
    emulator.faults.add({
      match: { path: "/npm/broken/versions", count: "always" },
      answer: { status: 500, body: { message: "Server Error" } },
    });
    const result = await run(emulator, { ...NPM, packages: "unknown, broken, good", "dry-run": "false" });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ status: "failed", "deleted-count": "1", "kept-count": "1" });
    expect(result.annotations.errors).toEqual([
      "Cannot list the versions of the npm package acme/broken: GitHub answered 500: Server Error. Run the " +
        "action again later.\n" +
        "Cannot list the versions of the npm package acme/unknown: GitHub answered 404: Package not found. Check the name " +
        "and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the " +
        'repository needs a role under "Manage Actions access" in the settings of the package ' +
        "(https://github.com/orgs/acme/packages/npm/unknown/settings).",
    ]);
    expect(result.report?.packages).toMatchObject([
      { name: "broken", status: "failed", versions: [] },
      { name: "good", status: "complete", counts: { kept: 1, planned: 1, deleted: 1 } },
      { name: "unknown", status: "failed", counts: { kept: 0, planned: 0 }, versions: [] },
    ]);
    expect(emulator.activeIds("good", "npm")).toEqual([2]);
    expect(emulator.activeIds("broken", "npm")).toEqual([11, 12]);
  });
});

describe("a package of several pages", () => {
  it("is read wholly before anything is deleted, and once more right before", async () => {
    const versions = Array.from({ length: 250 }, (_, index) =>
      release(index + 1, `1.0.${index}`, 300 - index),
    );
    const emulator = await startWorld([npm("big", versions)], { limits: { secondary: false } });
    const result = await run(
      emulator,
      { ...NPM, keep: "semver: 240", packages: "big", "dry-run": "false", ...AT_FULL_SPEED.inputs },
      { env: AT_FULL_SPEED.env },
    );
    expect(result.exitCode).toBe(0);
    const page = (number: number) =>
      `GET /orgs/acme/packages/npm/big/versions?state=active&page=${number}&per_page=100`;
    const firstDelete = result.sent.findIndex((line) => line.startsWith("DELETE"));
    expect(result.sent.slice(0, 2)).toEqual(["GET /users/acme", page(1)]);
    expect(result.sent.slice(2, 4).sort()).toEqual([page(2), page(3)]);
    expect(result.sent[4]).toBe(page(1));
    expect(result.sent.slice(5, firstDelete).sort()).toEqual([page(2), page(3)]);
    expect(result.sent.slice(firstDelete)).toHaveLength(10);
    expect(result.outputs).toMatchObject({ "kept-count": "240", "deleted-count": "10" });
    expect(emulator.activeIds("big", "npm")).toEqual(Array.from({ length: 240 }, (_, index) => index + 11));
  });

  it("of which one page cannot be read is left alone", async () => {
    const versions = Array.from({ length: 150 }, (_, index) =>
      release(index + 1, `1.0.${index}`, 300 - index),
    );
    const emulator = await startWorld([npm("big", versions)], { tokens: [PAT] });
    emulator.faults.add({
      match: { path: "/npm/big/versions.*[?&]page=2", count: "always" },
      answer: { status: 404, body: { message: "Package not found." } },
    });
    const result = await run(emulator, { ...NPM, packages: "big", "dry-run": "false" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors[0]).toMatch(
      /^Cannot list the versions of the npm package acme\/big: GitHub answered 404: /,
    );
    expect(writesOf(result)).toEqual([]);
  });
});

describe("a package that two policies name in different case", () => {
  it("is refused where names ignore case", async () => {
    const emulator = await startWorld([npm("web", [release(1, "1.0.0", 50), release(2, "1.1.0", 40)])]);
    const both = [
      "policies:",
      "  - {packages: [web], type: npm, keep: {semver: always}}",
      "  - {packages: [Web], type: npm, keep: {semver: never}}",
    ].join("\n");
    const inputs = { "policy-file": "retention.yml", "dry-run": "false" };
    const result = await run(emulator, inputs, { files: { "retention.yml": both } });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors).toEqual([
      'The npm package Web is matched by two policies: exclude it from one of them with "!Web".',
    ]);
    expect(writesOf(result)).toEqual([]);
  });
});
