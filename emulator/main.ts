import { parseArgs } from "node:util";
import { readDataFile } from "./data";
import { type Emulator, startEmulator } from "./server";
import type { EmulatorState } from "./state";

const HELP = `A local GitHub: the Packages API and the container registry, from a data file.

Usage: npx tsx emulator/main.ts [--port 8080] [--data emulator/example.json]

  --port   port on 127.0.0.1 (default 8080; 0: any free one)
  --data   data file, JSON (default: example.json next to this program)
  --quiet  do not print the requests
  --help   this text

emulator/README.md describes the data file.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8080" },
      data: { type: "string" },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${values.port}: no port number`);
  const data = readDataFile(values.data ?? new URL("example.json", import.meta.url));
  const emulator = await startEmulator(data, { port });
  console.log(greeting(emulator));
  if (!values.quiet) emulator.onRequest((_, { method, path }) => console.log(`${method} ${path}`));
  closeOnSignal(emulator);
}

function greeting(emulator: Emulator): string {
  const { url, state } = emulator;
  return `The local GitHub listens at ${url} (Ctrl+C ends it).

Run the built action on it, dry, from another POSIX shell:

  ${actionCommand(emulator)}

or look around:

  curl -H "Authorization: Bearer ${tokenOf(state)}" ${url}/users/${state.packages[0]?.owner ?? "octocat"}
`;
}

/** One line to copy. `env` sets what a POSIX shell itself cannot: variables with a hyphen in their names. */
function actionCommand({ url, registryUrl, state }: Emulator): string {
  const { owner = "…", type = "container", name = "…" } = state.packages[0] ?? {};
  const isImage = type === "container" || type === "docker";
  const variables = {
    GITHUB_API_URL: url,
    "INPUT_REGISTRY-URL": registryUrl,
    INPUT_TOKEN: tokenOf(state),
    INPUT_OWNER: owner,
    "INPUT_PACKAGE-TYPE": type,
    INPUT_PACKAGES: name,
    INPUT_KEEP: isImage ? "untagged: never" : "rest: 1",
  };
  const settings = Object.entries(variables).map(([key, value]) => `${key}=${quote(value)}`);
  return ["env", ...settings, "node dist/index.js"].join(" ");
}

function tokenOf({ tokens }: EmulatorState): string {
  return tokens[0]?.token ?? "…";
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function closeOnSignal(emulator: Emulator): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      void emulator.close();
    });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
