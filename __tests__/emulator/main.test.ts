import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { removeFolder } from "../../scripts/remove-folder";
import { hasSignals } from "../support/signals";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const itWithShell = process.platform === "win32" ? it.skip : it;

function program(...args: string[]) {
  const options = { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
  const child = spawn(process.execPath, ["--import", "tsx", "emulator/main.ts", ...args], options);
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  return child;
}

describe("the emulator as a program", () => {
  it("says where it listens, answers there, and ends on a signal", async () => {
    const child = program("--port", "0", "--data", "emulator/example.json");
    const [greeting] = (await once(child.stdout, "data")) as [string];
    const url = /GITHUB_API_URL=(\S+)/.exec(greeting)?.[1] ?? "";
    const answer = await fetch(`${url}/users/octo-org`);
    expect(await answer.json()).toMatchObject({ type: "Organization" });
    child.kill("SIGTERM");
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    if (hasSignals) expect([code, signal]).toEqual([0, null]);
  }, 30_000);

  itWithShell(
    "prints a line that runs the action on it",
    async () => {
      const child = program("--port", "0", "--quiet");
      const temp = mkdtempSync(join(tmpdir(), "package-retention-"));
      try {
        const [greeting] = (await once(child.stdout, "data")) as [string];
        const [line = ""] = /^ +env .*$/m.exec(greeting) ?? [];
        const env = { PATH: process.env.PATH, RUNNER_TEMP: temp };
        const { stdout } = await promisify(execFile)("sh", ["-c", line], { cwd: ROOT, env });
        expect(stdout).toContain("The plan deletes 1 of 27 versions of 1 package.");
      } finally {
        child.kill();
        removeFolder(temp);
      }
    },
    30_000,
  );

  it("says what is wrong with its data file", async () => {
    const child = program("--data", "package.json");
    const [message] = (await once(child.stderr, "data")) as [string];
    const [code] = (await once(child, "exit")) as [number];
    expect(message).toContain("package.json: The emulator's data is not valid:\n- owners: Invalid input");
    expect(code).toBe(1);
  }, 30_000);
});
