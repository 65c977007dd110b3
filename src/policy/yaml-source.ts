import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { inReadingOrder, type Problem } from "./problem";
import { yamlFaults } from "./yaml-faults";
import { findDepth, findUnquoted, meaningOf, type UnquotedText } from "./yaml-quotes";

/** Line and column in the source, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a text begins that is no part of another. */
export const START: Position = { line: 1, column: 1 };

/** A text as it is written: `1.10`, `010`, `true` and `null` are these texts. Replaced ones stand without their quotes. */
export interface YamlScalar {
  readonly kind: "scalar";
  readonly text: string;
  readonly quoted: boolean;
  readonly at: Position;
  /** A block of lines (`|`): where the first one begins. All others begin at the same column below it. */
  readonly block?: Position;
  /** A block whose lines YAML joins into one (`>`). */
  readonly folded?: true;
}

/** Where the text of a scalar begins: behind its quote, or below its `|`. */
export function textStart({ at, quoted, block }: YamlScalar): Position {
  return block ?? { line: at.line, column: at.column + (quoted ? 1 : 0) };
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

export interface YamlMapping {
  readonly kind: "mapping";
  readonly entries: readonly YamlEntry[];
  readonly at: Position;
}

export interface YamlList {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
  readonly at: Position;
}

export type YamlNode = YamlScalar | YamlMapping | YamlList;

export interface YamlSource {
  /** What the text holds, as far as it could be read; undefined where there is nothing but comments. */
  readonly root?: YamlNode;
  readonly problems: readonly Problem[];
  /**
   * Joins the problems of the YAML text with those that a reader found in `root`, in reading order; without those
   * that only follow from broken YAML.
   */
  readonly join: (found: readonly Problem[]) => Problem[];
}

const MAX_LENGTH = 100_000;
const MAX_DEPTH = 50;
const TOO_DEEP = `this is nested more than ${MAX_DEPTH} deep: write it simpler`;
const MAX_REPLACED = 10;
const PARSE_OPTIONS = {
  schema: "failsafe",
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
} as const;

/** Characters that YAML does not allow anywhere. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * Parses YAML into texts with positions (spec/policy.md, "Selectors"): all scalars as they are written, and without
 * anchors, aliases, tags, merge keys and further documents, which are refused. Never throws; each fault is one
 * problem, and what can be read besides is read all the same.
 *
 * @param start where the text begins in its source
 */
export function parseYaml(written: string, source: string, start: Position = START): YamlSource {
  const text = written.replace(/^\uFEFF/, "");
  if (text.length > MAX_LENGTH) {
    return unreadable({ source, message: `the text is longer than ${MAX_LENGTH} characters: split it up` });
  }
  if (CONTROL_CHARACTER.test(text)) {
    return unreadable({ source, message: "the text contains a control character: remove it" });
  }
  try {
    const deep = findDepth(text, MAX_DEPTH);
    if (deep !== undefined) {
      const lines = linesOf(text.slice(0, deep));
      const at = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
      return unreadable({ source, ...moved(at, start), message: TOO_DEEP });
    }
    return readDocument(text, source, start);
  } catch {
    return unreadable({ source, ...start, message: "the text cannot be read as YAML: simplify it" });
  }
}

function unreadable(problem: Problem): YamlSource {
  return { problems: [problem], join: () => [problem] };
}

/** What the functions below share: where offsets are, and what has been found so far. */
interface Reading {
  readonly source: string;
  readonly start: Position;
  readonly text: string;
  readonly lines: LineCounter;
  readonly replaced: ReadonlyMap<number, Replaced>;
  readonly problems: Problem[];
}

function readDocument(text: string, source: string, start: Position): YamlSource {
  const { readable, replaced } = replaceUnquoted(text);
  const lines = new LineCounter();
  const document = parseDocument(readable, { ...PARSE_OPTIONS, lineCounter: lines });
  const reading: Reading = { source, start, text: readable, lines, replaced, problems: [] };
  const found = yamlFaults(document.errors, readable);
  const faults = found.map(({ offset, message }) => problemAt(reading, offset, message));
  const quotes = [...replaced.values()].map((one) => unquotedProblem(reading, one));
  if (replaced.size === MAX_REPLACED) return { problems: quotes, join: () => quotes };
  const root = document.contents === null ? undefined : readNode(reading, document.contents, 0);
  const isSound = soundness(
    quotes,
    found.map(({ from }) => positionAt(reading, from)),
    root,
  );
  const problems = inReadingOrder([...quotes, ...faults, ...reading.problems.filter(isSound)]);
  return {
    ...(root === undefined ? {} : { root }),
    problems,
    join: (others) => inReadingOrder([...problems, ...others.filter(isSound)]),
  };
}

/** What follows a fault of the YAML in the same entry may have been misread; what was unquoted has its message. */
function soundness(quotes: readonly Problem[], faults: readonly Position[], root: YamlNode | undefined) {
  const starts = root?.kind === "mapping" ? root.entries.map((entry) => entry.key.at.line) : [];
  const spoiled = faults.map(({ line }) => ({
    from: line,
    to: starts.find((start) => start > line) ?? Number.POSITIVE_INFINITY,
  }));
  const places = new Set(quotes.map(({ line, column }) => `${line}:${column}`));
  return ({ line = 1, column = 1 }: Problem) =>
    !places.has(`${line}:${column}`) && !spoiled.some(({ from, to }) => line >= from && line < to);
}

interface Replaced extends UnquotedText {
  readonly written: string;
}

/**
 * Puts a harmless word of the same length in the place of what has to be quoted, so that all the rest of the text
 * can be read and checked, at the same offsets.
 */
function replaceUnquoted(text: string): { readable: string; replaced: Map<number, Replaced> } {
  let readable = text;
  const replaced = new Map<number, Replaced>();
  while (replaced.size < MAX_REPLACED) {
    const found = findUnquoted(readable);
    if (found === undefined || found.end <= found.start || replaced.has(found.start)) break;
    replaced.set(found.start, { ...found, written: text.slice(found.start, found.end) });
    const word = "x".repeat(found.end - found.start);
    readable = readable.slice(0, found.start) + word + readable.slice(found.end);
  }
  return { readable, replaced };
}

function unquotedProblem(reading: Reading, { start, place, written, character }: Replaced): Problem {
  const where = written.startsWith(character) ? "" : " inside of brackets";
  const unsupported = place === "value" && "&*!".includes(character) ? ", which is not supported here" : "";
  const why = `in YAML an unquoted ${character}${where} ${meaningOf(character)}${unsupported}`;
  return problemAt(reading, start, `quote this ${place}: ${JSON.stringify(written)}: ${why}`);
}

function positionAt({ lines, start }: Reading, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return moved({ line: Math.max(line, 1), column: Math.max(col, 1) }, start);
}

function moved({ line, column }: Position, start: Position): Position {
  return { line: line + start.line - 1, column: column + start.column - 1 };
}

function problemAt(reading: Reading, offset: number, message: string): Problem {
  return { source: reading.source, ...positionAt(reading, offset), message };
}

function readNode(reading: Reading, node: unknown, depth: number): YamlNode {
  if (depth > MAX_DEPTH) return tooDeep(reading, node);
  if (isMap(node)) return readMapping(reading, node, depth);
  if (isSeq(node)) {
    const items = node.items.map((item) => readNode(reading, item, depth + 1));
    return { kind: "list", items, at: positionAt(reading, node.range?.[0] ?? 0) };
  }
  return readScalar(reading, node);
}

/** Told once, however much of it there is. */
function tooDeep(reading: Reading, node: unknown): YamlScalar {
  const scalar = readScalar(reading, node);
  if (!reading.problems.some(({ message }) => message === TOO_DEEP)) report(reading, scalar.at, TOO_DEEP);
  return scalar;
}

function readScalar(reading: Reading, node: unknown): YamlScalar {
  const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  const at = positionAt(reading, offset);
  const one = reading.replaced.get(offset);
  if (one !== undefined) return { kind: "scalar", text: one.written, quoted: false, at };
  if (!isScalar(node)) return { kind: "scalar", text: "", quoted: false, at };
  const quoted = node.type !== undefined && node.type !== "PLAIN";
  if (!quoted && /[\r\n]/.test(reading.text.slice(...(node.range ?? [0, 0])).trim()))
    report(reading, at, SEVERAL_LINES);
  const text = String(node.value ?? "");
  const block = node.type === "BLOCK_LITERAL" ? blockStart(reading, node.range ?? [], text) : undefined;
  return {
    kind: "scalar",
    text,
    quoted,
    at,
    ...(block && { block }),
    ...(node.type === "BLOCK_FOLDED" && { folded: true }),
  };
}

const SEVERAL_LINES =
  'YAML reads these lines as one text: a list has "- " in front of each item, all at the same column';

/** The lines of a block begin below its `|`; what they have more of blanks than their text is their indentation. */
function blockStart(reading: Reading, [start, end]: readonly number[], text: string): Position {
  const [, ...lines] = linesOf(reading.text.slice(start, end));
  const at = positionAt(reading, start ?? 0);
  return { line: at.line + 1, column: reading.start.column + indentOf(lines) - indentOf(linesOf(text)) };
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

function indentOf(lines: readonly string[]): number {
  const line = lines.find((one) => one.trim() !== "") ?? "";
  return line.length - line.trimStart().length;
}

function readMapping(reading: Reading, node: YAMLMap, depth: number): YamlMapping {
  const entries: YamlEntry[] = [];
  const seen = new Map<string, Position>();
  for (const pair of node.items) {
    const key = readNode(reading, pair.key, depth + 1);
    const value = pair.value === null ? { ...EMPTY, at: key.at } : readNode(reading, pair.value, depth + 1);
    if (key.kind !== "scalar") {
      report(reading, key.at, 'quote this key: a key is a text, as in "{a,b}": 3');
      continue;
    }
    checkKey(reading, key, seen);
    entries.push({ key, value });
  }
  return { kind: "mapping", entries, at: positionAt(reading, node.range?.[0] ?? 0) };
}

const EMPTY = { kind: "scalar", text: "", quoted: false } as const;

/** Keys are the same when their texts are: `v*` and `"v*"` are duplicates, `1.0` and `1.00` are not. */
function checkKey(reading: Reading, key: YamlScalar, seen: Map<string, Position>): void {
  const earlier = seen.get(key.text);
  if (earlier !== undefined) {
    report(
      reading,
      key.at,
      `duplicate key ${JSON.stringify(key.text)}: it stands on line ${earlier.line} already, remove one of them`,
    );
  } else if (key.text === "<<" && !key.quoted) {
    report(reading, key.at, "merge keys (<<) are not supported: write the entries out");
  }
  if (earlier === undefined) seen.set(key.text, key.at);
}

function report(reading: Reading, at: Position, message: string): void {
  reading.problems.push({ source: reading.source, ...at, message });
}
