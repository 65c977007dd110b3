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
  for (const name of ["kept", "lone", "orphan", "young", "sig"]) names.add(name);
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
  it("is what stays, where all untagged versions go anyway", () => {
    expect(readsOf("v*: always\npr-*: never\nuntagged: never", [kept, ...pr], { indexes })).toEqual(["kept"]);
  });

  it("is what goes as well, where untagged versions would stay", () => {
    expect(readsOf("v*: always\npr-*: never", [kept, ...pr], { indexes })).toEqual(["kept", "pr index"]);
    expect(readsOf("v*: always\npr-*: never\nuntagged: 5", [kept, ...pr], { indexes })).toEqual([
      "kept",
      "pr index",
    ]);
    expect(readsOf("v*: always\npr-*: never\nuntagged: 200d", [kept, ...pr], { indexes })).toEqual([
      "kept",
      "pr index",
    ]);
  });

  it("is nothing where nothing goes", () => {
    expect(readsOf("v*: always\npr-*: always", [kept, ...pr], { indexes })).toEqual([]);
  });

  it("leaves out what goes and is too old to list a young untagged version", () => {
    const young = image({ id: 60, name: "young", age: "1h" });
    expect(readsOf("v*: always\npr-*: never\nuntagged: never", [kept, ...pr, young], { indexes })).toEqual([
      "kept",
      "young",
    ]);
  });

  it("has what goes and is newer than a young untagged version: it may be its part", () => {
    const young = image({ id: 60, name: "young", age: "2h" });
    const index = image({ id: 61, name: "new pr", tags: ["pr-2"], age: "1h" });
    const registry = { indexes: { ...indexes, "new pr": ["young"] } };
    expect(
      readsOf("v*: always\npr-*: never\nuntagged: never", [kept, ...pr, young, index], registry),
    ).toEqual(["kept", "new pr"]);
  });

  it("has a fallback index that goes, and what it lists as an index: ids say nothing of these", () => {
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
      "artifact index",
    ]);
  });

  it("has a signature of cosign's that stays, whose manifest has to say that it lists nothing, and none that goes", () => {
    const versions = [
      kept,
      ...pr,
      image({ id: 51, name: "sig", tags: [signatureTag(digest("kept"), ".sig")] }),
      image({ id: 52, name: "pr sig", tags: [signatureTag(digest("pr index"), ".sig")] }),
    ];
    expect(readsOf("v*: always\npr-*: never\nuntagged: never", versions, { indexes })).toEqual([
      "sig",
      "kept",
    ]);
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
