import { createDeletionQueue, type DeletionQueue } from "../../src/apply/deletion-queue";
import type { Manifest } from "../../src/model/manifest";
import { buildGraph, type ImageGraph } from "../../src/plan/image-graph";
import { digest, image, signatureTag } from "../support/builder";

/** Versions by name, in the order in which they were pushed: ids from 1, nodes from 0. */
const NAMES = ["amd64", "arm64", "index", "sig", "other amd64", "other index"] as const;
type Name = (typeof NAMES)[number];

const VERSIONS = NAMES.map((name, at) =>
  image({ id: at + 1, name, tags: name === "sig" ? [signatureTag(digest("index"), ".sig")] : [] }),
);

function graphOf(indexes: Partial<Record<Name, readonly Name[]>>, images: readonly Name[] = []): ImageGraph {
  const read = Object.entries(indexes).map(([name, listed]): [string, Manifest] => [
    digest(name),
    { kind: "index", manifests: listed.map((part) => ({ digest: digest(part), attestation: false })) },
  ]);
  const manifests = new Map([
    ...read,
    ...images.map((name): [string, Manifest] => [digest(name), { kind: "image" }]),
  ]);
  return buildGraph(VERSIONS, { manifests, exists: new Map(), versions: new Map() });
}

const READ = graphOf({ index: ["amd64", "arm64"], "other index": ["other amd64", "arm64"] }, [
  "amd64",
  "arm64",
  "other amd64",
  "sig",
]);

function queueOf(graph: ImageGraph, names: readonly Name[] = NAMES): DeletionQueue {
  return createDeletionQueue(
    names.map((name) => ({ node: nodeOf(name), id: nodeOf(name) + 1 })),
    graph,
  );
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

function pending(queue: DeletionQueue): (Name | undefined)[] {
  return queue.pending().map(({ node }) => NAMES[node]);
}

describe("the queue of deletions", () => {
  it("lets images go side by side, and their parts once all that needs them is gone", () => {
    const queue = queueOf(READ);
    expect(startable(queue)).toEqual(["other index", "index"]);
    queue.confirm(nodeOf("index"));
    expect(startable(queue)).toEqual(["amd64", "sig"]);
    queue.confirm(nodeOf("other index"));
    expect(startable(queue)).toEqual(["other amd64", "arm64"]);
  });

  it("never lets a part of what stays go", () => {
    const queue = queueOf(READ);
    startable(queue);
    queue.confirm(nodeOf("other index"));
    queue.hold(nodeOf("index"));
    expect(startable(queue)).toEqual(["other amd64"]);
    queue.confirm(nodeOf("other amd64"));
    expect(startable(queue)).toEqual([]);
    expect(pending(queue)).toEqual(["arm64", "amd64", "sig"]);
  });

  it("has the parts of an image right behind it, so that a run that has to stop leaves few of them over", () => {
    const queue = queueOf(READ);
    const order = pending(queue);
    expect(order).toEqual(["other index", "other amd64", "index", "arm64", "amd64", "sig"]);
  });

  it("goes one at a time, by descending id, through what was not read", () => {
    const queue = queueOf(graphOf({}), ["amd64", "arm64", "index", "other index"]);
    const order: Name[] = ["other index", "index", "arm64", "amd64"];
    for (const name of order) {
      expect(startable(queue)).toEqual([name]);
      queue.confirm(nodeOf(name));
    }
    expect(pending(queue)).toEqual([]);
  });

  it("does not wait for an unread manifest that stays", () => {
    const queue = queueOf(graphOf({}), ["amd64", "index"]);
    startable(queue);
    queue.hold(nodeOf("index"));
    expect(startable(queue)).toEqual(["amd64"]);
  });

  it("starts what a richer graph frees", () => {
    const queue = queueOf(graphOf({}), ["other amd64", "index"]);
    expect(startable(queue)).toEqual(["other amd64"]);
    queue.learn(graphOf({ index: ["amd64"] }, ["other amd64"]));
    expect(startable(queue)).toEqual(["index"]);
  });

  it("waits for what a richer graph shows to be a whole", () => {
    const queue = queueOf(graphOf({ index: [] }, ["amd64", "other amd64"]), [
      "amd64",
      "other amd64",
      "index",
    ]);
    queue.learn(graphOf({ index: ["amd64", "other amd64"] }, ["amd64", "other amd64"]));
    expect(startable(queue)).toEqual(["index"]);
  });

  it("breaks a ring of tags where no manifest lists, and goes on", () => {
    const ring = [
      image({ id: 1, name: "a", tags: [signatureTag(digest("b"), ".sig")] }),
      image({ id: 2, name: "b", tags: [signatureTag(digest("a"))] }),
    ];
    const manifests = new Map<string, Manifest>([
      [digest("b"), { kind: "index", manifests: [{ digest: digest("a"), attestation: false }] }],
    ]);
    const graph = buildGraph(ring, { manifests, exists: new Map(), versions: new Map() });
    const queue = createDeletionQueue(
      [
        { node: 0, id: 1 },
        { node: 1, id: 2 },
      ],
      graph,
    );
    expect(queue.next()?.id).toBe(2);
    expect(queue.next()).toBeUndefined();
    queue.confirm(1);
    expect(queue.next()?.id).toBe(1);
  });

  it("never starts a ring of tags that something which stays needs", () => {
    const ring = [
      image({
        id: 1,
        name: "a",
        tags: [signatureTag(digest("b"), ".sig"), signatureTag(digest("c"), ".sig")],
      }),
      image({ id: 2, name: "b", tags: [signatureTag(digest("a"), ".sig")] }),
      image({ id: 3, name: "c" }),
    ];
    const graph = buildGraph(ring, { manifests: new Map(), exists: new Map(), versions: new Map() });
    const queue = createDeletionQueue(
      [1, 2, 3].map((id) => ({ node: id - 1, id })),
      graph,
    );
    expect(queue.next()?.id).toBe(3);
    queue.hold(2);
    expect(queue.next()).toBeUndefined();
    expect(
      queue
        .pending()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([1, 2]);
  });
});
