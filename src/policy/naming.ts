import { minimatchSource, SLASH } from "./pattern";
import type { RegexPattern, Selector } from "./policy";
import type { Parsed } from "./problem";
import re2js from "./re2js.cjs";

/** What a tag names, such as the number of a pull request. */
export type Naming = (tag: string) => string;

/** Stands for the `*` of a glob whose text is looked for. */
const STAR = "\uE001";

/**
 * How a key says what its tags name (spec/policy.md, "While it lives"): the one `*` of a glob, the one group of a
 * `/regex/`, of several the one called `name`. Without any of these, and where it captured nothing, the whole tag.
 */
export function compileNaming(selector: Selector): Parsed<Naming> {
  switch (selector.kind) {
    case "glob":
      return globNaming(selector.pattern.text);
    case "regex":
      return regexNaming(selector.pattern);
    default:
      return { value: wholeTag };
  }
}

function wholeTag(tag: string): string {
  return tag;
}

function globNaming(text: string): Parsed<Naming> {
  const [star, ...others] = starsIn(text);
  if (star === undefined) return { value: wholeTag };
  if (others.length > 0) {
    return {
      error: `${JSON.stringify(text)} has more than one *, and it is not clear which of them names the pull request, branch, release or tag: write a /regex/ with a group (?<name>…)`,
    };
  }
  const head = text.slice(0, star.start);
  const tail = text.slice(star.end);
  return /[?[\]{}()\\]/.test(text)
    ? { value: captured(head, tail) }
    : { value: (tag) => tag.slice(head.length, tag.length - tail.length) || tag };
}

/** For a glob with more than plain characters: minimatch's expression, with a group in the place of the `*`. */
function captured(head: string, tail: string): Naming {
  const source = minimatchSource(head + STAR + tail);
  if ("error" in source) return wholeTag;
  const groups = source.value.replaceAll(STAR, "(.*)");
  const match = groups.includes("(?!") ? backtracking(groups) : linear(groups);
  return (tag) => match(tag.replaceAll("/", SLASH))?.replaceAll(SLASH, "/") || tag;
}

type Match = (text: string) => string | undefined;

function linear(source: string): Match {
  const regex = re2js.RE2JS.compile(source, re2js.RE2JS.DOTALL);
  const groups = Array.from({ length: regex.groupCount() }, (_, index) => index + 1);
  return (text) => {
    const matcher = regex.matcher(text);
    if (!matcher.matches()) return undefined;
    return groups.map((group) => matcher.group(group)).find(Boolean) ?? undefined;
  };
}

/** A glob with `!(…)`: what is let through of these takes bounded time (`compileGlob`). */
function backtracking(source: string): Match {
  const regex = new RegExp(source, source.includes("\\p{") ? "su" : "s");
  return (text) => regex.exec(text)?.slice(1).find(Boolean);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a glob has `*` for any text: not in brackets, not escaped, not before a `(`. `**` is one. */
function starsIn(text: string): Span[] {
  const tokens = /\\.|\[[!^]?\]?[^\]]*\]|(?<star>\*+)(?!\()/gs;
  return [...text.matchAll(tokens)].flatMap(({ index, groups }) =>
    groups?.star === undefined ? [] : [{ start: index, end: index + groups.star.length }],
  );
}

function regexNaming({ text, groups, groupCount, capture }: RegexPattern): Parsed<Naming> {
  if (groupCount === 0) return { value: wholeTag };
  if (groupCount > 1 && !groups.includes("name")) {
    return {
      error: `the regex ${JSON.stringify(text)} has ${groupCount} groups, and it is not clear which of them names the pull request, branch, release or tag: call that one (?<name>…)`,
    };
  }
  const group = groupCount === 1 ? 1 : "name";
  return { value: (tag) => capture(tag, group) || tag };
}
