import type { ChildProcess } from "node:child_process";
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ActionRun, parseCommands, parseOutputs, runAction } from "../support/run-action";
import { hasSignals } from "../support/signals";
import { GITHUB_TOKEN, start } from "./fixture";

const entry = fileURLToPath(new URL("./stand-in.mjs", import.meta.url));

async function runStandIn(run: Partial<ActionRun> = {}) {
  const emulator = run.emulator ?? (await start());
  const result = await runAction({ emulator, entry, ...run });
  const [line = "{}"] = result.stdout.split("\n");
  const { env = {}, cwd } = JSON.parse(line || "{}") as { env?: Record<string, string>; cwd?: string };
  return { emulator, result, env, cwd };
}

describe("a run of the action", () => {
  it("has the environment of a runner, and nothing else of this process", async () => {
    process.env.LEAKED = "secret";
    const { emulator, env, cwd, result } = await runStandIn({ env: { RUNNER_DEBUG: "1" } });
    expect(env).toMatchObject({
      CI: "true",
      GITHUB_API_URL: emulator.url,
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "acme/app",
      GITHUB_REPOSITORY_OWNER: "acme",
      GITHUB_WORKSPACE: result.workspace,
      RUNNER_DEBUG: "1",
    });
    expect(realpathSync(cwd ?? "")).toBe(realpathSync(result.workspace));
    expect(env).not.toHaveProperty("LEAKED");
    delete process.env.LEAKED;
  });

  it("has the inputs that were given, and the defaults of action.yml for the others", async () => {
    const { env, emulator } = await runStandIn({ inputs: { keep: "latest: always", "min-keep": "" } });
    expect(env).toMatchObject({
      INPUT_KEEP: "latest: always",
      "INPUT_MIN-KEEP": "",
      "INPUT_DRY-RUN": "true",
      "INPUT_MAX-DELETE": "",
      INPUT_TOKEN: GITHUB_TOKEN,
      "INPUT_REGISTRY-URL": emulator.registryUrl,
    });
  });

  it("refuses inputs that action.yml does not have", async () => {
    await expect(runStandIn({ inputs: { keeep: "x" } })).rejects.toThrow(
      "action.yml has no input named keeep",
    );
  });

  it("gives back all that the action leaves behind", async () => {
    const { result, emulator } = await runStandIn();
    expect(result).toMatchObject({
      exitCode: 3,
      signal: null,
      stderr: "done\n",
      outputs: { status: "partial" },
      stdout: expect.stringMatching(/^\{.*\}\n::warning::look%0Ahere\n$/),
      summary: "# Summary",
      report: { schemaVersion: 1 },
      annotations: { errors: [], warnings: ["look\nhere"], notices: [] },
    });
    expect(emulator.requests.map(({ path }) => path)).toEqual(["/users/acme", "/users/mona"]);
  });

  it("can be killed at a request, even one that is not the emulator's first", async () => {
    const { emulator } = await runStandIn();
    const { result } = await runStandIn({ emulator, killAt: { nth: 2, method: "GET" } });
    expect(result.outputs).toEqual({ status: "partial" });
    expect(result.stderr).toBe("");
    expect(emulator.requests).toHaveLength(4);
    if (hasSignals) expect(result.signal).toBe("SIGKILL");
  });

  it("is ended when it takes too long, and nothing of it is left then", async () => {
    const emulator = await start();
    emulator.faults.add({ match: { path: "/users" }, delay: 30_000 });
    let hasClosed = false;
    const onSpawn = (child: ChildProcess) => {
      child.once("close", () => {
        hasClosed = true;
      });
    };
    await expect(runStandIn({ emulator, timeout: 1500, onSpawn })).rejects.toThrow(
      "The action did not end within 1500 ms. It printed:",
    );
    expect(hasClosed).toBe(true);
  });
});

describe("the outputs file", () => {
  it("has blocks between delimiters, and plain lines", () => {
    const text =
      "status<<end_1\ncomplete\nend_1\nresults<<end_2\n[\n  1\n]\nend_2\nplain=a=b\nempty<<end_3\n\nend_3\n";
    expect(parseOutputs(text)).toEqual({ status: "complete", results: "[\n  1\n]", plain: "a=b", empty: "" });
  });

  it("may have the line ends of Windows", () => {
    expect(parseOutputs("a<<end\r\n1\r\n2\r\nend\r\n")).toEqual({ a: "1\n2" });
  });

  it("must end its blocks", () => {
    expect(() => parseOutputs("a<<end\n1\n")).toThrow("output a has no end");
  });
});

describe("the workflow commands in a log", () => {
  it("carry encoded text, and properties", () => {
    const log =
      "planned\n::error::first%0Asecond%3A 100%25::x\n::warning title=Broken,file=a%3Ab::one image\n ::notice::no\n";
    expect(parseCommands(log)).toEqual([
      { name: "error", message: "first\nsecond%3A 100%::x" },
      { name: "warning", message: "one image" },
    ]);
  });
});
