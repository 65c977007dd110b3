import type { EmulatorData, Ghosts, OwnerData, PackageData, TokenData, VersionData } from "./data";
import { imageManifest, MEDIA_TYPES } from "./images";
import { manifestDigest, OLD_MEDIA_TYPES } from "./old-images";
import { buildRepository, type RepositoryState } from "./repositories";
import { parseTime } from "./time";

/** What the emulator reads in a manifest. */
export interface ManifestContent {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly manifests?: readonly { readonly digest: string }[];
  readonly config?: { readonly digest: string; readonly mediaType?: string };
  readonly layers?: readonly { readonly digest: string }[];
  /** Of an OCI artifact manifest. */
  readonly blobs?: readonly { readonly digest: string }[];
  /** Of Docker schema 1. */
  readonly fsLayers?: readonly { readonly blobSum: string }[];
  readonly schemaVersion?: number;
  readonly signatures?: readonly object[];
  readonly subject?: { readonly digest: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface StoredManifest {
  readonly mediaType: string;
  readonly body: string;
  readonly content: ManifestContent;
}

/** What a version was from a change on; kept so that a listing can lag behind. */
export interface Moment {
  readonly sequence: number;
  readonly time: number;
  readonly tags: readonly string[];
  readonly updatedAt: number;
  readonly deletedAt: number | undefined;
}

/** A version; times in milliseconds. Deleted ones stay, with `deletedAt`. */
export interface VersionState {
  readonly id: number;
  readonly name: string;
  tags: string[];
  readonly createdAt: number;
  updatedAt: number;
  deletedAt: number | undefined;
  downloads: number;
  readonly manifest: StoredManifest | undefined;
  ghost: Ghosts | undefined;
  readonly license: string | undefined;
  readonly description: string | undefined;
  readonly history: Moment[];
}

export interface PackageState {
  readonly id: number;
  readonly owner: string;
  readonly type: PackageData["type"];
  readonly name: string;
  visibility: "public" | "private" | "internal";
  readonly repository: string | undefined;
  /** Repositories, `owner/name`, whose jobs administer the package because one of them pushed it first. */
  readonly admins: readonly string[];
  readonly createdAt: number;
  updatedAt: number;
  deletedAt: number | undefined;
  ghosts: Ghosts | undefined;
  readonly versions: VersionState[];
}

export type OwnerState = OwnerData & { readonly id: number };

/** Everything that the emulator remembers; live, so that tests can look into it and change it. */
export interface EmulatorState {
  readonly owners: OwnerState[];
  readonly tokens: TokenData[];
  readonly packages: PackageState[];
  readonly repositories: RepositoryState[];
  /** Counts changes; `Moment.sequence` refers to it. */
  sequence: number;
}

/** Builds the state that checked data describes. `now` (milliseconds) is what relative times are relative to. Throws on a manifest that does not match its digest. */
export function buildState(data: EmulatorData, now: number): EmulatorState {
  const state: EmulatorState = {
    owners: data.owners.map((owner, index) => ({ ...owner, id: owner.id ?? 1001 + index })),
    tokens: [...data.tokens],
    packages: [],
    repositories: (data.repositories ?? []).map((one) => buildRepository(one, now)),
    sequence: 0,
  };
  const ids = assignIds(data, now);
  for (const [index, one] of data.packages.entries()) {
    const versions = one.versions.map((version, at) =>
      buildVersion(one, at, version, ids.get(version) ?? 0, now),
    );
    state.packages.push(buildPackage(one, one.id ?? 501 + index, versions, now));
  }
  return state;
}

/** The package of that owner, type and name that is not deleted (or, with `deleted`, the one deleted last). */
export function findPackage(
  state: EmulatorState,
  owner: string,
  type: string,
  name: string,
  deleted = false,
): PackageState | undefined {
  const login = owner.toLowerCase();
  return state.packages
    .filter((one) => one.owner.toLowerCase() === login && one.type === type && one.name === name)
    .filter((one) => (one.deletedAt !== undefined) === deleted)
    .sort((a, b) => (b.deletedAt ?? 0) - (a.deletedAt ?? 0))[0];
}

export function findOwner(state: EmulatorState, login: string): OwnerState | undefined {
  return state.owners.find((one) => one.login.toLowerCase() === login.toLowerCase());
}

export function activeVersions(one: PackageState): VersionState[] {
  return one.versions.filter((version) => version.deletedAt === undefined);
}

/** By package: its versions by their names, as far as they were looked at. */
const named = new WeakMap<PackageState, { readonly byName: Map<string, VersionState[]>; seen: number }>();

/** All versions of that name, deleted ones too. */
export function versionsNamed(one: PackageState, name: string): readonly VersionState[] {
  const known = named.get(one);
  // GitHub adds versions and removes none; a test may cut the list off.
  const isUsable = known !== undefined && known.seen <= one.versions.length;
  const index = isUsable ? known : { byName: new Map<string, VersionState[]>(), seen: 0 };
  named.set(one, index);
  for (; index.seen < one.versions.length; index.seen++) {
    const version = one.versions[index.seen];
    if (version) index.byName.set(version.name, [...(index.byName.get(version.name) ?? []), version]);
  }
  return index.byName.get(name) ?? [];
}

export function deletedVersions(one: PackageState): VersionState[] {
  return one.versions.filter((version) => version.deletedAt !== undefined);
}

/** A version as it comes into being, with the first moment of its history. */
export function newVersion(
  fields: Omit<VersionState, "history">,
  sequence: number,
  time: number,
): VersionState {
  const { tags, updatedAt, deletedAt } = fields;
  return { ...fields, history: [{ sequence, time, tags: [...tags], updatedAt, deletedAt }] };
}

/** Reads the text of a manifest. Throws if it is no JSON object. */
export function storedManifest(body: string, mediaType?: string): StoredManifest {
  const content = JSON.parse(body) as ManifestContent;
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new Error("no JSON object");
  return { mediaType: mediaType ?? content.mediaType ?? guessType(content), body, content };
}

function guessType({ manifests, schemaVersion, signatures }: ManifestContent): string {
  if (schemaVersion === 1)
    return signatures ? OLD_MEDIA_TYPES.dockerSchema1Signed : OLD_MEDIA_TYPES.dockerSchema1;
  return manifests ? MEDIA_TYPES.ociIndex : MEDIA_TYPES.ociManifest;
}

/** Ids ascend with the time of creation over all packages, as GitHub's do; equal times keep the order of the data. */
function assignIds(data: EmulatorData, now: number): Map<VersionData, number> {
  const all = data.packages.flatMap((one) => one.versions);
  const taken = new Set(all.flatMap((version) => version.id ?? []));
  const byTime = all
    .map((version) => ({ version, time: parseTime(version.createdAt, now) ?? 0 }))
    .sort((a, b) => a.time - b.time);
  const ids = new Map<VersionData, number>();
  let next = 1;
  for (const { version } of byTime) {
    if (version.id === undefined) while (taken.has(next)) next++;
    ids.set(version, version.id ?? next++);
  }
  return ids;
}

function buildPackage(data: PackageData, id: number, versions: VersionState[], now: number): PackageState {
  const created = Math.min(now, ...versions.map((version) => version.createdAt));
  const updated = Math.max(created, ...versions.map((version) => version.updatedAt));
  return {
    id,
    owner: data.owner,
    type: data.type,
    name: data.name,
    visibility: data.visibility ?? "private",
    repository: data.repository,
    admins: [],
    createdAt: timeOr(data.createdAt, now) ?? created,
    updatedAt: timeOr(data.updatedAt, now) ?? updated,
    deletedAt: timeOr(data.deletedAt, now),
    ghosts: data.ghosts,
    versions,
  };
}

function buildVersion(
  one: PackageData,
  at: number,
  data: VersionData,
  id: number,
  now: number,
): VersionState {
  const manifest = one.type === "container" ? manifestOf(one, at, data) : undefined;
  const digest = manifest && manifestDigest(manifest.body);
  const name = data.name ?? digest ?? "";
  if (digest !== undefined && name !== digest)
    throw new Error(
      `Package "${one.name}", version ${at}: its manifest has the digest ${digest}, not ${name}. Leave "name" out, or give the raw manifest as text.`,
    );
  const createdAt = timeOr(data.createdAt, now) ?? now;
  const updatedAt = timeOr(data.updatedAt, now) ?? createdAt;
  const { ghost, license, description, downloads = 0, tags = [] } = data;
  const deletedAt = timeOr(data.deletedAt, now);
  return newVersion(
    {
      id,
      name,
      tags: [...tags],
      createdAt,
      updatedAt,
      deletedAt,
      downloads,
      manifest,
      ghost,
      license,
      description,
    },
    0,
    Number.NEGATIVE_INFINITY,
  );
}

/** A container version with neither name nor manifest gets an image of its own; one with a name alone has no manifest to read. */
function manifestOf(one: PackageData, at: number, data: VersionData): StoredManifest | undefined {
  if (data.manifest === undefined)
    return data.name === undefined
      ? storedManifest(imageManifest(`${one.owner}/${one.name} ${at}`).body)
      : undefined;
  return storedManifest(typeof data.manifest === "string" ? data.manifest : JSON.stringify(data.manifest));
}

function timeOr(text: string | undefined, now: number): number | undefined {
  return text === undefined ? undefined : parseTime(text, now);
}
