import { isBookkeepingTag } from "../model/bookkeeping";
import type { Line } from "../policy/policy";
import { type Claim, claimRest, claimTag } from "../policy/selector";
import type { Entry } from "./entry";
import { type Judgement, judge, type Member, type Moment } from "./retention";

export interface LineOpinions {
  /** By node, for each entry given: all that keeps it, and why each line that claimed it does not. */
  readonly opinions: ReadonlyMap<number, Judgement>;
  /** The keys of the lines that claimed something. */
  readonly claimedKeys: ReadonlySet<string>;
  /** By line that claimed something, and by node: what it says of each version that it claims. */
  readonly judgements: ReadonlyMap<Line, ReadonlyMap<number, Judgement>>;
}

/**
 * What all lines but `untagged` say of the tagged versions (spec/policy.md, "Verdicts" 1 and 2).
 *
 * @param entries tagged, newest first
 */
export function judgeTagged(entries: readonly Entry[], lines: readonly Line[], moment: Moment): LineOpinions {
  const opinions = new Map<number, Judgement>();
  const { members, claimedKeys } = claim(entries, lines, opinions);
  const judgements = judgeLines(members, moment);
  for (const line of members.keys())
    for (const [node, judgement] of judgements.get(line) ?? []) agree(opinions, node, judgement);
  return { opinions, claimedKeys, judgements };
}

/** `rest` comes last: its counts rank only what no other line keeps. */
function judgeLines(
  members: ReadonlyMap<Line, readonly Member[]>,
  moment: Moment,
): Map<Line, ReadonlyMap<number, Judgement>> {
  const judgements = new Map<Line, ReadonlyMap<number, Judgement>>();
  const all = [...members];
  for (const [line, claimed] of all)
    if (line.selector.kind !== "rest") judgements.set(line, judge(line, claimed, moment));
  const kept = keptNodes(judgements);
  for (const [line, claimed] of all)
    if (line.selector.kind === "rest") judgements.set(line, judgeRest(line, claimed, kept, moment));
  return judgements;
}

/** Of what another line keeps, `rest` gives up only what it would give up if it ranked that as well (`untag`). */
function judgeRest(
  rest: Line,
  members: readonly Member[],
  kept: ReadonlySet<number>,
  moment: Moment,
): ReadonlyMap<number, Judgement> {
  if (!members.some(({ index }) => kept.has(index))) return judge(rest, members, moment);
  const beside = members.map((member) => (kept.has(member.index) ? { ...member, ranked: false } : member));
  const judged = judge(rest, beside, moment);
  for (const [node, { keeps }] of judge(rest, members, moment))
    if (kept.has(node) && keeps.length > 0 && judged.get(node)?.keeps.length === 0) judged.set(node, NO_SAY);
  return judged;
}

const NO_SAY: Judgement = { keeps: [], lets: [] };

function keptNodes(judgements: ReadonlyMap<Line, ReadonlyMap<number, Judgement>>): Set<number> {
  const kept = new Set<number>();
  for (const ofLine of judgements.values())
    for (const [node, { keeps }] of ofLine) if (keeps.length > 0) kept.add(node);
  return kept;
}

/** The lines that claim a tag, `rest` among them; none for a bookkeeping tag and one that is not covered. */
export function linesClaiming(tag: string, lines: readonly Line[]): Line[] {
  if (isBookkeepingTag(tag)) return [];
  return claimsOf([tag], lines, restOf(lines)).claimed.map(({ line }) => line);
}

function restOf(lines: readonly Line[]): Line | undefined {
  return lines.find(({ selector }) => selector.kind === "rest");
}

/** Adds what one line says of a version to what the others said. */
function agree(opinions: Map<number, Judgement>, node: number, judgement: Judgement): void {
  const known = opinions.get(node);
  opinions.set(node, known ? both(known, judgement) : judgement);
}

function both(a: Judgement, b: Judgement): Judgement {
  return { keeps: [...a.keeps, ...b.keeps], lets: [...a.lets, ...b.lets] };
}

interface Claimed {
  /** By line that has a say of something: what it has a say of, in the order of the lines. */
  readonly members: ReadonlyMap<Line, readonly Member[]>;
  readonly claimedKeys: ReadonlySet<string>;
}

/** Finds the members of each line, and notes each tag that no line claims: it keeps its version. */
function claim(entries: readonly Entry[], lines: readonly Line[], opinions: Map<number, Judgement>): Claimed {
  const rest = restOf(lines);
  const members = new Map<Line, Member[]>(lines.map((line) => [line, []]));
  const claimedKeys = new Set<string>();
  for (const { node, time, tags, isRanked } of entries) {
    const { claimed, uncovered } = claimsOf(tags, lines, rest);
    for (const tag of uncovered) agree(opinions, node, { keeps: [{ rule: "uncovered", tag }], lets: [] });
    const othersDecide = uncovered.length > 0 || claimed.some(({ line }) => !line.follow);
    for (const { line, claims } of claimed) {
      claimedKeys.add(line.key);
      if (othersDecide && line.follow) continue;
      members.get(line)?.push({ index: node, time, claims, ranked: isRanked });
    }
  }
  return { members: new Map([...members].filter(([, ofLine]) => ofLine.length > 0)), claimedKeys };
}

/** What a line claims of the tags of one version. */
interface ClaimsOfLine {
  readonly line: Line;
  readonly claims: Claim[];
}

interface Claims {
  readonly claimed: readonly ClaimsOfLine[];
  readonly uncovered: readonly string[];
}

const NONE: readonly string[] = [];

/** What the lines claim of the tags of one version; `rest` gets what no other line claims. */
function claimsOf(tags: readonly string[], lines: readonly Line[], rest: Line | undefined): Claims {
  const claimed: ClaimsOfLine[] = [];
  let uncovered = NONE;
  for (const tag of tags) {
    let isClaimed = false;
    for (const line of lines) isClaimed = add(claimed, line, claimTag(line, tag)) || isClaimed;
    if (isClaimed || (rest && add(claimed, rest, claimRest(rest, tag)))) continue;
    uncovered = [...uncovered, tag];
  }
  return { claimed, uncovered };
}

/** Notes a claim, if there is one. */
function add(claimed: ClaimsOfLine[], line: Line, claim: Claim | undefined): boolean {
  if (claim === undefined) return false;
  // Few lines claim tags of one version: a list is faster than a map for each of 100,000.
  for (const known of claimed) {
    if (known.line !== line) continue;
    known.claims.push(claim);
    return true;
  }
  claimed.push({ line, claims: [claim] });
  return true;
}
