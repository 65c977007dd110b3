import fc from "fast-check";
import { createDeletionQueue, type DeletionQueue, type Doomed } from "../../src/apply/deletion-queue";
import type { Manifest } from "../../src/model/manifest";
import type { PackageVersion } from "../../src/model/package-version";
import { buildGraph, type ImageGraph, reach } from "../../src/plan/image-graph";
import { digest, image, signatureTag } from "../support/builder";

interface NodeSpec {
  /** Places of what the manifest lists: always earlier ones, since a digest cannot list what comes after it. */
  readonly lists: readonly number[];
  /** Places of subjects, earlier or later: tags can lie. */
  readonly signs: readonly number[];
  readonly isRead: boolean;
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

type How = "deleted" | "stays" | "stays unread";

const place = fc.nat({ max: 24 });
const nodes = fc.array(
  fc.record({
    lists: fc.array(place, { maxLength: 4 }),
    signs: fc.array(place, { maxLength: 2 }),
    isRead: fc.boolean(),
    isKept: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    isTagged: fc.boolean(),
    misses: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  }),
  { minLength: 1, maxLength: 25 },
);
const events = fc.array(
  fc.record({
    which: fc.nat({ max: 9 }),
    how: fc.constantFrom<How>("deleted", "deleted", "deleted", "deleted", "stays", "stays unread"),
  }),
  { minLength: 1, maxLength: 40 },
);

function tidy(specs: readonly NodeSpec[]): NodeSpec[] {
  const tidied = specs.map((spec, at) => ({
    ...spec,
    lists: [...new Set(spec.lists)].filter((part) => part < at),
    signs: [...new Set(spec.signs)].filter((subject) => subject < specs.length),
  }));
  // What belongs to a subject by its tag is read before the plan stands, and so is all that it lists.
  const signing = tidied.flatMap(({ signs }, at) => (signs.length > 0 ? [at] : []));
  const read = new Set([...signing, ...reach(signing, (at) => tidied[at]?.lists ?? [])]);
  return tidied.map((spec, at) => ({ ...spec, isRead: spec.isRead || read.has(at) }));
}

/** Ids ascend as things were pushed. */
const scenes = fc.record({ nodes, events, atOnce: fc.integer({ min: 1, max: 10 }) }).map(
  ({ nodes: specs, ...rest }): Scene => ({
    ...rest,
    nodes: tidy(specs),
    ids: specs.map((_, at) => at + 1),
  }),
);

/** Everything was read, and ids say nothing: a platform manifest that was deleted and pushed again has a higher id. */
const wellKnownScenes = fc
  .record({
    nodes,
    events,
    atOnce: fc.integer({ min: 1, max: 10 }),
    seed: fc.array(fc.nat(), { minLength: 25, maxLength: 25 }),
  })
  .map(({ nodes: specs, seed, ...rest }): Scene => {
    const ranks = specs.map((_, at) => at).sort((a, b) => (seed[a] ?? 0) - (seed[b] ?? 0) || a - b);
    const ids = specs.map((_, at) => ranks.indexOf(at) + 1);
    return { ...rest, nodes: tidy(specs).map((spec) => ({ ...spec, isRead: true })), ids };
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

function graphOf(scene: Scene, isRead: (at: number) => boolean): ImageGraph {
  const read = scene.nodes.flatMap((spec, at): [string, Manifest][] =>
    isRead(at) ? [[digest(`n${at}`), manifestOf(spec, at)]] : [],
  );
  return buildGraph(versionsOf(scene), {
    manifests: new Map(read),
    exists: new Map(),
    versions: new Map(),
  });
}

/** What the plan would delete: all that nothing kept needs. */
function doomedOf(scene: Scene, truth: ImageGraph): Doomed[] {
  const kept = scene.nodes.flatMap(({ isKept }, at) => (isKept ? [at] : []));
  const needed = new Set([...kept, ...reach(kept, truth.parts)]);
  return scene.nodes.flatMap((_, node) => (needed.has(node) ? [] : [{ node, id: scene.ids[node] ?? 0 }]));
}

/** One run of the queue, with the invariants checked at each start. Returns what never started. */
class Run {
  readonly truth: ImageGraph;
  readonly queue: DeletionQueue;
  readonly doomed: ReadonlySet<number>;
  readonly gone = new Set<number>();
  readonly held = new Set<number>();
  readonly underWay: Doomed[] = [];
  readonly read: Set<number>;
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.truth = graphOf(scene, () => true);
    this.read = new Set(scene.nodes.flatMap(({ isRead }, at) => (isRead ? [at] : [])));
    const doomed = doomedOf(scene, this.truth);
    this.doomed = new Set(doomed.map(({ node }) => node));
    this.queue = createDeletionQueue(
      doomed,
      graphOf(scene, (at) => this.read.has(at)),
    );
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
    const wholes = [...reach([node], truth.wholes)].filter((whole) => doomed.has(whole));
    expect(wholes.filter((whole) => held.has(whole))).toEqual([]);
    // Only in a ring of tags that name each other does one go before another that it belongs to.
    const waiting = wholes.filter((whole) => !gone.has(whole));
    expect(waiting.filter((whole) => !reach([whole], truth.wholes).has(node))).toEqual([]);
  }

  end({ node, id }: Doomed, how: How): void {
    if (how === "deleted") {
      this.gone.add(node);
      this.queue.confirm(node);
      return;
    }
    this.hold(node);
    const parts = new Set(reach([node], this.truth.parts));
    if (how === "stays") this.learn([node, ...parts]);
    for (const pending of this.queue.pending())
      if (how === "stays" ? parts.has(pending.node) : pending.id < id) this.hold(pending.node);
  }

  hold(node: number): void {
    this.held.add(node);
    this.queue.hold(node);
  }

  learn(nodes: readonly number[]): void {
    for (const node of nodes) this.read.add(node);
    this.queue.learn(graphOf(this.#scene, (at) => this.read.has(at)));
  }

  play(): void {
    const { events } = this.#scene;
    this.fill();
    for (let turn = 0; this.underWay.length > 0; turn++) {
      const { which, how } = events[turn % events.length] ?? { which: 0, how: "deleted" };
      const [ended] = this.underWay.splice(which % this.underWay.length, 1);
      if (ended) this.end(ended, how);
      this.fill();
    }
  }
}

function check(scene: Scene): void {
  const run = new Run(scene);
  run.play();
  // Nothing is stuck: what never started belongs to something that stays.
  for (const { node } of run.queue.pending()) {
    const wholes = [...reach([node], run.truth.wholes)];
    expect(wholes.filter((whole) => run.held.has(whole))).not.toEqual([]);
  }
  const settled = run.gone.size + run.held.size + run.queue.pending().length;
  expect(settled).toBe(run.doomed.size);
}

describe("the order of deletions, whatever belongs to what and whatever fails", () => {
  it("never starts a part before what lists it is confirmed gone, by manifests, tags and ids", () => {
    fc.assert(fc.property(scenes, check), { numRuns: 1500 });
  });

  it("needs no ids where every manifest was read", () => {
    fc.assert(fc.property(wellKnownScenes, check), { numRuns: 1500 });
  });

  it("deletes everything when nothing fails", () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const run = new Run({
          ...scene,
          events: scene.events.map((event) => ({ ...event, how: "deleted" })),
        });
        run.play();
        expect(run.gone).toEqual(run.doomed);
      }),
      { numRuns: 500 },
    );
  });
});
