import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
} from "node:fs";
import { isAbsolute, relative, sep } from "node:path";

/** The directories in which the files that inputs name have to be. A person at a command line may name any file. */
export type Places = readonly string[] | "anywhere";

/** More is no file of that kind, and reading it would only take the memory. In bytes. */
export const LARGEST_FILE = { policy: 1_048_576, inUse: 16_777_216, report: 500_000_000 } as const;

const MEGABYTE = 1_000_000;
const CHUNK = 65_536;
/** Opening a pipe must not wait for somebody who writes to it. Windows has neither of the flags. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Reads a file that an input names (spec/action.md): a regular one, within the places also where links lead to it, and
 * not larger than `most` bytes. What is checked is what is read: an exchange in between is noticed.
 *
 * @throws Error that says why not, without the path
 */
export function readSafely(path: string, places: Places, most: number): Buffer {
  const real = realPathWithin(path, places);
  const file = openSync(real, OPEN_FLAGS);
  try {
    const stats = fstatSync(file);
    requireRegular(stats);
    if (!isSame(stats, lstatSync(realpathSync(real)))) throw new Error("it was replaced while it was opened");
    return readAtMost(file, stats.size, most);
  } finally {
    closeSync(file);
  }
}

/**
 * Where a path leads in the end, through all links.
 *
 * @throws Error that says why not, where that is outside of the places, or where there is nothing
 */
export function realPathWithin(path: string, places: Places): string {
  const real = realpathSync(path);
  if (places === "anywhere" || places.some((place) => isWithin(real, place))) return real;
  throw new Error(`it is not in the workspace and not in RUNNER_TEMP, but at ${real}`);
}

function isWithin(real: string, place: string): boolean {
  try {
    const way = relative(realpathSync(place), real);
    return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  } catch {
    return false;
  }
}

function requireRegular(stats: Stats): void {
  if (stats.isFile()) return;
  throw new Error(stats.isDirectory() ? "it is a directory" : "it is a device, a pipe or a socket");
}

function isSame(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** The size that the file system tells may be wrong: files of /proc have none, and others grow. */
function readAtMost(file: number, size: number, most: number): Buffer {
  const tooLarge = new Error(`it is larger than ${Math.round(most / MEGABYTE)} MB`);
  if (size > most) throw tooLarge;
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(CHUNK, size - total + 1));
    const read = readSync(file, chunk);
    if (read === 0) return Buffer.concat(chunks);
    total += read;
    if (total > most) throw tooLarge;
    chunks.push(chunk.subarray(0, read));
  }
}
