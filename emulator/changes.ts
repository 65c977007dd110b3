import { manifestDigest } from "./old-images";
import {
  activeVersions,
  type EmulatorState,
  findPackage,
  newVersion,
  type PackageState,
  storedManifest,
  type VersionState,
} from "./state";

const RESTORABLE_DAYS = 30;
const DAY = 86_400_000;
const MAX_DOWNLOADS = 5000;

/** GitHub's answer to a change that it does not make. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Deletes a version, or says why GitHub would refuse (reference: "Errors"). */
export function deleteVersion(
  state: EmulatorState,
  one: PackageState,
  version: VersionState,
  now: number,
): Refusal | undefined {
  const refusal = refuseDeletion(one, version);
  if (refusal) return refusal;
  version.deletedAt = now;
  record(state, version, now);
  return undefined;
}

/** Restores a version with those of its tags that no other version has taken meanwhile. 404 after 30 days, or when its name is in use again. */
export function restoreVersion(
  state: EmulatorState,
  one: PackageState,
  version: VersionState,
  now: number,
): Refusal | undefined {
  const others = activeVersions(one);
  const nameTaken = others.some((other) => other.name === version.name);
  if (nameTaken || isTooOld(version.deletedAt, now))
    return { status: 404, message: "Package version not found." };
  const taken = new Set(others.flatMap((other) => (one.type === "container" ? other.tags : [])));
  version.tags = version.tags.filter((tag) => !taken.has(tag));
  version.deletedAt = undefined;
  record(state, version, now);
  return undefined;
}

/** Deletes a package with all its versions. */
export function deletePackage(one: PackageState, now: number): Refusal | undefined {
  if (one.visibility === "public" && activeVersions(one).some((version) => version.downloads > MAX_DOWNLOADS))
    return {
      status: 400,
      message: `Publicly visible packages with more than ${MAX_DOWNLOADS} downloads cannot be deleted. Contact GitHub support for further assistance.`,
    };
  one.deletedAt = now;
  return undefined;
}

/** Restores a package and the versions it had when it was deleted. 404 after 30 days, or when its name is in use again. */
export function restorePackage(state: EmulatorState, one: PackageState, now: number): Refusal | undefined {
  const nameTaken = findPackage(state, one.owner, one.type, one.name) !== undefined;
  if (nameTaken || isTooOld(one.deletedAt, now)) return { status: 404, message: "Package not found." };
  one.deletedAt = undefined;
  return undefined;
}

/** Creates a package, private, and empty until something is pushed. A job's push links it to its repository, which administers it. */
export function createPackage(
  state: EmulatorState,
  fields: Pick<PackageState, "owner" | "type" | "name" | "repository">,
  now: number,
): PackageState {
  const one: PackageState = {
    ...fields,
    id: Math.max(500, ...state.packages.map(({ id }) => id)) + 1,
    visibility: "private",
    admins: fields.repository === undefined ? [] : [fields.repository],
    createdAt: now,
    updatedAt: now,
    deletedAt: undefined,
    ghosts: undefined,
    versions: [],
  };
  state.packages.push(one);
  return one;
}

/** Pushes a manifest: a version of that digest is made unless there is one, and the tag (if any) moves to it. */
export function pushManifest(
  state: EmulatorState,
  one: PackageState,
  push: { readonly body: string; readonly mediaType?: string; readonly tag?: string },
  now: number,
): VersionState {
  const name = manifestDigest(push.body);
  const manifest = storedManifest(push.body, push.mediaType);
  const version =
    activeVersions(one).find((other) => other.name === name) ??
    addVersion(state, one, { name, manifest, description: undefined }, now);
  if (push.tag !== undefined && !version.tags.includes(push.tag)) moveTag(state, one, version, push.tag, now);
  one.updatedAt = now;
  return version;
}

/** Publishes a version of a package that is no container. */
export function publishVersion(
  state: EmulatorState,
  one: PackageState,
  { name, description }: { readonly name: string; readonly description?: string | undefined },
  now: number,
): VersionState {
  one.updatedAt = now;
  return addVersion(state, one, { name, manifest: undefined, description }, now);
}

/** Remembers what a version is now, so that a listing can lag behind; call it after changing one by hand. */
export function record(state: EmulatorState, version: VersionState, now: number): void {
  const { tags, updatedAt, deletedAt } = version;
  state.sequence++;
  version.history.push({ sequence: state.sequence, time: now, tags: [...tags], updatedAt, deletedAt });
}

function refuseDeletion(one: PackageState, version: VersionState): Refusal | undefined {
  if (one.visibility === "public" && version.downloads > MAX_DOWNLOADS)
    return {
      status: 400,
      message: `Publicly visible package versions with more than ${MAX_DOWNLOADS} downloads cannot be deleted. Contact GitHub support for further assistance.`,
    };
  const others = activeVersions(one).filter((other) => other !== version);
  if (others.length === 0) return lastOfItsKind("last version");
  const isLastTagged = version.tags.length > 0 && others.every((other) => other.tags.length === 0);
  return one.type === "container" && isLastTagged ? lastOfItsKind("last tagged version") : undefined;
}

function lastOfItsKind(kind: string): Refusal {
  return {
    status: 400,
    message: `You cannot delete the ${kind} of a package. You must delete the package instead.`,
  };
}

function isTooOld(deletedAt: number | undefined, now: number): boolean {
  return deletedAt === undefined || now - deletedAt > RESTORABLE_DAYS * DAY;
}

function addVersion(
  state: EmulatorState,
  one: PackageState,
  fields: Pick<VersionState, "name" | "manifest" | "description">,
  now: number,
): VersionState {
  state.sequence++;
  const version = newVersion(
    {
      ...fields,
      id: nextId(state),
      tags: [],
      createdAt: now,
      updatedAt: now,
      deletedAt: undefined,
      downloads: 0,
      ghost: undefined,
      license: undefined,
    },
    state.sequence,
    now,
  );
  one.versions.push(version);
  return version;
}

function moveTag(state: EmulatorState, one: PackageState, to: VersionState, tag: string, now: number): void {
  for (const version of activeVersions(one)) {
    if (!version.tags.includes(tag)) continue;
    version.tags = version.tags.filter((other) => other !== tag);
    record(state, version, now);
  }
  to.tags = [...to.tags, tag];
  to.updatedAt = now;
  record(state, to, now);
}

function nextId(state: EmulatorState): number {
  return (
    state.packages.reduce(
      (highest, one) => one.versions.reduce((most, version) => Math.max(most, version.id), highest),
      0,
    ) + 1
  );
}
