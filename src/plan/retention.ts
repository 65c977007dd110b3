import type { SemVer } from "semver";
import gt from "semver/functions/gt.js";
import rcompare from "semver/functions/rcompare.js";
import { type Reason, type Says, saysText } from "../model/reason";
import { before } from "../policy/duration";
import type { Duration, Line, LivingThing, Word } from "../policy/policy";
import type { Claim } from "../policy/selector";
import type { Calendar } from "./calendar";
import type { LivingLookup, Standing } from "./living";

/** A version that a line claims by at least one tag, as far as counting is concerned. */
export interface Member {
  /** What identifies the version to the caller. */
  readonly index: number;
  /** Epoch milliseconds, by the policy's `timestamp`. */
  readonly time: number;
  readonly claims: readonly Claim[];
  /** Takes a place in counts and calendars; else only `within` and `always` speak of it. */
  readonly ranked: boolean;
}

/** Where both are empty, the line has no say. */
export interface Judgement {
  /** Why the line keeps the version. */
  readonly keeps: readonly Reason[];
  /** Why the line does not keep it; empty where it does. */
  readonly lets: readonly Reason[];
}

export interface Moment {
  /** Epoch milliseconds, read once a run. */
  readonly now: number;
  readonly calendar: Calendar;
  /** Tells what of GitHub stands behind tags. */
  readonly living: LivingLookup;
}

interface Group {
  /** The value of `per`; undefined without `per`, and where it captured nothing. */
  readonly name: string | undefined;
  readonly members: readonly Member[];
}

/** What one word says of one group: which versions it keeps, and the reasons in words. */
interface Ruling {
  readonly kept: ReadonlySet<number>;
  readonly keeps: Says;
  /** Absent where not being kept by it says nothing. */
  readonly lets?: Says;
}

/** What the words of a line say of one version. Versions of which they say the same share it. */
interface Sayings {
  readonly keeps: readonly Says[];
  readonly lets: readonly Says[];
}

/**
 * What one line says of each version that it claims (spec/policy.md, "Keep-specs").
 *
 * @param members newest first
 * @returns by `Member.index`, one judgement for each member
 */
export function judge(line: Line, members: readonly Member[], moment: Moment): Map<number, Judgement> {
  if (line.words.length === 0) return judgeAll(members, { keeps: [], lets: [reasonOf(line, NEVER)] });
  const isBounded = line.maxAge !== undefined || line.onlyWhile !== undefined;
  if (!isBounded && line.words.every(({ word }) => word === "always"))
    return judgeAll(members, { keeps: [reasonOf(line, alwaysOf(line))], lets: [] });

  const sayings = new Map<number, Sayings>();
  for (const group of groupsOf(line, members)) {
    const rulings = line.words.flatMap((word) => rule(word, line, group, moment));
    const unkept: Sayings = { keeps: [], lets: rulings.flatMap(({ lets }) => lets ?? []) };
    for (const { index } of group.members) {
      const found = rulings.some(({ kept }) => kept.has(index)) ? sayingsOf(index, rulings) : unkept;
      const other = sayings.get(index);
      sayings.set(index, other ? union(other, found) : found);
    }
  }
  if (isBounded) applyBounds(line, members, sayings, moment);
  return judgementsOf(line, sayings);
}

const ALWAYS: Says = { text: "always" };
const FOLLOW: Says = { text: "follow" };
const NEVER: Says = { text: "never" };

function alwaysOf({ follow }: Line): Says {
  return follow ? FOLLOW : ALWAYS;
}

function reasonOf({ key }: Line, ...says: readonly Says[]): Reason {
  return { rule: "line", key, says };
}

function sayingsOf(index: number, rulings: readonly Ruling[]): Sayings {
  return {
    keeps: rulings.filter(({ kept }) => kept.has(index)).map(({ keeps }) => keeps),
    lets: rulings.filter(({ kept }) => !kept.has(index)).flatMap(({ lets }) => lets ?? []),
  };
}

/** What is beyond a bound is not kept, whatever the words say: it has taken its places all the same. */
function applyBounds(
  { maxAge, onlyWhile }: Line,
  members: readonly Member[],
  sayings: Map<number, Sayings>,
  { now, living }: Moment,
): void {
  const since = maxAge ? before(now, maxAge) : Number.NEGATIVE_INFINITY;
  for (const { index, time, claims } of members) {
    const isTooOld = maxAge !== undefined && time < since;
    const isDead = onlyWhile !== undefined && living(claims, onlyWhile).size === 0;
    if (!isTooOld && !isDead) continue;
    const lets = [
      ...(isTooOld ? [{ text: `older than ${maxAge.text}, the max-age` }] : []),
      ...(isDead ? onlyWhile.map((thing) => LIVING_SAYS[thing].lets) : []),
    ];
    sayings.set(index, { keeps: [], lets });
  }
}

/** For a version in several groups. */
function union(a: Sayings, b: Sayings): Sayings {
  return { keeps: unique([...a.keeps, ...b.keeps]), lets: unique([...a.lets, ...b.lets]) };
}

function unique(says: readonly Says[]): Says[] {
  return [...new Map(says.map((one) => [saysText(one), one])).values()];
}

/** Versions of which the line says the same share one judgement. */
function judgementsOf(line: Line, sayings: ReadonlyMap<number, Sayings>): Map<number, Judgement> {
  const shared = new Map<Sayings, Judgement>();
  const judgements = new Map<number, Judgement>();
  for (const [index, found] of sayings) {
    const { keeps, lets } = found;
    const judgement = shared.get(found) ?? {
      keeps: keeps.map((says) => reasonOf(line, says)),
      lets: keeps.length > 0 ? [] : [reasonOf(line, ...lets)],
    };
    shared.set(found, judgement);
    judgements.set(index, judgement);
  }
  return judgements;
}

function judgeAll(members: readonly Member[], judgement: Judgement): Map<number, Judgement> {
  return new Map(members.map(({ index }) => [index, judgement]));
}

/** Without `per` there is one group; with it, a version belongs to the group of each of its claimed tags. */
function groupsOf(line: Line, members: readonly Member[]): Iterable<Group> {
  if (!line.per) return [{ name: undefined, members }];
  const groups = new Map<string | undefined, Group & { readonly members: Member[] }>();
  for (const member of members) {
    for (const name of new Set(member.claims.map((claim) => claim.group))) {
      const group = groups.get(name) ?? { name, members: [] };
      groups.set(name, group);
      group.members.push({ ...member, claims: member.claims.filter((claim) => claim.group === name) });
    }
  }
  return groups.values();
}

function rule(word: Word, line: Line, { members, name }: Group, moment: Moment): Ruling[] {
  const ranked = members.filter((member) => member.ranked);
  switch (word.word) {
    case "always":
      return [{ kept: indexes(members), keeps: alwaysOf(line) }];
    case "within":
      return [ruleWithin(word.duration, members, moment.now)];
    case "while":
      return ruleWhile(word.things, members, moment.living);
    case "last":
      return [ruleCount(`last ${word.count}`, name, ranked.slice(0, word.count))];
    case "highest":
      return [ruleCount(`highest ${word.count}`, name, highestFirst(ranked).slice(0, word.count))];
    default: {
      const text = `${word.word} ${word.count}`;
      const kept = indexes(newestOfBuckets(ranked, word.count, (time) => moment.calendar(time, word.word)));
      return [{ kept, keeps: saying(text, name), lets: saying(`beyond ${text}`, name) }];
    }
  }
}

function ruleCount(text: string, group: string | undefined, kept: readonly Member[]): Ruling {
  return { kept: indexes(kept), keeps: saying(text, group), lets: saying(`beyond the ${text}`, group) };
}

function saying(text: string, group: string | undefined): Says {
  return group === undefined ? { text } : { text, group };
}

function ruleWithin(duration: Duration, members: readonly Member[], now: number): Ruling {
  const since = before(now, duration);
  const kept = members.filter(({ time }) => time >= since);
  const { text } = duration;
  return { kept: indexes(kept), keeps: { text: `within ${text}` }, lets: { text: `older than ${text}` } };
}

const LIVING_SAYS: Readonly<Record<LivingThing, { readonly keeps: Says; readonly lets: Says }>> = {
  "pull-request": { keeps: { text: "pull request is open" }, lets: { text: "pull request is not open" } },
  branch: { keeps: { text: "branch exists" }, lets: { text: "branch is gone" } },
  release: { keeps: { text: "release exists" }, lets: { text: "no release" } },
  "git-tag": { keeps: { text: "git tag exists" }, lets: { text: "no git tag" } },
};
const UNKNOWN: Says = { text: "pull request unknown" };

function ruleWhile(
  things: readonly LivingThing[],
  members: readonly Member[],
  living: LivingLookup,
): Ruling[] {
  const kept = new Map<LivingThing | "unknown", Set<number>>();
  for (const { index, claims } of members) {
    const standing: Standing = living(claims, things);
    for (const thing of standing) {
      const nodes = kept.get(thing);
      if (nodes) nodes.add(index);
      else kept.set(thing, new Set([index]));
    }
  }
  return [
    ...things.map((thing) => ({ kept: kept.get(thing) ?? NONE, ...LIVING_SAYS[thing] })),
    { kept: kept.get("unknown") ?? NONE, keeps: UNKNOWN },
  ];
}

const NONE: ReadonlySet<number> = new Set();

function indexes(members: readonly Member[]): Set<number> {
  return new Set(members.map(({ index }) => index));
}

/** By SemVer precedence; the sort is stable, so that equal precedence falls to the newer. */
function highestFirst(members: readonly Member[]): Member[] {
  const ranked = members.map((member) => ({ member, version: highestClaim(member) }));
  ranked.sort((a, b) => rcompare(a.version, b.version));
  return ranked.map(({ member }) => member);
}

function highestClaim(member: Member): SemVer {
  const versions = member.claims.flatMap(({ version }) => (version ? [version] : []));
  const [first, ...others] = versions;
  if (!first) throw new Error("`highest` ranks only tags that are SemVer versions");
  return others.reduce((highest, version) => (gt(version, highest) ? version : highest), first);
}

function newestOfBuckets(
  members: readonly Member[],
  count: number,
  bucketOf: (time: number) => string,
): Member[] {
  const seen = new Set<string>();
  const kept: Member[] = [];
  for (const member of members) {
    const bucket = bucketOf(member.time);
    if (seen.has(bucket)) continue;
    if (seen.size === count) break;
    seen.add(bucket);
    kept.push(member);
  }
  return kept;
}
