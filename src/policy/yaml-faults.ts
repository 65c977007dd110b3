import type { YAMLError } from "yaml";
import { type Token, tokenize } from "./yaml-quotes";

/** What is wrong with a text as YAML, and where: an offset into the text. */
export interface YamlFault {
  readonly offset: number;
  readonly message: string;
  /** Where what was misread begins. */
  readonly from: number;
}

/** Each of the parser's errors is looked at in the whole text. One fault may have many, and only the first counts. */
const MOST_ERRORS = 100;

/** What the parser found, in our words and the first of each line, since others follow from it; then what is not supported. */
export function yamlFaults(errors: readonly YAMLError[], text: string): YamlFault[] {
  const faults = new Map<number, YamlFault>();
  const tokens = tokenize(text);
  let skipped: number | undefined;
  for (const error of errors.slice(0, MOST_ERRORS)) {
    const offset = faultOffset(error, text, tokens);
    const fault = { offset, message: faultMessage(error, text), from: Math.min(offset, error.pos[0]) };
    const line = text.slice(0, offset).split(/\r\n|\r|\n/).length;
    // Of two lines that were taken for one text, the first is not at fault.
    if (error.pos[0] !== skipped && !faults.has(line)) faults.set(line, fault);
    if (isFurtherRight(error, text)) skipped = error.pos[0];
    if (error.message.includes("YAML stream")) break;
  }
  return [...faults.values(), ...structureFaults(tokens)];
}

function faultOffset(error: YAMLError, text: string, tokens: readonly Token[]): number {
  const [offset] = error.pos;
  if (isFurtherRight(error, text)) return startOfNextLine(text, offset);
  // An open quote is reported where it begins, and not at the end of the text.
  if (!error.message.startsWith("Missing closing")) return offset;
  return tokens.findLast((token) => token.offset < offset)?.offset ?? offset;
}

const COLON_MISSING = 'this is not "key: value": write a colon and a space after the key';
const NOT_IN_LINE = "lines that belong together begin at the same column: indent this one like the others";

function faultMessage(error: YAMLError, text: string): string {
  const { code, message } = error;
  switch (code) {
    case "TAB_AS_INDENT":
      return "indent with spaces: YAML allows no tabs here";
    case "BLOCK_AS_IMPLICIT_KEY":
      if (isFurtherRight(error, text)) return NOT_IN_LINE;
      return "two colons on one line: write a mapping in braces, as in {last: 3}, or quote the value";
    case "BAD_DQ_ESCAPE":
      return "in double quotes YAML reads \\ as an escape: use single quotes, or double each \\";
    case "KEY_OVER_1024_CHARS":
      return "YAML takes no key of more than 1,024 characters: write a shorter one";
    case "MULTILINE_IMPLICIT_KEY":
      return COLON_MISSING;
    case "MISSING_CHAR":
      if (message.startsWith("Implicit map keys")) return COLON_MISSING;
      if (message.startsWith("Missing closing")) return "this quote is not closed: close it after its text";
      break;
    case "BAD_INDENT":
      if (message.includes("end with a }")) return "a { is not closed before this: close it with }";
      if (message.includes("end with a ]")) return "a [ is not closed before this: close it with ]";
      return NOT_IN_LINE;
    case "BLOCK_IN_FLOW":
      return "in braces, put commas between the words: write it as in {last: 3, within: 14d}";
    case "UNEXPECTED_TOKEN":
      return unexpected(error, text);
  }
  return unnamed(message);
}

function unexpected({ message, pos }: YAMLError, text: string): string {
  const [, bracket] = /flow-(?:map|seq)-end token\b.*"(.)"/.exec(message) ?? [];
  if (bracket !== undefined) return `this ${bracket} closes nothing: remove it, or open it before`;
  if (message.includes("Sequence item without")) return NOT_IN_LINE;
  if (!message.includes("at node end")) return unnamed(message);
  if (/(^|[\r\n]) *$/.test(text.slice(0, pos[0]))) return NOT_IN_LINE;
  return "something follows where a text has ended: remove it, or quote all of it";
}

function unnamed(message: string): string {
  return `this is not YAML (${message.replace(/ in YAML stream/, "")}): check the line`;
}

/** A value, and below it a line with a key that begins further to the right: YAML takes the two for one text. */
function isFurtherRight({ code, pos }: YAMLError, text: string): boolean {
  if (code !== "BLOCK_AS_IMPLICIT_KEY") return false;
  const restOfLine = text.slice(pos[0], endOfLine(text, pos[0]));
  return !/:(\s|$)/.test(restOfLine.replace(/\s#.*$/, ""));
}

function startOfNextLine(text: string, offset: number): number {
  const end = endOfLine(text, offset);
  return end + Math.max(0, text.slice(end).search(/\S/));
}

function endOfLine(text: string, offset: number): number {
  const length = text.slice(offset).search(/[\r\n]/);
  return length === -1 ? text.length : offset + length;
}

/** A second document, and directives. */
function structureFaults(tokens: readonly Token[]): YamlFault[] {
  let content = false;
  let ended = false;
  for (const { type, offset } of tokens) {
    if (type === "directive-line") {
      return [{ offset, from: offset, message: "YAML directives are not supported: remove this line" }];
    }
    if (["space", "newline", "comment", "byte-order-mark"].includes(type)) continue;
    const second = content && (type === "doc-start" || (ended && type !== "doc-end"));
    if (second)
      return [{ offset, from: offset, message: "only one YAML document is read: remove what follows" }];
    if (type === "doc-end") ended = true;
    else content = true;
  }
  return [];
}
