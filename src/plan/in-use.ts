import type { PackageVersion } from "../model/package-version";

/** A text file of the workspace, by its path in it. */
export interface WorkspaceFile {
  readonly path: string;
  readonly text: string;
}

const DIGEST = /sha256:[0-9a-f]{64}/g;
const WORD = /[\w][\w.-]*/g;

/**
 * A file's text in all the ways it may be meant, one after the other: as UTF-8; without the zero bytes that UTF-16 (as
 * Windows' shells write it) has between plain characters; and with what JSON and addresses escape. What is found too
 * often can only keep more.
 */
export function textOf(bytes: Uint8Array): string {
  const written = Buffer.from(bytes).toString("utf8");
  const text = written.includes("\0") ? written.replaceAll("\0", "") : written;
  const unescaped = text
    .replaceAll("\\/", "/")
    .replace(/\\[nrt]/g, " ")
    .replace(/%2f/gi, "/")
    .replace(/%3a/gi, ":")
    .replace(/%40/gi, "@");
  return unescaped === text ? text : `${text}\n${unescaped}`;
}

/**
 * Which versions of a container package the files mention, and which files they are (spec/action.md,
 * `in-use-files`): any digest of the package anywhere; and in a file that names the package, each tag of an image
 * reference (`latest` where it has neither tag nor digest) and each word that equals a tag.
 *
 * @param repository `owner/name`
 * @returns by version id, the paths in the order of the files
 */
export function findInUse(
  files: readonly WorkspaceFile[],
  repository: string,
  versions: readonly PackageVersion[],
): Map<number, string[]> {
  const idsByName = new Map<string, number[]>();
  for (const { id, name, tags } of versions) for (const key of [name, ...tags]) push(idsByName, key, id);
  const inUse = new Map<number, string[]>();
  for (const { path, text } of files) {
    const mentioned = new Set([...mentions(text, repository)].flatMap((name) => idsByName.get(name) ?? []));
    for (const id of mentioned) push(inUse, id, path);
  }
  return inUse;
}

/** The tags among those of the versions that the files mention by themselves, as `findInUse` finds them. */
export function findTagsInUse(
  files: readonly WorkspaceFile[],
  repository: string,
  versions: readonly PackageVersion[],
): Set<string> {
  const mentioned = files.map(({ text }) => mentions(text, repository));
  const tags = new Set(versions.flatMap((version) => version.tags));
  return new Set([...tags].filter((tag) => mentioned.some((names) => names.has(tag))));
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Digests and possible tags of the package in one text. */
function mentions(text: string, repository: string): Set<string> {
  const names = new Set(text.match(DIGEST) ?? []);
  const references = [...text.matchAll(referencePattern(repository))];
  if (references.length === 0) return names;
  for (const [word] of text.matchAll(WORD)) names.add(word).add(word.replace(/[.-]+$/, ""));
  if (references.some(({ groups }) => groups?.rest === undefined)) names.add("latest");
  return names;
}

/** `owner/name` under any host or none, with what follows: a tag or a digest. Hosts and owners ignore case. */
function referencePattern(repository: string): RegExp {
  const literal = repository.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w.-])${literal}(?!/?[\\w-])(?!\\.\\w)(?<rest>:[\\w]|@sha256:)?`, "gi");
}
