import path from "node:path";
import { messageOf } from "../model/error-message";
import type { InUseFile } from "../plan/in-use";
import { mentionsIn, textOf } from "../plan/mentions";
import { findFiles } from "./find-files";
import { LARGEST_FILE, type Places, readSafely } from "./safe-file";

/** `in-use-files` names files that are not there, or cannot be read. */
export class WorkspaceError extends Error {
  override readonly name = "WorkspaceError";
}

/** All files together, in bytes: they are in memory at once. */
const MOST_BYTES = 268_435_456;

/**
 * The files that the globs match (spec/action.md, `in-use-files`), by their path in the workspace with `/`; elsewhere by
 * their whole path. `!glob` excludes files from what the others match.
 *
 * @throws WorkspaceError when a glob matches no file: a typo must not leave unprotected what is in use
 */
export function readInUseFiles(globs: readonly string[], workspace: string, places: Places): InUseFile[] {
  const excludes = globs.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1));
  const includes = globs.filter((glob) => !glob.startsWith("!"));
  if (excludes.length > 0 && includes.length === 0)
    throw new WorkspaceError(
      `in-use-files: ${globs.join(", ")} only exclude files: name the files that count.`,
    );
  const paths = new Set(includes.flatMap((glob) => matched(glob, excludes, workspace, places)));
  return readAll([...paths].sort(), workspace, places);
}

function matched(glob: string, excludes: readonly string[], workspace: string, places: Places): string[] {
  const files = orWorkspaceError(glob, () => findFiles({ glob, excludes, directory: workspace, places }));
  if (files.length > 0) return files;
  throw new WorkspaceError(
    `in-use-files: ${glob} matches no file in ${workspace}: check the glob, and that the workspace is checked out ` +
      "before this step.",
  );
}

function readAll(paths: readonly string[], workspace: string, places: Places): InUseFile[] {
  let left = MOST_BYTES;
  return paths.map((file) =>
    orWorkspaceError(file, () => {
      const bytes = readSafely(file, places, Math.min(LARGEST_FILE.inUse, left));
      left -= bytes.length;
      return { path: shownPath(file, workspace), mentions: mentionsIn(textOf(bytes)) };
    }),
  );
}

function shownPath(file: string, workspace: string): string {
  const way = path.relative(workspace, file);
  return (way.startsWith("..") || path.isAbsolute(way) ? file : way).split(path.sep).join("/");
}

function orWorkspaceError<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const hint = 'check the path, or exclude it with a glob that begins with "!"';
    throw new WorkspaceError(`in-use-files: ${what} cannot be read: ${messageOf(error)}; ${hint}.`);
  }
}
