import { Minimatch } from "minimatch";
import { messageOf } from "../model/error-message";
import { globLimit, regexLimit } from "./pattern-limits";
import type { Pattern, RegexPattern } from "./policy";
import type { Parsed } from "./problem";
import re2js from "./re2js.cjs";

/** Stands for `/`, which is an ordinary character in tags and package names and not a separator of paths. */
export const SLASH = "\uE000";

/** minimatch's guard against the path segments `.` and `..`, which mean nothing in a tag. */
const DOT_SEGMENT_GUARD = "(?!(?:^|\\/)\\.\\.?(?:$|\\/))";

/**
 * Compiles a glob over whole strings (minimatch; case-sensitive, no leading `!` or `#` magic, leading dots match,
 * `*` and `?` also match `/`). Matching takes linear time, apart from the few globs with `!(…)` that are let through.
 */
export function compileGlob(text: string): Parsed<Pattern> {
  if (text === "") return { error: "an empty glob matches nothing: write a name, or a glob such as pr-*" };
  const limit = globLimit(text);
  if (limit !== undefined) return { error: limit };
  const matches = /[?[\]{}()\\]/.test(text) ? minimatchMatcher(text) : { value: starMatcher(text) };
  return "error" in matches ? matches : { value: { text, matches: matches.value } };
}

/** A glob of plain characters and `*` only: by far the most common ones, and the fastest to match. */
function starMatcher(text: string): (value: string) => boolean {
  const pieces = text.split(/\*+/);
  if (pieces.length === 1) return (value) => value === text;
  const first = pieces[0] ?? "";
  const last = pieces[pieces.length - 1] ?? "";
  const inner = pieces.slice(1, -1);
  return (value) => {
    if (value === "" || !value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let position = first.length;
    for (const piece of inner) {
      const found = value.indexOf(piece, position);
      if (found === -1) return false;
      position = found + piece.length;
    }
    return position <= end;
  };
}

/** All other globs: minimatch's own regular expression, run by a linear-time engine. */
function minimatchMatcher(text: string): Parsed<(value: string) => boolean> {
  const source = minimatchSource(text);
  if ("error" in source) return source;
  const test = text.includes("!(") ? negatedMatcher(source.value) : linearMatcher(text, source.value);
  if ("error" in test) return test;
  return { value: (value) => test.value(value.replaceAll("/", SLASH)) };
}

export function minimatchSource(text: string): Parsed<string> {
  try {
    const glob = new Minimatch(text.replaceAll("/", SLASH), {
      dot: true,
      nonegate: true,
      nocomment: true,
      noglobstar: true,
      platform: "linux",
    });
    const regex = glob.makeRe();
    if (regex !== false) return { value: regex.source.replaceAll(DOT_SEGMENT_GUARD, "") };
  } catch {
    // Too long, or nested too deeply.
  }
  return { error: `the glob ${quote(text)} is not understood: write a simpler one, or a /regex/` };
}

function linearMatcher(text: string, source: string): Parsed<(value: string) => boolean> {
  try {
    const regex = re2js.RE2JS.compile(source);
    return { value: (value) => regex.matches(value) };
  } catch {
    return { error: `the glob ${quote(text)} is not understood: write a simpler one, or a /regex/` };
  }
}

/** `!(…)` needs a lookahead, which only the backtracking engine has: those that are let through are simple. */
function negatedMatcher(source: string): Parsed<(value: string) => boolean> {
  const regex = new RegExp(source, source.includes("\\p{") ? "u" : "");
  return { value: (value) => regex.test(value) };
}

/** Whether a text is written as a `/regex/`; then it begins with `/`, which no tag does. */
export function isRegexText(text: string): boolean {
  return text.startsWith("/");
}

/**
 * Compiles `/regex/`: anchored at both ends, RE2 syntax (linear time), named groups `(?<name>…)` or `(?P<name>…)`.
 * Flags are written inside, `/(?i)v.+/`; a text that begins with `/` and does not end with it is an error.
 */
export function compileRegex(text: string): Parsed<RegexPattern> {
  const source = /^\/(.*)\/$/s.exec(text)?.[1];
  if (source === undefined) return { error: endError(text) };
  if (source === "")
    return { error: "an empty regex matches nothing: write it between the slashes, as in /pr-[0-9]+/" };
  const limit = regexLimit(source);
  if (limit !== undefined) return { error: limit };
  try {
    const regex = re2js.RE2JS.compile(source);
    return {
      value: {
        text,
        groups: Object.keys(regex.namedGroups()),
        groupCount: regex.groupCount(),
        matches: (value) => regex.matches(value),
        capture: captureWith(regex),
      },
    };
  } catch (error) {
    return { error: regexError(text, source, messageOf(error)) };
  }
}

type Regex = ReturnType<typeof re2js.RE2JS.compile>;

/** Groups of one tag are asked for one after the other (`per`, `while`), and the engine takes long to find them. */
function captureWith(regex: Regex): RegexPattern["capture"] {
  let last:
    | { readonly value: string; readonly matcher: ReturnType<Regex["matcher"]> | undefined }
    | undefined;
  return (value, group) => {
    if (last?.value !== value) {
      const matcher = regex.matcher(value);
      last = { value, matcher: matcher.matches() ? matcher : undefined };
    }
    return last?.matcher?.group(group) ?? undefined;
  };
}

function endError(text: string): string {
  const flags = /^\/(.+)\/([a-z]+)$/s.exec(text);
  if (flags !== null) {
    return `${quote(text)} begins with / and does not end with it: write flags inside, as in /(?${flags[2]})${flags[1]}/`;
  }
  return `${quote(text)} begins with / and does not end with it: a regex is written as in /pr-[0-9]+/`;
}

function regexError(text: string, source: string, thrown: string): string {
  const reason = thrown.replace(/^error parsing regexp: /, "");
  const lacks = /\(\?<?[=!]|\(\?>|\\[1-9]/.test(source)
    ? " (the engine is RE2, whose time is linear: it has no lookaheads, lookbehinds or backreferences)"
    : "";
  return `the regex ${quote(text)} cannot be parsed: ${reason}${lacks}`;
}

/** A glob or a `/regex/`, whichever the text is. */
export function compilePattern(text: string): Parsed<Pattern> {
  return isRegexText(text) ? compileRegex(text) : compileGlob(text);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
