import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { hasSignals } from "../support/signals";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

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

  it("says what is wrong with its data file", async () => {
    const child = program("--data", "package.json");
    const [message] = (await once(child.stderr, "data")) as [string];
    const [code] = (await once(child, "exit")) as [number];
    expect(message).toContain("package.json: The emulator's data is not valid:\n- owners: Invalid input");
    expect(code).toBe(1);
  }, 30_000);
});
