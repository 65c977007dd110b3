import { braceExpand } from "minimatch";

/** A glob is as long as people write them; all limits together keep compiling and matching any of them cheap. */
const LONGEST_GLOB = 256;
const MOST_BRACKETS = 40;
const MOST_ALTERNATIVES = 100;
const MOST_WRITTEN_OUT = 5_000;

/** What the stars around a `!(…)` and in its longest alternative may come to: each multiplies the time of a match. */
const MOST_NEGATED_STARS = 3;
const MOST_NEGATED = 20;

const LONGEST_REGEX = 500;
const LARGEST_REGEX = 1_000;

/** Why a glob is not compiled: it is too long, or would take too long. */
export function globLimit(text: string): string | undefined {
  const length = lengthLimit(text);
  if (length !== undefined) return `${length}, or a /regex/`;
  if (countOf(text, /[[({]/g) > MOST_BRACKETS) {
    return `the glob ${JSON.stringify(text)} has more than ${MOST_BRACKETS} brackets: write a simpler one, or a /regex/`;
  }
  if (text.includes("!(") && !isSimpleNegation(text)) {
    return `the glob ${JSON.stringify(text)} is too complex: list what a simpler one must not match under except`;
  }
  return alternativesLimit(text);
}

/** Why a glob of files is not taken. */
export function lengthLimit(text: string): string | undefined {
  if (text.length <= LONGEST_GLOB) return undefined;
  return `a glob has at most ${LONGEST_GLOB} characters, and this one has ${text.length}: write a shorter one`;
}

function alternativesLimit(text: string): string | undefined {
  if (!text.includes("{")) return undefined;
  const written = braceExpand(text, { braceExpandMax: MOST_ALTERNATIVES + 1 });
  if (written.length > MOST_ALTERNATIVES) {
    return `the glob ${JSON.stringify(text)} has more than ${MOST_ALTERNATIVES} alternatives: write a /regex/`;
  }
  if (written.reduce((sum, { length }) => sum + length, 0) > MOST_WRITTEN_OUT) {
    return `the glob ${JSON.stringify(text)} has more than ${MOST_WRITTEN_OUT} characters with its braces written out: write a /regex/`;
  }
  return undefined;
}

/** `!(…)` needs a lookahead, which only the backtracking engine has: one of them, with few other wildcards. */
function isSimpleNegation(text: string): boolean {
  const [, head = "", negated = "", tail = ""] = /^([^()]*)!\(([^()]*)\)([^()]*)$/.exec(text) ?? [];
  const alternatives = negated.split("|");
  const longest = Math.max(...alternatives.map((one) => countOf(one, /\*/g)));
  const stars = countOf(head + tail, /\*/g) + longest;
  return negated !== "" && alternatives.length <= MOST_NEGATED && stars <= MOST_NEGATED_STARS;
}

/** Why the text between the slashes is not compiled. */
export function regexLimit(source: string): string | undefined {
  if (source.length > LONGEST_REGEX) {
    return `a regex has at most ${LONGEST_REGEX} characters, and this one has ${source.length}: write a shorter one`;
  }
  return sizeOf(source) > LARGEST_REGEX
    ? `the regex ${JSON.stringify(`/${source}/`)} comes to more than ${LARGEST_REGEX} characters with its repetitions written out: write a simpler one`
    : undefined;
}

const REGEX_PART = /\\[pP]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|./gs;

/** How many characters and classes a regex has when each `{n,m}` is written out. */
function sizeOf(source: string): number {
  const groups = [{ size: 0, last: 0 }];
  for (const [part, least, most] of source.matchAll(REGEX_PART)) {
    const group = groups[0] ?? { size: 0, last: 0 };
    if (part === "(") groups.unshift({ size: 0, last: 0 });
    else if (part === ")" && groups.length > 1) {
      groups.shift();
      add(groups[0], group.size);
    } else if (least !== undefined) {
      const times = Math.max(Number(least), Number(most ?? 0), 1);
      group.size += group.last * (times - 1);
      group.last *= times;
    } else add(group, 1);
  }
  return groups.reduce((sum, { size }) => sum + size, 0);
}

function add(group: { size: number; last: number } | undefined, size: number): void {
  if (group === undefined) return;
  group.size += size;
  group.last = size;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
