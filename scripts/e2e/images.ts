import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type Context, type RegistryAccess, registryName } from "./context.ts";
import {
  type Descriptor,
  digestOf,
  manifestOf,
  OCI_INDEX,
  OCI_MANIFEST,
  pullWhole,
  pushBlob,
  pushManifest,
  readManifest,
} from "./registry.ts";
import type { Part, Pushed } from "./state.ts";

const execute = promisify(execFile);
const PLATFORMS = ["amd64", "arm64"];
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const IMAGE_CONFIG = "application/vnd.oci.image.config.v1+json";
const EMPTY_CONFIG = "application/vnd.oci.empty.v1+json";
const ARTIFACT = "application/vnd.package-retention.e2e";

/** Logs the runner's docker in, and makes the builder that can push several platforms. */
export async function prepareDocker({ registryUrl, token, clients }: Context): Promise<void> {
  if (clients !== "docker") return;
  const host = new URL(registryUrl).host;
  const login = execute("docker", ["login", host, "--username", "e2e", "--password-stdin"]);
  login.child.stdin?.end(token);
  await login;
  await execute("docker", ["buildx", "create", "--driver", "docker-container", "--use"]);
}

/** Pushes an image of two platforms with provenance, which no other image shares anything with, to all of the tags. */
export async function pushImage(context: Context, name: string, tags: readonly string[]): Promise<Pushed> {
  const repository = registryName(context, name);
  if (context.clients === "docker") await buildImage(context, repository, tags);
  else await pushImages(context, repository, tags);
  return readImage(context, repository, tags[0] ?? "");
}

/** Pulls images with all their platforms; the runner's skopeo does so too where docker pushed them. */
export async function pullImages(
  context: Context,
  name: string,
  references: readonly string[],
): Promise<void> {
  const repository = registryName(context, name);
  await pullWhole(context, repository, references);
  if (context.clients !== "docker") return;
  for (const reference of references) {
    const folder = mkdtempSync(join(context.temp, "pull-"));
    const separator = reference.startsWith("sha256:") ? "@" : ":";
    const source = `docker://${new URL(context.registryUrl).host}/${repository}${separator}${reference}`;
    await execute("skopeo", ["copy", "--all", source, `dir:${folder}`]);
  }
}

/** What is at a tag. */
export async function readImage(access: RegistryAccess, repository: string, tag: string): Promise<Pushed> {
  const manifest = await readManifest(access, repository, tag);
  if (!manifest) throw new Error(`${repository}: what was pushed to ${tag} is not there.`);
  const { digest, mediaType, body, content } = manifest;
  const parts = (content.manifests ?? []) as readonly Part[];
  return { mediaType, digest, size: Buffer.byteLength(body), parts };
}

async function buildImage(context: Context, repository: string, tags: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(context.temp, "image-"));
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY random /random\n");
  writeFileSync(join(folder, "random"), randomBytes(1024));
  const host = new URL(context.registryUrl).host;
  const platforms = PLATFORMS.map((name) => `linux/${name}`).join(",");
  const names = tags.flatMap((tag) => ["--tag", `${host}/${repository}:${tag}`]);
  const options = ["--platform", platforms, "--provenance=mode=min", "--push", ...names];
  await execute("docker", ["buildx", "build", ...options, folder]);
}

/** The shape that buildx makes, pushed over HTTP: platforms, an attestation of each, and the index of them all. */
export async function pushImages(
  access: RegistryAccess,
  repository: string,
  tags: readonly string[],
): Promise<Descriptor> {
  const images = await Promise.all(PLATFORMS.map((name) => pushPlatform(access, repository, name)));
  const attestations = await Promise.all(images.map((image) => pushAttestation(access, repository, image)));
  return pushIndex(access, repository, [...images, ...attestations], tags);
}

/** An image of one platform and one random layer, without a tag. */
export async function pushPlatform(
  access: RegistryAccess,
  repository: string,
  architecture: string,
): Promise<Part> {
  const content = randomBytes(64);
  const layer = await pushBlob(access, repository, LAYER, gzipSync(content));
  const image = await pushConfigured(access, repository, [architecture, "linux"], layer, digestOf(content));
  return { ...image, platform: { architecture, os: "linux" } };
}

async function pushAttestation(access: RegistryAccess, repository: string, image: Part): Promise<Part> {
  const statement = JSON.stringify({ subject: [{ digest: image.digest }] });
  const layer = await pushBlob(access, repository, "application/vnd.in-toto+json", statement);
  const attestation = await pushConfigured(access, repository, ["unknown", "unknown"], layer, layer.digest);
  return {
    ...attestation,
    platform: { architecture: "unknown", os: "unknown" },
    annotations: {
      "vnd.docker.reference.digest": image.digest,
      "vnd.docker.reference.type": "attestation-manifest",
    },
  };
}

async function pushConfigured(
  access: RegistryAccess,
  repository: string,
  [architecture, os]: readonly [architecture: string, os: string],
  layer: Descriptor,
  diffId: string,
): Promise<Descriptor> {
  const rootfs = { type: "layers", diff_ids: [diffId] };
  const text = JSON.stringify({ architecture, os, config: {}, rootfs });
  const config = await pushBlob(access, repository, IMAGE_CONFIG, text);
  return push(access, repository, OCI_MANIFEST, { config, layers: [layer] });
}

/** An index of what is there already, at all of the tags. */
export async function pushIndex(
  access: RegistryAccess,
  repository: string,
  parts: readonly Part[],
  tags: readonly string[],
  annotations?: Readonly<Record<string, string>>,
): Promise<Descriptor> {
  const content = { manifests: parts, ...(annotations && { annotations }) };
  const [first, ...others] = tags;
  const pushed = await push(access, repository, OCI_INDEX, content, first);
  for (const tag of others) await push(access, repository, OCI_INDEX, content, tag);
  return pushed;
}

/** An artifact that names an image as its subject, without a tag; `subjectHeader` is what the registry says of that. */
export async function pushReferrer(
  access: RegistryAccess,
  repository: string,
  { mediaType, digest, size }: Descriptor,
): Promise<Part & { readonly subjectHeader: string | null }> {
  const config = await pushBlob(access, repository, EMPTY_CONFIG, "{}");
  const layer = await pushBlob(access, repository, ARTIFACT, `about ${digest}`);
  const subject = { mediaType, digest, size };
  const content = { artifactType: ARTIFACT, config, layers: [layer], subject };
  const manifest = manifestOf(OCI_MANIFEST, content);
  const { answer, ...pushed } = await pushManifest(access, repository, manifest);
  return { ...pushed, subjectHeader: answer.headers.get("oci-subject") };
}

/** A small image with a note in its annotations, at one tag. The same note gives the same digest. */
export async function pushNote(
  access: RegistryAccess,
  repository: string,
  tag: string,
  note: string,
): Promise<Descriptor> {
  const config = await pushBlob(access, repository, EMPTY_CONFIG, "{}");
  const layer = await pushBlob(access, repository, ARTIFACT, `note ${tag}`);
  const annotations = { "package-retention.e2e.note": note };
  return push(
    access,
    repository,
    OCI_MANIFEST,
    { artifactType: ARTIFACT, config, layers: [layer], annotations },
    tag,
  );
}

/** The note at a tag. */
export async function readNote(
  access: RegistryAccess,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const manifest = await readManifest(access, repository, tag);
  return manifest?.content.annotations?.["package-retention.e2e.note"];
}

/** The tag that the OCI specification falls back to for the referrers of a digest. */
export function fallbackTag(digest: string): string {
  return digest.replace(":", "-");
}

async function push(
  access: RegistryAccess,
  repository: string,
  mediaType: string,
  content: object,
  tag?: string,
): Promise<Descriptor> {
  const { answer: _, ...pushed } = await pushManifest(
    access,
    repository,
    manifestOf(mediaType, content),
    tag,
  );
  return pushed;
}
