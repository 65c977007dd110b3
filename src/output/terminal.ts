import { writeFile } from "node:fs/promises";
import { styleText } from "node:util";
import { packageTitle } from "../report/log-lines";
import type { PackageReport, Report } from "../report/report";
import { plainLine } from "../report/report-text";
import type { Output } from "./output";
import { serialize } from "./report-file";
import { type Tone, versionTable } from "./version-table";

type Env = Readonly<Record<string, string | undefined>>;
type Style = Parameters<typeof styleText>[0];

/** What a terminal, a pipe or a file takes. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface TerminalOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Env;
  /** The report instead of tables; stdout has nothing else then. */
  readonly json: boolean;
  /** Whether a line of progress is wanted, where there is a terminal for it. */
  readonly progress: boolean;
  /** Where the summary is written. */
  readonly summaryFile?: string;
}

const STYLES: Readonly<Record<Tone, Style>> = { keep: "green", change: "red", trouble: "yellow" };
/** Shorter texts would be found in words of all kinds. */
const SHORTEST_SECRET = 8;
const CLEAR_LINE = "\r\u001b[K";

/** A person's terminal, or the pipe or the file in its place: text on stdout, errors and warnings on stderr. */
export function createTerminal(options: TerminalOptions): Output {
  const { stdout, stderr, env, json } = options;
  const secrets: string[] = [];
  let hasProgress = false;

  function say(stream: Stream, text: string, style?: Style): void {
    clearProgress();
    const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
    stream.write(`${style !== undefined && hasColours(stream, env) ? paint(style, hidden) : hidden}\n`);
  }

  function clearProgress(): void {
    if (hasProgress) stderr.write(CLEAR_LINE);
    hasProgress = false;
  }

  function progress(line: string): void {
    if (!options.progress || !stderr.isTTY) return;
    stderr.write(CLEAR_LINE + plainLine(line).slice(0, (stderr.columns ?? 80) - 1));
    hasProgress = true;
  }

  const text = json ? stderr : stdout;
  return {
    debug: (message) => {
      if (env.RUNNER_DEBUG === "1") say(stderr, plainLine(message), "dim");
    },
    info: (message) => say(text, plainLine(message)),
    warning: (message) => say(stderr, labelled("warning", message), "yellow"),
    error: (message) => say(stderr, labelled("error", message), "red"),
    progress,
    hide: (secret) => {
      if (secret.length >= SHORTEST_SECRET) secrets.push(secret);
    },
    showPackages: (report) => {
      clearProgress();
      if (json) for (const piece of serialize(report)) stdout.write(piece);
      else for (const pkg of report.packages) showPackage(pkg, report);
    },
    setOutput: () => {},
    hasSummary: () => options.summaryFile !== undefined,
    writeSummary: (markdown) => writeFile(options.summaryFile ?? "", markdown),
    refusedStatus: 2,
  };

  function showPackage(pkg: PackageReport, { generatedAt }: Report): void {
    const width = stdout.isTTY ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
    const isColoured = hasColours(stdout, env);
    say(stdout, "");
    say(stdout, packageTitle(pkg), "bold");
    for (const { line, row, verdictAt } of versionTable(pkg, { now: Date.parse(generatedAt), width })) {
      if (row === undefined) say(stdout, line, "dim");
      else say(stdout, isColoured ? painted(line, verdictAt, STYLES[row.tone]) : line);
    }
    if (pkg.versions.length > 0) say(stdout, "");
  }
}

function labelled(label: string, message: string): string {
  return message
    .split("\n")
    .map((line) => `${label}: ${plainLine(line)}`)
    .join("\n");
}

function painted(line: string, [from, to]: readonly [number, number], style: Style): string {
  return `${line.slice(0, from)}${paint(style, line.slice(from, to))}${line.slice(to)}`;
}

/** Whether there are colours is decided here, by the stream that is written to. */
function paint(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}

/** https://no-color.org, and a terminal that says that it has none. */
function hasColours({ isTTY = false }: Stream, env: Env): boolean {
  return isTTY && !env.NO_COLOR && env.TERM !== "dumb";
}
