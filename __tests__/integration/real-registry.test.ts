import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { VersionData } from "../../emulator/data";
import { MEDIA_TYPES } from "../../emulator/images";
import { type Emulator, startEmulator } from "../../emulator/server";
import { removeFolder } from "../../scripts/remove-folder";
import { acme, PAT } from "../emulator/fixture";
import { runAction } from "../support/run-action";

const execute = promisify(execFile);
const TITLE = "a real registry (docker-registry, filled and pulled from with skopeo)";
const missing = ["docker-registry", "skopeo"].filter((tool) => spawnSync(tool, ["--version"]).status !== 0);
if (missing.length > 0) console.warn(`Skipped: ${TITLE}. Not on this machine: ${missing.join(", ")}.`);
const describeReal = missing.length > 0 ? describe.skip : describe;
const skipped = missing.length > 0 ? ` — skipped, not on this machine: ${missing.join(", ")}` : "";

/** An entry of a manifest: a blob of the layout. */
interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An OCI image layout on disk. */
interface Layout {
  readonly path: string;
  readonly blob: (mediaType: string, content: Buffer | string) => Blob;
  readonly manifest: (mediaType: string, content: object) => Blob;
  /** Says which of the manifests is the image of the layout. */
  readonly finish: (image: Blob) => void;
}

function newLayout(path: string): Layout {
  mkdirSync(join(path, "blobs", "sha256"), { recursive: true });
  writeFileSync(join(path, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const blob: Layout["blob"] = (mediaType, content) => {
    const hex = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(path, "blobs", "sha256", hex), content);
    return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(content) };
  };
  return {
    path,
    blob,
    manifest: (mediaType, content) =>
      blob(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, ...content })),
    finish: (image) => {
      const entry = { ...image, annotations: { "org.opencontainers.image.ref.name": "image" } };
      writeFileSync(join(path, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
    },
  };
}

/** An image of one layer; the same seed and architecture give the same digest in every layout. */
function addImage(layout: Layout, seed: string, architecture: string): Blob {
  const content = `layer of ${seed} for ${architecture}`;
  const layer = layout.blob("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(content));
  const rootfs = {
    type: "layers",
    diff_ids: [`sha256:${createHash("sha256").update(content).digest("hex")}`],
  };
  const config = layout.blob(
    "application/vnd.oci.image.config.v1+json",
    JSON.stringify({ architecture, os: "linux", config: {}, rootfs }),
  );
  const image = layout.manifest(MEDIA_TYPES.ociManifest, { config, layers: [layer] });
  return { ...image, platform: { architecture, os: "linux" } };
}

/** The provenance of an image, as buildx puts it into an index. */
function addAttestation(layout: Layout, image: Blob): Blob {
  const statement = JSON.stringify({ subject: image.digest });
  const layer = layout.blob("application/vnd.in-toto+json", statement);
  const rootfs = { type: "layers", diff_ids: [layer.digest] };
  const config = layout.blob(
    "application/vnd.oci.image.config.v1+json",
    JSON.stringify({ architecture: "unknown", os: "unknown", config: {}, rootfs }),
  );
  return {
    ...layout.manifest(MEDIA_TYPES.ociManifest, { config, layers: [layer] }),
    platform: { architecture: "unknown", os: "unknown" },
    annotations: {
      "vnd.docker.reference.digest": image.digest,
      "vnd.docker.reference.type": "attestation-manifest",
    },
  };
}

/** Which image a platform manifest is taken from: two builds that did not change share it. */
type Platforms = Readonly<Record<string, string>>;

interface Push {
  readonly tag: string;
  readonly platforms: Platforms;
  readonly age: string;
  readonly format?: "oci" | "v2s2";
}

/** In the order in which they are pushed. The first `latest` loses its tag to the second and becomes untagged. */
const PUSHES: readonly Push[] = [
  { tag: "v1", platforms: { amd64: "one", arm64: "one" }, age: "90d" },
  { tag: "latest", platforms: { amd64: "two", arm64: "one" }, age: "80d" },
  { tag: "pr-1", platforms: { amd64: "pr", arm64: "one", s390x: "pr" }, age: "60d" },
  { tag: "pr-2", platforms: { amd64: "two", arm64: "pr" }, age: "50d" },
  { tag: "docker", platforms: { amd64: "docker", arm64: "docker" }, age: "45d", format: "v2s2" },
  { tag: "latest", platforms: { amd64: "three", arm64: "pr" }, age: "40d" },
];

interface RealRegistry {
  readonly url: string;
  readonly host: string;
  readonly stop: () => Promise<void>;
}

async function startRegistry(directory: string): Promise<RealRegistry> {
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(directory, "registry.yml");
  const storage = { filesystem: { rootdirectory: join(directory, "storage") }, delete: { enabled: true } };
  // YAML is a superset of JSON.
  writeFileSync(
    config,
    JSON.stringify({ version: "0.1", log: { level: "error" }, storage, http: { addr: host } }),
  );
  const server = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  await answers(`http://${host}/v2/`, server);
  const ended = new Promise((resolve) => server.once("exit", resolve));
  return {
    url: `http://${host}`,
    host,
    stop: async () => {
      server.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (server.exitCode !== null) throw new Error(`docker-registry ended with ${server.exitCode}`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await sleep(50);
  }
  throw new Error("docker-registry does not answer");
}

async function skopeo(...args: readonly string[]): Promise<void> {
  await execute("skopeo", ["--insecure-policy", "copy", "--all", ...args]);
}

async function push(
  registry: RealRegistry,
  directory: string,
  { tag, platforms, format }: Push,
  at: number,
): Promise<void> {
  const layout = newLayout(join(directory, `push-${at}`));
  const images = Object.entries(platforms).map(([architecture, seed]) =>
    addImage(layout, seed, architecture),
  );
  // Docker's format has no place for provenance.
  const attestations = format === "v2s2" ? [] : images.map((image) => addAttestation(layout, image));
  layout.finish(layout.manifest(MEDIA_TYPES.ociIndex, { manifests: [...images, ...attestations] }));
  const target = `docker://${registry.host}/acme/app:${tag}`;
  await skopeo(
    `oci:${layout.path}:image`,
    target,
    "--dest-tls-verify=false",
    ...(format ? ["--format", format] : []),
  );
}

interface Stored {
  readonly digest: string;
  readonly body: string;
}

async function read(registry: RealRegistry, reference: string): Promise<Stored> {
  const accept = Object.values(MEDIA_TYPES).join(", ");
  const response = await fetch(`${registry.url}/v2/acme/app/manifests/${reference}`, { headers: { accept } });
  if (!response.ok) throw new Error(`${reference}: ${response.status}`);
  return { digest: response.headers.get("docker-content-digest") ?? "", body: await response.text() };
}

/** The versions that GitHub would list after these pushes: what a manifest lists first, then itself; a tag moves. */
async function pushAll(registry: RealRegistry, directory: string): Promise<VersionData[]> {
  const versions = new Map<string, VersionData & { id: number; tags: string[] }>();
  const add = ({ digest, body }: Stored, age: string) => {
    const known = versions.get(digest);
    const version = known ?? {
      id: versions.size + 1,
      name: digest,
      manifest: body,
      tags: [],
      createdAt: `${age} ago`,
    };
    versions.set(digest, version);
    return version;
  };
  for (const [at, one] of PUSHES.entries()) {
    await push(registry, directory, one, at);
    const index = await read(registry, one.tag);
    const { manifests } = JSON.parse(index.body) as { manifests: { digest: string }[] };
    for (const { digest } of manifests) add(await read(registry, digest), one.age);
    for (const version of versions.values()) version.tags = version.tags.filter((tag) => tag !== one.tag);
    add(index, one.age).tags.push(one.tag);
  }
  return [...versions.values()];
}

async function pull(registry: RealRegistry, directory: string, tag: string): Promise<void> {
  const fresh = mkdtempSync(join(directory, "pull-"));
  await skopeo(`docker://${registry.host}/acme/app:${tag}`, `oci:${fresh}:image`, "--src-tls-verify=false");
}

/** Deletes from the registry itself exactly what is gone from the list. */
async function deleteFrom(registry: RealRegistry, digests: readonly string[]): Promise<void> {
  for (const digest of digests) {
    const response = await fetch(`${registry.url}/v2/acme/app/manifests/${digest}`, { method: "DELETE" });
    expect(response.status).toBe(202);
  }
}

function goneFrom(emulator: Emulator): string[] {
  return emulator
    .package("app")
    .versions.flatMap(({ name, deletedAt }) => (deletedAt === undefined ? [] : [name]));
}

describeReal(`${TITLE}${skipped}`, () => {
  let directory: string;
  let registry: RealRegistry;
  let versions: VersionData[];
  let emulator: Emulator;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "package-retention-registry-"));
    registry = await startRegistry(directory);
    versions = await pushAll(registry, directory);
    const packages = [{ owner: "acme", type: "container" as const, name: "app", versions }];
    emulator = await startEmulator({ ...acme(), packages });
  }, 60_000);

  afterAll(async () => {
    await emulator?.close();
    await registry?.stop();
    removeFolder(directory);
  });

  it("is read by the action, and each kept image can be pulled whole after its deletions", async () => {
    expect(versions.length).toBe(22);
    const inputs = {
      packages: "app",
      keep: "latest: always\nv*: always\ndocker: always\npr-*: 14d\nuntagged: never",
      "dry-run": "false",
      "deletes-per-minute": "60000",
      "registry-url": registry.url,
    };
    const result = await runAction({ emulator, inputs, token: PAT, env: { RUNNER_DEBUG: "1" } });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: "complete", "failed-count": "0", "skipped-count": "0" });
    expect(result.debug).toContain("Read 6 manifests of 22 container versions, 16 reads avoided.");

    const gone = goneFrom(emulator);
    expect(gone.length).toBe(9);
    await deleteFrom(registry, gone);
    for (const tag of ["v1", "latest", "docker"]) await pull(registry, directory, tag);
    for (const tag of ["pr-1", "pr-2"])
      await expect(pull(registry, directory, tag)).rejects.toThrow("manifest unknown");
  }, 60_000);

  it("shows with a failed pull when a part of an image is gone", async () => {
    const { body } = await read(registry, "v1");
    const [part] = (JSON.parse(body) as { manifests: { digest: string }[] }).manifests;
    await deleteFrom(registry, [part?.digest ?? ""]);
    await expect(pull(registry, directory, "v1")).rejects.toThrow("manifest unknown");
  }, 60_000);
});
