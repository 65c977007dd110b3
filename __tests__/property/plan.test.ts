import fc from "fast-check";
import type { PackageVersion } from "../../src/model/package-version";
import type { Plan } from "../../src/plan/plan";
import type { Policy } from "../../src/policy/policy";
import { digest, image, type Played, play, policy, readable, signatureTag } from "../support/builder";
import { expectedKept, partsOf, type Rules, type Thing } from "../support/oracle";

const TAGS = [
  "latest",
  "edge",
  "v1.0.0",
  "v1.1.0",
  "v2.0.0-rc.1",
  "1.2.3",
  "pr-1",
  "pr-2",
  "main-1",
  "main-2",
];
const KEYS = [
  "latest",
  "v*",
  "pr-*",
  "semver",
  "prerelease",
  "rest",
  "untagged",
  '"/(?<branch>[a-z]+)-[0-9]+/"',
];
const WORDS = [
  "last: 1",
  "last: 3",
  "within: 10d",
  "daily: 2",
  "weekly: 1",
  "monthly: 2",
  "hourly: 3",
  "yearly: 1",
];

const versionsOf = (most: number) =>
  fc
    .array(
      fc.record({
        tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 2 }),
        created: fc.integer({ min: 0, max: 60 }),
        updated: fc.integer({ min: 0, max: 60 }),
      }),
      { maxLength: most },
    )
    .map((specs) => {
      const taken = new Set<string>();
      return specs.map(({ tags, created, updated }, index): PackageVersion => {
        const free = tags.filter((tag) => !taken.has(tag));
        for (const tag of free) taken.add(tag);
        return image({
          id: index + 1,
          tags: free,
          age: `${Math.max(created, updated)}d`,
          updated: `${updated}d`,
        });
      });
    });

interface LineSpec {
  readonly key: string;
  readonly words: readonly string[];
}

const lineSpecs = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom(...KEYS),
    words: fc.uniqueArray(fc.constantFrom(...WORDS), {
      maxLength: 3,
      selector: (word) => word.split(":")[0],
    }),
  }),
  { minLength: 1, maxLength: 5, selector: ({ key }) => key },
);

function written(lines: readonly LineSpec[]): string {
  return lines
    .map(({ key, words }) => `${key}: ${words.length === 0 ? "never" : `{${words.join(", ")}}`}`)
    .join("\n");
}

function idsOf(plan: Plan, verdict: "keep" | "delete"): Set<number> {
  return new Set(plan.verdicts.filter((item) => item.verdict === verdict).map(({ version }) => version.id));
}

function planOf(
  lines: readonly LineSpec[],
  versions: readonly PackageVersion[],
  settings: Partial<Policy> = {},
): Plan {
  return play({ policy: policy(written(lines), settings), versions }).plan;
}

describe("whatever the policy and the versions", () => {
  it("each version has one verdict and at least one reason", () => {
    fc.assert(
      fc.property(lineSpecs, versionsOf(12), (lines, versions) => {
        const { verdicts } = planOf(lines, versions);
        expect(verdicts.map(({ version }) => version.id).sort()).toEqual(versions.map(({ id }) => id).sort());
        expect(verdicts.every(({ reasons }) => reasons.length > 0)).toBe(true);
      }),
    );
  });

  it("a protected version is never deleted, nor one with a tag that no line covers", () => {
    fc.assert(
      fc.property(lineSpecs, versionsOf(12), fc.integer({ min: 1, max: 12 }), (lines, versions, id) => {
        const gone = idsOf(planOf(lines, versions, { protect: new Set([`${id}`]) }), "delete");
        expect(gone.has(id)).toBe(false);
        const covers = new Set(lines.map(({ key }) => key));
        const uncovered = versions.filter(({ tags }) => tags.includes("edge") && !covers.has("rest"));
        expect(uncovered.filter((version) => gone.has(version.id))).toEqual([]);
      }),
    );
  });

  it("one more word never deletes more", () => {
    fc.assert(
      fc.property(
        lineSpecs,
        versionsOf(12),
        fc.nat(),
        fc.constantFrom(...WORDS),
        (lines, versions, at, word) => {
          const index = at % lines.length;
          const richer = lines.map((line, place) =>
            place === index && !line.words.some((known) => known.split(":")[0] === word.split(":")[0])
              ? { ...line, words: [...line.words, word] }
              : line,
          );
          const before = idsOf(planOf(lines, versions), "delete");
          const after = idsOf(planOf(richer, versions), "delete");
          expect([...after].filter((id) => !before.has(id))).toEqual([]);
        },
      ),
    );
  });

  it("the order of the lines and of the versions changes no verdict", () => {
    fc.assert(
      fc.property(lineSpecs, versionsOf(12), (lines, versions) => {
        const verdicts = (plan: Plan) =>
          Object.fromEntries(plan.verdicts.map(({ version, verdict }) => [version.id, verdict]));
        const plan = planOf(lines, versions);
        expect(verdicts(planOf(lines.toReversed(), versions))).toEqual(verdicts(plan));
        expect(readable(planOf(lines, versions.toReversed()))).toEqual(readable(plan));
      }),
    );
  });

  it("min-keep versions survive, or all there are", () => {
    fc.assert(
      fc.property(lineSpecs, versionsOf(12), fc.integer({ min: 0, max: 5 }), (lines, versions, minKeep) => {
        const kept = idsOf(planOf(lines, versions, { minKeep }), "keep");
        expect(kept.size).toBeGreaterThanOrEqual(Math.min(minKeep, versions.length));
      }),
    );
  });
});

/** A version of a random package. What it lists and refers to was pushed before it: places are the order of pushing. */
interface Push {
  readonly age: number;
  readonly tag: "v" | "pr" | undefined;
  readonly lists: readonly number[];
  /** Lists a digest that is nowhere. */
  readonly misses: boolean;
  readonly refersTo: number | undefined;
  readonly refersBy: "tag" | "subject" | "both";
  readonly suffix: string;
}

const pushes = fc.array(
  fc.record({
    age: fc.integer({ min: 0, max: 30 }),
    tag: fc.constantFrom(undefined, undefined, "v", "pr"),
    lists: fc.array(fc.nat({ max: 13 }), { maxLength: 3 }),
    misses: fc.boolean(),
    refersTo: fc.option(fc.nat({ max: 20 }), { freq: 2, nil: undefined }),
    refersBy: fc.constantFrom("tag", "subject", "both"),
    suffix: fc.constantFrom("", ".sig", ".att"),
  } satisfies { [name in keyof Push]: fc.Arbitrary<Push[name]> }),
  { minLength: 1, maxLength: 14 },
);
const ids = fc.shuffledSubarray(
  Array.from({ length: 14 }, (_, at) => at + 1),
  { minLength: 14 },
);

/** The `untagged` lines, and what they mean. */
const UNTAGGED: Readonly<Record<string, Rules["keepsUntagged"]>> = {
  "": () => true,
  "untagged: never": () => false,
  "untagged: always": () => true,
  "untagged: 2": (_, rank = 2) => rank < 2,
  "untagged: 20d": (age) => age <= 20,
};
const scenes = fc.record({ pushes, ids, line: fc.constantFrom(...Object.keys(UNTAGGED)) });

/** The things of a scene; ids are in any order, and so are times: a part may be pushed again after its index. */
function thingsOf(list: readonly Push[], idsOfAll: readonly number[]): Thing[] {
  const things = list.map(({ age, tag, lists, misses, refersTo, refersBy }, at): Thing => {
    const listed = [...new Set(lists)].filter((part) => part < at).map((part) => `n${part}`);
    const subject =
      refersTo === undefined ? undefined : refersTo < at ? `n${refersTo}` : `elsewhere ${refersTo}`;
    return {
      name: `n${at}`,
      id: idsOfAll[at] ?? at,
      age,
      ...(tag ? { tag: `${tag}-${at}` } : {}),
      lists: misses && listed.length > 0 ? [...listed, `lost ${at}`] : listed,
      ...(subject !== undefined && refersBy !== "subject" ? { signs: subject } : {}),
      ...(subject !== undefined && refersBy !== "tag" ? { subject } : {}),
    };
  });
  // Of an image that an index lists, nobody reads what it refers to.
  const listed = new Set(things.flatMap(({ lists }) => lists));
  const isUnread = ({ name, lists, tag, signs }: Thing) =>
    listed.has(name) && lists.length === 0 && tag === undefined && signs === undefined;
  return things.map(({ subject, ...thing }) =>
    subject === undefined || isUnread(thing) ? thing : { ...thing, subject },
  );
}

/** Tags can lie: what an index lists may be called its subject. */
function hasRing(things: readonly Thing[]): boolean {
  return things.some((thing) => partsOf(thing, things).includes(thing.name));
}

function playThings(things: readonly Thing[], list: readonly Push[], line: string): Played {
  const versions = things.map(({ name, id, tag, signs, age }, at): PackageVersion => {
    const own = signs === undefined ? [] : [signatureTag(digest(signs), list[at]?.suffix)];
    return image({ id, name, tags: [...(tag ? [tag] : []), ...own], age: `${age}d` });
  });
  const indexes = Object.fromEntries(
    things.filter(({ lists }) => lists.length > 0).map(({ name, lists }) => [name, lists]),
  );
  const referrers: Record<string, string[]> = {};
  for (const { name, subject } of things)
    if (subject !== undefined) referrers[subject] = [...(referrers[subject] ?? []), name];
  const names = Object.fromEntries(things.map(({ name }) => [digest(name), name]));
  return play({ policy: policy(`v-*: always\npr-*: 10d\n${line}`), versions }, { indexes, referrers }, names);
}

function verdictsByName({ plan }: Played): Record<string, string> {
  return Object.fromEntries(plan.verdicts.map(({ version, verdict }) => [version.name, verdict]));
}

describe("whatever belongs to what", () => {
  it("each version is kept or deleted as the specification says", () => {
    fc.assert(
      fc.property(scenes, ({ pushes: list, ids: idsOfAll, line }) => {
        const things = thingsOf(list, idsOfAll);
        fc.pre(!isStore(things) && !hasRing(things));
        const kept = expectedKept(things, {
          keepsTag: (tag, age) => tag.startsWith("v") || age <= 10,
          keepsUntagged: UNTAGGED[line] ?? (() => true),
          grace: 1,
        });
        const expected = things.map(({ name }) => [digest(name), kept.has(name) ? "keep" : "delete"]);
        expect(verdictsByName(playThings(things, list, line))).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 600 },
    );
  });

  it("no kept image ever loses a part", () => {
    fc.assert(
      fc.property(scenes, ({ pushes: list, ids: idsOfAll, line }) => {
        const things = thingsOf(list, idsOfAll);
        const verdicts = verdictsByName(playThings(things, list, line));
        for (const thing of things) {
          if (verdicts[digest(thing.name)] !== "keep") continue;
          const lost = partsOf(thing, things).filter((part) => verdicts[digest(part)] === "delete");
          expect(lost).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("the manifest of all that goes is known, and none is read that an index lists, but of what has a tag", () => {
    fc.assert(
      fc.property(scenes, ({ pushes: list, ids: idsOfAll, line }) => {
        const things = thingsOf(list, idsOfAll);
        const { plan, reads } = playThings(things, list, line);
        const nested = new Set(things.filter(({ lists }) => lists.length > 0).map(({ name }) => name));
        const listed = new Set(
          things.filter(({ name }) => reads.includes(name)).flatMap(({ lists }) => lists),
        );
        const isDeleting = plan.verdicts.some(({ verdict }) => verdict === "delete");
        const unread = things.filter(({ name }) => !reads.includes(name));
        if (isDeleting)
          expect(unread.filter(({ name }) => nested.has(name) || !listed.has(name))).toEqual([]);
        expect(reads.length).toBe(new Set(reads).size);
      }),
      { numRuns: 500 },
    );
  });

  it("the order of the ids and of the versions changes no verdict, where no two have the same time", () => {
    fc.assert(
      fc.property(scenes, ids, ({ pushes: list, ids: idsOfAll, line }, others) => {
        const distinct = list.map((push, at) => ({ ...push, age: push.age * 14 + at }));
        const one = playThings(thingsOf(distinct, idsOfAll), distinct, line);
        const other = playThings(thingsOf(distinct, others), distinct, line);
        expect(verdictsByName(other)).toEqual(verdictsByName(one));
        const reversed = thingsOf(distinct, idsOfAll).toReversed();
        expect(verdictsByName(playThings(reversed, distinct.toReversed(), line))).toEqual(
          verdictsByName(one),
        );
      }),
      { numRuns: 300 },
    );
  });
});

/** A package whose only tags are bookkeeping tags of images elsewhere: nothing of it is deleted. */
function isStore(things: readonly Thing[]): boolean {
  const names = new Set(things.map(({ name }) => name));
  const signing = things.flatMap(({ signs }) => (signs === undefined ? [] : [signs]));
  return (
    signing.length > 0 &&
    things.every(({ tag }) => tag === undefined) &&
    !signing.some((name) => names.has(name))
  );
}
