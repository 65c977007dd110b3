import { compileGlob } from "./pattern";
import type { PackageSelection, Pattern, WrittenPattern } from "./policy";
import type { Parsed, Place, Problem } from "./problem";
import { type ListItem, parseTextList, splitItem } from "./text-list";
import type { Position } from "./yaml-source";

export interface ParsedPackages {
  readonly selection: PackageSelection;
  readonly problems: readonly Problem[];
}

/**
 * Reads the input `packages`: names and globs, one per line, comma-separated, or as a YAML list; `!glob` excludes.
 * A `/` in a name is part of it, and so is a comma inside of braces.
 *
 * @param start where the text begins in its source
 */
export function parsePackages(text: string, source: string, start?: Position): ParsedPackages {
  const list = parseTextList(text, source, start);
  const items = list.items.flatMap((item) => (list.isYaml ? [item] : splitAtCommas(item)));
  const compiled = compilePackages(items, { source });
  return {
    selection: compiled.selection,
    problems: list.problems.length > 0 ? list.problems : compiled.problems,
  };
}

/** The commas of `web-{a,b}, api` that separate entries; those inside of braces belong to a glob. */
function splitAtCommas(item: ListItem): ListItem[] {
  const commas: number[] = [];
  let depth = 0;
  for (const { 0: character, index } of item.text.matchAll(/[{},]/g)) {
    if (character === "{") depth++;
    if (character === "}") depth--;
    if (character === "," && depth <= 0) commas.push(index);
  }
  return splitItem(item, commas)
    .map(({ text, at }) => ({ text: unquote(text), at }))
    .filter(({ text }) => text !== "");
}

/** Quotes are no part of any name; people write them by habit where the text looks like YAML. */
function unquote(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}

/** Compiles names, globs and `!glob`s. A list of exclusions alone would select nothing, and is an error. */
export function compilePackages(items: readonly ListItem[], place: Place): ParsedPackages {
  const names: string[] = [];
  const globs: WrittenPattern[] = [];
  const excludes: WrittenPattern[] = [];
  const problems: Problem[] = [];
  for (const item of items) {
    const parsed = compileEntry(item.text);
    const at = { ...place, ...item.at };
    if ("error" in parsed) problems.push({ ...at, message: parsed.error });
    else if (parsed.value.kind === "name") names.push(item.text);
    else (parsed.value.kind === "glob" ? globs : excludes).push({ ...parsed.value.pattern, at });
  }
  if (problems.length === 0 && names.length + globs.length === 0) {
    const message =
      excludes.length > 0
        ? 'only exclusions are listed, which select nothing: add what to select, "*" for all'
        : "no package is listed: write names or globs";
    problems.push({ ...place, message });
  }
  return { selection: { names: [...new Set(names)], globs, excludes }, problems };
}

type Entry = { readonly kind: "name" } | { readonly kind: "glob" | "exclude"; readonly pattern: Pattern };

function compileEntry(text: string): Parsed<Entry> {
  if (/^-\s/.test(text))
    return { error: 'write "- " in front of every entry, all at the same column, or of none' };
  const excluded = text.startsWith("!");
  if (!excluded && !/[*?[\]{}()\\]/.test(text)) return { value: { kind: "name" } };
  const glob = compileGlob(excluded ? text.slice(1).trim() : text);
  return "error" in glob ? glob : { value: { kind: excluded ? "exclude" : "glob", pattern: glob.value } };
}

/** Whether the selection can be told only from the list of all packages. */
export function needsList(selection: PackageSelection): boolean {
  return selection.globs.length > 0;
}

/** What of a selection has no effect. */
export interface UnmatchedPatterns {
  /** Globs that match no package that is listed. */
  readonly globs: readonly WrittenPattern[];
  /** Exclusions that take away nothing of what is selected. */
  readonly excludes: readonly WrittenPattern[];
}

export function unmatchedPatterns(selection: PackageSelection, listed: readonly string[]): UnmatchedPatterns {
  const selected = matchPackages({ ...selection, excludes: [] }, listed);
  return {
    globs: selection.globs.filter((glob) => !listed.some((name) => glob.matches(name))),
    excludes: selection.excludes.filter((glob) => !selected.some((name) => glob.matches(name))),
  };
}

/** The selected packages: exact names, listed or not, then those of `listed` that a glob matches; none excluded. */
export function matchPackages(selection: PackageSelection, listed: readonly string[]): string[] {
  const matched = listed.filter((name) => selection.globs.some((glob) => glob.matches(name)));
  const names = new Set([...selection.names, ...matched]);
  return [...names].filter((name) => !selection.excludes.some((glob) => glob.matches(name)));
}
