import { fileURLToPath } from "node:url";
import { parseData, readDataFile } from "../../emulator/data";
import { cosignTag, digestOf, fallbackTag, imageManifest, indexOf, multiArch } from "../../emulator/images";
import { artifactManifest, schema1Manifest } from "../../emulator/old-images";
import { apiTime, parseTime } from "../../emulator/time";
import { acme, start } from "./fixture";

const NOW = Date.parse("2026-11-20T12:00:00Z");

describe("the times of a data file", () => {
  it.each([
    ["14d ago", "2026-11-06T12:00:00Z"],
    ["3h ago", "2026-11-20T09:00:00Z"],
    ["90m ago", "2026-11-20T10:30:00Z"],
    ["2w ago", "2026-11-06T12:00:00Z"],
    ["0s ago", "2026-11-20T12:00:00Z"],
    ["2026-01-02", "2026-01-02T00:00:00Z"],
    ["2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05Z"],
  ])("read %s as %s", (text, expected) => {
    expect(apiTime(parseTime(text, NOW) ?? 0)).toBe(expected);
  });

  it.each(["yesterday", "14 days", "14d", "", "2026-13-01"])("refuse %j", (text) => {
    expect(parseTime(text, NOW)).toBeUndefined();
  });
});

describe("the check of the data", () => {
  it("names the place of every problem at once", () => {
    const bad = {
      owners: [{ login: "acme", type: "Company" }],
      tokens: [{ kind: "pat", token: "t", login: "acme", scopes: [], scope: "x" }],
      packages: [
        { owner: "acme", type: "container", name: "app", versions: [{ createdAt: "long ago" }] },
        { owner: "acme", type: "container", name: "app", version: [] },
      ],
      faults: [{ match: { path: "(" } }],
    };
    expect(() => parseData(bad)).toThrow(
      [
        "The emulator's data is not valid:",
        '- owners[0].type: Invalid option: expected one of "Organization"|"User"',
        '- tokens[0]: Unrecognized key: "scope"',
        '- packages[0].versions[0].createdAt: "long ago" is no time: write ISO 8601 (2026-11-20T00:00:00Z) or a relative one ("14d ago", "3h ago")',
        "- packages[1].versions: Invalid input: expected array, received undefined",
        '- packages[1]: Unrecognized key: "version"',
        '- faults[0].match.path: "(" is no regular expression',
        "- faults[0]: a fault does something: answer, preset, headers, change, drop, cutBody, delay",
      ].join("\n"),
    );
  });

  it("finds owners that are not there, and versions without a name", () => {
    const data = {
      owners: [],
      tokens: [{ kind: "pat", token: "t", login: "mona", scopes: [] }],
      packages: [{ owner: "acme", type: "npm", name: "a", versions: [{ createdAt: "1d ago" }] }],
    };
    expect(() => parseData(data)).toThrow(
      [
        "The emulator's data is not valid:",
        '- packages[0].owner: "acme" is not among the owners',
        "- packages[0].versions[0].name: required, as the package is no container",
        '- tokens[0].login: "mona" is not among the owners',
      ].join("\n"),
    );
  });

  it("finds a manifest that does not match its digest", async () => {
    const version = { name: `sha256:${"0".repeat(64)}`, manifest: { schemaVersion: 2 }, createdAt: "1d ago" };
    const packages = [{ owner: "acme", type: "container" as const, name: "app", versions: [version] }];
    await expect(start({ packages })).rejects.toThrow(
      `Package "app", version 0: its manifest has the digest ${digestOf('{"schemaVersion":2}')}, not sha256:000`,
    );
  });

  it("names the file that cannot be read", () => {
    expect(() => readDataFile("no-such-file.json")).toThrow("no-such-file.json: ENOENT");
  });

  it("accepts the example", () => {
    const example = readDataFile(fileURLToPath(new URL("../../emulator/example.json", import.meta.url)));
    expect(example.packages.map(({ name }) => name)).toEqual(["app", "web", "@octo-org/tools", "dotfiles"]);
  });
});

describe("the state that the data describe", () => {
  it("numbers versions by the time of their creation, around the ids that are given", async () => {
    const versions = [
      { createdAt: "1d ago" },
      { createdAt: "3d ago" },
      { createdAt: "2d ago", id: 1 },
      { createdAt: "3d ago" },
    ];
    const emulator = await start({ packages: [{ owner: "acme", type: "container", name: "app", versions }] });
    expect(emulator.package("app").versions.map(({ id }) => id)).toEqual([4, 2, 1, 3]);
  });

  it("gives a container version without manifest and name an image of its own", async () => {
    const versions = [
      { createdAt: "1d ago" },
      { createdAt: "1d ago" },
      { createdAt: "1d ago", name: "sha256:gone" },
    ];
    const emulator = await start({ packages: [{ owner: "acme", type: "container", name: "app", versions }] });
    const [one, two, three] = emulator.package("app").versions;
    expect(one?.name).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(one?.name).toBe(digestOf(one?.manifest?.body ?? ""));
    expect(two?.name).not.toBe(one?.name);
    expect(three).toMatchObject({ name: "sha256:gone", manifest: undefined });
  });

  it("takes relative times from the data's own now", async () => {
    const versions = [{ createdAt: "1d ago", updatedAt: "1h ago" }];
    const packages = [{ owner: "acme", type: "container" as const, name: "app", versions }];
    const emulator = await start({ now: "2026-11-20T12:00:00Z", packages });
    const [version] = emulator.package("app").versions;
    expect(apiTime(version?.createdAt ?? 0)).toBe("2026-11-19T12:00:00Z");
    expect(apiTime(version?.updatedAt ?? 0)).toBe("2026-11-20T11:00:00Z");
  });

  it("leaves the data as they are", async () => {
    const data = acme();
    await start(data);
    expect(data).toEqual(acme());
  });
});

describe("the images of the builders", () => {
  it("have digests that depend on the seed and the platform alone", () => {
    const one = imageManifest("a", "linux/amd64");
    expect(imageManifest("a", "linux/amd64")).toEqual(one);
    expect(imageManifest("a", "linux/arm64").digest).not.toBe(one.digest);
    expect(one.digest).toBe(digestOf(one.body));
  });

  it("leave the signature of Docker schema 1 out of its digest", () => {
    const plain = schema1Manifest("a");
    const signed = schema1Manifest("a", { signed: true });
    expect(signed.digest).toBe(plain.digest);
    expect(digestOf(signed.body)).not.toBe(signed.digest);
    expect(JSON.parse(signed.body)).toMatchObject({ schemaVersion: 1, signatures: [{}] });
    expect(artifactManifest("a").digest).toBe(digestOf(artifactManifest("a").body));
  });

  it("are listed by indexes as buildx lists them: two platforms make one tagged and four untagged versions", () => {
    const { index, images, attestations, versions } = multiArch("a", { tags: ["v1"], createdAt: "1d ago" });
    expect(versions.map(({ tags }) => tags)).toEqual([undefined, undefined, undefined, undefined, ["v1"]]);
    const { manifests } = JSON.parse(index.body) as { manifests: object[] };
    expect(manifests[0]).toMatchObject({
      digest: images[0]?.digest,
      platform: { os: "linux", architecture: "amd64" },
    });
    expect(manifests[3]).toMatchObject({
      digest: attestations[1]?.digest,
      platform: { os: "unknown", architecture: "unknown" },
      annotations: {
        "vnd.docker.reference.digest": images[1]?.digest,
        "vnd.docker.reference.type": "attestation-manifest",
      },
    });
  });

  it("may be nested, and be tagged with the digest of what they belong to", () => {
    const inner = indexOf([imageManifest("a", "linux/arm/v7")]);
    const outer = JSON.parse(indexOf([inner]).body) as { manifests: object[] };
    expect(outer.manifests).toEqual([
      { mediaType: inner.mediaType, digest: inner.digest, size: Buffer.byteLength(inner.body) },
    ]);
    expect(cosignTag(inner)).toBe(`sha256-${inner.digest.slice(7)}.sig`);
    expect(fallbackTag(inner)).toBe(`sha256-${inner.digest.slice(7)}`);
  });
});
