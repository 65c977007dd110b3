import { isDigest } from "../model/digest";
import { parseDuration } from "./duration";
import { lengthLimit } from "./pattern-limits";
import type { Duration, MaxDelete, Policy } from "./policy";
import type { Parsed, Place } from "./problem";
import { closest } from "./suggestion";
import { type ListItem, parseTextList, splitItem, textItems } from "./text-list";

/** What an input says for all policies, and a policy of a policy file for itself (spec/action.md). */
export interface Settings {
  readonly repository: string | undefined;
  readonly ifNotFound: Policy["ifNotFound"];
  readonly protect: ReadonlySet<string>;
  readonly protectAt?: ReadonlyMap<string, Place>;
  readonly inUseFiles: readonly string[];
  readonly inUseEnvironments: readonly string[];
  readonly environmentsAt?: ReadonlyMap<string, Place>;
  readonly minKeep: number;
  readonly maxDelete: MaxDelete | undefined;
  readonly grace: Duration | undefined;
  readonly timestamp: Policy["timestamp"];
  readonly timezone: string;
  readonly deleteBroken: Policy["deleteBroken"];
  readonly untag: boolean;
  readonly deleteEmptyPackage: boolean;
}

type Protection = Pick<Settings, "protect" | "protectAt">;
type Environments = Pick<Settings, "inUseEnvironments" | "environmentsAt">;

export const TIMESTAMPS = ["updated", "created"] as const;
export const IF_NOT_FOUND = ["error", "warn"] as const;
export const DELETE_BROKEN = ["never", "ghost", "partial"] as const;

/** `owner/name`. */
export const REPOSITORY_PATTERN = /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/;

export const DEFAULT_SETTINGS: Settings = {
  repository: undefined,
  ifNotFound: "error",
  protect: new Set(),
  inUseFiles: [],
  inUseEnvironments: [],
  minKeep: 1,
  maxDelete: undefined,
  grace: { text: "1d", years: 0, months: 0, weeks: 0, days: 1, hours: 0, minutes: 0 },
  timestamp: "updated",
  timezone: "UTC",
  deleteBroken: "never",
  untag: false,
  deleteEmptyPackage: false,
};

/** The names of the settings, as inputs and in policy files. */
export const SETTING_NAMES = [
  "repository",
  "if-not-found",
  "protect",
  "in-use-files",
  "in-use-environments",
  "min-keep",
  "max-delete",
  "grace",
  "timestamp",
  "timezone",
  "delete-broken",
  "untag",
  "delete-empty-package",
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

/** Settings that a policy file may also write as a YAML list. */
export const LIST_SETTINGS = ["protect", "in-use-files", "in-use-environments"] as const;
export type ListSetting = (typeof LIST_SETTINGS)[number];

/**
 * Parses the text of one setting to the part of the settings that it sets.
 *
 * @param at where the text begins
 */
export function parseSetting(
  name: SettingName,
  text: string,
  at: Place = { source: name },
): Parsed<Partial<Settings>> {
  switch (name) {
    case "repository":
      return part("repository", parseRepository(text));
    case "if-not-found":
      return part("ifNotFound", parseChoice(text, IF_NOT_FOUND));
    case "protect":
      return parseProtect(text, at);
    case "in-use-files":
      return part("inUseFiles", parseFileGlobs(text, name));
    case "in-use-environments":
      return parseEnvironments(text, at);
    case "min-keep":
      return part("minKeep", parseWholeNumber(text, 0));
    case "max-delete":
      return part("maxDelete", parseMaxDelete(text));
    case "grace":
      return part("grace", parseGrace(text));
    case "timestamp":
      return part("timestamp", parseChoice(text, TIMESTAMPS));
    case "timezone":
      return part("timezone", parseTimezone(text));
    case "delete-broken":
      return part("deleteBroken", parseChoice(text, DELETE_BROKEN));
    case "untag":
      return part("untag", parseBoolean(text));
    case "delete-empty-package":
      return part("deleteEmptyPackage", parseBoolean(text));
  }
}

function part<K extends keyof Settings>(key: K, parsed: Parsed<Settings[K]>): Parsed<Partial<Settings>> {
  return "error" in parsed ? parsed : { value: { [key]: parsed.value } as Partial<Settings> };
}

/** YAML 1.2's booleans; anything else is an error, so that no typo is taken for consent. */
export function parseBoolean(text: string): Parsed<boolean> {
  if (/^(true|True|TRUE)$/.test(text)) return { value: true };
  if (/^(false|False|FALSE)$/.test(text)) return { value: false };
  return { error: `${quote(text)} is not a boolean: write true or false` };
}

/** One of a few words, as they are written. */
export function parseChoice<T extends string>(text: string, legal: readonly T[]): Parsed<T> {
  const found = legal.find((word) => word === text);
  if (found !== undefined) return { value: found };
  const near = closest(text, legal);
  const guess = near === undefined ? "" : `, did you mean "${near}"?`;
  return { error: `unknown value ${quote(text)}${guess || `: write one of ${legal.join(", ")}`}` };
}

/** A plain whole number, at least `minimum`. */
export function parseWholeNumber(text: string, minimum: number): Parsed<number> {
  const value = /^(0|[1-9][0-9]*)$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= minimum) return { value };
  return { error: `${quote(text)} is not a whole number of at least ${minimum}` };
}

/** Minutes, fractions allowed, more than 0. */
export function parseMinutes(text: string): Parsed<number> {
  const value = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value) && value > 0) return { value };
  return { error: `${quote(text)} is not a number of minutes above 0: write 30 or 7.5` };
}

/** A number of versions, or a percentage of the package's versions (`12.5%`). */
export function parseMaxDelete(text: string): Parsed<MaxDelete> {
  const percentage = /^([0-9]+(?:\.[0-9]+)?)\s*%$/.exec(text)?.[1];
  if (percentage !== undefined) {
    const percent = Number(percentage);
    if (percent > 0 && percent <= 100) return { value: { kind: "percent", percent } };
    return { error: `${quote(text)} is not a percentage above 0% and up to 100%` };
  }
  const count = parseWholeNumber(text, 0);
  if ("value" in count) return { value: { kind: "count", count: count.value } };
  return { error: `${quote(text)} is neither a whole number nor a percentage: write 100 or 10%` };
}

/** A duration, or undefined for `0`: switched off. */
export function parseGrace(text: string): Parsed<Duration | undefined> {
  if (text === "0") return { value: undefined };
  const duration = parseDuration(text);
  return "error" in duration ? { error: `${duration.error}; 0 switches it off` } : duration;
}

/** An IANA time zone that this runtime knows. */
export function parseTimezone(text: string): Parsed<string> {
  if (/^[A-Za-z]/.test(text) && isKnownTimezone(text)) return { value: text };
  return {
    error: `${quote(text)} is not a known time zone: write an IANA name such as UTC or Europe/Berlin`,
  };
}

function isKnownTimezone(timeZone: string): boolean {
  // The default needs no data of time zones, which Node takes some 20 ms to load.
  if (timeZone === "UTC") return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** `owner/name`. */
export function parseRepository(text: string): Parsed<string> {
  if (REPOSITORY_PATTERN.test(text)) return { value: text };
  return { error: `${quote(text)} is not a repository: write owner/name, such as octo-org/app` };
}

/** Globs of files, one per line or as a YAML list. */
export function parseFileGlobs(text: string, source: string): Parsed<readonly string[]> {
  const { items, problems } = parseTextList(text, source);
  const limits = items.flatMap(({ text }) => lengthLimit(text) ?? []);
  const errors = [...problems.map(({ message }) => message), ...limits];
  return errors.length > 0 ? { error: errors.join("; ") } : { value: items.map((item) => item.text) };
}

/** Names of environments, one per line or as a YAML list. */
export function parseEnvironments(
  text: string,
  { source, line = 1, column = 1 }: Place,
): Parsed<Environments> {
  const { items, problems } = parseTextList(text, source, { line, column });
  if (problems.length > 0) return { error: problems.map(({ message }) => message).join("; ") };
  return { value: environmentItems(items, source) };
}

/** As `parseEnvironments`, of names that are told apart already. */
export function environmentItems(items: readonly ListItem[], source: string): Environments {
  const environmentsAt = new Map(items.map(({ text, at }) => [text, { source, ...at }]));
  return { inUseEnvironments: [...environmentsAt.keys()], environmentsAt };
}

/**
 * Digests, version ids and tags, one per line or comma-separated; blank lines and comments (`# …`) are left out. Tags
 * are taken literally: those of an earlier step's list, and names that others choose, must be no globs.
 */
export function parseProtect(text: string, { source, line = 1, column = 1 }: Place): Parsed<Protection> {
  const commas = (item: ListItem) => [...item.text.matchAll(/,/g)].map(({ index }) => index);
  const items = textItems(text, { line, column }).flatMap((item) => splitItem(item, commas(item)));
  return protectedItems(items, source);
}

/** As `parseProtect`, of entries that are told apart already. */
export function protectedItems(items: readonly ListItem[], source: string): Parsed<Protection> {
  const errors = items.flatMap(({ text }) => protectError(text) ?? []);
  if (errors.length > 0) return { error: errors.join("; ") };
  const protectAt = new Map(items.map(({ text, at }) => [text, { source, ...at }]));
  return { value: { protect: new Set(protectAt.keys()), protectAt } };
}

/** No tag has any of these: such an entry would protect nothing, and its writer thinks that it does. */
function protectError(entry: string): string | undefined {
  if (isDigest(entry)) return undefined;
  if (/^sha(256|512):/.test(entry)) return `${quote(entry)} is not a digest: write it in full`;
  if (/[*?]/.test(entry))
    return `${quote(entry)}: tags are literal here, for a glob write a line such as "v1.*: always"`;
  if (/[\s:/]/.test(entry))
    return `${quote(entry)} is not a digest, version id or tag: write one per line, a tag without the name of its image`;
  return undefined;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
