import type { SemVer } from "semver";
import gt from "semver/functions/gt.js";
import rcompare from "semver/functions/rcompare.js";
import { before } from "../policy/duration";
import type { Duration, Line, Word } from "../policy/policy";
import type { Claim } from "../policy/selector";
import type { Calendar } from "./calendar";

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

export interface Judgement {
  /** Why the line keeps the version; empty when it lets it go. */
  readonly keeps: readonly string[];
  /** Why the line lets it go; empty when it keeps it. */
  readonly lets: readonly string[];
}

export interface Moment {
  /** Epoch milliseconds, read once a run. */
  readonly now: number;
  readonly calendar: Calendar;
}

interface Group {
  readonly label: string;
  readonly members: readonly Member[];
}

/** What one word says of one group: who stays, and how that reads. */
interface Ruling {
  readonly kept: ReadonlySet<number>;
  readonly keeps: string;
  readonly lets: string;
}

/** What the words of a line say of one version. Versions of which they say the same share it. */
interface Reasons {
  readonly keeps: readonly string[];
  readonly lets: readonly string[];
}

/**
 * What one line says of each version that it claims (spec/policy.md, "Keep-specs").
 *
 * @param members newest first
 * @returns by `Member.index`, one judgement for each member
 */
export function judge(line: Line, members: readonly Member[], moment: Moment): Map<number, Judgement> {
  if (line.words.length === 0) return judgeAll(members, { keeps: [], lets: [`${line.key}: never`] });
  if (line.words.every(({ word }) => word === "always"))
    return judgeAll(members, { keeps: [`${line.key}: always`], lets: [] });

  const reasons = new Map<number, Reasons>();
  for (const group of groupsOf(line, members)) {
    const rulings = line.words.map((word) => rule(word, group, moment));
    const unkept: Reasons = { keeps: [], lets: rulings.map(({ lets }) => lets) };
    for (const { index } of group.members) {
      const found = rulings.some(({ kept }) => kept.has(index)) ? reasonsOf(index, rulings) : unkept;
      const other = reasons.get(index);
      reasons.set(index, other ? union(other, found) : found);
    }
  }
  return wordedFor(line, reasons);
}

function reasonsOf(index: number, rulings: readonly Ruling[]): Reasons {
  return {
    keeps: rulings.filter(({ kept }) => kept.has(index)).map(({ keeps }) => keeps),
    lets: rulings.filter(({ kept }) => !kept.has(index)).map(({ lets }) => lets),
  };
}

/** For a version in several groups. */
function union(a: Reasons, b: Reasons): Reasons {
  return {
    keeps: [...new Set([...a.keeps, ...b.keeps])],
    lets: [...new Set([...a.lets, ...b.lets])],
  };
}

function wordedFor({ key }: Line, reasons: ReadonlyMap<number, Reasons>): Map<number, Judgement> {
  const worded = new Map<Reasons, Judgement>();
  const judgements = new Map<number, Judgement>();
  for (const [index, found] of reasons) {
    const { keeps, lets } = found;
    const judgement = worded.get(found) ?? {
      keeps: keeps.map((reason) => `${key}: ${reason}`),
      lets: keeps.length > 0 ? [] : [`${key}: ${lets.join(", ")}`],
    };
    worded.set(found, judgement);
    judgements.set(index, judgement);
  }
  return judgements;
}

function judgeAll(members: readonly Member[], judgement: Judgement): Map<number, Judgement> {
  return new Map(members.map(({ index }) => [index, judgement]));
}

/** Without `per` there is one group; with it, a version belongs to the group of each of its claimed tags. */
function groupsOf(line: Line, members: readonly Member[]): Iterable<Group> {
  if (!line.per) return [{ label: "", members }];
  const groups = new Map<string | undefined, Group & { readonly members: Member[] }>();
  for (const member of members) {
    for (const name of new Set(member.claims.map((claim) => claim.group))) {
      const group = groups.get(name) ?? { label: labelOf(name), members: [] };
      groups.set(name, group);
      group.members.push({ ...member, claims: member.claims.filter((claim) => claim.group === name) });
    }
  }
  return groups.values();
}

function labelOf(group: string | undefined): string {
  return group === undefined ? "" : ` of ${group === "" ? '""' : group}`;
}

function rule(word: Word, { members, label }: Group, moment: Moment): Ruling {
  const ranked = members.filter((member) => member.ranked);
  switch (word.word) {
    case "always":
      return { kept: indexes(members), keeps: "always", lets: "" };
    case "within":
      return ruleWithin(word.duration, members, moment.now);
    case "last":
      return ruleCount(`last ${word.count}${label}`, ranked.slice(0, word.count));
    case "highest":
      return ruleCount(`highest ${word.count}${label}`, highestFirst(ranked).slice(0, word.count));
    default: {
      const text = `${word.word} ${word.count}${label}`;
      const kept = newestOfBuckets(ranked, word.count, (time) => moment.calendar(time, word.word));
      return { kept: indexes(kept), keeps: text, lets: `beyond ${text}` };
    }
  }
}

function ruleCount(text: string, kept: readonly Member[]): Ruling {
  return { kept: indexes(kept), keeps: text, lets: `beyond the ${text}` };
}

function ruleWithin(duration: Duration, members: readonly Member[], now: number): Ruling {
  const since = before(now, duration);
  const kept = members.filter(({ time }) => time >= since);
  return { kept: indexes(kept), keeps: `within ${duration.text}`, lets: `older than ${duration.text}` };
}

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
