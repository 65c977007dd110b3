import { createHash } from "node:crypto";
import type { Descriptor, Manifest } from "../../src/model/manifest";
import type { PackageType, PackageVersion } from "../../src/model/package-version";
import { reasonText } from "../../src/model/reason";
import { type Facts, NO_FACTS } from "../../src/plan/facts";
import type { Images } from "../../src/plan/image-graph";
import { type Plan, type PlanInput, plan } from "../../src/plan/plan";
import { parseDuration } from "../../src/policy/duration";
import { parseKeep } from "../../src/policy/keep";
import type { Policy } from "../../src/policy/policy";

/** The moment at which all tests plan, unless they say otherwise. */
export const NOW = Date.parse("2026-11-20T12:00:00Z");

const MINUTE = 60_000;
const UNITS = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE } as const;

/** ISO time so long before NOW: `ago("14d")`, `ago("90m")`. */
export function ago(age: string, now = NOW): string {
  const match = /^(\d+)([mhd])$/.exec(age);
  if (!match) throw new Error(`not an age: ${age}`);
  const unit = UNITS[match[2] as keyof typeof UNITS];
  return new Date(now - Number(match[1]) * unit).toISOString().replace(".000Z", "Z");
}

/** A digest that is the same for the same name: `digest("index 1")`. */
export function digest(name: string): string {
  return `sha256:${createHash("sha256").update(name).digest("hex")}`;
}

/** The bookkeeping tag of a digest: `signatureTag(digest("app"), ".sig")`; without suffix the referrers fallback. */
export function signatureTag(subject: string, suffix = ""): string {
  return `${subject.replace(":", "-")}${suffix}`;
}

export interface VersionSpec {
  readonly id: number;
  /** Container: what the digest is made of (default `v<id>`). Other types: the version name. */
  readonly name?: string;
  readonly tags?: readonly string[];
  /** Since creation, and since the last update where no `updated` is given. */
  readonly age?: string;
  readonly updated?: string;
}

/** A container version. */
export function image({
  id,
  name = `v${id}`,
  tags = [],
  age = "100d",
  updated = age,
}: VersionSpec): PackageVersion {
  return { id, name: digest(name), tags, createdAt: ago(age), updatedAt: ago(updated) };
}

/** A version of a package type whose versions have one name and no tags. */
export function release({
  id,
  name = `1.0.${id}`,
  age = "100d",
  updated = age,
}: VersionSpec): PackageVersion {
  return { id, name, tags: [name], createdAt: ago(age), updatedAt: ago(updated) };
}

/** A policy of container packages, or of the given type, with the inputs' defaults. */
export function policy(keep: string, settings: Partial<Policy> = {}): Policy {
  const type: PackageType = settings.type ?? "container";
  const { lines, problems } = parseKeep(keep, { source: "keep", type });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const grace = parseDuration("1d");
  if ("error" in grace) throw new Error(grace.error);
  return {
    packages: { names: ["app"], globs: [], excludes: [] },
    type,
    lines,
    protect: new Set(),
    ifNotFound: "error",
    inUseFiles: [],
    inUseEnvironments: [],
    minKeep: 0,
    grace: grace.value,
    timestamp: "updated",
    timezone: "UTC",
    deleteBroken: "never",
    untag: false,
    deleteEmptyPackage: false,
    ...settings,
  };
}

const OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";

/** What the registry would answer, by the names that digests are made of. */
export interface RegistrySpec {
  /** Index → what it lists. Names that are themselves indexes here are listed as such. */
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
  /** Names of attestation manifests. */
  readonly attestations?: readonly string[];
  /** Names that the registry answers 404 for, as manifests. */
  readonly absent?: readonly string[];
  /** Subject → what names it in its manifest. */
  readonly referrers?: Readonly<Record<string, readonly string[]>>;
  /** Names that are not in the package, but the registry has them. */
  readonly present?: readonly string[];
  /** Ids of versions that GitHub lists, but does not have any more. */
  readonly ghosts?: readonly number[];
}

export interface Played {
  readonly plan: Plan;
  /** The names whose manifests were read, in order. */
  readonly reads: readonly string[];
  /** The ids that GitHub was asked for. */
  readonly asked: readonly number[];
}

/** Plans as the shell does, with a registry that answers from the spec; tells what was read. */
export function play(input: PlayInput, registry: RegistrySpec = {}, names: Names = {}): Played {
  const played = playOut(input, registry, names);
  if ("contradiction" in played) throw new Error(played.contradiction);
  return played;
}

type PlayInput = Pick<PlanInput, "policy" | "versions"> & Partial<PlanInput>;
type Names = Readonly<Record<string, string>>;

/** As `play`, for what may contradict itself. */
export function playOut(
  input: PlayInput,
  registry: RegistrySpec = {},
  names: Names = {},
): Played | { readonly contradiction: string } {
  const answers = manifestsOf(registry);
  const images = {
    manifests: new Map<string, Manifest | "absent">(),
    exists: new Map<string, boolean>(),
    versions: new Map<number, boolean>(),
  } satisfies Images;
  const reads: string[] = [];
  const asked: number[] = [];
  function read(digest: string): Manifest | "absent" {
    const manifest = answers.get(digest) ?? { kind: "image" };
    images.manifests.set(digest, manifest);
    reads.push(names[digest] ?? digest);
    return manifest;
  }
  for (;;) {
    const subject = { type: input.policy.type, name: "app" };
    const planning = plan({ pkg: subject, inUse: new Map(), now: NOW, ...input, images });
    if (planning.kind === "plan") return { plan: planning.plan, reads, asked };
    if (planning.kind === "contradiction") return { contradiction: planning.message };
    const { needs } = planning;
    needs.manifests.forEach(read);
    const listed = new Set<string>();
    for (const digest of needs.unlisted)
      if (!listed.has(digest)) for (const part of partsOf(read(digest))) listed.add(part);
    for (const one of needs.exists)
      images.exists.set(one, (registry.present ?? []).map(digest).includes(one));
    for (const id of needs.versions) images.versions.set(id, !(registry.ghosts ?? []).includes(id));
    asked.push(...needs.versions);
  }
}

function partsOf(manifest: Manifest | "absent"): string[] {
  const listed = manifest !== "absent" && manifest.kind === "index" ? manifest.manifests : [];
  return listed.filter(({ mediaType }) => mediaType === OCI_IMAGE).map((entry) => entry.digest);
}

function manifestsOf({
  indexes = {},
  attestations = [],
  absent = [],
  referrers = {},
}: RegistrySpec): Map<string, Manifest | "absent"> {
  const answers = new Map<string, Manifest | "absent">(absent.map((name) => [digest(name), "absent"]));
  for (const [name, listed] of Object.entries(indexes)) {
    const manifests = listed.map(
      (part): Descriptor => ({
        digest: digest(part),
        mediaType: part in indexes ? OCI_INDEX : OCI_IMAGE,
        attestation: attestations.includes(part),
      }),
    );
    answers.set(digest(name), { kind: "index", manifests });
  }
  for (const [subject, names] of Object.entries(referrers)) {
    for (const name of names) {
      const manifest = answers.get(digest(name)) ?? { kind: "image" };
      if (manifest !== "absent") answers.set(digest(name), { ...manifest, subject: digest(subject) });
    }
  }
  return answers;
}

/** A plan as people read it: `{1: ["keep", "latest: always"]}`, by version id. */
export function readable(plan: Plan): Record<number, string[]> {
  return Object.fromEntries(
    plan.verdicts.map(({ version, verdict, reasons }) => [version.id, [verdict, ...reasons.map(reasonText)]]),
  );
}

/** For runs that ask no repository anything. */
export function noRepository(fullName: string): never {
  throw new Error(`nobody asked for the repository ${fullName}`);
}

/** For packages whose policies ask no repository anything. */
export const askNothing = async (): Promise<Facts> => NO_FACTS;
