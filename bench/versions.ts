import { createHash } from "node:crypto";
import type { Descriptor, Manifest } from "../src/model/manifest";
import type { PackageVersion } from "../src/model/package-version";
import type { Images } from "../src/plan/image-graph";

export const NOW = Date.parse("2026-11-20T12:00:00Z");

const DAY = 86_400_000;
const TWO_YEARS = 730 * DAY;
const OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";

export interface BenchPackage {
  readonly versions: readonly PackageVersion[];
  readonly images: Images;
}

/** A container package of plain images over two years, tagged in turn by what builds tag with. */
export function plainImages(count: number): BenchPackage {
  const versions = Array.from({ length: count }, (_, index) => version(index, count, tagsOf(index)));
  const manifests = new Map(versions.map(({ name }): [string, Manifest] => [name, { kind: "image" }]));
  return { versions, images: { manifests, exists: new Map(), versions: new Map() } };
}

/** Images of two platforms with their attestations: five versions each, of which the index is tagged. */
export function multiPlatformImages(count: number): BenchPackage {
  const total = count * 5;
  const versions: PackageVersion[] = [];
  const manifests = new Map<string, Manifest>();
  for (let image = 0; image < count; image++) {
    const parts = [0, 1, 2, 3].map((part) => version(image * 5 + part, total, []));
    const index = version(image * 5 + 4, total, tagsOf(image));
    versions.push(...parts, index);
    manifests.set(index.name, {
      kind: "index",
      manifests: parts.map(({ name }, at) => entry(name, at >= 2)),
    });
  }
  return { versions, images: { manifests, exists: new Map(), versions: new Map() } };
}

function entry(digest: string, attestation: boolean): Descriptor {
  return { digest, mediaType: OCI_IMAGE, attestation };
}

function version(index: number, count: number, tags: readonly string[]): PackageVersion {
  const time = new Date(NOW - TWO_YEARS + Math.floor((index * TWO_YEARS) / count));
  const createdAt = time.toISOString().replace(/\.\d+Z$/, "Z");
  return { id: index + 1, name: digestOf(`version ${index}`), tags, createdAt, updatedAt: createdAt };
}

export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** The tags of one image: each kind of line of `TEN_LINES` has its share, and some images are untagged. */
export function tagsOf(index: number): string[] {
  const hash = digestOf(`${index}`).slice(7, 14);
  const minor = Math.floor(index / 100);
  const kinds: readonly (readonly string[])[] = [
    [`pr-${index}`],
    [`v${Math.floor(minor / 20)}.${minor % 20}.${index % 100}`, `1${index}`],
    [`nightly-${index}`, `main-${hash}`],
    [`${Math.floor(minor / 20)}.${minor % 20}.0-rc.${index % 100}`],
    [`hourly-${index}`],
    [`branch${index % 50}-${hash}`],
    [`release-${index}`],
    [`build.${index}`],
    [],
    [`pr-${index}`, `pr-${index}-debug`, `sha-${hash}`],
  ];
  return [...(kinds[index % kinds.length] ?? [])];
}
