import { parseBlobs, parseManifest } from "../../src/registry/manifest-document";

const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const one = `sha256:${"1".repeat(64)}`;
const two = `sha256:${"2".repeat(64)}`;

function document(content: object): string {
  return JSON.stringify({ schemaVersion: 2, ...content });
}

describe("a manifest", () => {
  it("that lists manifests is an index, and tells attestations from images", () => {
    const annotations = { "vnd.docker.reference.type": "attestation-manifest" };
    const raw = document({
      manifests: [
        { digest: one, mediaType: OCI_MANIFEST, platform: { os: "linux", architecture: "amd64" } },
        { digest: two, annotations },
      ],
    });
    expect(parseManifest(raw, OCI_INDEX)).toEqual({
      kind: "index",
      manifests: [
        { digest: one, mediaType: OCI_MANIFEST, attestation: false },
        { digest: two, attestation: true },
      ],
    });
  });

  it.each([
    {},
    { platform: null },
    { platform: "linux/amd64" },
    { platform: { os: "linux" }, artifactType: "application/spdx+json" },
  ])("that lists what may be a referrer says so: %j", (more) => {
    const raw = document({ manifests: [{ digest: one, mediaType: OCI_MANIFEST, ...more }] });
    const entry = { digest: one, mediaType: OCI_MANIFEST, attestation: false, mayRefer: true };
    expect(parseManifest(raw, OCI_INDEX)).toEqual({ kind: "index", manifests: [entry] });
  });

  it("is an index by what it lists, whatever it is called", () => {
    const raw = document({ manifests: [{ digest: one }] });
    const index = { kind: "index", manifests: [{ digest: one, attestation: false, mayRefer: true }] };
    expect(parseManifest(raw, "")).toEqual(index);
    expect(parseManifest(raw, DOCKER_LIST)).toEqual(index);
  });

  it("may be an index that lists nothing", () => {
    expect(parseManifest(document({ mediaType: OCI_INDEX }), "")).toEqual({ kind: "index", manifests: [] });
    expect(parseManifest(document({ manifests: null }), OCI_INDEX)).toEqual({ kind: "index", manifests: [] });
    expect(parseManifest(document({ manifests: [] }), "")).toEqual({ kind: "index", manifests: [] });
  });

  it("is an image otherwise", () => {
    expect(parseManifest(document({ mediaType: OCI_MANIFEST, layers: [] }), OCI_MANIFEST)).toEqual({
      kind: "image",
    });
  });

  it("of either kind may refer to another", () => {
    const subject = { mediaType: OCI_MANIFEST, digest: one, size: 7 };
    expect(parseManifest(document({ subject }), OCI_MANIFEST)).toEqual({ kind: "image", subject: one });
    expect(parseManifest(document({ manifests: [], subject }), OCI_INDEX)).toEqual({
      kind: "index",
      manifests: [],
      subject: one,
    });
    expect(parseManifest(document({ subject: null }), "")).toEqual({ kind: "image" });
  });

  it.each([
    [document({ subject: {} }), "it refers to something without a digest"],
    [document({ subject: "x" }), "it refers to something without a digest"],
    [document({ subject: { digest: "sha256:12" } }), 'it refers to "sha256:12", which is not a digest'],
    ["<html>", "it is not JSON"],
    ["[]", "it is not a JSON object"],
    [document({ mediaType: OCI_INDEX, manifests: {} }), "its manifests are not a list"],
    [document({ manifests: [{}] }), "it lists something without a digest"],
    [document({ manifests: [{ digest: "sha256:12" }] }), 'it lists "sha256:12", which is not a digest'],
    [document({ manifests: [null] }), "it lists something without a digest"],
  ])("such as %s cannot be used", (raw, message) => {
    expect(() => parseManifest(raw, "")).toThrow(message);
  });
});

describe("the blobs of a manifest", () => {
  const config = { digest: one, size: 2 };
  const layer = { digest: two, size: 30 };

  it("are its config and its layers, or the blobs of an artifact", () => {
    expect(parseBlobs(document({ config, layers: [{ ...layer, mediaType: "x" }] }))).toEqual([config, layer]);
    expect(parseBlobs(document({ blobs: [layer] }))).toEqual([layer]);
  });

  it("are none of an index, and of what says so", () => {
    expect(parseBlobs(document({ manifests: [layer] }))).toEqual([]);
    expect(parseBlobs(document({ config: null, layers: null }))).toEqual([]);
  });

  it("are without those that are stored elsewhere", () => {
    const windows = { ...layer, urls: ["https://example.com/layer"] };
    expect(parseBlobs(document({ config, layers: [windows, { ...layer, urls: [] }] }))).toEqual([
      config,
      layer,
    ]);
  });

  it.each([
    [{ fsLayers: [{ blobSum: one }] }, "it does not say the sizes of its layers"],
    [{ layers: {} }, "its layers are not a list"],
    [{ layers: [{ size: 1 }] }, "it is made of something without a digest"],
    [{ config: "x" }, "it is made of something without a digest"],
    [{ config: { digest: one } }, `the size of ${one} is nothing, which is not a number of bytes`],
    [{ config: { digest: one, size: -1 } }, `the size of ${one} is -1, which is not a number of bytes`],
    [{ config: { digest: one, size: 1.5 } }, `the size of ${one} is 1.5, which is not a number of bytes`],
    [
      { config: { digest: one, size: 2 ** 53 } },
      `the size of ${one} is 9007199254740992, which is not a number of bytes`,
    ],
    [{ config: { digest: one, size: "1" } }, `the size of ${one} is "1", which is not a number of bytes`],
  ])("are not known of %j", (content, message) => {
    expect(() => parseBlobs(document(content))).toThrow(message);
  });
});
