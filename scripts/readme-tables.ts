import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

/** What `action.yml` says of one input or output. */
interface Field {
  readonly description?: string;
  readonly default?: unknown;
}

const SECTION = /<!-- begin (\S+) -->\n[\s\S]*?<!-- end \1 -->/g;

/** The documents for users, by their paths in the repository. */
export function documents(): readonly string[] {
  const names = readdirSync(new URL("../docs/", import.meta.url)).filter((name) => name.endsWith(".md"));
  return ["README.md", ...names.sort().map((name) => `docs/${name}`)];
}

/**
 * A document with its generated parts made anew, between `<!-- begin NAME -->` and `<!-- end NAME -->`: the tables of
 * inputs and outputs from `action.yml`, the files of `examples/` as code, and the session at the command line.
 *
 * @throws Error for a name that it does not know
 */
export function withGeneratedParts(text: string, path: string): string {
  return text.replace(
    SECTION,
    (_, name: string) => `<!-- begin ${name} -->\n${generate(name, path)}\n<!-- end ${name} -->`,
  );
}

/** A text file of the repository, by its path in it, with the line ends of Unix. */
export function readText(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8").replaceAll("\r\n", "\n");
}

function generate(name: string, path: string): string {
  if (name === "inputs") return inputsTable(action().inputs);
  if (name === "outputs") return outputsTable(action().outputs);
  if (/^examples\/[\w-]+\.yml$/.test(name)) return `\n\`\`\`yaml\n${readText(name).trimEnd()}\n\`\`\`\n`;
  if (name === "docs/command-line.txt") return `\n\`\`\`console\n${readText(name).trimEnd()}\n\`\`\`\n`;
  throw new Error(`${path}: there is no generated part "${name}".`);
}

function action(): { inputs: Record<string, Field>; outputs: Record<string, Field> } {
  return parse(readText("action.yml"));
}

function inputsTable(inputs: Record<string, Field>): string {
  const rows = Object.entries(inputs).map(([name, field]) => {
    const preset = field.default === undefined ? "" : `\`${field.default}\``;
    return `| \`${name}\` | ${preset} | ${cell(field)} |`;
  });
  return ["| input | default | meaning |", "|---|---|---|", ...rows].join("\n");
}

function outputsTable(outputs: Record<string, Field>): string {
  const rows = Object.entries(outputs).map(([name, field]) => `| \`${name}\` | ${cell(field)} |`);
  return ["| output | value |", "|---|---|", ...rows].join("\n");
}

function cell({ description = "" }: Field): string {
  return description.trim().replaceAll("|", "\\|").replaceAll("\n", " ");
}
