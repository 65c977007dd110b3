import { INPUT_OPTIONS, type Option, OWN_OPTIONS } from "./options";

const NARROWEST = 40;
const WIDEST = 100;
const INDENT = 6;

const INTRODUCTION = `Usage: npx github:package-retention/package-retention OPTIONS

Keeps GitHub Packages tidy: says what would be deleted and why, and deletes it
with --apply.

  npx github:package-retention/package-retention --owner acme \\
    --packages app --keep "pr-*: 14d"

The token is taken from GITHUB_TOKEN, else GH_TOKEN, else \`gh auth token\`.
GITHUB_SERVER_URL names another server than https://github.com. --owner and
--packages have no default here, and a report is written only where
--report-file says. An option that is given twice has two lines.

Exit status: 0; 1 for a failed run; 2 for a wrong option or policy.`;

/** What `--help` prints: each option with its description, on lines that fit. */
export function helpText(columns: number): string {
  const width = Math.min(Math.max(columns, NARROWEST), WIDEST);
  return [
    INTRODUCTION,
    "\nOptions of the command line:\n",
    ...OWN_OPTIONS.map((option) => optionText(option, width)),
    "\nInputs of the action:\n",
    ...INPUT_OPTIONS.map((option) => optionText(option, width)),
    "",
  ].join("\n");
}

function optionText({ name, short, isBoolean, description }: Option, width: number): string {
  const head = `  ${short === undefined ? "" : `-${short}, `}--${name}${isBoolean ? "" : " VALUE"}`;
  return [head, ...wrapped(description, width - INDENT).map((line) => " ".repeat(INDENT) + line)].join("\n");
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > width && line !== "") lines.push(line);
    line = longer.length > width ? word : longer;
  }
  return [...lines, line];
}
