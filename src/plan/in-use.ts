import type { PackageRef, PackageVersion } from "../model/package-version";
import type { Mentions } from "./mentions";
import type { PlanWarning } from "./plan-warnings";

/** A file that `in-use-files` names, by its path in the workspace. */
export interface InUseFile {
  readonly path: string;
  readonly mentions: Mentions;
}

/** What files mention of a container package. */
export interface FilesInUse {
  /** By version id, the paths in the order of the files. */
  readonly inUse: ReadonlyMap<number, readonly string[]>;
  /** The tags that are mentioned by themselves. */
  readonly tags: ReadonlySet<string>;
}

/**
 * Which versions of a container package the files mention (spec/action.md, `in-use-files`): any digest of the package
 * anywhere; each tag in a reference to the package (`latest` where it has neither tag nor digest), and each word by
 * itself that equals a tag.
 *
 * @param repository `owner/name`
 */
export function findInUse(
  files: readonly InUseFile[],
  repository: string,
  versions: readonly PackageVersion[],
): FilesInUse {
  const idsByTag = idsBy(versions, ({ tags }) => tags);
  const idsByDigest = idsBy(versions, ({ name }) => [name]);
  const inUse = new Map<number, string[]>();
  const used = new Set<string>();
  for (const { path, mentions } of files) {
    const tags = [...common(mentions.words, idsByTag), ...tagsOf(mentions, repository)];
    for (const tag of tags) if (idsByTag.has(tag)) used.add(tag);
    const ids = [
      ...tags.flatMap((tag) => idsByTag.get(tag) ?? []),
      ...common(mentions.digests, idsByDigest).flatMap((digest) => idsByDigest.get(digest) ?? []),
    ];
    for (const id of new Set(ids)) push(inUse, id, path);
  }
  return { inUse, tags: used };
}

function idsBy(
  versions: readonly PackageVersion[],
  keys: (version: PackageVersion) => readonly string[],
): Map<string, number[]> {
  const ids = new Map<string, number[]>();
  for (const version of versions) for (const key of keys(version)) push(ids, key, version.id);
  return ids;
}

/** What both have, found from the shorter one: there may be many files, and many versions. */
function common(words: ReadonlySet<string>, ids: ReadonlyMap<string, unknown>): string[] {
  return words.size < ids.size
    ? [...words].filter((word) => ids.has(word))
    : [...ids.keys()].filter((key) => words.has(key));
}

/** The tags in references to a package. */
function tagsOf({ references }: Mentions, repository: string): string[] {
  const parts = repository.toLowerCase().split("/");
  const ofName = references.get(parts.at(-1) ?? "") ?? [];
  return ofName.filter(({ path }) => isNameOf(path, parts)).flatMap(({ tags }) => tags);
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/**
 * Whether a path is that of a repository: under any host or none, since mirrors keep the path; `owner/name` in full
 * may have other parts in front of it, as caches put them there, and its end alone may have hosts.
 */
function isNameOf(path: readonly string[], repository: readonly string[]): boolean {
  if (endsIn(path, repository)) return true;
  let hosts = 0;
  while (hosts < path.length - 1 && isHost(path[hosts])) hosts++;
  return endsIn(repository, path) || endsIn(repository, path.slice(hosts));
}

function isHost(part = ""): boolean {
  return part.includes(".") || part === "localhost";
}

function endsIn(parts: readonly string[], end: readonly string[]): boolean {
  const offset = parts.length - end.length;
  return offset >= 0 && end.every((part, index) => parts[offset + index] === part);
}

/** How many files a warning names. */
const MOST_NAMES = 3;

/** What a person should know where files were to keep versions of a package, and none does. */
export function nothingInUse({ name }: PackageRef, files: readonly InUseFile[]): PlanWarning {
  const paths = files.slice(0, MOST_NAMES).map(({ path }) => path);
  const more = files.length - paths.length;
  const list = `${paths.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const message =
    `in-use-files: nothing of ${name} is found in ${list}. Check that the files name its tags or digests, or remove ` +
    "in-use-files from its policy.";
  return { kind: "nothing-in-use", message };
}
