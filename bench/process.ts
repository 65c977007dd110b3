import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built action. */
export const BUNDLE = fileURLToPath(new URL("../dist/index.js", import.meta.url));

/** The command line. */
export const BIN = fileURLToPath(new URL("../bin/package-retention.js", import.meta.url));

export interface Ended {
  /** From the start of the process to its end. */
  readonly milliseconds: number;
  readonly stdout: string;
}

/** Runs Node with these arguments to its end. Rejects when it fails, unless `mayFail`. */
export async function runNode(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly mayFail?: boolean } = {},
): Promise<Ended> {
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", options.mayFail ? "ignore" : "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await ended(child);
  const stdout = Buffer.concat(chunks).toString("utf8");
  if (code !== 0 && !options.mayFail)
    throw new Error(`node ${args.join(" ")} ended with ${code}:\n${stdout}`);
  return { milliseconds: performance.now() - start, stdout };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

/** Runs one of the TypeScript files next to this one, and parses what it prints. */
export async function runScript<T>(name: string, ...args: readonly string[]): Promise<T> {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { stdout } = await runNode(["--import", "tsx", file, ...args]);
  return JSON.parse(stdout) as T;
}
