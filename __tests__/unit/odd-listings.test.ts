import type { Descriptor, Manifest } from "../../src/model/manifest";
import type { PackageVersion } from "../../src/model/package-version";
import { type Plan, plan } from "../../src/plan/plan";
import { digest, image, NOW, policy } from "../support/builder";

const OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const KEEP = "latest: always\nuntagged: never";

function entry(name: string, mediaType: string): Descriptor {
  return { digest: digest(name), mediaType, attestation: false };
}

/** Plans with a registry that has these indexes; tells how often it was asked, and fails where asking never ends. */
function planWith(
  versions: readonly PackageVersion[],
  indexes: Readonly<Record<string, readonly Descriptor[]>>,
): { plan: Plan; reads: readonly string[] } {
  const registry = new Map(Object.entries(indexes).map(([name, manifests]) => [digest(name), manifests]));
  const manifests = new Map<string, Manifest>();
  const reads: string[] = [];
  for (let round = 0; round < 20; round++) {
    const images = { manifests, exists: new Map<string, boolean>(), versions: new Map() } as const;
    const pkg = { type: "container", name: "app" } as const;
    const planning = plan({ pkg, policy: policy(KEEP), versions, images, inUse: new Map(), now: NOW });
    if (planning.kind === "plan") return { plan: planning.plan, reads };
    if (planning.kind === "contradiction") throw new Error(planning.message);
    for (const asked of [...planning.needs.manifests, ...planning.needs.unlisted]) {
      const listed = registry.get(asked);
      manifests.set(asked, listed ? { kind: "index", manifests: listed } : { kind: "image" });
      reads.push(asked);
    }
  }
  throw new Error("the plan asks for the same again and again");
}

function verdicts({ verdicts: all }: Plan): Record<number, string> {
  return Object.fromEntries(all.map(({ version, verdict }) => [version.id, verdict]));
}

describe("a digest that the listing has twice, under two ids", () => {
  const platforms = [entry("amd64", OCI_IMAGE), entry("arm64", OCI_IMAGE)];
  const parts = [image({ id: 1, name: "amd64" }), image({ id: 2, name: "arm64" })];
  const orphan = image({ id: 9, name: "orphan" });

  it.each([
    ["newer", "50d"],
    ["older", "200d"],
  ])("is read once, and both versions stay with all parts where the untagged one is %s", (_, age) => {
    const tagged = image({ id: 3, name: "index", tags: ["latest"] });
    const twin = image({ id: 4, name: "index", age });
    const { plan: made, reads } = planWith([...parts, tagged, twin, orphan], { index: platforms });
    expect(verdicts(made)).toEqual({ 1: "keep", 2: "keep", 3: "keep", 4: "keep", 9: "delete" });
    expect(reads).toEqual([digest("index"), digest("orphan")]);
  });

  it("stays under both ids where it is a platform manifest of a kept image", () => {
    const index = image({ id: 3, name: "index", tags: ["latest"] });
    const twin = image({ id: 4, name: "amd64", age: "50d" });
    const { plan: made } = planWith([...parts, index, twin, orphan], { index: platforms });
    expect(verdicts(made)).toEqual({ 1: "keep", 2: "keep", 3: "keep", 4: "keep", 9: "delete" });
  });
});

describe("an index that calls another index a plain image", () => {
  const platforms = [entry("amd64", OCI_IMAGE), entry("arm64", OCI_IMAGE)];
  const parts = [image({ id: 1, name: "amd64" }), image({ id: 2, name: "arm64" })];
  const orphan = image({ id: 9, name: "orphan" });

  it("does not cost that one its parts where it has a tag of its own", () => {
    const release = image({ id: 3, name: "release", tags: ["v1"] });
    const lying = image({ id: 4, name: "lying", tags: ["latest"] });
    const { plan: made } = planWith([...parts, release, lying, orphan], {
      release: platforms,
      lying: [entry("release", OCI_IMAGE)],
    });
    expect(verdicts(made)).toEqual({ 1: "keep", 2: "keep", 3: "keep", 4: "keep", 9: "delete" });
  });

  it("does not where another index says what it is", () => {
    const nested = image({ id: 3, name: "nested" });
    const lying = image({ id: 4, name: "lying", tags: ["edge"] });
    const honest = image({ id: 5, name: "honest", tags: ["latest"] });
    const { plan: made } = planWith([...parts, nested, lying, honest, orphan], {
      nested: platforms,
      lying: [entry("nested", OCI_IMAGE)],
      honest: [entry("nested", OCI_INDEX)],
    });
    expect(verdicts(made)).toEqual({ 1: "keep", 2: "keep", 3: "keep", 4: "keep", 5: "keep", 9: "delete" });
  });
});
