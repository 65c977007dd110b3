import type { PackageVersion } from "../../src/model/package-version";
import { digest, image, play, policy, type RegistrySpec, readable, signatureTag } from "../support/builder";

/** The names of the manifests that a plan needed to read, in order. */
function readsOf(
  keep: string,
  versions: readonly PackageVersion[],
  registry: RegistrySpec = {},
): readonly string[] {
  const names = new Set([
    ...Object.keys(registry.indexes ?? {}),
    ...Object.values(registry.indexes ?? {}).flat(),
  ]);
  for (const name of ["kept", "young", "sig", "pr sig"]) names.add(name);
  return play(
    { policy: policy(keep), versions },
    registry,
    Object.fromEntries([...names].map((name) => [digest(name), name])),
  ).reads;
}

const kept = image({ id: 50, name: "kept", tags: ["v1"] });
const pr = [
  image({ id: 10, name: "amd64" }),
  image({ id: 11, name: "arm64" }),
  image({ id: 12, name: "pr index", tags: ["pr-1"] }),
];
const indexes = { "pr index": ["amd64", "arm64"] };

describe("what is read before the plan stands", () => {
  it("is what stays and what goes, and nothing that an index lists as an image", () => {
    for (const untagged of ["", "untagged: never", "untagged: 5", "untagged: 200d"])
      expect(readsOf(`v*: always\npr-*: never\n${untagged}`, [kept, ...pr], { indexes })).toEqual([
        "kept",
        "pr index",
      ]);
  });

  it("is what stays, where nothing goes but what may be a part of it", () => {
    expect(readsOf("v*: always\npr-*: always\nuntagged: never", [kept, ...pr], { indexes })).toEqual([
      "kept",
      "pr index",
    ]);
  });

  it("is nothing where nothing can go, whatever the manifests say", () => {
    const young = image({ id: 60, name: "young", age: "1h" });
    expect(readsOf("v*: always\npr-*: always", [kept, ...pr], { indexes })).toEqual([]);
    expect(readsOf("v*: 200d\nrest: always\nuntagged: 200d", [kept, ...pr, young], { indexes })).toEqual([]);
  });

  it("is all where a place keeps a version: it has none without a manifest", () => {
    expect(readsOf("v*: 1", [kept], {})).toEqual(["kept"]);
  });

  it("has what is untagged and young, and nothing that this lists", () => {
    const young = image({ id: 60, name: "young", age: "2h" });
    const index = image({ id: 61, name: "young index", age: "1h" });
    const registry = { indexes: { ...indexes, "young index": ["young"] } };
    expect(readsOf("v*: always\npr-*: never", [kept, ...pr, young, index], registry)).toEqual([
      "kept",
      "pr index",
      "young index",
    ]);
  });

  it("has a fallback index, and what it lists as an index", () => {
    const versions = [
      kept,
      ...pr,
      image({ id: 13, name: "leaf" }),
      image({ id: 14, name: "artifact index" }),
      image({ id: 15, name: "fallback", tags: [signatureTag(digest("pr index"))] }),
    ];
    const registry = { indexes: { ...indexes, fallback: ["artifact index"], "artifact index": ["leaf"] } };
    expect(readsOf("v*: always\npr-*: never\nuntagged: never", versions, registry)).toEqual([
      "kept",
      "fallback",
      "pr index",
      "artifact index",
    ]);
  });

  it("has each signature of cosign's, whose manifest has to say that it lists nothing", () => {
    const versions = [
      kept,
      ...pr,
      image({ id: 51, name: "sig", tags: [signatureTag(digest("kept"), ".sig")] }),
      image({ id: 52, name: "pr sig", tags: [signatureTag(digest("pr index"), ".sig")] }),
    ];
    const reads = readsOf("v*: always\npr-*: never\nuntagged: never", versions, { indexes });
    expect(reads).toEqual(["pr sig", "sig", "kept", "pr index"]);
  });

  it("has an image that was pushed before its parts, and not these: ids and times say nothing", () => {
    const versions = [
      kept,
      image({ id: 1, name: "pr index", tags: ["pr-1"], age: "90d" }),
      image({ id: 2, name: "amd64", age: "10d" }),
      image({ id: 3, name: "arm64", age: "5d" }),
    ];
    const keep = "v*: always\npr-*: never\nuntagged: never";
    expect(readsOf(keep, versions, { indexes })).toEqual(["pr index", "kept"]);
    expect(readable(play({ policy: policy(keep), versions }, { indexes }).plan)).toMatchObject({
      2: ["delete", "part of app:pr-1, which goes"],
      3: ["delete", "part of app:pr-1, which goes"],
    });
  });

  it("has an image that carries a signature's tag beside its own, so that its platforms stay", () => {
    const index = image({ id: 53, name: "both", tags: ["v2", signatureTag(digest("kept"), ".sig")] });
    const versions = [kept, image({ id: 1, name: "platform" }), index];
    const registry = { indexes: { both: ["platform"] } };
    const keep = "v*: always\nuntagged: never";
    expect(readsOf(keep, versions, registry)).toEqual(["both", "kept"]);
    const { plan } = play({ policy: policy(keep), versions }, registry);
    expect(readable(plan)[1]).toEqual(["keep", "part of app:v2", "part of app:v1"]);
  });
});

describe("a nested index within grace", () => {
  it("counts as whole, so that an old image which lists it is not broken", () => {
    const versions = [
      kept,
      image({ id: 60, name: "nested", age: "1h" }),
      image({ id: 12, name: "outer", tags: ["v2"], age: "50d" }),
      image({ id: 13, name: "orphan", age: "50d" }),
    ];
    const registry = { indexes: { outer: ["nested"], nested: ["lost"] } };
    const broken = policy("v*: always\nuntagged: never", { deleteBroken: "ghost" });
    const { plan, reads } = play({ policy: broken, versions }, registry);
    expect(readable(plan)).toEqual({
      12: ["keep", "v*: always"],
      13: ["delete", "untagged: never"],
      50: ["keep", "v*: always"],
      60: ["keep", "part of app:v2"],
    });
    expect(reads).toContain(digest("nested"));
  });
});
