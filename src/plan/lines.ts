import { isBookkeepingTag } from "../model/bookkeeping";
import type { Line } from "../policy/policy";
import { type Claim, claimTag, isExcepted, PLAIN_CLAIM } from "../policy/selector";
import type { Entry } from "./entry";
import { type Judgement, judge, type Member, type Moment } from "./retention";

export interface LineOpinions {
  /** By node, for each entry given: all that keeps it, and why each line that claimed it would let it go. */
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
  const members = claim(entries, lines, opinions);
  const judgements = new Map<Line, ReadonlyMap<number, Judgement>>();
  for (const [line, claimed] of members) {
    const judged = judge(line, claimed, moment);
    judgements.set(line, judged);
    for (const [node, judgement] of judged) agree(opinions, node, judgement);
  }
  return { opinions, claimedKeys: new Set([...members.keys()].map(({ key }) => key)), judgements };
}

/** The lines that claim a tag, `rest` among them; none for a bookkeeping tag and one that is not covered. */
export function linesClaiming(tag: string, lines: readonly Line[]): Line[] {
  if (isBookkeepingTag(tag)) return [];
  const rest = lines.find(({ selector }) => selector.kind === "rest");
  const claims = new Map<Line, Claim[]>();
  if (!claimByLines(tag, lines, claims) && rest) claimByRest(tag, rest, claims);
  return [...claims.keys()];
}

/** Adds what one line says of a version to what the others said. */
function agree(opinions: Map<number, Judgement>, node: number, judgement: Judgement): void {
  const known = opinions.get(node);
  opinions.set(node, known ? both(known, judgement) : judgement);
}

function both(a: Judgement, b: Judgement): Judgement {
  return { keeps: [...a.keeps, ...b.keeps], lets: [...a.lets, ...b.lets] };
}

/** Finds the members of each line, and notes each tag that no line claims: it keeps its version. */
function claim(
  entries: readonly Entry[],
  lines: readonly Line[],
  opinions: Map<number, Judgement>,
): Map<Line, Member[]> {
  const rest = lines.find(({ selector }) => selector.kind === "rest");
  const members = new Map<Line, Member[]>(lines.map((line) => [line, []]));
  for (const { node, time, tags } of entries) {
    const claims = new Map<Line, Claim[]>();
    for (const tag of tags) {
      const isCovered = claimByLines(tag, lines, claims) || (rest && claimByRest(tag, rest, claims));
      if (!isCovered) agree(opinions, node, { keeps: [{ rule: "uncovered", tag }], lets: [] });
    }
    for (const [line, ofLine] of claims)
      members.get(line)?.push({ index: node, time, claims: ofLine, ranked: true });
  }
  return new Map([...members].filter(([, ofLine]) => ofLine.length > 0));
}

function claimByLines(tag: string, lines: readonly Line[], claims: Map<Line, Claim[]>): boolean {
  let isClaimed = false;
  for (const line of lines) {
    const claim = claimTag(line, tag);
    if (claim) add(claims, line, claim);
    isClaimed ||= claim !== undefined;
  }
  return isClaimed;
}

function claimByRest(tag: string, rest: Line, claims: Map<Line, Claim[]>): boolean {
  const isClaimed = !isExcepted(rest, tag);
  if (isClaimed) add(claims, rest, PLAIN_CLAIM);
  return isClaimed;
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
