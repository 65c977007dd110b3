import type { Plan } from "../../src/plan/plan";
import { takesTagAway, untagManifest } from "../../src/plan/untag-manifest";
import { digest, image, play, policy, readable, signatureTag } from "../support/builder";

/** The tags that go, by version id. */
function untagged({ verdicts }: Plan): Record<number, readonly string[]> {
  return Object.fromEntries(verdicts.flatMap(({ version, untag }) => (untag ? [[version.id, untag]] : [])));
}

const untag = { untag: true };

describe("the tags that a kept version loses", () => {
  it("are those that every line claiming them lets go", () => {
    const versions = [
      image({ id: 3, tags: ["v1.2.0", "pr-7", "pr-8"], age: "40d" }),
      image({ id: 2, tags: ["v1.1.0", "latest"], age: "50d" }),
      image({ id: 1, tags: ["pr-6"], age: "60d" }),
    ];
    const { plan } = play({ policy: policy("v*: always\nlatest: always\npr-*: 14d", untag), versions });
    expect(untagged(plan)).toEqual({ 3: ["pr-7", "pr-8"] });
    expect(readable(plan)).toEqual({
      3: ["keep", "v*: always"],
      2: ["keep", "v*: always", "latest: always"],
      1: ["delete", "pr-*: older than 14d"],
    });
  });

  it("stay where one of the lines that claim them keeps the version", () => {
    const versions = [image({ id: 1, tags: ["v1.2.0", "v1"], age: "40d" })];
    const lines = "semver: always\nv*: never\nv1*: {within: 1y}";
    expect(untagged(play({ policy: policy(lines, untag), versions }).plan)).toEqual({});
    const fewer = "semver: always\nv*: never";
    expect(untagged(play({ policy: policy(fewer, untag), versions }).plan)).toEqual({ 1: ["v1"] });
  });

  it("go from a version that a tag keeps which no line covers, and rest claims like any other line", () => {
    const versions = [
      image({ id: 2, tags: ["edge", "pr-1"], age: "40d" }),
      image({ id: 1, tags: ["v1", "nightly"], age: "41d" }),
    ];
    expect(untagged(play({ policy: policy("pr-*: never", untag), versions }).plan)).toEqual({ 2: ["pr-1"] });
    const withRest = policy("v*: always\npr-*: never\nrest: {last: 1}", untag);
    expect(untagged(play({ policy: withRest, versions }).plan)).toEqual({ 1: ["nightly"], 2: ["pr-1"] });
  });

  it("stay where rest would keep the version, if it ranked what other lines keep", () => {
    const versions = [
      image({ id: 2, tags: ["v2", "latest"], age: "1d" }),
      image({ id: 1, tags: ["v1", "stable"], age: "2d" }),
    ];
    const play2 = (keep: string) => untagged(play({ policy: policy(keep, untag), versions }).plan);
    expect(play2("v*: always\nrest: 2")).toEqual({});
    expect(play2("v*: always\nrest: 1")).toEqual({ 1: ["stable"] });
    expect(play2("v*: always\nrest: {last: 2, max-age: 1d}")).toEqual({ 1: ["stable"] });
    expect(play2("v*: always\nrest: never")).toEqual({ 1: ["stable"], 2: ["latest"] });
  });

  it("stay where their line follows, and has no say", () => {
    const versions = [image({ id: 1, tags: ["v1", "sha-1", "pr-1"], age: "40d" })];
    const keep = "v*: always\npr-*: never\nsha-*: {follow: true, last: 1, max-age: 1d}";
    expect(untagged(play({ policy: policy(keep, untag), versions }).plan)).toEqual({ 1: ["pr-1"] });
  });

  it("stay where they are protected, by themselves or with their version", () => {
    const versions = [image({ id: 1, tags: ["v1", "pr-1", "pr-2"], age: "40d" })];
    const lost = (...protect: string[]) =>
      untagged(
        play({ policy: policy("v*: always\npr-*: never", { ...untag, protect: new Set(protect) }), versions })
          .plan,
      );
    expect(lost("pr-2")).toEqual({ 1: ["pr-1"] });
    expect(lost("1")).toEqual({});
    expect(lost(versions[0]?.name ?? "")).toEqual({});
  });

  it("are never all, never bookkeeping tags, and never of a version that no line keeps", () => {
    const signed = signatureTag(digest("v2"), ".sig");
    const versions = [
      image({ id: 4, tags: ["pr-4", "pr-5"], age: "40d" }),
      image({ id: 3, tags: ["pr-1", signed], age: "40d" }),
      image({ id: 2, tags: ["v2", signed, "pr-2"], age: "40d" }),
    ];
    const keep = "v*: always\npr-*: never";
    const settings = { ...untag, protect: new Set(["4"]), minKeep: 3 };
    expect(untagged(play({ policy: policy(keep, settings), versions }).plan)).toEqual({ 2: ["pr-2"] });
  });

  it("stay where a file of the workspace mentions them", () => {
    const versions = [image({ id: 1, tags: ["v1", "pr-1", "pr-2"], age: "40d" })];
    const settings = policy("v*: always\npr-*: never", untag);
    const input = { policy: settings, versions, inUse: new Map([[1, ["app.yaml"]]]) };
    const { plan } = play({ ...input, tagsInUse: new Set(["pr-1"]) });
    expect(untagged(plan)).toEqual({ 1: ["pr-2"] });
    expect(readable(plan)).toEqual({ 1: ["keep", "v*: always", "in use: app.yaml"] });
  });

  it("stay unless the policy says so", () => {
    const versions = [image({ id: 1, tags: ["v1", "pr-1"], age: "40d" })];
    expect(untagged(play({ policy: policy("v*: always\npr-*: never"), versions }).plan)).toEqual({});
  });
});

describe("the manifest that takes a tag away", () => {
  const OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
  const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest("config"), size: 9 };
  const one = { repository: "Acme/app", tag: "pr-1", time: 1 };

  function made(raw: object, about = one): Record<string, unknown> {
    return JSON.parse(untagManifest(JSON.stringify(raw), about)?.body ?? "{}");
  }

  it("is the image's own with its list emptied, and no signature of anything", () => {
    const layers = [{ digest: digest("layer") }];
    const annotations = { "package-retention.untag": "acme/app:pr-1 1" };
    const common = { schemaVersion: 2, mediaType: OCI_IMAGE, config };
    expect(made({ ...common, layers, subject: { digest: digest("v1") } })).toEqual({
      ...common,
      layers: [],
      annotations,
    });
    const list = { schemaVersion: 2, manifests: [{ digest: digest("amd64") }], annotations: { a: "b" } };
    expect(made(list)).toEqual({ ...list, manifests: [], annotations: { a: "b", ...annotations } });
  });

  it("is another one for each repository, tag and time", () => {
    const raw = JSON.stringify({ schemaVersion: 2, layers: [] });
    const all = [one, { ...one, tag: "pr-2" }, { ...one, repository: "acme/web" }, { ...one, time: 2 }];
    const digests = all.map((about) => untagManifest(raw, about)?.digest);
    expect(new Set(digests).size).toBe(4);
    expect(untagManifest(raw, one)?.digest).toBe(digests[0]);
  });

  it("is not made of what has no such list", () => {
    expect(untagManifest(JSON.stringify({ schemaVersion: 1, fsLayers: [] }), one)).toBeUndefined();
  });

  it("is known again by its only tag", () => {
    const manifest = { kind: "image", untag: "acme/app:pr-1 17" } as const;
    expect(takesTagAway("Acme/app", { tags: ["pr-1"] }, manifest)).toBe(true);
    expect(takesTagAway("acme/web", { tags: ["pr-1"] }, manifest)).toBe(false);
    expect(takesTagAway("acme/app", { tags: ["pr-2"] }, manifest)).toBe(false);
    expect(takesTagAway("acme/app", { tags: ["pr-1", "pr-2"] }, manifest)).toBe(false);
    expect(takesTagAway("acme/app", { tags: ["pr-1"] }, { kind: "image" })).toBe(false);
    expect(takesTagAway("acme/app", { tags: ["pr-1"] }, "absent")).toBe(false);
  });
});
