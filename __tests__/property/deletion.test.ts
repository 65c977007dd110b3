import fc from "fast-check";
import { createDeletionQueue, type DeletionQueue, type Doomed } from "../../src/apply/deletion-queue";
import type { Manifest } from "../../src/model/manifest";
import type { PackageVersion } from "../../src/model/package-version";
import { buildGraph, type ImageGraph, NO_IMAGES, reach } from "../../src/plan/image-graph";
import { digest, image, signatureTag } from "../support/builder";

interface NodeSpec {
  /** Places of what the manifest lists: always earlier ones, since a digest cannot list what comes after it. */
  readonly lists: readonly number[];
  /** Places of subjects, earlier or later: tags can lie. */
  readonly signs: readonly number[];
  readonly isKept: boolean;
  readonly isTagged: boolean;
  /** A digest that the manifest lists, but that is nowhere. */
  readonly misses: boolean;
}

interface Scene {
  readonly nodes: readonly NodeSpec[];
  readonly ids: readonly number[];
  readonly atOnce: number;
  /** What happens next, over and over: which deletion under way ends, and how. */
  readonly events: readonly { readonly which: number; readonly how: How }[];
}

type How = "deleted" | "stays" | "did not start";

const place = fc.nat({ max: 24 });
const nodes = fc.array(
  fc.record({
    lists: fc.array(place, { maxLength: 4 }),
    signs: fc.array(place, { maxLength: 2 }),
    isKept: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    isTagged: fc.boolean(),
    misses: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  }),
  { minLength: 1, maxLength: 25 },
);
const events = fc.array(
  fc.record({
    which: fc.nat({ max: 9 }),
    how: fc.constantFrom<How>("deleted", "deleted", "deleted", "deleted", "stays", "did not start"),
  }),
  { minLength: 1, maxLength: 40 },
);

function tidy(specs: readonly NodeSpec[]): NodeSpec[] {
  return specs.map((spec, at) => ({
    ...spec,
    lists: [...new Set(spec.lists)].filter((part) => part < at),
    signs: [...new Set(spec.signs)].filter((subject) => subject < specs.length),
  }));
}

/** Ids say nothing: a platform manifest that was deleted and pushed again has a higher id than what lists it. */
const scenes = fc
  .record({
    nodes,
    events,
    atOnce: fc.integer({ min: 1, max: 10 }),
    seed: fc.array(fc.nat(), { minLength: 25, maxLength: 25 }),
  })
  .map(({ nodes: specs, seed, ...rest }): Scene => {
    const ranks = specs.map((_, at) => at).sort((a, b) => (seed[a] ?? 0) - (seed[b] ?? 0) || a - b);
    const ids = specs.map((_, at) => ranks.indexOf(at) + 1);
    return { ...rest, nodes: tidy(specs), ids };
  });

function versionsOf({ nodes: specs, ids }: Scene): PackageVersion[] {
  return specs.map(({ signs, isTagged }, at) => {
    const signatures = signs.map((subject) => signatureTag(digest(`n${subject}`), ".x"));
    return image({
      id: ids[at] ?? 0,
      name: `n${at}`,
      tags: [...(isTagged ? [`t${at}`] : []), ...signatures],
    });
  });
}

function manifestOf({ lists, misses }: NodeSpec, at: number): Manifest {
  if (lists.length === 0 && !misses) return { kind: "image" };
  const listed = [...lists.map((part) => `n${part}`), ...(misses ? [`lost ${at}`] : [])];
  return { kind: "index", manifests: listed.map((name) => ({ digest: digest(name), attestation: false })) };
}

function graphOf(scene: Scene): ImageGraph {
  const manifests = new Map(
    scene.nodes.map((spec, at): [string, Manifest] => [digest(`n${at}`), manifestOf(spec, at)]),
  );
  return buildGraph(versionsOf(scene), { ...NO_IMAGES, manifests });
}

/** What the plan would delete: all that nothing kept needs. */
function doomedOf(scene: Scene, truth: ImageGraph): Doomed[] {
  const kept = scene.nodes.flatMap(({ isKept }, at) => (isKept ? [at] : []));
  const needed = new Set([...kept, ...reach(kept, truth.parts)]);
  return scene.nodes.flatMap((_, node) => (needed.has(node) ? [] : [{ node, id: scene.ids[node] ?? 0 }]));
}

/** One run of the queue, with the invariants checked at each start. */
class Run {
  readonly truth: ImageGraph;
  readonly queue: DeletionQueue;
  readonly doomed: ReadonlySet<number>;
  readonly gone = new Set<number>();
  readonly held = new Set<number>();
  /** Those of the held that stayed by themselves. */
  readonly stayed = new Set<number>();
  readonly underWay: Doomed[] = [];
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.truth = graphOf(scene);
    const doomed = doomedOf(scene, this.truth);
    this.doomed = new Set(doomed.map(({ node }) => node));
    this.queue = createDeletionQueue(doomed, this.truth);
  }

  fill(): void {
    while (this.underWay.length < this.#scene.atOnce) {
      const next = this.queue.next();
      if (!next) return;
      this.checkStart(next);
      this.underWay.push(next);
    }
  }

  /** The promise: nothing starts before all that lists it, and all that it signs, is confirmed. */
  checkStart({ node }: Doomed): void {
    const { truth, doomed, gone, held } = this;
    expect([...truth.listers(node)].filter((lister) => doomed.has(lister) && !gone.has(lister))).toEqual([]);
    expect([...reach([node], truth.wholes)].filter((whole) => held.has(whole))).toEqual([]);
    const waiting = this.nextWholes(node).filter((whole) => !gone.has(whole));
    // Only in a ring of tags that name each other does one go before another that it belongs to.
    expect(waiting.filter((whole) => !reach([whole], truth.wholes).has(node))).toEqual([]);
  }

  /** The doomed versions that a node belongs to, directly or by digests that are nowhere. */
  nextWholes(node: number): number[] {
    const throughOthers = (at: number) => (at !== node && this.doomed.has(at) ? [] : this.truth.wholes(at));
    return [...reach([node], throughOthers)].filter((whole) => whole !== node && this.doomed.has(whole));
  }

  end(version: Doomed, how: How): void {
    const { node } = version;
    if (how === "deleted") {
      this.gone.add(node);
      this.queue.confirm(node);
    } else if (how === "stays") {
      this.stayed.add(node);
      for (const part of [version, ...this.queue.hold(node)]) this.held.add(part.node);
    } else if (!this.queue.putBack(version)) this.held.add(node);
  }

  play(): void {
    const { events } = this.#scene;
    this.fill();
    for (let turn = 0; this.underWay.length > 0; turn++) {
      const { which, how } = events[turn] ?? { which: 0, how: "deleted" };
      const [ended] = this.underWay.splice(which % this.underWay.length, 1);
      if (ended) this.end(ended, how);
      this.fill();
    }
  }
}

function check(scene: Scene): void {
  const run = new Run(scene);
  run.play();
  const settled = new Set([...run.gone, ...run.held]);
  expect([settled.size, run.gone.size + run.held.size, run.queue.left]).toEqual([
    run.doomed.size,
    settled.size,
    0,
  ]);
  for (const node of run.held) {
    const wholes = [...reach([node], run.truth.wholes)];
    // By itself, or as a part of something that stays.
    expect(run.doomed.has(node) && (run.stayed.has(node) || wholes.some((one) => run.stayed.has(one)))).toBe(
      true,
    );
  }
}

describe("the order of deletions, whatever belongs to what and whatever fails", () => {
  it("never starts a part before what it belongs to is confirmed gone, and forgets nothing", () => {
    fc.assert(fc.property(scenes, check), { numRuns: 2000 });
  });

  it("deletes everything when nothing fails", () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const run = new Run({ ...scene, events: [] });
        run.play();
        expect(run.gone).toEqual(run.doomed);
      }),
      { numRuns: 500 },
    );
  });
});
