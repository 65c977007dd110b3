import { ACTION_INPUTS, VERSION } from "../inputs/action-inputs";
import { type CommandLine, readCommandLine } from "../inputs/command-line";
import { findToken, NO_TOKEN } from "../inputs/find-token";
import { helpText } from "../inputs/help";
import type { InputSource } from "../inputs/inputs";
import { readSafely } from "../inputs/safe-file";
import { createTerminal } from "../output/terminal";
import type { Session } from "./session";

type Env = InputSource["env"];

const DEFAULT_COLUMNS = 80;

/** The run that a person asks for at a command line; undefined where that was answered already. */
export function commandLineSession(args: readonly string[], env: Env): Session | undefined {
  const commandLine = readCommandLine(args);
  const { flags, problems, summary } = commandLine;
  const { stdout, stderr } = process;
  const isWrong = problems.length > 0;
  if (!isWrong && (flags.has("help") || flags.has("version"))) {
    stdout.write(flags.has("help") ? helpText(stdout.columns ?? DEFAULT_COLUMNS) : `${VERSION}\n`);
    return undefined;
  }
  const output = createTerminal({
    stdout,
    stderr,
    env,
    json: flags.has("json"),
    progress: !flags.has("no-progress"),
    ...(summary === undefined ? {} : { summaryFile: summary }),
  });
  process.once("SIGINT", () => output.info("Stopping: what is under way is finished first."));
  return { output, problems, source: sourceOf(commandLine, env, isWrong), defaultReport: () => undefined };
}

/** Of the environment only the server counts: a job's repository says nothing of what a person means. */
function sourceOf({ inputs }: CommandLine, env: Env, isWrong: boolean): InputSource {
  const { GITHUB_SERVER_URL, GITHUB_API_URL } = env;
  const token = isWrong ? undefined : findToken(env, GITHUB_SERVER_URL ?? "https://github.com");
  return {
    getInput: (name) => (name === "token" ? token : inputs.get(name)) ?? defaultOf(name),
    env: { GITHUB_SERVER_URL, GITHUB_API_URL },
    readFile: readSafely,
    noToken: NO_TOKEN,
  };
}

function defaultOf(input: string): string {
  return ACTION_INPUTS.find(({ name }) => name === input)?.default ?? "";
}
