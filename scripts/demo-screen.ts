import { stringify } from "yaml";
import type { ActionResult } from "./runner";

const WIDTH = 110;
const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
const hasColors = process.stdout.isTTY === true && !process.env.NO_COLOR;

/** Text in a colour where the terminal has colours. */
export function paint(style: keyof typeof STYLES, text: string): string {
  return hasColors ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}

export function say(text = ""): void {
  console.log(text);
}

export function heading(text: string): void {
  say(`\n${paint("bold", paint("cyan", `== ${text} `.padEnd(WIDTH, "=")))}\n`);
}

/** The `with:` of a step, as a workflow has it. */
export function showInputs(inputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(inputs)) {
    const lines = value.trimEnd().split("\n");
    // As a workflow needs it: `@acme/ui` in quotes, `true` without.
    const text = ["true", "false"].includes(value) ? value : stringify(value).trimEnd();
    if (lines.length === 1 && !value.includes(": ")) say(`    ${paint("dim", `${name}: ${text}`)}`);
    else
      for (const line of [`${name}: |`, ...lines.map((each) => `  ${each}`)])
        say(`    ${paint("dim", line)}`);
  }
  say();
}

/** What the action printed, as the runner shows it: groups as headings, errors and warnings by their names. */
export function showLog({ stdout }: Pick<ActionResult, "stdout">): void {
  for (const line of stdout.split(/\r?\n/)) {
    const [, command, text = ""] = /^::([a-z-]+)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
    if (command === "group") say(`  ${paint("bold", text)}`);
    else if (command === "error") showMessages("red", "error", text);
    else if (command === "warning") showMessages("yellow", "warning", text);
    else if (command === undefined && line.trim() !== "") say(`  ${logLine(line)}`);
  }
}

function showMessages(style: "red" | "yellow", name: string, text: string): void {
  for (const line of text.replaceAll("%0D", "").split("%0A")) {
    say(`  ${paint(style, `${name}:`)} ${line.replaceAll("%25", "%")}`);
  }
}

function logLine(line: string): string {
  const text = line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 2)} …`;
  if (text.startsWith("  delete ")) return paint("red", text);
  return text.startsWith("  keep ") ? paint("green", text) : text;
}

/** The first lines of a step summary, down to its first collapsed part or picture. */
export function showSummaryHead({ summary }: Pick<ActionResult, "summary">): void {
  const [head = ""] = summary.split(/^(?:```|<details>)/m);
  for (const line of head.trim().split("\n")) say(`    ${paint("dim", "|")} ${line}`);
}

/** The outputs that later steps of a job can use; counts of zero are left out. */
export function showOutputs({ outputs }: Pick<ActionResult, "outputs">): void {
  for (const [name, value] of Object.entries(outputs)) {
    if (value !== "0" && name !== "results") say(`    ${name}=${value}`);
  }
}
