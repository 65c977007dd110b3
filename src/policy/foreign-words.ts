import { parseDuration } from "./duration";
import { COUNT_PATTERN } from "./keep-word";
import { CALENDAR_WORDS } from "./policy";
import type { YamlEntry, YamlNode } from "./yaml-source";

/** What to write in the place of a word, given the value that stands behind it. */
type Advice = (value: string) => string;

const write = (line: string) => `write "${line}"`;
const nextTo = (setting: string) => `write ${setting} next to keep, not in it`;

const asCount: Advice = (value) => write(`rest: ${countOf(value)}`);
const asAge: Advice = (value) => write(`rest: ${ageOf(value)}`);
const asKept: Advice = (value) => write(`${tagOf(value, "latest")}: always`);
const asDeleted: Advice = (value) => write(`${tagOf(value, "pr-*")}: never`);
const asUntagged: Advice = () => write("untagged: never");

function countOf(value: string): string {
  return COUNT_PATTERN.test(value) ? value : "10";
}

function ageOf(value: string): string {
  if (COUNT_PATTERN.test(value)) return `${value}d`;
  return "value" in parseDuration(value) ? value : "14d";
}

function tagOf(value: string, example: string): string {
  return /^[a-z0-9][a-z0-9._-]*\*?$/i.test(value) && !/^(true|false)$/i.test(value) ? value : example;
}

function each(words: string, advice: Advice): [string, Advice][] {
  return words.split("|").map((word) => [word, advice]);
}

/** By word, several with `|` between them: words of this language, of its inputs, and of the cleaners that people come from. */
const ADVICE: ReadonlyMap<string, Advice> = new Map([
  ...each(
    "last|keep-last|keep-n|keep-n-tagged|keep-n-most-recent|keep-at-least|keep-count|keep-latest",
    asCount,
  ),
  ...each("min-versions-to-keep|most-recent-versions|image-count-more-than", asCount),
  ...each("num-old-versions-to-delete", () => asCount("")),
  ...each("within|keep-within|older-than|newer-than|keep-younger-than|delete-older-than", asAge),
  ...each("cut-off|since-image-pushed", asAge),
  ...each("always|keep-tag|keep-tags|keep-tags-regexes|exclude-tags|skip-tags|ignore-versions", asKept),
  ...each("name-regex-keep", asKept),
  ...each("never|delete-tags|prune-tags-regexes|filter-tags|image-tags|tag-selection", asDeleted),
  ...each("name-regex|name-regex-delete|tag-prefix-list|tag-pattern-list", asDeleted),
  ...each("delete-untagged|prune-untagged|untagged-only|delete-only-untagged-versions", asUntagged),
  ...each("delete-orphaned-images|filter-include-untagged", asUntagged),
  ...each("keep-n-untagged", (value) => write(`untagged: ${countOf(value)}`)),
  ...CALENDAR_WORDS.flatMap((word) =>
    each(`${word}|keep-${word}`, (value) => write(`rest: {${word}: ${countOf(value)}}`)),
  ),
  ...each("highest", (value) => write(`semver: {highest: ${countOf(value)}}`)),
  ...each("per", () => write("semver: {last: 3, per: minor}")),
  ...each("except", (value) => write(`rest: {last: 10, except: ${tagOf(value, "edge")}}`)),
  ...each("max-age", (value) => write(`rest: {last: 10, max-age: ${ageOf(value)}}`)),
  ...each("while", () => write("rest: {while: branch}")),
  ...each("only-while", () => write("rest: {last: 10, only-while: branch}")),
  ...each("follow", () => write("sha-*: follow")),
  ...each("delete-only-pre-release-versions", () => write("prerelease: never")),
  ...each("delete-ghost-images", () => nextTo('"delete-broken: ghost"')),
  ...each("delete-partial-images", () => nextTo('"delete-broken: partial"')),
  ...[
    ...[
      "protect",
      "min-keep",
      "max-delete",
      "grace",
      "timestamp",
      "timezone",
      "delete-broken",
      "untag",
      "dry-run",
    ],
    ...["in-use-files", "in-use-environments", "delete-empty-package", "if-not-found", "package-type"],
  ].flatMap((input) => each(input, () => nextTo("it"))),
]);

/**
 * What is wrong with a key that is a word of this or another cleaner's language: taken for a tag, it would match
 * nothing, and what it was meant to keep would be deleted.
 */
export function foreignWordError({ key, value }: YamlEntry): string | undefined {
  const advice = ADVICE.get(kebab(key.text));
  if (advice === undefined) return undefined;
  return `"${key.text}" is not a tag here: ${advice(scalarText(value))}; for a tag of that name write /${key.text}/`;
}

function scalarText(value: YamlNode): string {
  return value.kind === "scalar" ? value.text.trim() : "";
}

/** `keepLast` and `keep_last` are `keep-last`. */
function kebab(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}
