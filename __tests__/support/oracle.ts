/**
 * What spec/policy.md says of a small container package, worked out the slow and simple way. Shares no code with the
 * action: it is what the planner is measured by.
 */

/** A version as the oracle knows it; names stand for digests. */
export interface Thing {
  readonly name: string;
  readonly id: number;
  readonly tag?: string;
  /** Names that its manifest lists; some may be of nothing that is there. */
  readonly lists: readonly string[];
  /** What its bookkeeping tag names. */
  readonly signs?: string;
  /** What its manifest names as its subject. */
  readonly subject?: string;
  /** In days, since it was last touched. */
  readonly age: number;
}

export interface Rules {
  /** Whether a tag's line keeps its version. */
  readonly keepsTag: (tag: string, age: number) => boolean;
  /** Whether the `untagged` line keeps what has this rank among the roots (from 0; undefined: it has none). */
  readonly keepsUntagged: (age: number, rank: number | undefined) => boolean;
  /** In days. */
  readonly grace: number;
}

/** The names of all that is kept. */
export function expectedKept(things: readonly Thing[], rules: Rules): Set<string> {
  const tagged = things.filter(({ tag }) => tag !== undefined);
  const untagged = things.filter(({ tag }) => tag === undefined);
  const kept = tagged.filter(({ tag = "", age }) => rules.keepsTag(tag, age));
  const needed = () =>
    new Set([...kept.map(({ name }) => name), ...kept.flatMap((one) => partsOf(one, things))]);

  const roots = untagged.filter((one) => wholesOf(one, things).length === 0);
  const ranked = roots.filter(({ signs, subject }) => signs === undefined && subject === undefined);
  ranked.sort((a, b) => a.age - b.age || b.id - a.id);
  const neededByTagged = needed();
  for (const root of roots) {
    const rank = ranked.indexOf(root);
    const isKept = root.age < rules.grace || rules.keepsUntagged(root.age, rank < 0 ? undefined : rank);
    if (isKept && !neededByTagged.has(root.name)) kept.push(root);
  }
  const neededByRoots = needed();
  const again = untagged.filter((one) => !roots.includes(one) && !neededByRoots.has(one.name));
  // What is left is part of what goes: it goes too, unless it is being pushed again.
  kept.push(...again.filter((one) => isPushedAgain(one, things, rules)));
  return needed();
}

/** Names of all that belongs to a thing, to any depth, there or not. */
export function partsOf(thing: Pick<Thing, "name">, things: readonly Thing[]): string[] {
  const found = new Set<string>();
  const open = [thing.name];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const listed = things.filter((one) => one.name === name).flatMap(({ lists }) => lists);
    const referring = things.filter(({ signs, subject }) => signs === name || subject === name);
    for (const part of [...listed, ...referring.map((one) => one.name)]) {
      if (found.has(part)) continue;
      found.add(part);
      open.push(part);
    }
  }
  return [...found];
}

function wholesOf(thing: Thing, things: readonly Thing[]): Thing[] {
  return things.filter((one) => one !== thing && partsOf(one, things).includes(thing.name));
}

function isPushedAgain(thing: Thing, things: readonly Thing[], { grace }: Rules): boolean {
  const listers = things.filter(({ lists }) => lists.includes(thing.name));
  return thing.age < grace && listers.length > 0 && listers.every(({ age }) => age > thing.age);
}
