import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Emulator } from "../emulator/server";
import { removeFolder } from "./remove-folder";

/** A run of the command line, as a person would start it. */
export interface CommandLineRun {
  readonly emulator: Emulator;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the directory that it runs in. */
  readonly files?: Readonly<Record<string, string>>;
  /** In a terminal of so many columns instead of pipes; stdout then has all that it shows. */
  readonly columns?: number;
  readonly onSpawn?: (child: ChildProcess) => void;
}

export interface CommandLineResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly directory: string;
}

const BIN = fileURLToPath(new URL("../bin/package-retention.js", import.meta.url));
const directories: string[] = [];

/** Removes the directories of all runs so far. */
export function cleanUpCommandLines(): void {
  for (const directory of directories.splice(0)) removeFolder(directory);
}

/** Runs the bundle with these arguments against an emulator, with its first token, to the end. */
export async function runCommandLine(run: CommandLineRun): Promise<CommandLineResult> {
  const directory = mkdtempSync(join(tmpdir(), "package-retention-"));
  directories.push(directory);
  for (const [name, text] of Object.entries(run.files ?? {})) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  const [program = "", ...args] = commandOf(run);
  const child = spawn(program, args, {
    cwd: directory,
    env: environment(run),
    stdio: [run.columns === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const stdout = gather(child.stdout);
  const stderr = gather(child.stderr);
  run.onSpawn?.(child);
  const [exitCode] = await once(child, "close");
  return { exitCode, stdout: stdout(), stderr: stderr(), directory };
}

function commandOf({ emulator, args, columns }: CommandLineRun): string[] {
  const command = [process.execPath, BIN, "--registry-url", emulator.registryUrl, ...args];
  if (columns === undefined) return command;
  // util-linux's script gives it a terminal.
  const inTerminal = `stty cols ${columns}; exec ${command.map(quoted).join(" ")}`;
  return ["script", "--quiet", "--return", "--flush", "--command", inTerminal, "/dev/null"];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function environment({ emulator, env }: CommandLineRun): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: tmpdir(),
    TERM: "xterm-256color",
    GITHUB_API_URL: emulator.url,
    GITHUB_TOKEN: emulator.state.tokens[0]?.token ?? "",
    ...env,
  };
}

function gather(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8").replaceAll("\r\n", "\n");
}
