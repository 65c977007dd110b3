import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { VersionData } from "../../emulator/data";
import {
  attestationOf,
  cosignManifest,
  cosignTag,
  fallbackTag,
  type Image,
  imageManifest,
  indexOf,
  referrerOf,
  referrersIndex,
  versionOf,
} from "../../emulator/images";
import type { Policy } from "../../src/policy/policy";
import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";
import { flaws } from "../support/wholeness";

/** One thing that was pushed. What it lists or refers to are earlier things, by their place. */
interface Push {
  readonly kind: "image" | "index" | "signature" | "referrer" | "fallback";
  readonly of: readonly number[];
  readonly tag: string | undefined;
  /** Days since it was pushed, and since it was pushed again. */
  readonly days: number;
  readonly again: number | undefined;
  /** Deleted by someone else before the run. */
  readonly isLost: boolean;
  /** How long GitHub takes to delete it, so that some overtake others. */
  readonly delay: number;
}

const KINDS: readonly Push["kind"][] = [
  "image",
  "image",
  "index",
  "index",
  "signature",
  "referrer",
  "fallback",
];
const pushes = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    of: fc.uniqueArray(fc.nat({ max: 14 }), { minLength: 1, maxLength: 3 }),
    tag: fc.option(fc.constantFrom("latest", "edge", "v1", "v2", "pr-1", "pr-2", "pr-3"), { nil: undefined }),
    days: fc.integer({ min: 0, max: 25 }),
    again: fc.option(fc.integer({ min: 0, max: 25 }), { nil: undefined }),
    isLost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    delay: fc.constantFrom(0, 0, 1, 4),
  }),
  { minLength: 4, maxLength: 16 },
);
const scenes = fc.record({
  pushes,
  /** After which of its deletions a run is killed. */
  kills: fc.tuple(fc.nat(), fc.nat()),
  ids: fc.shuffledSubarray(
    Array.from({ length: 16 }, (_, at) => at + 1),
    { minLength: 16 },
  ),
  lines: fc.uniqueArray(
    fc.constantFrom(
      "latest: always",
      "v*: always",
      "v*: 1",
      "pr-*: 10d",
      "pr-*: never",
      "rest: 1",
      "rest: never",
    ),
    { minLength: 1, maxLength: 4, selector: (line) => line.split(":")[0] },
  ),
});

interface Made {
  readonly image: Image;
  readonly tags: readonly string[];
  readonly kind: Push["kind"];
  readonly subject?: Image;
}

/** Each digest and each tag once. An index lists images and indexes, a fallback index all referrers of one thing. */
function make(list: readonly Push[]): (Made | undefined)[] {
  const taken = new Set<string>();
  const made: (Made | undefined)[] = [];
  for (const [at, { kind, of, tag }] of list.entries()) {
    const before = made.filter((one) => one !== undefined);
    const parts = [...new Set(of.flatMap((place) => before[place % Math.max(before.length, 1)] ?? []))];
    const one = makeOne(kind, parts, before, `push ${at}`);
    const isNew = !taken.has(one.image.digest);
    const tags = [...one.tags, ...(tag === undefined ? [] : [tag])].filter((name) => !taken.has(name));
    for (const name of [one.image.digest, ...tags]) taken.add(name);
    made.push(isNew ? { ...one, tags } : undefined);
  }
  return made;
}

function makeOne(kind: Push["kind"], parts: readonly Made[], all: readonly Made[], seed: string): Made {
  const listable = parts.filter((part) => part.kind === "image" || part.kind === "index");
  const [first] = parts;
  const referrers = all.filter(({ subject }) => subject !== undefined && subject === first?.image);
  if (kind === "index" && listable.length > 0)
    return {
      kind,
      image: indexOf(
        listable.map(({ image }) => image),
        { annotations: { seed } },
      ),
      tags: [],
    };
  if (kind === "signature" && first)
    return { kind, image: cosignManifest(first.image), tags: [cosignTag(first.image)] };
  if (kind === "referrer" && first)
    return { kind, image: referrerOf(first.image, `application/${seed}`), tags: [], subject: first.image };
  if (kind === "fallback" && first && referrers.length > 0)
    return {
      kind,
      image: referrersIndex(referrers.map(({ image }) => image)),
      tags: [fallbackTag(first.image)],
    };
  const image = imageManifest(seed);
  return { kind: "image", image: seed.endsWith("7") ? attestationOf(image) : image, tags: [] };
}

interface Pushed {
  readonly versions: readonly VersionData[];
  readonly delays: ReadonlyMap<number, number>;
}

function versionsOf(list: readonly Push[], ids: readonly number[]): Pushed {
  const delays = new Map<number, number>();
  const versions = make(list).flatMap((one, at) => {
    const push = list[at];
    if (!one || !push) return [];
    const id = ids[at] ?? at + 1;
    delays.set(id, push.delay);
    return versionOf(one.image, {
      id,
      tags: [...one.tags],
      createdAt: `${push.days + 26}d ago`,
      updatedAt: `${push.again ?? push.days + 26}d ago`,
      ...(push.isLost ? { deletedAt: "1d ago" } : {}),
    });
  });
  return { versions: [...versions, PROTECTED], delays };
}

/** GitHub refuses to delete the last tagged version of a package: this one is always kept. */
const PROTECTED = versionOf(imageManifest("protected"), { id: 99, tags: ["release"], createdAt: "30d ago" });

/** What was there at each request of a run, and at its end. */
interface Course {
  readonly states: readonly (readonly number[])[];
  readonly flaws: ReadonlySet<string>;
  readonly deleted: number;
}

async function apply({ versions, delays }: Pushed, one: Policy): Promise<Course> {
  const emulator = await startAcme({
    packages: [{ owner: "acme", type: "container", name: "app", versions: [...versions] }],
    limits: { primary: false, secondary: false },
  });
  try {
    const states: number[][] = [];
    const found = new Set<string>();
    const look = () => {
      states.push(emulator.activeIds("app"));
      for (const flaw of flaws(emulator.package("app"))) found.add(flaw);
    };
    emulator.onRequest(async (_, { method, path }) => {
      look();
      if (method === "DELETE") await sleep(delays.get(Number(path.split("/").at(-1)?.replace("?", ""))) ?? 0);
    });
    const { report } = await runPolicies([one], await localContext({ emulator }));
    look();
    expect(report.status).toBe("complete");
    return { states, flaws: found, deleted: report.packages[0]?.counts.deleted ?? 0 };
  } finally {
    await emulator.close();
  }
}

/** As a run that was killed left it. */
function killedAt({ versions, delays }: Pushed, left: readonly number[]): Pushed {
  const marked = versions.map((version) =>
    left.includes(version.id ?? 0) || version.deletedAt !== undefined
      ? version
      : { ...version, deletedAt: "0h ago" },
  );
  return { versions: marked, delays };
}

describe("whatever belongs to what, and wherever a run is killed", () => {
  it("no listed image is broken at any instant, and the next run ends where an undisturbed one does", async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ({ pushes: list, ids, lines, kills }) => {
        const pushed = versionsOf(list, ids);
        const { grace: _, ...one } = policy([...lines, "untagged: never"].join("\n"), {
          protect: new Set(["99"]),
        });
        const undisturbed = await apply(pushed, one);
        const end = undisturbed.states.at(-1);
        const before = new Set(await flawsBefore(pushed));
        expect([...undisturbed.flaws].filter((flaw) => !before.has(flaw))).toEqual([]);
        const killable = [...new Map(undisturbed.states.map((left) => [left.join(), left])).values()];
        const killed = new Set(kills.map((kill) => killable[kill % killable.length] ?? []));
        for (const left of killed) {
          const next = await apply(killedAt(pushed, left), one);
          expect({ left, end: next.states.at(-1) }).toEqual({ left, end });
          expect([...next.flaws].filter((flaw) => !before.has(flaw))).toEqual([]);
        }
      }),
      { numRuns: 60, interruptAfterTimeLimit: 60_000 },
    );
  }, 300_000);
});

async function flawsBefore(pushed: Pushed): Promise<readonly string[]> {
  const packages = [
    { owner: "acme", type: "container" as const, name: "app", versions: [...pushed.versions] },
  ];
  const emulator = await startAcme({ packages });
  try {
    return flaws(emulator.package("app"));
  } finally {
    await emulator.close();
  }
}
