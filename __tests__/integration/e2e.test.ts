import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Emulator } from "../../emulator/server";
import { pushImages } from "../../scripts/e2e/images.ts";
import { runWorkflow } from "../../scripts/e2e/local/workflow";
import type { Workflow } from "../../scripts/e2e/local/workflow-file";
import { pullWhole, readManifest } from "../../scripts/e2e/registry.ts";
import { removeFolder } from "../../scripts/remove-folder";
import { ask, GITHUB_TOKEN, start } from "../emulator/fixture";

describe("the pull of the end-to-end steps", () => {
  const repository = "acme/new";

  async function pushed(): Promise<{ emulator: Emulator; pull: () => Promise<void>; parts: string[] }> {
    const emulator = await start();
    const access = { registryUrl: emulator.registryUrl, token: GITHUB_TOKEN };
    await pushImages(access, repository, ["v1"]);
    const index = await readManifest(access, repository, "v1");
    const parts = index?.content.manifests?.map(({ digest }) => digest) ?? [];
    return { emulator, pull: () => pullWhole(access, repository, ["v1"]), parts };
  }

  it("reads each manifest and each blob of an image once", async () => {
    const { emulator, pull } = await pushed();
    const before = emulator.requests.length;
    await pull();
    const paths = emulator.requests.slice(before).map(({ path }) => path);
    expect(paths.filter((path) => path.includes("/manifests/"))).toHaveLength(5);
    // Two configs and two layers of platforms; of the attestations likewise.
    expect(paths.filter((path) => path.includes("/blobs/"))).toHaveLength(8);
  });

  it("fails where a platform is gone", async () => {
    const { emulator, pull, parts } = await pushed();
    const { id } = emulator.package("new").versions.find(({ name }) => name === parts[1]) ?? { id: 0 };
    await ask(emulator, "DELETE", `/orgs/acme/packages/container/new/versions/${id}`);
    await expect(pull()).rejects.toThrow(`acme/new: the registry has no manifest ${parts[1]}.`);
  });

  it("fails where a blob is gone, or is another one", async () => {
    const { emulator, pull } = await pushed();
    emulator.faults.add({ match: { path: "/blobs/" }, answer: { status: 404 } });
    await expect(pull()).rejects.toThrow(/acme\/new: the registry does not have the blob sha256:\w+: 404\./);
    emulator.faults.add({ match: { path: "/blobs/" }, answer: { status: 200, body: "another" } });
    await expect(pull()).rejects.toThrow(/does not have the blob sha256:\w+: 200\./);
  });
});

const describeOnUnix = process.platform === "win32" ? describe.skip : describe;

describeOnUnix("a workflow on the local GitHub", () => {
  const braced = (expression: string) => `\${{ ${expression} }}`;
  const run = async (jobs: Workflow["jobs"], more: Partial<Workflow> = {}) => {
    const emulator = await start({ tokens: [] });
    const results = await runWorkflow({
      emulator,
      workflow: { ...more, jobs },
      repository: "acme/app",
      env: { PLACE: "here" },
      admin: [],
      skippedJobs: ["skipped"],
    });
    return { emulator, results };
  };

  it("fails where a step does, skips what comes after it, and does what is always due", async () => {
    const { results } = await run({
      first: {
        steps: [
          { run: "exit 3", "continue-on-error": true },
          { run: "echo so far; exit 1" },
          { run: "echo never" },
          { if: "always()", run: "echo last" },
        ],
      },
      second: { needs: "first", steps: [{ run: "echo never" }] },
      third: { needs: ["first", "second"], if: "always()", steps: [{ run: "echo third" }] },
      skipped: { steps: [{ run: "exit 1" }] },
    });
    expect(
      results.map(({ id, result, steps }) => [id, result, ...steps.map(({ outcome }) => outcome)]),
    ).toEqual([
      ["first", "failure", "failure", "failure", "skipped", "success"],
      ["second", "skipped"],
      ["third", "success", "success"],
    ]);
    expect(results[0]?.steps[1]?.log).toBe("so far\n");
  });

  it("hands outputs on, and the environment with the values of the test", async () => {
    const { results } = await run(
      {
        first: {
          outputs: { seen: braced("steps.say.outputs.word") },
          steps: [
            { id: "say", run: `echo "word=$PLACE ${braced("github.repository")}" >> "$GITHUB_OUTPUT"` },
          ],
        },
        second: {
          needs: "first",
          steps: [{ env: { SEEN: braced("needs.first.outputs.seen") }, run: 'echo "$SEEN"' }],
        },
      },
      { env: { PLACE: "there" } },
    );
    expect(results[1]?.steps[0]?.log).toBe("here acme/app\n");
  });

  it("gives each job a token of its permissions, or else of the workflow's", async () => {
    const { emulator } = await run(
      { first: { steps: [] }, second: { permissions: { contents: "write" }, steps: [] } },
      { permissions: { packages: "write" } },
    );
    expect(emulator.state.tokens).toMatchObject([
      { token: "token-of-first", packages: "write", permissions: { contents: "none" } },
      { token: "token-of-second", packages: "none", permissions: { contents: "write" } },
    ]);
  });

  it("knows no other actions and no other conditions", async () => {
    await expect(run({ one: { steps: [{ uses: "acme/unheard-of@v1" }] } })).rejects.toThrow(
      "acme/unheard-of@v1 is not known here",
    );
    await expect(run({ one: { if: "failure()", steps: [] } })).rejects.toThrow(
      "the condition failure() is not known here",
    );
  });
});

const hasSkopeo = spawnSync("skopeo", ["--version"]).status === 0;

describe("skopeo, and what the end-to-end steps push", () => {
  (hasSkopeo ? it : it.skip)(
    "copies an image from here, blobs and all, and back to another package",
    async () => {
      const emulator = await start();
      await pushImages({ registryUrl: emulator.registryUrl, token: GITHUB_TOKEN }, "acme/new/app", ["v1"]);
      const directory = mkdtempSync(join(tmpdir(), "package-retention-skopeo-"));
      const host = emulator.registryUrl.replace("http://", "docker://");
      const skopeo = (...args: string[]) =>
        promisify(execFile)("skopeo", ["--insecure-policy", "copy", "--all", ...args]);
      const creds = `x:${GITHUB_TOKEN}`;
      try {
        await skopeo(
          `--src-creds=${creds}`,
          "--src-tls-verify=false",
          `${host}/acme/new/app:v1`,
          `oci:${directory}:v1`,
        );
        await skopeo(
          `--dest-creds=${creds}`,
          "--dest-tls-verify=false",
          `oci:${directory}:v1`,
          `${host}/acme/copy:v1`,
        );
      } finally {
        removeFolder(directory);
      }
      const names = (name: string) => emulator.package(name).versions.map((version) => version.name);
      expect(names("new/app")).toHaveLength(5);
      expect(names("copy").sort()).toEqual(names("new/app").sort());
    },
  );
});
