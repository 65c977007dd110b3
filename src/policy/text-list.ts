import type { Problem } from "./problem";
import { type Position, parseYaml, START } from "./yaml-source";

/** One entry of a list, and where it stands. */
export interface ListItem {
  readonly text: string;
  readonly at: Position;
}

export interface ParsedList {
  readonly items: readonly ListItem[];
  /** Whether the list was written as YAML, and not one entry per line. */
  readonly isYaml: boolean;
  readonly problems: readonly Problem[];
}

/** The lines of a text without blank ones and comments (`# …`). */
export function textLines(text: string): string[] {
  return textItems(text).map((item) => item.text);
}

/** As `textLines`, with the place of each. */
export function textItems(text: string, start: Position = START): ListItem[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const written = line.replace(/(^|\s)#.*$/, "").trim();
    const column = start.column + line.indexOf(written);
    return written === "" ? [] : [{ text: written, at: { line: start.line + index, column } }];
  });
}

/** The pieces of an entry that its separators, at these offsets, leave; blank ones are none. */
export function splitItem({ text, at }: ListItem, separators: readonly number[]): ListItem[] {
  return [-1, ...separators].flatMap((before, index) => {
    const piece = text.slice(before + 1, separators[index] ?? text.length);
    const column = at.column + before + 1 + piece.search(/\S/);
    return piece.trim() === "" ? [] : [{ text: piece.trim(), at: { ...at, column } }];
  });
}

/**
 * Reads a list that is written one entry per line, or as a YAML list (`[a, b]`, or lines that begin with `- `).
 *
 * @param start where the text begins in its source
 */
export function parseTextList(text: string, source: string, start: Position = START): ParsedList {
  if (!isYamlList(text)) return { items: textItems(text, start), isYaml: false, problems: [] };
  const yaml = parseYaml(text, source, start);
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
  return { items, isYaml: true, problems: yaml.join(found) };
}

function isYamlList(text: string): boolean {
  const lines = textLines(text);
  if (lines.length === 0) return false;
  const whole = lines.join(" ");
  return (whole.startsWith("[") && whole.endsWith("]")) || lines.every((line) => /^-(\s|$)/.test(line));
}
