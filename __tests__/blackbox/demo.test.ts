import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeFolder } from "../../scripts/remove-folder";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** `npm run demo -- …` without npm. */
function demo(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const command = ["--import", "tsx", "scripts/demo.ts", ...args];
    execFile(
      process.execPath,
      command,
      { cwd: ROOT, env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe("the demo", () => {
  it("plans, applies and undoes, and pulls every image that is left", async () => {
    const { exitCode, stdout } = await demo();
    expect(stdout).toContain("66 are whole, broken: octo-org/app:v0.9.0 (1 missing).");
    expect(stdout).toContain(
      "delete 5, pr-*: pull request is not open, older than 7d: pr-140, pr-131, pr-118, pr-107, pr-101",
    );
    expect(stdout).toContain("delete 3, semver: beyond the highest 1 of each group: v2.0.0, v1.1.0, v1.0.0");
    expect(stdout).toContain("delete 1, broken: platform manifests are missing: v0.9.0");
    expect(stdout).toContain("keep 1, latest: always: v2.1.0");
    expect(stdout).toContain("keep 2, pr-*: pull request is open: pr-142, pr-126");
    expect(stdout).toContain("Requests that delete: 0.");
    expect(stdout).toContain("1.2.0 1.2.1 2.0.0 2.1.0 2.2.0-beta.1 2.2.0-beta.2 2.2.0-beta.3");
    expect(stdout).toContain("latest build-60 build-59 build-58");
    expect(stdout).toMatch(/Pulled \d+ images with all their platforms: all are whole\./);
    expect(stdout).toMatch(/octo-org\/app:v2\.0\.0 with all that it lists, 5 manifests: whole again\./);
    expect(stdout).toContain("octo-org/app has 120 versions (images with 57 tags, and their parts):");
    expect(exitCode).toBe(0);
  }, 60_000);

  it("takes a policy of one's own, and can stop after the plan", async () => {
    const { exitCode, stdout } = await demo("--dry-run", "--keep", "pr-*: 7d", "--keep", "latest: always");
    expect(stdout).toContain("delete 6, pr-*: older than 7d: pr-140, pr-131, pr-126, pr-118, pr-107, …");
    expect(stdout).toContain("Requests that delete: 0.");
    expect(stdout).not.toContain("== 2. ");
    expect(exitCode).toBe(0);
  }, 60_000);

  it("shows what is wrong with a policy as the action does", async () => {
    const { exitCode, stdout } = await demo("--keep", "latest: always\npr-*: {lst: 3}");
    expect(stdout).toContain('error: keep:2:8: unknown word "lst", did you mean "last"?');
    expect(stdout).toContain("The action ended with exit code 1");
    expect(exitCode).toBe(1);
  }, 60_000);

  it("takes a policy file", async () => {
    const directory = mkdtempSync(join(tmpdir(), "package-retention-"));
    const path = join(directory, "retention.yml");
    writeFileSync(
      path,
      'policies:\n  - packages: ["*"]\n    keep: {pr-*: 14d}\n  - packages: ["@octo-org/*"]\n    type: npm\n    keep: {prerelease: 30d}\n',
    );
    const { exitCode, stdout } = await demo("--dry-run", "--policy-file", path);
    removeFolder(directory);
    expect(stdout).toContain("container package app:");
    expect(stdout).toContain(
      "delete 4, prerelease: older than 30d: 2.1.0-beta.1, 2.0.0-rc.1, 2.0.0-beta.2, 2.0.0-beta.1",
    );
    expect(exitCode).toBe(0);
  }, 60_000);

  it("says what is wrong with its own options", async () => {
    const { exitCode, stderr } = await demo("--data", "emulator/example.json");
    expect(stderr).toContain("--data needs a policy for its packages: give --keep or --policy-file too.");
    expect(exitCode).toBe(1);
  });
});
