import { digestOf, type Image, indexOf, MEDIA_TYPES, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { container, daysAgo, npm, type Run, release, run, startWorld, verdictsOf } from "../support/world";

const MIB = 1024 ** 2;

/** An image of these layers, in MiB. */
function imageOf(layers: Readonly<Record<string, number>>): Image {
  const mediaType = MEDIA_TYPES.ociManifest;
  const content = {
    layers: Object.entries(layers).map(([name, size]) => ({ digest: digestOf(name), size: size * MIB })),
  };
  const body = JSON.stringify({ schemaVersion: 2, mediaType, ...content });
  return { digest: digestOf(body), mediaType, body };
}

const KEPT = imageOf({ base: 100, kept: 10 });
const OLD = imageOf({ base: 100, old: 20 });
const OLDER = imageOf({ base: 100, old: 20, older: 3 });
const PLATFORM = { ...imageOf({ alpine: 5, built: 2 }), platform: "linux/amd64" };
const INDEX = indexOf([PLATFORM]);
const LINES = "v*: always\npr-*: never";

const versions = [
  versionOf(KEPT, { id: 1, tags: ["v1"], createdAt: daysAgo(50) }),
  versionOf(OLD, { id: 2, tags: ["pr-2"], createdAt: daysAgo(50) }),
  versionOf(OLDER, { id: 3, tags: ["pr-3"], createdAt: daysAgo(50) }),
  versionOf(PLATFORM, { id: 4, createdAt: daysAgo(50) }),
  versionOf(INDEX, { id: 5, tags: ["pr-5"], createdAt: daysAgo(50) }),
];
const FREED = 20 + 3 + 5 + 2;
const BYTES = { totalBytes: (110 + FREED) * MIB, freedBytes: FREED * MIB };

function start(changes = {}) {
  return startWorld([container("app", versions)], changes);
}

function sizing(emulator: Awaited<ReturnType<typeof start>>, more: Record<string, string> = {}) {
  return run(emulator, { packages: "app", keep: LINES, sizes: "true", ...more });
}

/** The manifests that a run reads, in order of their digests. */
async function readsOf(emulator: Emulator, start: () => Promise<Run>) {
  const before = emulator.requests.length;
  const result = await start();
  const reads = emulator.requests
    .slice(before)
    .filter(({ method, path, status }) => method === "GET" && status === 200 && /\/manifests\//.test(path));
  return { result, reads: reads.map(({ path }) => path.split("/manifests/")[1]).sort() };
}

describe("sizes: true", () => {
  it("says what the plan frees: layers that a kept image has as well stay, and each is there once", async () => {
    const result = await sizing(await start());
    const counts = { kept: 1, planned: 4, ...BYTES };
    expect(result.report?.packages[0]?.counts).toEqual(counts);
    expect(JSON.parse(result.outputs.results ?? "")).toEqual([expect.objectContaining(BYTES)]);
    expect(result.summary.split("\n")[0]).toBe(
      "## Dry run: 4 of 5 versions would be deleted from 1 package, which would free 30.0 MiB of 140.0 MiB",
    );
    expect(result.stdout).toContain(
      "container package app: 1 kept, 4 planned, would free 30.0 MiB of 140.0 MiB",
    );
    expect(result.annotations.warnings).toEqual([]);
  });

  it.each([
    ["what planning has read is not read again", LINES, 4],
    ["and where planning needs none", "v*: always\npr-*: always", 0],
  ])("reads every manifest once, and verdicts are the same without it: %s", async (_, keep, reads) => {
    const emulator = await start();
    const plain = await readsOf(emulator, () => run(emulator, { packages: "app", keep }));
    const sized = await readsOf(emulator, () => sizing(emulator, { keep }));
    expect(verdictsOf(sized.result)).toEqual(verdictsOf(plain.result));
    expect(plain.result.report?.packages[0]?.counts).not.toHaveProperty("totalBytes");
    expect(plain.reads).toHaveLength(reads);
    expect(sized.reads).toEqual(versions.map(({ name }) => name).sort());
  });

  it("says what was freed once it is: not what GitHub refused to delete", async () => {
    const downloaded = versions.map((version) =>
      version.id === 3 ? { ...version, downloads: 5_001 } : version,
    );
    const emulator = await startWorld([{ ...container("app", downloaded), visibility: "public" }]);
    const result = await sizing(emulator, { "dry-run": "false" });
    expect(result.report?.packages[0]?.counts).toMatchObject({
      deleted: 3,
      refused: 1,
      ...BYTES,
      freedBytes: 7 * MIB,
    });
    expect(result.stdout).toContain("freed 7.0 MiB of 140.0 MiB");
  });

  it("warns of a manifest that cannot be read, and deletes all the same", async () => {
    const emulator = await start();
    emulator.faults.add({
      match: { path: PLATFORM.digest, count: "always" },
      answer: { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } },
    });
    const result = await sizing(emulator, { "dry-run": "false" });
    expect(result.exitCode).toBe(0);
    expect(result.report?.packages[0]?.counts).toMatchObject({
      deleted: 4,
      totalBytes: 133 * MIB,
      freedBytes: 23 * MIB,
    });
    expect(result.annotations.warnings.join("\n")).toMatch(
      /^The sizes of the container package app leave out 1 manifest: .* it answered 403 DENIED: denied\./,
    );
  });

  it("says nothing of packages without a registry", async () => {
    const emulator = await startWorld([npm("web", [release(1, "1.0.0"), release(2, "2.0.0")])]);
    const result = await run(emulator, {
      packages: "web",
      "package-type": "npm",
      keep: "semver: 1",
      sizes: "true",
    });
    expect(result.report?.packages[0]?.counts).toEqual({ kept: 1, planned: 1 });
    expect(result.summary).not.toMatch(/free/);
  });
});
