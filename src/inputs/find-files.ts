import { readdirSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { Minimatch } from "minimatch";
import { type Places, realPathWithin } from "./safe-file";

export interface FileSearch {
  /** Relative to `directory`, or absolute. What matches a directory matches all that is in it. */
  readonly glob: string;
  /** Globs of files and directories that do not count. */
  readonly excludes: readonly string[];
  readonly directory: string;
  readonly places: Places;
}

/** A checkout has fewer files and directories than this; a link to `/` leads to more. */
const MOST_ENTRIES = 1_000_000;

const OPTIONS = {
  dot: true,
  nobrace: true,
  nocomment: true,
  noext: true,
  nonegate: true,
  nocase: process.platform === "win32",
};

/**
 * The files that a glob matches, with `/` on all systems. Links are followed, within the places; a link to nowhere
 * counts as no file.
 *
 * @throws Error that says which path leads out of the places, or that there are too many
 */
export function findFiles(search: FileSearch): string[] {
  const pattern = absolute(search.glob, search.directory);
  const excludes = search.excludes.map((glob) => compile(absolute(glob, search.directory)));
  const glob = compile(pattern);
  const found: string[] = [];
  let entries = 0;

  function visit(file: string, isMatched: boolean, above: readonly string[]): void {
    entries += 1;
    if (entries > MOST_ENTRIES)
      throw new Error(`more than ${MOST_ENTRIES} files and directories are below it`);
    if (excludes.some((exclude) => exclude.match(file))) return;
    const matches = isMatched || glob.match(file);
    if (!matches && !glob.match(file, true)) return;
    const stats = statsOf(file);
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      if (matches) found.push(file);
      return;
    }
    const real = realPathWithin(file, search.places);
    if (above.includes(real)) return;
    for (const name of readdirSync(file)) visit(path.posix.join(file, name), matches, [...above, real]);
  }

  visit(startOf(pattern), false, []);
  return found;
}

/** Undefined where nothing is there, a file in place of a directory above it included. */
function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function compile(glob: string): Minimatch {
  return new Minimatch(glob.replace(/(?<=.)\/+$/, ""), OPTIONS);
}

/** Globs are relative to the workspace, not to the directory that the step runs in. */
function absolute(glob: string, directory: string): string {
  const whole = path.isAbsolute(glob) ? glob : `${escapeGlob(path.resolve(directory))}/${glob}`;
  return path.posix.normalize(whole.split(path.sep).join("/"));
}

/** A path as a glob that matches just it. */
function escapeGlob(text: string): string {
  return text
    .split(path.sep)
    .join("/")
    .replace(/[?*[\]]/g, "[$&]");
}

/** The directory, or the file, below which all is that a glob can match. */
function startOf(glob: string): string {
  const segments = glob.split("/");
  const magic = segments.findIndex((segment) => /[?*]|\[.+\]/.test(segment.replace(/\[([?*[\]])\]/g, "")));
  const plain = magic === -1 ? segments : segments.slice(0, magic);
  return plain.join("/").replace(/\[([?*[\]])\]/g, "$1") || "/";
}
