import fc from "fast-check";
import type { PackageVersion } from "../../src/model/package-version";
import type { Plan } from "../../src/plan/plan";
import type { Policy } from "../../src/policy/policy";
import { digest, image, type Played, play, policy, readable, signatureTag } from "../support/builder";

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

/** A random graph: versions in the order of their ids, each of which lists some before it (or anything, hostile). */
const graphs = fc
  .record({
    nodes: fc.array(
      fc.record({
        age: fc.integer({ min: 0, max: 40 }),
        tag: fc.constantFrom(undefined, undefined, "v", "pr"),
        parts: fc.array(fc.nat({ max: 30 }), { maxLength: 3 }),
        missing: fc.boolean(),
        subject: fc.option(fc.nat({ max: 30 }), { freq: 4, nil: undefined }),
        suffix: fc.constantFrom("", ".sig", ".att"),
      }),
      { minLength: 1, maxLength: 14 },
    ),
    line: fc.constantFrom("", "untagged: never", "untagged: 2", "untagged: 20d", "untagged: always"),
  })
  .map(({ nodes, line }) => {
    const indexes: Record<string, string[]> = {};
    const versions = nodes.map(({ age, tag, parts, missing, subject, suffix }, place): PackageVersion => {
      const listed = [...new Set(parts)].filter((part) => part < place).map((part) => `n${part}`);
      if (listed.length > 0) indexes[`n${place}`] = missing ? [...listed, `lost ${place}`] : listed;
      const signs = subject !== undefined && subject !== place && subject < nodes.length;
      const bookkeeping = signs ? [signatureTag(digest(`n${subject}`), suffix)] : [];
      const tags = [...(tag ? [`${tag}-${place}`] : []), ...bookkeeping];
      return image({ id: place + 1, name: `n${place}`, tags, age: `${age}d` });
    });
    return { versions, indexes, keep: `v-*: always\npr-*: 10d\n${line}`, line };
  });

type Graph = { versions: PackageVersion[]; indexes: Record<string, string[]>; keep: string; line: string };

function playGraph({ versions, indexes, keep }: Graph): Played {
  return play({ policy: policy(keep), versions }, { indexes });
}

/** What belongs to a version, found the slow and simple way: by its index, and by the tags that name it. */
function partsOf(version: PackageVersion, { versions, indexes }: Graph): PackageVersion[] {
  const place = versions.findIndex(({ id }) => id === version.id);
  const listed = new Set((indexes[`n${place}`] ?? []).map(digest));
  return versions.filter(({ name, tags }) => {
    const signs = tags.some((tag) => tag.startsWith(version.name.replace(":", "-")));
    // cosign's manifests are images: the registry is not asked what they list.
    return listed.has(name) || signs;
  });
}

function isCosign({ tags }: PackageVersion): boolean {
  return tags.some((tag) => /\.(sig|att)$/.test(tag));
}

describe("whatever belongs to what", () => {
  it("no kept image ever loses a part", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { plan } = playGraph(graph);
        const gone = idsOf(plan, "delete");
        for (const { version, verdict } of plan.verdicts) {
          if (verdict !== "keep" || isCosign(version)) continue;
          expect(partsOf(version, graph).filter(({ id }) => gone.has(id))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("with `untagged: never`, nothing that nothing needs survives its grace", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        fc.pre(graph.line === "untagged: never");
        const { plan } = playGraph(graph);
        for (const { version, verdict, reasons } of plan.verdicts) {
          const isTagged = version.tags.some((tag) => /^(v|pr)-/.test(tag));
          if (verdict === "keep" && !isTagged && !reasons.some(({ rule }) => rule === "signature-store"))
            expect(reasons.filter(({ rule }) => rule !== "grace" && rule !== "part")).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("the order of the versions changes no verdict", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const verdicts = ({ plan }: Played) =>
          Object.fromEntries(plan.verdicts.map(({ version, verdict }) => [version.id, verdict]));
        expect(verdicts(playGraph({ ...graph, versions: graph.versions.toReversed() }))).toEqual(
          verdicts(playGraph(graph)),
        );
      }),
      { numRuns: 300 },
    );
  });
});
