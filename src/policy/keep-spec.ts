import { parseDuration } from "./duration";
import { compilePattern } from "./pattern";
import { CALENDAR_WORDS, type Duration, type Pattern, type Per, type Selector, type Word } from "./policy";
import type { Parsed } from "./problem";
import { isReservedKey } from "./selector";
import { closest, didYouMean } from "./suggestion";
import type { Position, YamlEntry, YamlMapping, YamlNode, YamlScalar } from "./yaml-source";

/** What the value of a line says (spec/policy.md, "Keep-specs"). */
export interface KeepSpec {
  readonly words: readonly Word[];
  readonly except: readonly Pattern[];
  readonly per?: Per;
}

type Report = (at: Position, message: string) => void;

const COUNT_WORDS = ["last", "highest", ...CALENDAR_WORDS] as const;
type CountWord = (typeof COUNT_WORDS)[number];

export const KEEP_WORDS = ["always", "within", ...COUNT_WORDS] as const;
export const SEMVER_LINES = ["major", "minor", "patch"] as const;

/** A plain whole number of at least 1, as counts are written. */
export const COUNT_PATTERN = /^[1-9][0-9]*$/;

const MAPPING_WORDS = [...KEEP_WORDS, "per", "except"] as const;
const LEGAL_VALUES = "write always, never, a number, a duration such as 14d, or a mapping such as {last: 10}";

/**
 * Reads the value of a line. Each fault is reported with its place; then the result is not to be used.
 * Where the selector is unknown (its key is at fault itself), what depends on it is not checked.
 */
export function compileKeepSpec(
  key: YamlScalar,
  value: YamlNode,
  selector: Selector | undefined,
  report: Report,
): KeepSpec {
  switch (value.kind) {
    case "mapping":
      return compileMapping(value, selector, report);
    case "list":
      report(value.at, `a list does not say what to keep: ${LEGAL_VALUES}`);
      return NOTHING;
    case "scalar": {
      const at = isEmpty(value) ? key.at : value.at;
      const words = compileShorthand(value);
      if ("error" in words) report(at, words.error);
      return "error" in words ? NOTHING : { words: words.value, except: [] };
    }
  }
}

const NOTHING: KeepSpec = { words: [], except: [] };

function isEmpty(value: YamlScalar): boolean {
  return value.text === "" && !value.quoted;
}

/** `always`, `never`, `10` and `14d`. */
function compileShorthand(value: YamlScalar): Parsed<readonly Word[]> {
  const text = value.text.trim();
  if (text === "always") return { value: [{ word: "always" }] };
  if (text === "never") return { value: [] };
  if (looksLikeNumber(text)) {
    const count = parseCount(value, "last");
    return "error" in count ? count : { value: [{ word: "last", count: count.value }] };
  }
  if (/^[-+]?[0-9]/.test(text)) {
    const duration = parseDuration(text);
    return "error" in duration ? duration : { value: [{ word: "within", duration: duration.value }] };
  }
  return { error: shorthandError(value, text) };
}

function shorthandError(value: YamlScalar, text: string): string {
  if (isEmpty(value)) return `this line does not say what to keep: ${LEGAL_VALUES}`;
  if (/^(~|null|Null|NULL)$/.test(text) && !value.quoted)
    return `"${text}" does not say what to keep: ${LEGAL_VALUES}`;
  if (/^(true|yes|on)$/i.test(text)) return `"${text}" does not say what to keep: to keep all, write always`;
  if (/^(false|no|off)$/i.test(text))
    return `"${text}" does not say what to keep: to keep nothing, write never`;
  const word = KEEP_WORDS.find((known) => known === text);
  if (word !== undefined) return `"${text}" does not say how many or how long: write {${exampleOf(word)}}`;
  const near = closest(text, ["always", "never"]);
  return `unknown word ${JSON.stringify(text)}${near === undefined ? `: ${LEGAL_VALUES}` : `, did you mean "${near}"?`}`;
}

function compileMapping(mapping: YamlMapping, selector: Selector | undefined, report: Report): KeepSpec {
  const words: Word[] = [];
  const except: Pattern[] = [];
  let per: Per | undefined;
  for (const { key, value } of mapping.entries) {
    if (key.text === "per") per = compilePer(key, value, selector, report);
    else if (key.text === "except") except.push(...compileExcept(key, value, selector, report));
    else words.push(...compileWord({ key, value }, selector, report));
  }
  if (mapping.entries.every(({ key }) => key.text === "per" || key.text === "except")) {
    report(
      mapping.at,
      `this keeps nothing: add a word such as last: 10, or write never (words: ${KEEP_WORDS.join(", ")})`,
    );
  }
  return { words, except, ...(per === undefined ? {} : { per }) };
}

function compileWord(
  { key, value }: YamlEntry,
  selector: Selector | undefined,
  report: Report,
): readonly Word[] {
  const name = KEEP_WORDS.find((known) => known === key.text);
  if (name === undefined) {
    report(key.at, unknownWord(key.text));
    return [];
  }
  if (
    name === "highest" &&
    selector !== undefined &&
    selector.kind !== "semver" &&
    selector.kind !== "prerelease"
  ) {
    report(key.at, "highest ranks by SemVer: only semver and prerelease lines take it, write last instead");
    return [];
  }
  const word = compileWordValue(name, value);
  if ("error" in word) {
    report(value.kind === "scalar" && isEmpty(value) ? key.at : value.at, word.error);
    return [];
  }
  return [word.value];
}

function unknownWord(text: string): string {
  if (text === "never")
    return "never stands alone, not in a mapping: write it as the whole value of the line";
  const split = /^([a-z]+)(\s+|:)(.+)$/.exec(text);
  const known = MAPPING_WORDS.find((word) => word === split?.[1]);
  if (split !== null && known !== undefined) {
    return `unknown word ${JSON.stringify(text)}: write a colon and a space, as in ${known}: ${split[3]}`;
  }
  return `unknown word ${JSON.stringify(text)}${didYouMean(text, MAPPING_WORDS)}`;
}

function compileWordValue(name: (typeof KEEP_WORDS)[number], value: YamlNode): Parsed<Word> {
  if (value.kind !== "scalar") {
    return { error: `${name} takes no ${value.kind}: write ${exampleOf(name)}` };
  }
  if (isEmpty(value)) return { error: `${name} has no value: write ${exampleOf(name)}` };
  if (name === "always") {
    const error = alwaysError(value);
    return error === undefined ? { value: { word: "always" } } : { error };
  }
  if (name === "within") {
    const duration: Parsed<Duration> = parseDuration(value.text);
    return "error" in duration ? duration : { value: { word: "within", duration: duration.value } };
  }
  const count = parseCount(value, name);
  return "error" in count ? count : { value: { word: name, count: count.value } };
}

function alwaysError(value: YamlScalar): string | undefined {
  if (value.quoted) return "always takes true: drop the quotes";
  if (/^(true|True|TRUE)$/.test(value.text)) return undefined;
  if (/^(false|False|FALSE)$/.test(value.text))
    return "always: false keeps nothing: leave the word out, or write never";
  return `always takes true, not ${JSON.stringify(value.text)}: write always: true`;
}

function exampleOf(name: (typeof MAPPING_WORDS)[number]): string {
  if (name === "always") return "always: true";
  if (name === "within") return "within: 14d";
  if (name === "per") return "per: minor";
  if (name === "except") return 'except: "*-rc*"';
  return `${name}: 10`;
}

function looksLikeNumber(text: string): boolean {
  return /^[-+]?([0-9][0-9_]*(\.[0-9]*)?|\.[0-9]+)(e[-+]?[0-9]+)?$/i.test(text) || /^0[xo]/i.test(text);
}

function parseCount(value: YamlScalar, word: CountWord): Parsed<number> {
  const text = value.text.trim();
  if (COUNT_PATTERN.test(text)) {
    if (value.quoted) return { error: `"${text}" is a text, and a count is a number: drop the quotes` };
    const count = Number(text);
    return Number.isSafeInteger(count)
      ? { value: count }
      : { error: `${text} is too large a count: write a smaller one` };
  }
  if (/^[-+]?0+$/.test(text))
    return { error: `${text} is no count: write at least 1; to keep nothing, write never` };
  const inTime = "value" in parseDuration(text) ? `; for a time write within: ${text}` : "";
  return { error: `${word} takes a plain whole number of at least 1, not ${JSON.stringify(text)}${inTime}` };
}

/** `per: minor` for SemVer lines, `per: NAME` for a regex with that group. */
function compilePer(
  key: YamlScalar,
  value: YamlNode,
  selector: Selector | undefined,
  report: Report,
): Per | undefined {
  if (selector === undefined) return undefined;
  if (selector.kind === "untagged" || selector.kind === "rest" || selector.kind === "glob") {
    report(key.at, perError(selector.kind));
    return undefined;
  }
  if (value.kind !== "scalar" || value.text === "") {
    report(
      value.kind === "scalar" ? key.at : value.at,
      "per takes one name: write per: minor, or the name of a group",
    );
    return undefined;
  }
  const per =
    selector.kind === "regex" ? perGroup(value.text, selector.pattern.groups) : perSemver(value.text);
  if ("error" in per) report(value.at, per.error);
  return "error" in per ? undefined : per.value;
}

function perError(kind: "untagged" | "rest" | "glob"): string {
  if (kind === "untagged")
    return "an untagged line takes no per, its versions have no tags to group by: leave it out";
  return "per needs something to group by: a semver or prerelease line, or a /regex/ with a group (?<name>…)";
}

function perSemver(text: string): Parsed<Per> {
  const line = SEMVER_LINES.find((known) => known === text);
  if (line !== undefined) return { value: { by: line } };
  return { error: `unknown SemVer line ${JSON.stringify(text)}${didYouMean(text, SEMVER_LINES)}` };
}

function perGroup(text: string, groups: readonly string[]): Parsed<Per> {
  if (groups.includes(text)) return { value: { by: "group", group: text } };
  const near = closest(text, groups);
  const wayOut = near === undefined ? `: name one, as in (?<${text}>[a-z]+)` : `, did you mean "${near}"?`;
  return { error: `the regex has no group ${JSON.stringify(text)}${wayOut}` };
}

function compileExcept(
  key: YamlScalar,
  value: YamlNode,
  selector: Selector | undefined,
  report: Report,
): readonly Pattern[] {
  if (selector?.kind === "untagged") {
    report(key.at, "an untagged line takes no except: its versions have no tags to leave out");
    return [];
  }
  const items = value.kind === "list" ? value.items : [value];
  if (items.length === 0) report(value.at, "except names nothing: leave it out, or list globs");
  return items.flatMap((item) => {
    const pattern = compileException(item);
    if ("error" in pattern) report(item.kind === "scalar" && isEmpty(item) ? key.at : item.at, pattern.error);
    return "error" in pattern ? [] : [pattern.value];
  });
}

function compileException(item: YamlNode): Parsed<Pattern> {
  if (item.kind !== "scalar")
    return { error: `except takes globs and /regex/, no ${item.kind}: quote a glob with {…} or […]` };
  if (item.text === "") return { error: 'except names nothing here: write a glob, as in except: "*-rc*"' };
  if (isReservedKey(item.text)) {
    return { error: `except takes no reserved word: the tag "${item.text}" is reached with /${item.text}/` };
  }
  return compilePattern(item.text);
}
