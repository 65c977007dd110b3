import { CST, Lexer } from "yaml";

/** An unquoted text that YAML reads as something else: from `start` up to `end` in the text it was found in. */
export interface UnquotedText {
  readonly start: number;
  readonly end: number;
  readonly place: "key" | "item" | "value";
  readonly character: string;
}

export interface Token {
  readonly type: string;
  readonly source: string;
  readonly offset: number;
}

/** Where the walk stands: the open `{` and `[`, whether a `:` has just been read, and which token closes which. */
interface Context {
  readonly flow: string[];
  readonly closes: ReadonlyMap<number, number>;
  afterColon: boolean;
}

/** What each character does in YAML, for the message. */
const MEANINGS: Readonly<Record<string, string>> = {
  "*": "begins an alias",
  "&": "begins an anchor",
  "!": "begins a tag",
  "{": "begins a mapping",
  "[": "begins a list",
  "?": "begins a key on lines of its own",
  "|": "begins a block of text",
  ">": "begins a block of text",
  "%": "begins a directive",
  "@": "is reserved",
  "`": "is reserved",
  ",": "separates items",
};

/** What an unquoted `character` does in YAML: `begins an alias`. */
export function meaningOf(character: string): string {
  return MEANINGS[character] ?? "is something else";
}

/** The first text that has to be quoted, since it begins (or continues) as a glob or regex does and as no YAML text may. */
export function findUnquoted(text: string): UnquotedText | undefined {
  const tokens = tokenize(text);
  const context: Context = { flow: [], closes: closingBrackets(tokens), afterColon: false };
  for (const [index, token] of tokens.entries()) {
    const found = unquotedAt(text, tokens, index, context);
    if (found !== undefined) return found;
    advance(context, token);
  }
  return undefined;
}

/** Where brackets, or the indicators of one line (`- - -`), are nested deeper than so many levels. */
export function findDepth(text: string, most: number): number | undefined {
  let brackets = 0;
  let inLine = 0;
  for (const { type, offset } of tokenize(text)) {
    if (type === "newline") inLine = 0;
    else if (type === "flow-map-start" || type === "flow-seq-start") brackets++;
    else if (type === "flow-map-end" || type === "flow-seq-end") brackets = Math.max(brackets - 1, 0);
    else if (brackets === 0 && /^(seq-item|map-value|explicit-key)-ind$/.test(type)) inLine++;
    if (brackets + inLine > most) return offset;
  }
  return undefined;
}

/** The lexer's tokens with their offsets, without its own marks, which are no part of the text. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  for (const source of new Lexer().lex(text)) {
    const type = CST.tokenType(source) ?? "error";
    if (type === "doc-mode" || type === "flow-error-end" || type === "scalar") {
      // A mark says that the next lexeme is a plain scalar; a mark has no length of its own.
      if (type === "scalar") tokens.push({ type: "mark", source: "", offset });
      continue;
    }
    const plain = tokens.at(-1)?.type === "mark";
    if (plain) tokens.pop();
    tokens.push({ type: plain ? "plain" : type, source, offset });
    offset += source.length;
  }
  return tokens;
}

function unquotedAt(
  text: string,
  tokens: readonly Token[],
  index: number,
  context: Context,
): UnquotedText | undefined {
  const token = tokens[index];
  if (token === undefined) return undefined;
  switch (token.type) {
    case "alias":
    case "anchor":
    case "tag":
    case "explicit-key-ind":
      return extent(text, token.offset, context, token.source.charAt(0));
    case "plain":
      if (/^[@`%,|>]/.test(token.source)) return extent(text, token.offset, context, token.source.charAt(0));
      return undefined;
    case "directive-line":
      return /^%[^#]*:\s/.test(token.source) ? extent(text, token.offset, context, "%") : undefined;
    case "block-scalar-header":
      if (/^[|>][-+0-9]*$/.test(token.source) && !isKeyLine(text, token.offset, context)) return undefined;
      return extent(text, token.offset, context, token.source.charAt(0));
    case "flow-map-start":
    case "flow-seq-start":
      return unquotedBracket(text, tokens, index, context);
    default:
      return undefined;
  }
}

/** `{a,b}-*`, `[0-9]*` and, inside of a list or mapping in brackets, `v[0-9]*`. */
function unquotedBracket(
  text: string,
  tokens: readonly Token[],
  index: number,
  context: Context,
): UnquotedText | undefined {
  const token = tokens[index];
  const previous = tokens[index - 1];
  if (token === undefined) return undefined;
  if (previous?.type === "plain" && !/[\r\n]/.test(previous.source) && context.flow.length > 0) {
    return extent(text, previous.offset, context, token.source);
  }
  const close = context.closes.get(index);
  const next = close === undefined ? undefined : tokens[close + 1];
  if (next === undefined) return undefined;
  const goesOn = !["space", "newline", "comma", "comment", "flow-map-end", "flow-seq-end"].includes(
    next.type,
  );
  return goesOn ? extent(text, token.offset, context, token.source) : undefined;
}

/** For each opening bracket (by index) the token that closes it, where that is on the same line. */
function closingBrackets(tokens: readonly Token[]): Map<number, number> {
  const closes = new Map<number, number>();
  let open: number[] = [];
  for (const [index, { type }] of tokens.entries()) {
    if (type === "newline") open = [];
    if (type === "flow-map-start" || type === "flow-seq-start") open.push(index);
    if (type === "flow-map-end" || type === "flow-seq-end") {
      const start = open.pop();
      if (start !== undefined) closes.set(start, index);
    }
  }
  return closes;
}

function advance(context: Context, token: Token): void {
  if (token.type === "flow-map-start" || token.type === "flow-seq-start") context.flow.push(token.source);
  if (token.type === "flow-map-end" || token.type === "flow-seq-end") context.flow.pop();
  if (token.type === "map-value-ind") context.afterColon = true;
  else if (token.type !== "space") context.afterColon = false;
}

function extent(text: string, start: number, context: Context, character: string): UnquotedText {
  const line = lineFrom(text, start);
  if (context.flow.length > 0) {
    const { length, key } = flowExtent(line);
    const inMapping = context.flow.at(-1) === "{" || key;
    return {
      start,
      end: start + length,
      place: inMapping ? (context.afterColon ? "value" : "key") : "item",
      character,
    };
  }
  const key = context.afterColon ? undefined : keyOf(line);
  if (key !== undefined) return { start, end: start + key.length, place: "key", character };
  const rest = line.replace(/\s#.*$/, "").trimEnd();
  return { start, end: start + rest.length, place: context.afterColon ? "value" : "item", character };
}

/** Outside of brackets, a key ends at the first `:` that white space or the end of the line follows. */
function keyOf(line: string): string | undefined {
  const uncommented = line.replace(/\s#.*$/, "");
  const colon = uncommented.search(/:(?=\s|$)/);
  return colon === -1 ? undefined : uncommented.slice(0, colon).trimEnd();
}

/** Inside of brackets, a text ends at `,`, a closing bracket that it did not open, or `: `. */
function flowExtent(line: string): { length: number; key: boolean } {
  let depth = 0;
  let length = 0;
  let key = false;
  for (; length < line.length; length++) {
    const character = line.charAt(length);
    key = character === ":" && /^(\s|$)/.test(line.slice(length + 1, length + 2));
    if (key || (depth === 0 && /[,\]}]/.test(character))) break;
    if (/[[{]/.test(character)) depth++;
    if (/[\]}]/.test(character)) depth--;
  }
  return { length: line.slice(0, length).trimEnd().length, key };
}

function isKeyLine(text: string, start: number, context: Context): boolean {
  return !context.afterColon && context.flow.length === 0 && keyOf(lineFrom(text, start)) !== undefined;
}

function lineFrom(text: string, start: number): string {
  return /[^\r\n]*/.exec(text.slice(start))?.[0] ?? "";
}
