import type { PackageType } from "../model/package-version";
import type { Place } from "./problem";
import type { Position } from "./yaml-source";

/** A span of calendar and clock units, with the text that it was written as (`14 days`). */
export interface Duration {
  readonly text: string;
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
}

/** A compiled glob or regular expression over whole strings. */
export interface Pattern {
  readonly text: string;
  readonly matches: (value: string) => boolean;
}

/** An entry of `packages`, with its place. */
export interface WrittenPattern extends Pattern {
  readonly at: Place;
}

/** An `except`, and where it stands in the text of its line. */
export interface Exception extends Pattern {
  readonly at: Position;
}

/** A compiled `/regex/` key: anchored at both ends, linear-time, with the values of its groups. */
export interface RegexPattern extends Pattern {
  /** The names of those that have one. */
  readonly groups: readonly string[];
  /** How many groups there are, with and without a name. */
  readonly groupCount: number;
  /** The value of a group, by name or by number from 1; undefined where the group took no part in the match. */
  readonly capture: (value: string, group: string | number) => string | undefined;
}

/** What a line claims (spec/policy.md, "Selectors"). */
export type Selector =
  | { readonly kind: "glob"; readonly pattern: Pattern }
  | { readonly kind: "regex"; readonly pattern: RegexPattern }
  | { readonly kind: "semver" }
  | { readonly kind: "prerelease" }
  | { readonly kind: "rest" }
  | { readonly kind: "untagged" };

export const CALENDAR_WORDS = ["hourly", "daily", "weekly", "monthly", "yearly"] as const;
export type CalendarWord = (typeof CALENDAR_WORDS)[number];

/** What GitHub can be asked for, and a version lives as long as (spec/policy.md, "While it lives"). */
export const LIVING_THINGS = ["pull-request", "branch", "release", "git-tag"] as const;
export type LivingThing = (typeof LIVING_THINGS)[number];

/** One word of a keep-spec (spec/policy.md, "Keep-specs"). */
export type Word =
  | { readonly word: "always" }
  | { readonly word: "last"; readonly count: number }
  | { readonly word: "highest"; readonly count: number }
  | { readonly word: CalendarWord; readonly count: number }
  | { readonly word: "within"; readonly duration: Duration }
  | { readonly word: "while"; readonly things: readonly LivingThing[] };

export type Per =
  | { readonly by: "major" | "minor" | "patch" }
  | { readonly by: "group"; readonly group: string };

/** What the value of a line says. No words at all is `never`. */
export interface KeepSpec {
  readonly words: readonly Word[];
  readonly except: readonly Exception[];
  readonly per?: Per;
  /** What is older is not kept by the line. */
  readonly maxAge?: Duration;
  /** What none of these stands behind is not kept by the line. */
  readonly onlyWhile?: readonly LivingThing[];
  /** The line has no say where other tags decide. */
  readonly follow?: true;
  /** What a tag that the line claims names; where the line asks for living things. */
  readonly nameIn?: (tag: string) => string;
}

/** One line of a policy. */
export interface Line extends KeepSpec {
  /** The key as people know it, without its YAML quotes; reasons begin with it. */
  readonly key: string;
  /** Where the key stands. */
  readonly at: Place;
  readonly selector: Selector;
}

export type MaxDelete =
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "percent"; readonly percent: number };

/** Which packages a policy is for: exact names, globs, and exclusions (`!glob`). */
export interface PackageSelection {
  readonly names: readonly string[];
  readonly globs: readonly WrittenPattern[];
  readonly excludes: readonly WrittenPattern[];
}

/** One policy with everything that comes with it: from the inputs, or one entry of a policy file. */
export interface Policy {
  readonly packages: PackageSelection;
  readonly type: PackageType;
  readonly lines: readonly Line[];
  /** Whose pull requests, branches and so on count (`owner/name`); absent: see spec/action.md, `repository`. */
  readonly repository?: string;
  readonly ifNotFound: "error" | "warn";
  /** Digests, version ids and tags, as written. */
  readonly protect: ReadonlySet<string>;
  /** Where its entries stand. */
  readonly protectAt?: ReadonlyMap<string, Place>;
  readonly inUseFiles: readonly string[];
  readonly inUseEnvironments: readonly string[];
  /** Where each of them is written. */
  readonly environmentsAt?: ReadonlyMap<string, Place>;
  readonly minKeep: number;
  readonly maxDelete?: MaxDelete;
  /** Absent: switched off (`0`). */
  readonly grace?: Duration;
  readonly timestamp: "updated" | "created";
  readonly timezone: string;
  readonly deleteBroken: "never" | "ghost" | "partial";
  readonly untag: boolean;
  readonly deleteEmptyPackage: boolean;
}
