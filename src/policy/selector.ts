import type { SemVer } from "semver";
import parse from "semver/functions/parse.js";
import { isBookkeepingTag } from "../model/bookkeeping";
import { compileGlob, compileRegex, isRegexText } from "./pattern";
import type { Line, Per, Selector } from "./policy";
import type { Parsed } from "./problem";

/** Keys with a meaning of their own (spec/policy.md, "Selectors"). */
export const RESERVED_KEYS = ["rest", "untagged", "semver", "prerelease"] as const;
export type ReservedKey = (typeof RESERVED_KEYS)[number];

/** What it means that a line claims a tag: the group it falls in (`per`), its version (`highest`), what it names (`while`). */
export interface Claim {
  readonly group?: string;
  readonly version?: SemVer;
  readonly names?: string;
}

/** A claim without more to it, as most are. */
const PLAIN_CLAIM: Claim = {};

export function isReservedKey(key: string): key is ReservedKey {
  return (RESERVED_KEYS as readonly string[]).includes(key);
}

/** Compiles the key of a line, as it is written (without YAML quotes). */
export function compileSelector(key: string): Parsed<Selector> {
  if (isReservedKey(key)) return { value: { kind: key } };
  if (isRegexText(key)) {
    const regex = compileRegex(key);
    return "error" in regex ? regex : { value: { kind: "regex", pattern: regex.value } };
  }
  const glob = compileGlob(key);
  return "error" in glob ? glob : { value: { kind: "glob", pattern: glob.value } };
}

/**
 * Whether a line claims a tag by its own selector and `except`, and with which group and version.
 * A `rest` or `untagged` line claims no tag here: what is left over shows only when all lines are known.
 */
export function claimTag(line: Line, tag: string): Claim | undefined {
  if (isBookkeepingTag(tag)) return undefined;
  const claim = claimBySelector(line.selector, line.per, tag);
  if (claim === undefined || isExcepted(line, tag)) return undefined;
  return withName(line, claim, tag);
}

/** What a `rest` line claims of a tag that no other line claims; undefined where its `except` matches. */
export function claimRest(rest: Line, tag: string): Claim | undefined {
  return isExcepted(rest, tag) ? undefined : withName(rest, PLAIN_CLAIM, tag);
}

function withName({ nameIn }: Line, claim: Claim, tag: string): Claim {
  return nameIn === undefined ? claim : { ...claim, names: nameIn(tag) };
}

/** Whether the line's `except` matches a tag. */
function isExcepted(line: Line, tag: string): boolean {
  return line.except.some((pattern) => pattern.matches(tag));
}

function claimBySelector(selector: Selector, per: Per | undefined, tag: string): Claim | undefined {
  switch (selector.kind) {
    case "glob":
      return selector.pattern.matches(tag) ? PLAIN_CLAIM : undefined;
    case "regex":
      if (!selector.pattern.matches(tag)) return undefined;
      return per?.by === "group" ? capturedGroup(selector.pattern.capture(tag, per.group)) : PLAIN_CLAIM;
    case "semver":
    case "prerelease":
      return claimVersion(selector.kind, per, tag);
    default:
      return undefined;
  }
}

/** An empty capture is no capture: such tags form one group together with those where the group took no part. */
function capturedGroup(value: string | undefined): Claim {
  return value === undefined || value === "" ? PLAIN_CLAIM : { group: value };
}

function claimVersion(kind: "semver" | "prerelease", per: Per | undefined, tag: string): Claim | undefined {
  const version = parseVersion(tag);
  if (version === undefined) return undefined;
  if (version.prerelease.length > 0 !== (kind === "prerelease")) return undefined;
  const group = semverLine(version, per);
  return group === undefined ? { version } : { version, group };
}

/** How every SemVer version begins. node-semver would throw and catch an error for each tag that does not. */
const VERSION_START = /^v?\d+\.\d+\.\d/;

/** A full SemVer 2.0 version, `v` in front allowed. node-semver trims its argument, and a tag is taken whole. */
function parseVersion(tag: string): SemVer | undefined {
  if (!VERSION_START.test(tag) || /\s/.test(tag)) return undefined;
  return parse(tag) ?? undefined;
}

function semverLine(version: SemVer, per: Per | undefined): string | undefined {
  switch (per?.by) {
    case "major":
      return `${version.major}`;
    case "minor":
      return `${version.major}.${version.minor}`;
    case "patch":
      return `${version.major}.${version.minor}.${version.patch}`;
    default:
      return undefined;
  }
}
