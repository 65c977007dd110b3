import { deleteVersion, restoreVersion } from "../../emulator/changes";
import { imageManifest, multiArch, versionOf } from "../../emulator/images";
import { lookAgain } from "../../src/apply/second-look";
import { createGitHub } from "../../src/github/github";
import { createPackages } from "../../src/github/packages";
import { preparePackage } from "../../src/prepare/prepare";
import { createRegistry } from "../../src/registry/registry";
import { noRepository, policy } from "../support/builder";
import {
  container,
  daysAgo,
  npm,
  PAT,
  release,
  run,
  startWorld,
  verdictsOf,
  writesOf,
} from "../support/world";

const KEEP = "v*: always\npr-*: 14d\nuntagged: never";

/** `v1` stays; `pr-1` with two platforms is planned to go. */
function packageOfTwo() {
  const pr = multiArch("pr", { id: 4, tags: ["pr-1"], createdAt: daysAgo(50) }, { attestations: false });
  const v1 = versionOf(imageManifest("v1"), { id: 1, tags: ["v1"], createdAt: daysAgo(90) });
  const [amd, arm, index] = pr.versions;
  if (!amd || !arm || !index) throw new Error("no image");
  return container("app", [v1, { ...amd, id: 2 }, { ...arm, id: 3 }, index]);
}

describe("a second list", () => {
  /** The one version of a list that was cut off: the kept one. */
  const KEPT = {
    id: 1,
    name: imageManifest("v1").digest,
    created_at: daysAgo(90),
    updated_at: daysAgo(90),
    metadata: { package_type: "container", container: { tags: ["v1"] } },
  };

  it.each([
    ["is empty", []],
    ["lacks what is there", [KEPT]],
  ])("that %s stops the package before anything is deleted", async (_, body) => {
    const emulator = await startWorld([packageOfTwo()]);
    emulator.faults.add({ match: { path: "/versions\\?", nth: 2 }, answer: { status: 200, body } });
    const result = await run(emulator, { keep: KEEP, "dry-run": "false" });
    expect(result.exitCode).toBe(1);
    expect(writesOf(result)).toEqual([]);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4]);
    expect(result.outputs).toMatchObject({ status: "failed", "remaining-count": "3" });
    expect(result.annotations.errors[0]).toMatch(
      /second list of the container package app lacks version \d, which is there/,
    );
  });

  it("may lack what someone else deleted meanwhile", async () => {
    const emulator = await startWorld([packageOfTwo()]);
    let lists = 0;
    emulator.onRequest((_, { path }) => {
      if (!/\/versions\?/.test(path) || ++lists !== 2) return;
      const app = emulator.package("app");
      const index = app.versions.find(({ id }) => id === 4);
      if (index) deleteVersion(emulator.state, app, index, Date.now());
    });
    const result = await run(emulator, { keep: KEEP, "dry-run": "false" });
    expect(result.exitCode).toBe(0);
    expect(verdictsOf(result)[4]).toContain("→ gone");
    expect(emulator.activeIds("app")).not.toContain(4);
  });
});

describe("a later look at a package", () => {
  it("keeps as many as the policy says where someone else deleted the kept one", async () => {
    const ids = [1, 2, 3, 4];
    const versions = ids.map((id) => release(id, `1.${id}.0`, 50 - id));
    const emulator = await startWorld([npm("web", versions)]);
    const github = createGitHub({
      token: PAT.token,
      baseUrl: emulator.url,
      deletesPerMinute: 6000,
      rateLimitReserve: 0,
      log: { debug: () => {}, info: () => {}, warning: () => {} },
    });
    const context = {
      packages: createPackages(github, { login: "acme", kind: "org" }, "https://github.com"),
      now: Date.now(),
    };
    const registry = createRegistry({
      url: emulator.registryUrl,
      token: PAT.token,
      log: { debug: () => {}, info: () => {}, warning: () => {} },
    });
    const webPolicy = policy("semver: 1", { type: "npm", minKeep: 1 });
    const selected = { pkg: { type: "npm", name: "web" }, policy: webPolicy } as const;
    const prepared = await preparePackage(
      selected,
      [],
      { ...context, registry, repositories: noRepository },
      noRepository,
    );

    const web = emulator.package("web", "npm");
    for (const version of web.versions.filter(({ id }) => id >= 3))
      deleteVersion(emulator.state, web, version, Date.now());
    const client = context.packages.of(prepared.pkg);
    const { held } = await lookAgain(prepared, new Map([[3, { outcome: "deleted" }]]), client);
    expect(Object.fromEntries(held)).toEqual({ 2: "is kept now: semver: last 1" });
  });
});

it("a kept image that was deleted, and is restored before the second list, keeps its parts", async () => {
  const image = multiArch(
    "v2",
    { id: 10, tags: ["v2"], createdAt: daysAgo(50) },
    { attestations: false, platforms: ["linux/amd64"] },
  );
  const [platform, index] = image.versions;
  if (!platform || !index) throw new Error("no image");
  const v1 = versionOf(imageManifest("v1"), { id: 1, tags: ["v1"], createdAt: daysAgo(90) });
  const ghost = { ...index, deletedAt: "1h ago", ghost: true };
  const emulator = await startWorld([container("app", [v1, { ...platform, id: 9 }, ghost])]);
  let lists = 0;
  emulator.onRequest((_, { path }) => {
    if (!/state=active/.test(path) || ++lists !== 2) return;
    const app = emulator.package("app");
    const version = app.versions.find(({ id }) => id === 10);
    if (version) restoreVersion(emulator.state, app, version, Date.now());
  });
  const result = await run(emulator, { keep: "v*: always\nuntagged: never", "dry-run": "false" });
  expect(emulator.activeIds("app")).toEqual([1, 9, 10]);
  expect(result.outputs).toMatchObject({ status: "complete", "deleted-count": "0", "skipped-count": "1" });
});
