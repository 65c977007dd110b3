import { isBookkeepingTag } from "../model/bookkeeping";
import type { PackageReport, VersionReport } from "./report";
import { code, countOf, LONGEST_NAME, oneLine } from "./report-text";

/** Versions that only one tag keeps, which no line covers: a line for such tags would leave them to their other tags. */
interface Hint {
  /** The line: `sha-*: follow`. */
  readonly line: string;
  /** One of the tags. */
  readonly tag: string;
  readonly count: number;
}

const MOST = 3;

/** The log's lines on them; none where there are none. */
export function followLogLines({ versions }: PackageReport): string[] {
  return hintsOf(versions)
    .map(({ line, tag, count }) =>
      hintText(count, oneLine(tag, LONGEST_NAME), `"${oneLine(line, LONGEST_NAME)}"`),
    )
    .map((text) => `  ${text}`);
}

/** The summary's paragraph on them, in Markdown; empty where there are none. */
export function followParagraph(packages: readonly PackageReport[]): string {
  const versions = packages.flatMap((pkg) => pkg.versions);
  const hints = hintsOf(versions).map(({ line, tag, count }) => hintText(count, code(tag), code(line)));
  return hints.map((hint) => `${hint}.\n\n`).join("");
}

function hintText(count: number, tag: string, line: string): string {
  const kept =
    count === 1
      ? "1 version is kept only for the tag"
      : `${countOf(count, "version")} are kept only for tags such as`;
  return `${kept} ${tag}: a line ${line} lets the others decide`;
}

/** The most frequent kinds of tags that keep versions by themselves. */
function hintsOf(versions: readonly VersionReport[]): Hint[] {
  const hints = new Map<string, Hint>();
  for (const version of versions) {
    const tag = keepingTag(version);
    if (tag === undefined) continue;
    const line = `${keyFor(tag)}: follow`;
    const known = hints.get(line) ?? { line, tag, count: 0 };
    hints.set(line, { ...known, count: known.count + 1 });
  }
  return [...hints.values()].sort((a, b) => b.count - a.count).slice(0, MOST);
}

/** The one tag that is not covered, where nothing else keeps the version and another tag could decide. */
function keepingTag({ verdict, reasons, tags }: VersionReport): string | undefined {
  const [reason, ...others] = reasons;
  if (verdict !== "keep" || reason?.rule !== "uncovered" || others.length > 0) return undefined;
  return tags.filter((tag) => !isBookkeepingTag(tag)).length > 1 ? reason.tag : undefined;
}

/** A key for a tag and those like it: `sha-*`, or all commits where it is one by itself. */
function keyFor(tag: string): string {
  const [, head, tail = ""] = /^([A-Za-z]+[-_.])(.+)$/.exec(tag) ?? [];
  if (head !== undefined && (/[0-9]/.test(tail) || /^[0-9a-f]{7,40}$/.test(tail))) return `${head}*`;
  return /^[0-9a-f]{7,40}$/.test(tag) ? "/[0-9a-f]{7,40}/" : tag;
}
