import { createDeletionQueue, type DeletionQueue } from "../../src/apply/deletion-queue";
import type { Manifest } from "../../src/model/manifest";
import { buildGraph, type ImageGraph, NO_IMAGES } from "../../src/plan/image-graph";
import { digest, image, signatureTag } from "../support/builder";

/** Versions by name, in the order in which they were pushed: ids from 1, nodes from 0. */
const NAMES = ["amd64", "arm64", "index", "sig", "other amd64", "other index"] as const;
type Name = (typeof NAMES)[number];

const VERSIONS = NAMES.map((name, at) =>
  image({ id: at + 1, name, tags: name === "sig" ? [signatureTag(digest("index"), ".sig")] : [] }),
);

function index(...parts: string[]): Manifest {
  return {
    kind: "index",
    manifests: parts.map((part) => ({ digest: digest(part), attestation: false })),
  };
}

function graphOf(versions: typeof VERSIONS, indexes: Record<string, Manifest>): ImageGraph {
  const manifests = new Map(Object.entries(indexes).map(([name, manifest]) => [digest(name), manifest]));
  return buildGraph(versions, { ...NO_IMAGES, manifests });
}

const GRAPH = graphOf(VERSIONS, {
  index: index("amd64", "arm64"),
  "other index": index("other amd64", "arm64"),
});

function queueOf(names: readonly Name[] = NAMES, ghosts: readonly Name[] = []): DeletionQueue {
  const versions = names.map((name) => ({
    node: nodeOf(name),
    id: nodeOf(name) + 1,
    isGhost: ghosts.includes(name),
  }));
  return createDeletionQueue(versions, GRAPH);
}

function nodeOf(name: Name): number {
  return NAMES.indexOf(name);
}

/** Everything that may start now. */
function startable(queue: DeletionQueue): (Name | undefined)[] {
  const names: (Name | undefined)[] = [];
  for (let next = queue.next(); next; next = queue.next()) names.push(NAMES[next.node]);
  return names;
}

/** All, in the order in which one after the other goes. */
function inOrder(queue: DeletionQueue): (Name | undefined)[] {
  const names: (Name | undefined)[] = [];
  for (let next = queue.next(); next; next = queue.next()) {
    names.push(NAMES[next.node]);
    queue.confirm(next.node);
  }
  return names;
}

describe("the queue of deletions", () => {
  it("lets images go side by side, and their parts once all that needs them is gone", () => {
    const queue = queueOf();
    expect(startable(queue)).toEqual(["other index", "index"]);
    queue.confirm(nodeOf("index"));
    expect(startable(queue)).toEqual(["sig", "amd64"]);
    queue.confirm(nodeOf("other index"));
    expect(startable(queue)).toEqual(["other amd64", "arm64"]);
  });

  it("never lets a part of what stays go, and tells which those are", () => {
    const queue = queueOf();
    startable(queue);
    queue.confirm(nodeOf("other index"));
    expect(queue.hold(nodeOf("index")).map(({ node }) => NAMES[node])).toEqual(["amd64", "arm64", "sig"]);
    expect(startable(queue)).toEqual(["other amd64"]);
    queue.confirm(nodeOf("other amd64"));
    expect([startable(queue), queue.left]).toEqual([[], 0]);
  });

  it("has the parts of an image right behind it, so that a run that has to stop leaves few of them over", () => {
    expect(inOrder(queueOf())).toEqual(["other index", "other amd64", "index", "sig", "arm64", "amd64"]);
  });

  it("begins with what the registry has, so that the first answer tells of the right to delete", () => {
    const order = inOrder(queueOf(NAMES, ["other index", "other amd64"]));
    expect(order).toEqual(["index", "sig", "amd64", "other index", "arm64", "other amd64"]);
  });

  it("needs no order where nothing belongs to anything, whatever the ids are", () => {
    expect(startable(queueOf(["amd64", "other amd64", "arm64"]))).toEqual(["other amd64", "arm64", "amd64"]);
  });

  it("hands out again what did not start after all", () => {
    const queue = queueOf(["index", "amd64"]);
    const first = queue.next();
    expect([first?.id, queue.left]).toEqual([3, 1]);
    if (first) queue.putBack(first);
    expect(queue.left).toBe(2);
    expect(inOrder(queue)).toEqual(["index", "amd64"]);
  });

  it("lets a signature wait for the index that lists a subject which is not in the package", () => {
    const versions = [
      image({ id: 1, name: "sig", tags: [signatureTag(digest("nowhere"), ".sig")] }),
      image({ id: 2, name: "index" }),
    ];
    const queue = createDeletionQueue(
      [
        { node: 0, id: 1 },
        { node: 1, id: 2 },
      ],
      graphOf(versions, { index: index("nowhere") }),
    );
    expect([queue.next()?.id, queue.next()]).toEqual([2, undefined]);
    queue.confirm(1);
    expect(queue.next()?.id).toBe(1);
  });
});

describe("a ring of tags", () => {
  const three = [1, 2, 3].map((id) => ({ node: id - 1, id }));

  it("is broken where no manifest lists, and the rest follows", () => {
    const ring = [
      image({ id: 1, name: "a", tags: [signatureTag(digest("b"), ".sig")] }),
      image({ id: 2, name: "b", tags: [signatureTag(digest("a"))] }),
      image({ id: 3, name: "c", tags: [signatureTag(digest("a"), ".sig")] }),
    ];
    const queue = createDeletionQueue(three, graphOf(ring, { b: index("a") }));
    expect([queue.next()?.id, queue.next()]).toEqual([2, undefined]);
    queue.confirm(1);
    expect([queue.next()?.id, queue.next()]).toEqual([1, undefined]);
    queue.confirm(0);
    expect(queue.next()?.id).toBe(3);
  });

  it("never starts where something that stays needs it", () => {
    const ring = [
      image({
        id: 1,
        name: "a",
        tags: [signatureTag(digest("b"), ".sig"), signatureTag(digest("c"), ".sig")],
      }),
      image({ id: 2, name: "b", tags: [signatureTag(digest("a"), ".sig")] }),
      image({ id: 3, name: "c" }),
    ];
    const queue = createDeletionQueue(three, graphOf(ring, {}));
    expect([queue.next()?.id, queue.next()]).toEqual([3, undefined]);
    expect(queue.hold(2).map(({ id }) => id)).toEqual([1, 2]);
    expect([queue.next(), queue.left]).toEqual([undefined, 0]);
  });
});

describe("a large queue", () => {
  it("asks the graph a few times for each version, in chains and in crowds", () => {
    const count = 4_000;
    const versions = Array.from({ length: count }, (_, at) => {
      // A chain of signatures of signatures, and as many plain images.
      const tags = at % 2 === 0 && at > 1 ? [signatureTag(digest(`v${at - 1}`), ".sig")] : [];
      return image({ id: at + 1, tags });
    });
    const graph = graphOf(versions, {});
    let asked = 0;
    const parts = (node: number) => {
      asked++;
      return graph.parts(node);
    };
    const doomed = versions.map(({ id }) => ({ node: id - 1, id }));
    const queue = createDeletionQueue(doomed, { ...graph, parts });
    const order: number[] = [];
    for (let next = queue.next(); next; next = queue.next()) {
      order.push(next.id);
      queue.confirm(next.node);
    }
    expect(new Set(order).size).toBe(count);
    expect(asked).toBeLessThanOrEqual(5 * count);
  });
});
