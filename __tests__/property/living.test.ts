import fc from "fast-check";
import type { PackageVersion } from "../../src/model/package-version";
import { type Living, livingLookup } from "../../src/plan/living";
import { image, play, policy } from "../support/builder";

/** Lines without modifiers, which these are added to. Each claims other tags, apart from the last. */
const LINES = [
  ["pr-*", ["last: 1", "within: 10d", "while: pull-request", "always: true"]],
  ['"/(?<name>[a-z]+)-v[0-9]/"', ["last: 2", "daily: 2", "while: branch"]],
  ["semver", ["highest: 1", "within: 20d", "while: [release, git-tag]"]],
  ["rest", ["last: 1", "within: 5d", "while: branch"]],
] as const;

const lines = fc
  .tuple(
    ...LINES.map(([key, words]) =>
      fc.record({ key: fc.constant(key), words: fc.subarray([...words], { minLength: 1 }) }),
    ),
  )
  .chain((all) => fc.subarray(all, { minLength: 1 }));

type Lines = readonly { readonly key: string; readonly words: readonly string[] }[];

const OWN_TAGS = [
  "pr-1",
  "pr-2",
  "pr-9",
  "pr-x",
  "main-v1",
  "fix-v1",
  "fix-v2",
  "1.0.0",
  "1.1.0",
  "main",
  "edge",
];

const versions = fc
  .array(
    fc.record({
      tags: fc.uniqueArray(fc.constantFrom(...OWN_TAGS), { maxLength: 2 }),
      shas: fc.integer({ min: 0, max: 2 }),
      age: fc.integer({ min: 0, max: 40 }),
    }),
    { maxLength: 10 },
  )
  .map((specs) => {
    const taken = new Set<string>();
    return specs.map(({ tags, shas, age }, index): PackageVersion => {
      const free = tags.filter((tag) => !taken.has(tag));
      for (const tag of free) taken.add(tag);
      const more = Array.from({ length: shas }, (_, place) => `sha-${index}${place}`);
      return image({ id: index + 1, tags: [...free, ...more], age: `${age}d` });
    });
  });

const living = fc.record({
  pullRequests: fc.record({ open: fc.subarray([1, 2, 3]), newest: fc.constant(5) }),
  branches: fc.subarray(["main", "fix", "other"]),
  releases: fc.subarray(["v1.0.0", "v1.1.0"]),
  gitTags: fc.subarray(["1.0.0", "app/v1.1.0"]),
});

function deleted(lines: Lines, versions: readonly PackageVersion[], there: Living, follow = ""): Set<number> {
  const text = [...lines.map(({ key, words }) => `${key}: {${words.join(", ")}}`), follow].join("\n");
  const { plan } = play({ policy: policy(text), versions, living: livingLookup(there) });
  return new Set(
    plan.verdicts.filter(({ verdict }) => verdict === "delete").map(({ version }) => version.id),
  );
}

function plus(lines: Lines, at: number, word: string): Lines {
  return lines.map((line, index) =>
    index === at % lines.length ? { ...line, words: [...line.words, word] } : line,
  );
}

function isSubset(some: ReadonlySet<number>, all: ReadonlySet<number>): boolean {
  return [...some].every((one) => all.has(one));
}

describe("whatever lives", () => {
  it("what lives more keeps more", () => {
    fc.assert(
      fc.property(lines, versions, living, living, (ofLines, all, some, others) => {
        const more: Living = {
          pullRequests: { open: [...some.pullRequests.open, ...others.pullRequests.open], newest: 5 },
          branches: [...some.branches, ...others.branches],
          releases: [...some.releases, ...others.releases],
          gitTags: [...some.gitTags, ...others.gitTags],
        };
        // What a line keeps besides gives a place of `rest` to another version.
        const withoutPlaces = ofLines.filter(({ key }) => key !== "rest");
        fc.pre(withoutPlaces.length > 0);
        expect(isSubset(deleted(withoutPlaces, all, more), deleted(withoutPlaces, all, some))).toBe(true);
      }),
    );
  });

  it("a bound only ever deletes more", () => {
    const bounds = fc.constantFrom(
      "max-age: 15d",
      "only-while: branch",
      "only-while: pull-request",
      "only-while: [release, git-tag]",
    );
    fc.assert(
      fc.property(lines, versions, living, fc.nat(), bounds, (ofLines, all, there, at, bound) => {
        // Where a bound lets a version go, `rest` ranks it: then it may take the place of another, and keep it.
        const withoutPlaces = ofLines.filter(({ key }) => key !== "rest");
        fc.pre(withoutPlaces.length > 0);
        const bounded = plus(withoutPlaces, at, bound);
        expect(isSubset(deleted(withoutPlaces, all, there), deleted(bounded, all, there))).toBe(true);
      }),
    );
  });

  it("a line that follows changes nothing of versions with other tags, and deletes nothing by itself", () => {
    fc.assert(
      fc.property(lines, versions, living, (ofLines, all, there) => {
        const isSha = (tag: string) => tag.startsWith("sha-");
        const others = all.filter(({ tags }) => !tags.every(isSha));
        const alone = others.map((version) => ({
          ...version,
          tags: version.tags.filter((tag) => !isSha(tag)),
        }));
        const following = deleted(ofLines, all, there, "sha-*: follow");
        expect([...following].sort()).toEqual([...deleted(ofLines, alone, there)].sort());
      }),
    );
  });

  it("rest keeps as many as it says beside what the other lines keep", () => {
    fc.assert(
      fc.property(versions, fc.integer({ min: 1, max: 4 }), (all, count) => {
        const tagged = all.filter(({ tags }) => tags.length > 0);
        const gone = deleted(
          [
            { key: "pr-*", words: ["always: true"] },
            { key: "rest", words: [`last: ${count}`] },
          ],
          tagged,
          {},
        );
        const others = tagged.filter(({ tags }) => !tags.some((tag) => tag.startsWith("pr-")));
        expect(gone.size).toBe(Math.max(0, others.length - count));
      }),
    );
  });
});
