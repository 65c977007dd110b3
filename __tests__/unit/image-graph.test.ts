import type { Descriptor, Manifest } from "../../src/model/manifest";
import { buildGraph, type Images, reach } from "../../src/plan/image-graph";
import { digest, image, signatureTag } from "../support/builder";

const OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";

function entry(name: string, mediaType?: string): Descriptor {
  return { digest: digest(name), attestation: false, ...(mediaType ? { mediaType } : {}) };
}

function images(indexes: Record<string, readonly Descriptor[]>, more: Partial<Images> = {}): Images {
  const manifests = Object.entries(indexes).map(([name, listed]): [string, Manifest] => [
    digest(name),
    { kind: "index", manifests: listed },
  ]);
  return { manifests: new Map(manifests), exists: new Map(), versions: new Map(), ...more };
}

const VERSIONS = ["amd64", "index", "sig"].map((name, at) =>
  image({ id: at + 1, name, tags: name === "sig" ? [signatureTag(digest("amd64"), ".sig")] : [] }),
);
const [AMD, INDEX, SIG] = [0, 1, 2] as const;

describe("the graph of images", () => {
  it("knows what a manifest lists, and what names a version by its tag", () => {
    const graph = buildGraph(VERSIONS, images({ index: [entry("amd64")] }));
    expect([...graph.parts(INDEX)]).toEqual([AMD]);
    expect([...graph.parts(AMD)]).toEqual([SIG]);
    expect([...graph.listed(AMD)]).toEqual([]);
    expect([...graph.wholes(SIG)]).toEqual([AMD]);
    expect([...graph.listers(AMD)]).toEqual([INDEX]);
    expect([...reach([INDEX], graph.parts)].sort()).toEqual([AMD, SIG]);
  });

  it("reaches the signatures of a listed digest that is not in the package", () => {
    const versions = VERSIONS.slice(1);
    const graph = buildGraph(versions, images({ index: [entry("amd64")] }));
    expect([...reach([0], graph.parts)].map(graph.digestOf)).toEqual([digest("amd64"), digest("sig")]);
  });

  it("takes what names a version as its subject for a part of it, but not for listed", () => {
    const manifests = new Map<string, Manifest>([
      [digest("amd64"), { kind: "image", subject: digest("index") }],
    ]);
    const graph = buildGraph(VERSIONS, images({}, { manifests }));
    expect([...graph.parts(INDEX)]).toEqual([AMD]);
    expect([...graph.wholes(AMD)]).toEqual([INDEX]);
    expect([...graph.subjects(AMD)]).toEqual([INDEX]);
    expect([...graph.listers(AMD)]).toEqual([]);
    expect([...graph.listed(INDEX)]).toEqual([]);
  });

  it("has the subject of an index too, also where it is not in the package", () => {
    const list: Manifest = { kind: "index", manifests: [entry("amd64")], subject: digest("elsewhere") };
    const graph = buildGraph(VERSIONS, images({}, { manifests: new Map([[digest("index"), list]]) }));
    expect([...graph.parts(INDEX)]).toEqual([AMD]);
    expect([...graph.subjects(INDEX)].map(graph.digestOf)).toEqual([digest("elsewhere")]);
  });

  it("need not read what an index lists as an image", () => {
    const graph = buildGraph(VERSIONS, images({ index: [entry("amd64", OCI_IMAGE)] }));
    expect([AMD, INDEX, SIG].map(graph.isKnown)).toEqual([true, true, false]);
  });

  it("must read a nested index, an entry without a type, and an image that carries a signature's tag beside its own", () => {
    const nested = buildGraph(VERSIONS, images({ index: [entry("amd64", OCI_INDEX)] }));
    expect(nested.isKnown(AMD)).toBe(false);
    const untyped = buildGraph(VERSIONS, images({ index: [entry("amd64")] }));
    expect(untyped.isKnown(AMD)).toBe(false);
    const both = image({ id: 9, name: "both", tags: ["v1", signatureTag(digest("x"), ".sig")] });
    expect(buildGraph([both], images({})).isKnown(0)).toBe(false);
    const signature = image({ id: 9, name: "signature", tags: [signatureTag(digest("x"), ".sig")] });
    expect(buildGraph([signature], images({})).isKnown(0)).toBe(false);
    const fallback = image({ id: 9, name: "fallback", tags: [signatureTag(digest("x"))] });
    expect(buildGraph([fallback], images({})).isKnown(0)).toBe(false);
  });

  it("knows of a manifest that the registry has not, that it lists nothing", () => {
    const graph = buildGraph(VERSIONS, images({}, { manifests: new Map([[digest("index"), "absent"]]) }));
    expect(graph.isKnown(INDEX)).toBe(true);
    expect([...graph.parts(INDEX)]).toEqual([]);
  });

  it("drops self-references, and ends in rings", () => {
    const a = image({
      id: 1,
      name: "a",
      tags: [signatureTag(digest("a"), ".sig"), signatureTag(digest("b"), ".sig")],
    });
    const b = image({ id: 2, name: "b", tags: [signatureTag(digest("a"), ".sig")] });
    const graph = buildGraph([a, b], images({ a: [entry("a")] }));
    expect([...graph.parts(0)]).toEqual([1]);
    expect([...reach([0], graph.parts)].sort()).toEqual([0, 1]);
  });

  it("bears a chain of ten thousand signatures of signatures", () => {
    const chain = Array.from({ length: 10_000 }, (_, at) =>
      image({
        id: at + 1,
        name: `n${at}`,
        tags: at === 0 ? [] : [signatureTag(digest(`n${at - 1}`), ".sig")],
      }),
    );
    const graph = buildGraph(chain, images({}));
    expect(reach([0], graph.parts).size).toBe(9_999);
  });
});
