import type { Problem } from "./problem";
import { type Position, parseYaml } from "./yaml-source";

/** One entry of a list; with its place where the list was written as YAML. */
export interface ListItem {
  readonly text: string;
  readonly at?: Position;
}

export interface ParsedList {
  readonly items: readonly ListItem[];
  readonly problems: readonly Problem[];
}

/** The lines of a text without blank ones and comments (`# …`). */
export function textLines(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

/** Reads a list that is written one entry per line, or as a YAML list (`[a, b]`, or lines that begin with `- `). */
export function parseTextList(text: string, source: string): ParsedList {
  if (!isYamlList(text)) return { items: textLines(text).map((line) => ({ text: line })), problems: [] };
  const yaml = parseYaml(text, source);
  const found: Problem[] = [];
  const items: ListItem[] = [];
  for (const node of yaml.root?.kind === "list" ? yaml.root.items : []) {
    if (node.kind === "scalar" && node.text !== "") items.push({ text: node.text, at: node.at });
    else
      found.push({
        source,
        ...node.at,
        message: "an item is one text: quote it, if it is a glob with {…} or […]",
      });
  }
  return { items, problems: yaml.join(found) };
}

function isYamlList(text: string): boolean {
  const lines = textLines(text);
  if (lines.length === 0) return false;
  const whole = lines.join(" ");
  return (whole.startsWith("[") && whole.endsWith("]")) || lines.every((line) => /^-(\s|$)/.test(line));
}
