import { parseDuration } from "./duration";
import { compileThings, isEmpty, namelessError, placeOf, type Report } from "./keep-word";
import { compilePattern } from "./pattern";
import type { Duration, Exception, LivingThing, Pattern, Per, Selector } from "./policy";
import type { Parsed } from "./problem";
import { isReservedKey } from "./selector";
import { closest, didYouMean } from "./suggestion";
import type { YamlEntry, YamlNode } from "./yaml-source";

export const SEMVER_LINES = ["major", "minor", "patch"] as const;

/** `per: minor` for SemVer lines, `per: NAME` for a regex with that group. */
export function compilePer(
  { key, value }: YamlEntry,
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
    return "an untagged line does not take per, its versions have no tags to group by: leave it out";
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

/** `except`: a glob or `/regex/`, or a list of them. */
export function compileExcept(
  { key, value }: YamlEntry,
  selector: Selector | undefined,
  report: Report,
): readonly Exception[] {
  if (selector?.kind === "untagged") {
    report(key.at, "an untagged line does not take except: its versions have no tags to leave out");
    return [];
  }
  const items = value.kind === "list" ? value.items : [value];
  if (items.length === 0) report(value.at, "except names nothing: leave it out, or list globs");
  return items.flatMap((item) => {
    const pattern = compileException(item);
    if ("error" in pattern) report(isEmpty(item) ? key.at : item.at, pattern.error);
    return "error" in pattern ? [] : [{ ...pattern.value, at: item.at }];
  });
}

function compileException(item: YamlNode): Parsed<Pattern> {
  if (item.kind !== "scalar")
    return { error: `except takes globs and /regex/, no ${item.kind}: quote a glob with {…} or […]` };
  if (item.text === "") return { error: 'except names nothing here: write a glob, as in except: "*-rc*"' };
  if (isReservedKey(item.text)) {
    return { error: `except does not take a reserved word: for the tag "${item.text}" write /${item.text}/` };
  }
  return compilePattern(item.text);
}

/** `max-age: 90d`. */
export function compileMaxAge(entry: YamlEntry, report: Report): Duration | undefined {
  const { value } = entry;
  const duration: Parsed<Duration> =
    value.kind === "scalar" && value.text !== ""
      ? parseDuration(value.text)
      : { error: "max-age takes one duration: write max-age: 90d" };
  if ("error" in duration) report(placeOf(entry), duration.error);
  return "error" in duration ? undefined : duration.value;
}

/** `only-while: branch`, or a list. */
export function compileOnlyWhile(
  entry: YamlEntry,
  selector: Selector | undefined,
  report: Report,
): readonly LivingThing[] | undefined {
  if (selector?.kind === "untagged") {
    report(entry.key.at, namelessError("only-while"));
    return undefined;
  }
  const things = compileThings(entry, "only-while", report);
  return things.length === 0 ? undefined : things;
}

/** `follow: true`; whether the selector takes it is said by `followError`. */
export function compileFollow(
  entry: YamlEntry,
  selector: Selector | undefined,
  report: Report,
): true | undefined {
  const { key, value } = entry;
  const misfit = followError(selector);
  if (misfit !== undefined) report(key.at, misfit);
  else if (value.kind !== "scalar" || value.quoted || !/^(true|True|TRUE)$/.test(value.text))
    report(placeOf(entry), "follow takes true alone: write follow: true, or leave it out");
  else return true;
  return undefined;
}

/** Why what a line claims cannot follow other tags. */
export function followError(selector: Selector | undefined): string | undefined {
  if (selector?.kind === "rest")
    return "a rest line cannot follow: its tags are those that no other line matches; name them in a line of their own";
  if (selector?.kind === "untagged")
    return "an untagged line cannot follow: its versions have no other tags that decide; write always, never or a word";
  return undefined;
}
