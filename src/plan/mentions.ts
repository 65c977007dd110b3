/** What a file mentions of images, whichever packages they are of (spec/action.md, `in-use-files`). */
export interface Mentions {
  readonly digests: ReadonlySet<string>;
  /** Words that stand by themselves: each may be a tag, as in `tag: 1.4.2`. */
  readonly words: ReadonlySet<string>;
  /** By the last part of their path: references such as `ghcr.io/acme/app:1.4.2`. */
  readonly references: ReadonlyMap<string, readonly Reference[]>;
}

export interface Reference {
  /** Hosts, the owner and the name, as far as they are written; in lower case. */
  readonly path: readonly string[];
  /** What its tag may be; `latest` where it has neither tag nor digest. */
  readonly tags: readonly string[];
}

const DIGEST = /sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})/g;
const BEGINS_DIGEST = /^sha(?:256|512):/;

/** All characters of tags, paths, ports and digests. */
const TOKEN = /[\w.\-/:@]+/g;

/** No tag is longer, and no path of an image. */
const LONGEST_TAG = 128;
const LONGEST_PATH = 512;

/** A key beside its value, as in `image.tag:1.4.2`; images have no upper-case letters. */
const KEY = /(^|[._-])(tag|version)$|[A-Z]/;

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

/** What is found, while a text is read. */
interface Finding {
  readonly words: Set<string>;
  readonly references: Map<string, Reference[]>;
  /** The references that are known, as texts. */
  readonly known: Set<string>;
}

/** Reads what a text mentions, in time of its length. */
export function mentionsIn(text: string): Mentions {
  const finding: Finding = { words: new Set(), references: new Map(), known: new Set() };
  for (const { 0: token, index } of text.matchAll(TOKEN)) readToken(token, text[index - 1] === "$", finding);
  const { words, references } = finding;
  return { digests: new Set(text.match(DIGEST) ?? []), words, references };
}

/** @param isVariable a `$` stands before it: its first part is the name of a variable */
function readToken(token: string, isVariable: boolean, finding: Finding): void {
  const scheme = token.indexOf("://");
  const [image = "", ...others] = (scheme === -1 ? token : token.slice(scheme + 3)).split("@");
  const hasDigest = others.some((other) => BEGINS_DIGEST.test(other));
  for (const other of others) if (!BEGINS_DIGEST.test(other)) addWord(other, finding);
  for (const [place, name] of namesIn(image).entries())
    addName(name, { hasDigest, isVariable: isVariable && place === 0 }, finding);
}

interface Name {
  readonly path: string;
  /** What follows a colon; absent without one. */
  readonly tag?: string;
}

/** The names between colons: `host:5000/app:1.4.2` is one with a tag, `./data:/var` are two. */
function namesIn(text: string): Name[] {
  const names: Name[] = [];
  let path: string | undefined;
  for (const piece of text.split(":")) {
    if (path === undefined) path = piece;
    else if (!path.includes("/") && /^\d{1,5}\//.test(piece))
      path = `${path}.${piece.slice(piece.indexOf("/"))}`;
    else if (piece.includes("/")) {
      names.push({ path });
      path = piece;
    } else {
      names.push({ path, tag: piece });
      path = undefined;
    }
  }
  if (path !== undefined) names.push({ path });
  return names;
}

/** What stands around a name. */
interface Around {
  readonly hasDigest: boolean;
  readonly isVariable: boolean;
}

function addName({ path, tag }: Name, { hasDigest, isVariable }: Around, finding: Finding): void {
  const written = path.split("/");
  const parts = (isVariable ? written.slice(1) : written).filter((part) => part !== "");
  const [only, ...more] = parts;
  if (tag) {
    const isKey = only === undefined || (more.length === 0 && KEY.test(only));
    if (isKey) addWord(tag, finding);
    if (only !== undefined) addReference(parts, tagsIn(tag), finding);
    return;
  }
  if (!path.includes("/")) addWord(path, finding);
  else if (!path.endsWith("/") && !/^\.{1,2}$/.test(only ?? "."))
    addReference(parts, hasDigest ? [] : ["latest"], finding);
}

function addWord(text: string, { words }: Finding): void {
  for (const tag of tagsIn(text)) words.add(tag);
}

function addReference(parts: readonly string[], tags: readonly string[], finding: Finding): void {
  const text = parts.join("/").toLowerCase();
  const key = `${text}:${tags.join(":")}`;
  if (tags.length === 0 || text.length > LONGEST_PATH || finding.known.has(key)) return;
  finding.known.add(key);
  const path = withoutEnd(text).split("/");
  const last = path.at(-1) ?? "";
  const known = finding.references.get(last);
  if (known) known.push({ path, tags });
  else finding.references.set(last, [{ path, tags }]);
}

/** A text as a tag, and without the signs of a sentence that it may end in. */
function tagsIn(text: string): string[] {
  const start = text.search(/\w/);
  if (start === -1) return [];
  const tag = text.slice(start);
  return [...new Set([tag, withoutEnd(tag)])].filter((one) => one !== "" && one.length <= LONGEST_TAG);
}

/** Without trailing `.` and `-`; a loop, since an expression would look for its end from each of them. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === "." || text[end - 1] === "-")) end--;
  return text.slice(0, end);
}
