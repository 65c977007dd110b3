import { jest } from "@jest/globals";
import { pushManifest, restoreVersion } from "../../emulator/changes";
import type { EmulatorData, Fault, VersionData } from "../../emulator/data";
import { imageManifest, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { createGitHub } from "../../src/github/github";
import { createPackages } from "../../src/github/packages";
import { createRegistry } from "../../src/registry/registry";
import { type RunResult, runPolicies } from "../../src/run/run";
import type { RunContext } from "../../src/run/run-context";
import { noRepository, policy } from "../support/builder";
import { leftoverOf } from "../support/untag";
import {
  AT_FULL_SPEED,
  container,
  daysAgo,
  PAT,
  type Run,
  run,
  startWorld,
  writesOf,
} from "../support/world";

jest.setTimeout(60_000);

const KEEP = "v*: always\npr-*: 14d\nlatest: always";

function tagged(id: number, ...tags: string[]): VersionData {
  return versionOf(imageManifest(`version ${id}`), { id, tags, createdAt: daysAgo(60 - id) });
}

/** `v1` and `v2` stay and lose three tags; `pr-3` goes. */
function versions(): VersionData[] {
  return [tagged(1, "v1", "pr-1"), tagged(2, "v2", "latest", "pr-2", "pr-22"), tagged(3, "pr-3")];
}

function start(changes: Partial<EmulatorData> = {}): Promise<Emulator> {
  return startWorld([container("app", versions())], {
    limits: { primary: false, secondary: false },
    ...changes,
  });
}

const inputs = { ...AT_FULL_SPEED.inputs, packages: "app", keep: KEEP, untag: "true" };

const apply = (emulator: Emulator, more: Record<string, string> = {}): Promise<Run> =>
  run(emulator, { ...inputs, "dry-run": "false", ...more }, { env: AT_FULL_SPEED.env });

/** What is there: the tags of each active version, by id; those that were pushed by a run under `new`. */
function tagsOf(emulator: Emulator): Record<string, string[]> {
  const active = emulator.package("app").versions.filter(({ deletedAt }) => deletedAt === undefined);
  return Object.fromEntries(active.map(({ id, tags }) => [id, [...tags].sort()]));
}

const DONE = { 1: ["v1"], 2: ["latest", "v2"] };

describe("tags that their lines let go", () => {
  it("are planned, and removed without a trace", async () => {
    const emulator = await start();
    const dry = await run(emulator, inputs);
    expect(writesOf(dry)).toEqual([]);
    const untag = (ran: Run, key: "untag" | "untagged") =>
      Object.fromEntries(
        (ran.report?.packages[0]?.versions ?? []).map((version) => [version.id, version[key]]),
      );
    expect(untag(dry, "untag")).toEqual({ 1: ["pr-1"], 2: ["pr-2", "pr-22"], 3: undefined });
    expect(dry.stdout).toContain("untag 3: pr-2 (of v2), pr-22 (of v2), pr-1 (of v1)");
    expect(dry.summary).toContain(
      "**3 tags** would be removed from versions that are kept: <code>pr-2</code> of <code>v2</code>, <code>pr-22</code> of <code>v2</code>, <code>pr-1</code> of <code>v1</code>.",
    );

    const applied = await apply(emulator);
    expect(applied.exitCode).toBe(0);
    expect(applied.annotations.warnings).toEqual([]);
    expect(applied.outputs).toMatchObject({ status: "complete", "kept-count": "2", "deleted-count": "1" });
    expect(untag(applied, "untagged")).toEqual({ 1: ["pr-1"], 2: ["pr-2", "pr-22"], 3: undefined });
    expect(applied.stdout).toContain("untag 3 of 3: ");
    expect(applied.summary).toContain("**3 tags** removed from versions that are kept");
    expect(tagsOf(emulator)).toEqual(DONE);
  });

  it("are removed only after the lagging list shows what was pushed", async () => {
    const emulator = await start({ lag: { listings: 2 } });
    const applied = await apply(emulator);
    expect(applied.exitCode).toBe(0);
    expect(applied.annotations.warnings).toEqual([]);
    expect(tagsOf(emulator)).toEqual(DONE);
  });

  it("stay where a reviewed plan does not remove them", async () => {
    const emulator = await start();
    const { report } = await run(emulator, { ...inputs, untag: "false" });
    const applied = await run(
      emulator,
      { ...inputs, "dry-run": "false", "plan-file": "plan.json" },
      { env: AT_FULL_SPEED.env, files: { "plan.json": JSON.stringify(report) } },
    );
    expect(applied.outputs["deleted-count"]).toBe("1");
    expect(tagsOf(emulator)).toEqual({ 1: ["pr-1", "v1"], 2: ["latest", "pr-2", "pr-22", "v2"] });
  });

  it("stay where a file of the workspace mentions them, and where the token may not push", async () => {
    const emulator = await start();
    const applied = await run(
      emulator,
      { ...inputs, "dry-run": "false", "in-use-files": "deploy/*.yaml" },
      {
        env: AT_FULL_SPEED.env,
        files: { "deploy/app.yaml": "image: ghcr.io/acme/app:pr-2\n" },
        token: PAT.token,
      },
    );
    expect(applied.exitCode).toBe(0);
    expect(tagsOf(emulator)).toEqual({ 1: ["v1"], 2: ["latest", "pr-2", "v2"] });

    const refused = await start({
      faults: [
        {
          match: { method: "PUT", count: "always" },
          answer: { status: 403, body: { errors: [{ code: "DENIED", message: "permission_denied" }] } },
        },
      ],
    });
    const denied = await apply(refused);
    expect(denied.exitCode).toBe(1);
    expect(denied.outputs).toMatchObject({ status: "failed", "deleted-count": "1" });
    const [error = ""] = denied.annotations.errors;
    expect(error).toContain("The tag app:pr-2 of app:v2 (id 2) was not removed");
    expect(error).toContain("write:packages to untag");
    expect(tagsOf(refused)).toEqual({ 1: ["pr-1", "v1"], 2: ["latest", "pr-2", "pr-22", "v2"] });
  });

  it("leave no broken image and delete nothing wrong, wherever the run is killed, and the next one finishes", async () => {
    for (const [method, nth] of [
      ["PUT", 2],
      ["DELETE", 2],
    ] as const) {
      const emulator = await start();
      await run(
        emulator,
        { ...inputs, "dry-run": "false" },
        { env: AT_FULL_SPEED.env, killAt: { method, nth } },
      );
      const left = tagsOf(emulator);
      expect(left[1]).toContain("v1");
      expect(left[2]).toEqual(expect.arrayContaining(["v2", "latest"]));
      const second = await apply(emulator);
      expect(second.exitCode).toBe(0);
      expect(tagsOf(emulator)).toEqual(DONE);
    }
  });
});

describe("tags that a look right before their removal finds to be needed", () => {
  /** Runs while this happens as the package is listed again. */
  async function applyWhile(
    keep: string,
    happens: (emulator: Emulator) => void,
    changes: Partial<EmulatorData> = {},
    versions: readonly VersionData[] = [tagged(1, "v1", "pr-7"), tagged(2, "v2")],
  ): Promise<{ readonly emulator: Emulator; readonly applied: Run }> {
    const app = container("app", versions);
    const emulator = await startWorld([app], { limits: { primary: false, secondary: false }, ...changes });
    let lists = 0;
    emulator.onRequest((_, { path }) => {
      if (/state=active/.test(path) && ++lists === 2) happens(emulator);
    });
    return { emulator, applied: await apply(emulator, { keep }) };
  }

  const notRemoved = (why: string) => [
    `The tag app:pr-7 of app:v1 (id 1) was not removed: ${why}. The next run checks it again.`,
  ];

  it("stay where somebody pushed the version again", async () => {
    const { emulator, applied } = await applyWhile("v*: always\npr-*: 14d", (now) => {
      const app = now.package("app");
      for (const image of ["other", "version 1"])
        pushManifest(now.state, app, { body: imageManifest(image).body, tag: "pr-7" }, Date.now());
    });
    expect(tagsOf(emulator)[1]).toEqual(["pr-7", "v1"]);
    expect(applied.annotations.warnings).toEqual(notRemoved("the version changed since it was planned"));
  });

  it("stay, and the package fails, where nobody can tell", async () => {
    const { emulator, applied } = await applyWhile(
      "v*: always\npr-*: {while: pull-request}",
      (now) => {
        const answer = { status: 403, body: { message: "Forbidden" } };
        now.faults.add({ match: { path: "/pulls", count: "always" }, answer });
      },
      { repositories: [{ fullName: "acme/app", pullRequests: [{ number: 7, state: "closed" }] }] },
    );
    expect(tagsOf(emulator)[1]).toEqual(["pr-7", "v1"]);
    expect(applied.exitCode).toBe(1);
    expect(applied.outputs.status).toBe("failed");
    expect(applied.annotations.errors.join()).toContain("Cannot list the open pull requests of acme/app");
    expect(applied.annotations.warnings).toEqual([]);
  });

  it("stay where the version was a ghost, and is restored", async () => {
    const ghost = { ...tagged(2, "v2", "pr-2"), deletedAt: daysAgo(1), ghost: true };
    const { emulator, applied } = await applyWhile(
      "v*: always\npr-*: {last: 1}",
      (now) => {
        const app = now.package("app");
        const version = app.versions.find(({ id }) => id === 2);
        if (version) restoreVersion(now.state, app, version, Date.now());
      },
      {},
      [tagged(1, "v1", "pr-1"), ghost],
    );
    expect(tagsOf(emulator)).toEqual({ 1: ["pr-1", "v1"], 2: ["pr-2", "v2"] });
    expect(applied.annotations.warnings.join()).toContain(
      "The tag app:pr-2 of app:v2 (id 2) was not removed",
    );
  });

  it("stay where their pull request is open again", async () => {
    const repository = { fullName: "acme/app", pullRequests: [{ number: 7, state: "closed" as const }] };
    const { emulator, applied } = await applyWhile(
      "v*: always\npr-*: {while: pull-request}",
      (now) => {
        const [pull] = now.repository("acme/app").pullRequests;
        if (pull) pull.state = "open";
      },
      { repositories: [repository] },
    );
    expect(tagsOf(emulator)[1]).toEqual(["pr-7", "v1"]);
    expect(applied.annotations.warnings).toEqual(notRemoved("planned again, the version does not lose it"));
  });
});

/** Runs within this process, so that nothing has to be waited for. */
async function applyHere(emulator: Emulator, pause: () => void = () => {}): Promise<RunResult> {
  const log = { debug: () => {}, info: () => {}, warning: () => {} };
  const github = createGitHub({
    token: PAT.token,
    baseUrl: emulator.url,
    deletesPerMinute: 6_000_000,
    rateLimitReserve: 0,
    log,
  });
  const context: RunContext = {
    github,
    packages: createPackages(github, { login: "acme", kind: "org" }, "https://github.com"),
    repositories: noRepository,
    registry: createRegistry({ url: emulator.registryUrl, token: PAT.token, log }),
    log,
    now: Date.now(),
    clock: Date.now,
    isDryRun: false,
    stopReason: () => undefined,
    inUseFiles: new Map(),
    pause: async () => pause(),
  };
  return runPolicies([policy("v*: always\npr-*: {last: 1}", { untag: true })], context);
}

describe("a token that may push and not delete", () => {
  const names = Array.from({ length: 12 }, (_, at) => `pr-${at}`);
  const many = () => {
    const one = versionOf(imageManifest("v1"), { id: 1, tags: ["v1", ...names], createdAt: daysAgo(50) });
    return startWorld([container("app", [one])]);
  };

  it("loses one tag for a moment, gets it back, and the package fails with the right to grant", async () => {
    const emulator = await many();
    emulator.faults.add({
      match: { method: "DELETE", count: "always" },
      answer: { status: 404, body: { message: "Package not found." } },
    });
    const applied = await apply(emulator);
    expect(applied.exitCode).toBe(1);
    expect(applied.outputs.status).toBe("failed");
    expect(applied.annotations.errors.join()).toContain("it needs read:packages and delete:packages");
    expect(tagsOf(emulator)[1]).toEqual([...names, "v1"].sort());
    const writes = emulator.requests.filter(({ method }) => method === "PUT" || method === "DELETE");
    expect(writes.map(({ method, status }) => `${method} ${status}`)).toEqual([
      "PUT 401",
      "PUT 201",
      "DELETE 404",
      "PUT 201",
    ]);
  });

  it("gets each tag back that GitHub refuses to finish for a rule of its own", async () => {
    const emulator = await many();
    emulator.faults.add({
      match: { method: "DELETE", nth: 2, count: "always" },
      answer: { status: 400, body: { message: "You cannot delete the last tagged version of a package." } },
    });
    const applied = await apply(emulator);
    expect(applied.exitCode).toBe(0);
    const left = tagsOf(emulator)[1] ?? [];
    expect(left).toContain("v1");
    expect(left).toHaveLength(names.length);
    expect(applied.annotations.warnings.join()).toContain("was put back: its removal could not be finished");
  });
});

describe("what an interrupted run left behind", () => {
  it("is shown by a dry run, and stays where it is protected", async () => {
    const leftover = versionOf(leftoverOf(imageManifest("version 1"), "pr-1"), {
      id: 2,
      tags: ["pr-1"],
      createdAt: daysAgo(50),
    });
    const emulator = await startWorld([container("app", [tagged(1, "v1"), leftover])]);
    const dry = await run(emulator, inputs);
    expect(dry.annotations.warnings.join()).toContain(
      "The version 2 of app with the tag pr-1, left over from",
    );
    await apply(emulator, { protect: "2" });
    expect(tagsOf(emulator)).toEqual({ 1: ["v1"], 2: ["pr-1"] });
    await apply(emulator);
    expect(tagsOf(emulator)).toEqual({ 1: ["v1"] });
  });

  it("takes no place in the counts of a line, and goes with the next run", async () => {
    const emulator = await startTwo();
    const { body } = leftoverOf(imageManifest("version 1"), "pr-1");
    const left = pushManifest(emulator.state, emulator.package("app"), { body, tag: "pr-1" }, Date.now());
    const { report, warnings } = await applyHere(emulator);
    expect(report.packages[0]?.counts).toEqual({ kept: 2, planned: 0 });
    expect(tagsOf(emulator)).toEqual({ 1: ["v1"], 2: ["pr-2"] });
    expect(warnings.map(({ message }) => message)).toEqual([
      `The version ${left.id} of app with the tag pr-1, left over from an interrupted removal of that tag, was deleted.`,
    ]);
  });
});

const AB = [tagged(1, "v1", "pr-1"), tagged(2, "pr-2")];

function startTwo(): Promise<Emulator> {
  return startWorld([container("app", AB)], { limits: { primary: false, secondary: false } });
}

function deletions(emulator: Emulator): string[] {
  return emulator.requests.filter(({ method }) => method === "DELETE").map(({ path }) => path);
}

describe("a tag that is being removed", () => {
  it("is reported, and nothing deleted, when the list never shows what was pushed", async () => {
    const emulator = await startTwo();
    emulator.lag = { ms: 3_600_000 };
    const { report, warnings } = await applyHere(emulator);
    expect(deletions(emulator)).toEqual([]);
    expect(warnings.map(({ message }) => message).join()).toMatch(
      /The tag app:pr-1 of app:v1 \(id 1\) was taken off its version, and points to an empty image now, sha256:[0-9a-f]{64}, which was not deleted: the list does not show it\./,
    );
    expect(report).toMatchObject({ status: "complete" });
    expect(report.packages[0]?.versions.find(({ id }) => id === 1)).not.toHaveProperty("untagged");
    expect(tagsOf(emulator)[1]).toEqual(["v1"]);
  });

  it("is reported, and nothing deleted, when what was pushed has another tag as well", async () => {
    const emulator = await startTwo();
    const { warnings } = await applyHere(emulator, () => {
      const pushed = emulator.package("app").versions.find(({ id, tags }) => id > 2 && tags.includes("pr-1"));
      if (pushed && !pushed.tags.includes("mine")) pushed.tags.push("mine");
    });
    expect(deletions(emulator)).toEqual([]);
    expect(warnings.map(({ message }) => message).join()).toContain(
      "the list shows it with the tags pr-1, mine. Delete the version of that digest, or push the tag again.",
    );
  });

  it("is left where it is when it was moved before, although the list does not show that yet", async () => {
    const emulator = await startTwo();
    emulator.lag = { ms: 3_600_000 };
    const body = imageManifest("pushed again").body;
    const moved = pushManifest(emulator.state, emulator.package("app"), { body, tag: "pr-1" }, Date.now());
    const { warnings } = await applyHere(emulator);
    expect(warnings.map(({ message }) => message)).toEqual([
      "The tag app:pr-1 of app:v1 (id 1) was not removed: the tag was moved since it was planned. The next run checks it again.",
    ]);
    expect(emulator.requests.filter(({ method }) => method === "PUT")).toEqual([]);
    expect(tagsOf(emulator)[moved.id]).toEqual(["pr-1"]);
  });

  it("is not brought back by a restoration that matches its name", async () => {
    const emulator = await startTwo();
    const { report } = await applyHere(emulator);
    expect(report.packages[0]?.versions.find(({ id }) => id === 1)).toMatchObject({ untagged: ["pr-1"] });
    const restored = await run(
      emulator,
      { ...AT_FULL_SPEED.inputs, packages: "app", restore: "pr-1\nv1", "dry-run": "false" },
      { env: AT_FULL_SPEED.env },
    );
    // Only its manifest tells that it is no image.
    const carrier = "/orgs/acme/packages/container/app/versions/3";
    expect(writesOf(restored)).toEqual([`POST ${carrier}/restore`, `DELETE ${carrier}`]);
    expect(restored.report?.packages[0]?.versions.find(({ id }) => id === 3)).toMatchObject({
      outcome: "skipped",
      message: "it only took its tag away from an image, and was deleted again",
    });
    expect(tagsOf(emulator)).toEqual({ 1: ["v1"], 2: ["pr-2"] });
  });
});

describe("what somebody pushes to a tag that is being removed", () => {
  const again = imageManifest("pushed again");

  /** Somebody pushes the tag as the nth PUT, or the first DELETE, arrives. */
  async function pushAt(method: "PUT" | "DELETE", nth: number, faults: readonly Fault[] = []) {
    const emulator = await startTwo();
    for (const fault of faults) emulator.faults.add(fault);
    let seen = 0;
    emulator.onRequest((_, request) => {
      if (request.method !== method || ++seen !== nth) return;
      pushManifest(emulator.state, emulator.package("app"), { body: again.body, tag: "pr-1" }, Date.now());
    });
    const { warnings } = await applyHere(emulator);
    const isThere = emulator.package("app").versions.some(({ name, tags, deletedAt }) => {
      return name === again.digest && deletedAt === undefined && tags.includes("pr-1");
    });
    return { isThere, said: warnings.map(({ message }) => message).join("\n") };
  }

  it("stays where it comes before a push is repeated", async () => {
    const trouble = { match: { method: "PUT", nth: 2 }, answer: { status: 502 } };
    const { isThere, said } = await pushAt("PUT", 2, [trouble]);
    expect(isThere).toBe(true);
    expect(said).toContain("was not removed: the tag was moved since it was planned.");
  });

  it("stays where it comes before the tag is put back", async () => {
    const refused = { match: { method: "DELETE" }, answer: { status: 400, body: { message: "No." } } };
    const { isThere } = await pushAt("DELETE", 1, [refused]);
    expect(isThere).toBe(true);
  });

  it("stays where it comes after the tag was moved", async () => {
    const { isThere } = await pushAt("DELETE", 1);
    expect(isThere).toBe(true);
  });

  it("is named where it comes between the look at the tag and its push", async () => {
    // The first PUT is the one that fetches a token.
    const { isThere, said } = await pushAt("PUT", 2);
    expect(isThere).toBe(false);
    expect(said).toContain(
      "Somebody pushed to app while 1 tag of other versions (pr-1) was removed: if one was meant for the pushed image (version 3), push it again.",
    );
  });
});
