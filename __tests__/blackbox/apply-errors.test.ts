import type { PackageData, TokenData, VersionData } from "../../emulator/data";
import {
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

const APPLY = { "package-type": "npm", keep: "semver: 1", "dry-run": "false" };

/** Three releases of an npm package: the first two go, the last one stays. */
function three(name: string, tens = 0, more: Partial<PackageData> = {}, first: Partial<VersionData> = {}) {
  const id = 10 * tens;
  const versions = [
    { ...release(id + 1, "1.0.0", 50), ...first },
    release(id + 2, "1.1.0", 40),
    release(id + 3, "1.2.0", 30),
  ];
  return { ...npm(name, versions), ...more };
}

function deleteRights(name: string): string {
  return (
    'With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage ' +
    `Actions access" in the settings of the package (https://github.com/orgs/acme/packages/npm/${name}/settings). With a ` +
    "classic personal access token: it needs read:packages and delete:packages, and its owner the Admin role on the package."
  );
}

function refusedMessage(name: string, id: number, answer: string): string {
  return `Cannot delete version ${id} of the npm package acme/${name}: GitHub answered ${answer}. ${deleteRights(name)}`;
}

describe("a deletion that GitHub answers with 404", () => {
  it("of a version that is really gone counts as deleted, and the run goes on", async () => {
    const emulator = await startWorld([three("ui")]);
    emulator.onRequest((_, { method }) => {
      const second = emulator.package("ui", "npm").versions.find(({ id }) => id === 2);
      if (method === "DELETE" && second) second.deletedAt ??= Date.now();
    });
    const result = await run(emulator, { ...APPLY, packages: "ui" });
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toEqual({ errors: [], warnings: [], notices: [] });
    expect(result.outputs).toMatchObject({ status: "complete", "deleted-count": "2", "failed-count": "0" });
    expect(verdictsOf(result)).toEqual({
      3: ["keep", "semver: last 1"],
      2: ["delete", "semver: beyond the last 1", "→ gone"],
      1: ["delete", "semver: beyond the last 1", "→ deleted"],
    });
    expect(result.sent.slice(-2)).toEqual([
      "DELETE /orgs/acme/packages/npm/ui/versions/2",
      "DELETE /orgs/acme/packages/npm/ui/versions/1",
    ]);
  });

  it("of a version that is still there stops that package after one try, and says which right is missing", async () => {
    const repository = { repository: "acme/app" };
    const packages = [three("a", 0, repository), three("b", 1, repository), three("c", 2, repository)];
    const emulator = await startWorld(packages, { tokens: [jobToken("a", "c")] });
    const result = await run(emulator, { ...APPLY, packages: "a, b, c" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors).toEqual([refusedMessage("b", 12, "404: Package not found")]);
    expect(result.outputs).toMatchObject({
      status: "failed",
      "planned-count": "6",
      "deleted-count": "4",
      "failed-count": "1",
      "remaining-count": "1",
    });
    expect(verdictsOf(result, "b")).toEqual({
      13: ["keep", "semver: last 1"],
      12: ["delete", "semver: beyond the last 1", "→ failed"],
      11: ["delete", "semver: beyond the last 1", "→ remaining"],
    });
    expect(writesOf(result).filter((line) => line.includes("/npm/b/"))).toEqual([
      "DELETE /orgs/acme/packages/npm/b/versions/12",
    ]);
    expect(result.report?.packages.map(({ status }) => status)).toEqual(["complete", "failed", "complete"]);
    expect(emulator.activeIds("a", "npm")).toEqual([3]);
    expect(emulator.activeIds("b", "npm")).toEqual([11, 12, 13]);
    expect(emulator.activeIds("c", "npm")).toEqual([23]);
  });
});

describe("a token", () => {
  it("that GitHub answers with 403 stops the package, and the message says what it lacks", async () => {
    const emulator = await startWorld([three("ui")]);
    const body = { message: "Resource not accessible by integration" };
    emulator.faults.add({ match: { method: "DELETE", count: "always" }, answer: { status: 403, body } });
    const result = await run(emulator, { ...APPLY, packages: "ui" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors).toEqual([
      refusedMessage("ui", 2, "403: Resource not accessible by integration"),
    ]);
    expect(result.outputs).toMatchObject({ status: "failed", "failed-count": "1", "remaining-count": "1" });
    expect(writesOf(result)).toHaveLength(1);
  });

  it("without delete:packages can plan, and not apply", async () => {
    const token: TokenData = { ...PAT, scopes: ["read:packages"] };
    const emulator = await startWorld([three("ui")], { tokens: [token] });
    const dry = await run(emulator, { ...APPLY, packages: "ui", "dry-run": "true" });
    expect(dry.exitCode).toBe(0);
    const result = await run(emulator, { ...APPLY, packages: "ui" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors[0]).toContain("it needs read:packages and delete:packages");
    expect(writesOf(result)).toHaveLength(1);
    expect(emulator.activeIds("ui", "npm")).toEqual([1, 2, 3]);
  });

  it("that is not authorized for single sign-on is told where that is done", async () => {
    const token: TokenData = { ...PAT, ssoRequired: ["acme"] };
    const emulator = await startWorld([three("ui")], { tokens: [token] });
    const result = await run(emulator, { ...APPLY, packages: "ui" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors).toEqual([
      "Cannot list the versions of the npm package acme/ui: GitHub answered 403: Resource protected by organization SAML " +
        "enforcement. You must grant your Personal Access token access to this organization. The organization enforces " +
        "SAML single sign-on: authorize the token for it at " +
        "https://github.com/orgs/acme/sso?authorization_request=emulated.",
    ]);
    expect(writesOf(result)).toEqual([]);
  });
});

describe("what GitHub refuses by a rule of its own", () => {
  const DOWNLOADS =
    "Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support for " +
    "further assistance.";

  it("more than 5,000 downloads: one warning for all, and no failure", async () => {
    const publicly = { visibility: "public" } as const;
    const popular = { downloads: 5001 };
    const emulator = await startWorld([three("a", 0, publicly, popular), three("b", 1, publicly, popular)]);
    const result = await run(emulator, { ...APPLY, packages: "a, b" });
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toEqual({
      errors: [],
      warnings: [
        `GitHub refused to delete a@1.0.0 (id 1): ${DOWNLOADS}\nGitHub refused to delete b@1.0.0 (id 11): ${DOWNLOADS}`,
      ],
      notices: [],
    });
    expect(result.outputs).toMatchObject({
      status: "complete",
      "planned-count": "4",
      "deleted-count": "2",
      "refused-count": "2",
      "failed-count": "0",
    });
    expect(result.report?.packages[0]?.versions).toContainEqual(
      expect.objectContaining({ id: 1, outcome: "refused", message: DOWNLOADS }),
    );
    expect(emulator.activeIds("a", "npm")).toEqual([1, 3]);
  });

  it("the last tagged version of a package", async () => {
    const emulator = await startWorld([
      container("app", [
        { id: 1, createdAt: daysAgo(40) },
        { id: 2, tags: ["pr-1"], createdAt: daysAgo(30) },
      ]),
    ]);
    const result = await run(emulator, { keep: "pr-*: 14d", "min-keep": "0", "dry-run": "false" });
    expect(result.exitCode).toBe(0);
    expect(result.annotations.warnings).toEqual([
      "GitHub refused to delete app:pr-1 (id 2): You cannot delete the last tagged version of a package. You must " +
        "delete the package instead.",
    ]);
    expect(result.outputs).toMatchObject({ status: "complete", "refused-count": "1", "deleted-count": "0" });
    expect(emulator.activeIds("app")).toEqual([1, 2]);
  });

  it("the last version of a package", async () => {
    const emulator = await startWorld([npm("ui", [release(1, "1.0.0"), release(2, "1.1.0")])]);
    const result = await run(emulator, { ...APPLY, packages: "ui", keep: "semver: never", "min-keep": "0" });
    expect(result.exitCode).toBe(0);
    expect(result.annotations.warnings).toEqual([
      "GitHub refused to delete ui@1.0.0 (id 1): You cannot delete the last version of a package. You must delete the " +
        "package instead.",
    ]);
    expect(result.outputs).toMatchObject({ status: "complete", "refused-count": "1", "deleted-count": "1" });
    expect(emulator.activeIds("ui", "npm")).toEqual([1]);
  });
});

describe("max-delete", () => {
  const over = (limit: string) =>
    `The plan deletes 2 of the 3 versions of the npm package a, which is more than \`max-delete\` (${limit}) allows: ` +
    "such a run deletes nothing of it. If the plan is right, raise `max-delete`.";
  const packages = () => [three("a"), npm("b", [release(21, "1.0.0"), release(22, "1.0.1")])];

  it.each(["1", "50%"])(
    "of %s: a package above it is left alone, the others go, and the step fails",
    async (limit) => {
      const emulator = await startWorld(packages());
      const result = await run(emulator, { ...APPLY, packages: "a, b", "max-delete": limit });
      expect(result.exitCode).toBe(1);
      expect(result.annotations.errors).toEqual([over(limit)]);
      expect(result.outputs).toMatchObject({
        status: "failed",
        "planned-count": "3",
        "deleted-count": "1",
        "remaining-count": "2",
      });
      expect(emulator.activeIds("a", "npm")).toEqual([1, 2, 3]);
      expect(emulator.activeIds("b", "npm")).toEqual([22]);
    },
  );

  it.each(["1", "66.6%"])("of %s: a dry run warns", async (limit) => {
    const emulator = await startWorld(packages());
    const result = await run(emulator, {
      ...APPLY,
      packages: "a, b",
      "max-delete": limit,
      "dry-run": "true",
    });
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toEqual({ errors: [], warnings: [over(limit)], notices: [] });
    expect(result.outputs).toMatchObject({ status: "dry-run", "planned-count": "3", "remaining-count": "0" });
  });

  it.each(["2", "67%"])("of %s allows just that many", async (limit) => {
    const emulator = await startWorld(packages());
    const result = await run(emulator, { ...APPLY, packages: "a, b", "max-delete": limit });
    expect(result.exitCode).toBe(0);
    expect(emulator.activeIds("a", "npm")).toEqual([3]);
  });
});

describe("a deletion that GitHub answers with 5xx", () => {
  it("although it worked is a deletion", async () => {
    const emulator = await startWorld([three("ui")]);
    const body = { message: "Server Error" };
    emulator.faults.add({
      match: { method: "DELETE", path: "/2$" },
      processed: true,
      answer: { status: 502, body },
    });
    const result = await run(emulator, { ...APPLY, packages: "ui" });
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toEqual({ errors: [], warnings: [], notices: [] });
    expect(verdictsOf(result)[2]).toEqual(["delete", "semver: beyond the last 1", "→ deleted"]);
    // It is asked for before it would be sent again.
    expect(writesOf(result)).toEqual([
      "DELETE /orgs/acme/packages/npm/ui/versions/2",
      "DELETE /orgs/acme/packages/npm/ui/versions/1",
    ]);
    expect(emulator.activeIds("ui", "npm")).toEqual([3]);
  });

  it("is tried again where it did not", async () => {
    const emulator = await startWorld([three("ui")]);
    emulator.faults.add({ match: { method: "DELETE", path: "/2$" }, answer: { status: 500 } });
    const result = await run(emulator, { ...APPLY, packages: "ui" });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: "complete", "deleted-count": "2" });
    expect(emulator.activeIds("ui", "npm")).toEqual([3]);
  });
});

describe("a version that changes between the plan and its deletion", () => {
  it("is skipped: pushed again, or with other tags", async () => {
    const emulator = await startWorld([
      container("app", [
        { id: 1, tags: ["pr-1"], createdAt: daysAgo(40) },
        { id: 2, tags: ["pr-2"], createdAt: daysAgo(39) },
        { id: 3, tags: ["pr-3"], createdAt: daysAgo(38) },
        { id: 4, tags: ["v1"], createdAt: daysAgo(37) },
      ]),
    ]);
    let listings = 0;
    emulator.onRequest((_, { path }) => {
      if (!path.includes("/versions?") || ++listings !== 2) return;
      const [first, second] = emulator.package("app").versions;
      if (first) first.updatedAt = Date.parse(daysAgo(20));
      if (second) second.tags = ["pr-2", "release"];
    });
    const result = await run(emulator, { keep: "v*: always\npr-*: 14d", "dry-run": "false" });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({
      status: "complete",
      "planned-count": "3",
      "deleted-count": "1",
      "skipped-count": "2",
    });
    const skipped = { verdict: "delete", outcome: "skipped", message: "changed since it was planned" };
    const versions = result.report?.packages[0]?.versions;
    expect(versions).toContainEqual(expect.objectContaining({ id: 1, tags: ["pr-1"], ...skipped }));
    expect(versions).toContainEqual(expect.objectContaining({ id: 2, tags: ["pr-2"], ...skipped }));
    expect(writesOf(result)).toEqual(["DELETE /orgs/acme/packages/container/app/versions/3"]);
    expect(emulator.activeIds("app")).toEqual([1, 2, 4]);
  });
});

describe("a line that matches nothing", () => {
  it("is probably a typo: one warning for all of them, rest and untagged aside", async () => {
    const emulator = await startWorld([
      container("app", [{ id: 1, tags: ["v1"], createdAt: daysAgo(40) }]),
      container("web", [{ id: 2, tags: ["v1"], createdAt: daysAgo(40) }]),
    ]);
    const keep = "v*: always\npr*-: 14d\n/nightly/: 3\nrest: 1\nuntagged: never";
    const result = await run(emulator, { packages: "app, web", keep });
    expect(result.exitCode).toBe(0);
    expect(result.annotations.warnings).toEqual([
      'keep:2:1: "pr*-" matches nothing in container app, web: is it a typo?\n' +
        'keep:3:1: "/nightly/" matches nothing in container app, web: is it a typo?',
    ]);
    expect(result.summary).toContain('**Warning**: keep:2:1: "pr&#42;-" matches nothing');
  });

  it("in one package may match something in another", async () => {
    const emulator = await startWorld([
      container("app", [{ id: 1, tags: ["v1"], createdAt: daysAgo(40) }]),
      container("web", [{ id: 2, tags: ["pr-1"], createdAt: daysAgo(40) }]),
    ]);
    const result = await run(emulator, { packages: "app, web", keep: "v*: always\npr-*: always" });
    expect(result.annotations.warnings).toEqual([]);
  });

  it("in many packages is not told package by package", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const emulator = await startWorld(names.map((name) => npm(name, [release(1, "1.0.0")])));
    const result = await run(emulator, { ...APPLY, packages: names.join(","), keep: "v*: 3" });
    expect(result.annotations.warnings).toEqual([
      'keep:1:1: "v*" matches nothing in any of 6 npm packages: is it a typo?',
    ]);
  });

  it("stops the run before anything is deleted where it is a slip; a dry run plans, and says so first", async () => {
    const emulator = await startWorld([
      container("app", [
        { id: 1, tags: ["latest"], createdAt: daysAgo(40) },
        { id: 2, tags: ["v1"], createdAt: daysAgo(30) },
      ]),
    ]);
    const inputs = { packages: "app", keep: "lastest: always\npr*-: 14d\nrest: never" };
    const slip = 'keep:1:1: "lastest" claims nothing, did you mean "latest"?';
    const applied = await run(emulator, { ...inputs, "dry-run": "false" });
    expect(applied).toMatchObject({ exitCode: 1, annotations: { errors: [slip], warnings: [] } });
    expect(applied.outputs.status).toBe("failed");
    expect(writesOf(applied)).toEqual([]);
    const dry = await run(emulator, inputs);
    expect(dry.exitCode).toBe(0);
    expect(dry.outputs).toMatchObject({ status: "dry-run", "planned-count": "1" });
    expect(dry.annotations.warnings).toEqual([
      `${slip} With "dry-run: false" the run stops here and deletes nothing.`,
      'keep:2:1: "pr*-" matches nothing in container app: is it a typo?',
    ]);
  });
});
