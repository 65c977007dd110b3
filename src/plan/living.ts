import type { Line, LivingThing } from "../policy/policy";
import type { Claim } from "../policy/selector";

/** What is there in a repository, as far as it was asked for (spec/policy.md, "While it lives"). */
export interface Living {
  readonly pullRequests?: PullRequests;
  /** Names of branches. */
  readonly branches?: readonly string[];
  /** The git tags of published releases. */
  readonly releases?: readonly string[];
  readonly gitTags?: readonly string[];
}

export interface PullRequests {
  /** The numbers of those that are open. */
  readonly open: readonly number[];
  /** The highest number there is; 0 without any. */
  readonly newest: number;
}

/** What stands behind a version: living things, or a pull request of which nothing is known. */
export type Standing = ReadonlySet<LivingThing | "unknown">;

/** Tells what stands behind a version of which a line claims these tags. */
export type LivingLookup = (claims: readonly Claim[], things: readonly LivingThing[]) => Standing;

/** The things that the lines ask GitHub for. */
export function thingsAsked(lines: readonly Line[]): Set<LivingThing> {
  return new Set(lines.flatMap(({ words, onlyWhile = [] }) => [...words.flatMap(thingsOf), ...onlyWhile]));
}

function thingsOf(word: Line["words"][number]): readonly LivingThing[] {
  return word.word === "while" ? word.things : [];
}

/** Prepares what is there for being asked by name: each answer takes time of the name's length, not of the lists'. */
export function livingLookup(living: Living): LivingLookup {
  const matchers: Partial<Record<LivingThing, (name: string) => boolean>> = {};
  const { pullRequests, branches, releases, gitTags } = living;
  if (pullRequests) matchers["pull-request"] = matchNumbers(pullRequests.open);
  if (branches) matchers.branch = matchBranches(branches);
  if (releases) matchers.release = matchGitTags(releases);
  if (gitTags) matchers["git-tag"] = matchGitTags(gitTags);

  return (claims, things) => {
    let standing: Set<LivingThing | "unknown"> | undefined;
    const add = (thing: LivingThing | "unknown") => {
      standing = (standing ?? new Set()).add(thing);
    };
    for (const { names } of claims) {
      if (names === undefined) continue;
      for (const thing of things) if (matcherOf(thing)(names)) add(thing);
      if (isUnknown(names, things, pullRequests)) add("unknown");
    }
    return standing ?? NOTHING;
  };

  function matcherOf(thing: LivingThing): (name: string) => boolean {
    const matcher = matchers[thing];
    if (!matcher) throw new Error(`the plan asks for what was not listed: ${thing}`);
    return matcher;
  }
}

const NOTHING: Standing = new Set();

const NUMBER = /^[0-9]+$/;

/** What cannot be told keeps: no number where only pull requests count, and one that is yet to come. */
function isUnknown(name: string, things: readonly LivingThing[], pulls: PullRequests | undefined): boolean {
  if (!things.includes("pull-request")) return false;
  return NUMBER.test(name) ? Number(name) > (pulls?.newest ?? 0) : things.length === 1;
}

function matchNumbers(numbers: readonly number[]): (name: string) => boolean {
  const known = new Set(numbers);
  return (name) => NUMBER.test(name) && known.has(Number(name));
}

/** Names of this length and more may have been cut to fit into a tag. */
const CUT_FROM = 50;

/** Whether a name is a branch: of the same slug, or with what is left of its slug. */
export function matchBranches(branches: readonly string[]): (name: string) => boolean {
  const slugs = branches.map(slugOf).sort();
  const known = new Set(slugs);
  return (name) => {
    if (known.has(name)) return true;
    const slug = slugOf(name);
    if (known.has(slug)) return true;
    return slug.length >= CUT_FROM && (slugs[firstFrom(slugs, slug)]?.startsWith(slug) ?? false);
  };
}

/** Lower case; every run of other characters than letters and digits is one `-`; none at the ends. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** Where in a sorted list the first text is that does not come before the given one. */
function firstFrom(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** No tag of an image and no version of a package is longer; what a longer git tag ends in names none. */
const LONGEST_NAME = 300;

/**
 * Whether a name is a git tag: equal, or the git tag ends in `/`, `@` or `-` and it; with or without a `v` in front on
 * either side; characters that a tag of an image cannot have compare as `-`.
 */
export function matchGitTags(gitTags: readonly string[]): (name: string) => boolean {
  const known = new Set<string>();
  for (const gitTag of gitTags) addEndings(gitTag, known);
  return (name) => name.length <= LONGEST_NAME && known.has(comparable(name));
}

/** Adds the git tag itself, and all that follows one of the signs that set off the name of a part of the repository. */
function addEndings(gitTag: string, known: Set<string>): void {
  known.add(comparable(gitTag));
  const short = gitTag.slice(-LONGEST_NAME);
  for (let at = 0; at < short.length - 1; at++) {
    const sign = short[at];
    if (sign === "/" || sign === "@" || sign === "-") known.add(comparable(short.slice(at + 1)));
  }
}

/** What no tag of an image has. */
const OTHER_SIGN = /[^A-Za-z0-9_.-]/;
const OTHER_SIGNS = new RegExp(OTHER_SIGN, "g");

function comparable(name: string): string {
  const plain = OTHER_SIGN.test(name) ? name.replace(OTHER_SIGNS, "-") : name;
  return plain.length > 1 && plain.startsWith("v") ? plain.slice(1) : plain;
}
