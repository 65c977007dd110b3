import { parseDuration } from "./duration";
import { CALENDAR_WORDS, LIVING_THINGS, type LivingThing, type Selector, type Word } from "./policy";
import type { Parsed } from "./problem";
import { closest, didYouMean } from "./suggestion";
import type { Position, YamlEntry, YamlNode, YamlScalar } from "./yaml-source";

/** Takes what is wrong, with its place. */
export type Report = (at: Position, message: string) => void;

const COUNT_WORDS = ["last", "highest", ...CALENDAR_WORDS] as const;
type CountWord = (typeof COUNT_WORDS)[number];

export const KEEP_WORDS = ["always", "within", "while", ...COUNT_WORDS] as const;
type KeepWord = (typeof KEEP_WORDS)[number];
export const MODIFIERS = ["per", "except", "max-age", "only-while", "follow"] as const;
const MAPPING_WORDS = [...KEEP_WORDS, ...MODIFIERS] as const;

/** A plain whole number of at least 1, as counts are written. */
export const COUNT_PATTERN = /^[1-9][0-9]*$/;

export function isEmpty(value: YamlNode): boolean {
  return value.kind === "scalar" && value.text === "" && !value.quoted;
}

/** Where to report what is wrong with a value: at its key, where it has none. */
export function placeOf({ key, value }: YamlEntry): Position {
  return isEmpty(value) ? key.at : value.at;
}

/** Reads one word of a mapping with its value. Each fault is reported with its place. */
export function compileWord(
  entry: YamlEntry,
  selector: Selector | undefined,
  report: Report,
): readonly Word[] {
  const { key, value } = entry;
  const name = KEEP_WORDS.find((known) => known === key.text);
  if (name === undefined) {
    report(key.at, unknownWord(key.text));
    return [];
  }
  const unfit = selector === undefined ? undefined : misfit(name, selector);
  if (unfit !== undefined) {
    report(key.at, unfit);
    return [];
  }
  if (name === "while") {
    const things = compileThings(entry, "while", report);
    return things.length === 0 ? [] : [{ word: "while", things }];
  }
  const word = compileWordValue(name, value);
  if ("error" in word) {
    report(placeOf(entry), word.error);
    return [];
  }
  return [word.value];
}

/** Why a word cannot judge what the selector matches. */
function misfit(name: KeepWord, { kind }: Selector): string | undefined {
  if (name === "highest" && kind !== "semver" && kind !== "prerelease")
    return "highest ranks by SemVer: only semver and prerelease lines take it, write last instead";
  return name === "while" && kind === "untagged" ? namelessError("while") : undefined;
}

/** Why an untagged line cannot ask for living things. */
export function namelessError(word: "while" | "only-while"): string {
  return `an untagged line does not take ${word}, its versions have no tags to name a pull request, branch, release or tag: leave it out`;
}

function unknownWord(text: string): string {
  if (text === "never")
    return "never stands alone, not in a mapping: write it as the whole value of the line";
  const split = /^([a-z-]+)(\s+|:)(.+)$/.exec(text);
  const known = MAPPING_WORDS.find((word) => word === split?.[1]);
  if (split !== null && known !== undefined) {
    return `unknown word ${JSON.stringify(text)}: write a colon and a space, as in ${known}: ${split[3]}`;
  }
  return `unknown word ${JSON.stringify(text)}${didYouMean(text, MAPPING_WORDS)}`;
}

function compileWordValue(name: Exclude<KeepWord, "while">, value: YamlNode): Parsed<Word> {
  if (value.kind !== "scalar") return { error: `${name} takes no ${value.kind}: write ${exampleOf(name)}` };
  if (isEmpty(value)) return { error: `${name} has no value: write ${exampleOf(name)}` };
  if (name === "always") {
    const error = alwaysError(value);
    return error === undefined ? { value: { word: "always" } } : { error };
  }
  if (name === "within") {
    const duration = parseDuration(value.text);
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

/** How a word is written. */
export function exampleOf(name: KeepWord): string {
  if (name === "always") return "always: true";
  if (name === "within") return "within: 14d";
  if (name === "while") return "while: pull-request";
  return `${name}: 10`;
}

/** One living thing or a list of them, each once; empty where they could not be read. */
export function compileThings(
  entry: YamlEntry,
  word: "while" | "only-while",
  report: Report,
): readonly LivingThing[] {
  const { value } = entry;
  const items = value.kind === "list" ? value.items : [value];
  if (isEmpty(value) || items.length === 0)
    report(placeOf(entry), `${word} names nothing: write one of ${LIVING_THINGS.join(", ")}`);
  else {
    const things = items.map((item) => compileThing(item, word, report));
    return things.includes(undefined) ? [] : [...new Set(things.flatMap((thing) => thing ?? []))];
  }
  return [];
}

function compileThing(item: YamlNode, word: string, report: Report): LivingThing | undefined {
  if (item.kind !== "scalar") {
    report(item.at, `${word} takes no ${item.kind}: write one of ${LIVING_THINGS.join(", ")}`);
    return undefined;
  }
  const thing = LIVING_THINGS.find((known) => known === item.text);
  if (thing === undefined)
    report(item.at, `${word} knows no ${JSON.stringify(item.text)}${meantThing(item.text)}`);
  return thing;
}

/** What others call the same thing. */
const OTHER_NAMES = new Map<string, LivingThing>([
  ["pr", "pull-request"],
  ["pull", "pull-request"],
  ["pullrequest", "pull-request"],
  ["tag", "git-tag"],
]);

function meantThing(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .replace(/s$/, "");
  const known = OTHER_NAMES.get(plain);
  return known === undefined ? didYouMean(text, LIVING_THINGS) : `, did you mean "${known}"?`;
}

export function looksLikeNumber(text: string): boolean {
  return /^[-+]?([0-9][0-9_]*(\.[0-9]*)?|\.[0-9]+)(e[-+]?[0-9]+)?$/i.test(text) || /^0[xo]/i.test(text);
}

export function parseCount(value: YamlScalar, word: CountWord): Parsed<number> {
  const text = value.text.trim();
  if (COUNT_PATTERN.test(text)) {
    if (value.quoted) return { error: `"${text}" is a text, and a count is a number: drop the quotes` };
    const count = Number(text);
    return Number.isSafeInteger(count)
      ? { value: count }
      : { error: `${text} is too large a count: write a smaller one` };
  }
  if (/^[-+]?0+$/.test(text))
    return { error: `${text} is not a count: write at least 1; to keep nothing, write never` };
  const inTime = "value" in parseDuration(text) ? `; for a time write within: ${text}` : "";
  return { error: `${word} takes a plain whole number of at least 1, not ${JSON.stringify(text)}${inTime}` };
}

/** `always`, `never`, `follow`, `10` and `14d`, the whole values of lines, and what they stand for. */
export function compileShorthand(
  value: YamlScalar,
): Parsed<{ readonly words: readonly Word[]; readonly follow?: true }> {
  const text = value.text.trim();
  if (text === "always") return { value: { words: [{ word: "always" }] } };
  if (text === "never") return { value: { words: [] } };
  if (text === "follow") return { value: { words: [{ word: "always" }], follow: true } };
  if (looksLikeNumber(text)) {
    const count = parseCount(value, "last");
    return "error" in count ? count : { value: { words: [{ word: "last", count: count.value }] } };
  }
  if (/^[-+]?[0-9]/.test(text)) {
    const duration = parseDuration(text);
    if ("error" in duration) return duration;
    return { value: { words: [{ word: "within", duration: duration.value }] } };
  }
  return { error: shorthandError(value, text) };
}

export const LEGAL_VALUES =
  "write always, never, follow, a number, a duration such as 14d, or a mapping such as {last: 10}";

function shorthandError(value: YamlScalar, text: string): string {
  if (isEmpty(value)) return `this line does not say what to keep: ${LEGAL_VALUES}`;
  if (/^(~|null|Null|NULL)$/.test(text) && !value.quoted)
    return `"${text}" does not say what to keep: ${LEGAL_VALUES}`;
  if (/^(true|yes|on)$/i.test(text)) return `"${text}" does not say what to keep: to keep all, write always`;
  if (/^(false|no|off)$/i.test(text))
    return `"${text}" does not say what to keep: to keep nothing, write never`;
  const thing = LIVING_THINGS.find((known) => known === text);
  if (thing !== undefined) return `"${text}" needs the word while: write {while: ${text}}`;
  const word = KEEP_WORDS.find((known) => known === text);
  if (word === "while") return `"while" does not say as long as what: write {${exampleOf(word)}}`;
  if (word !== undefined) return `"${text}" does not say how many or how long: write {${exampleOf(word)}}`;
  const near = closest(text, ["always", "never", "follow"]);
  return `unknown word ${JSON.stringify(text)}${near === undefined ? `: ${LEGAL_VALUES}` : `, did you mean "${near}"?`}`;
}
