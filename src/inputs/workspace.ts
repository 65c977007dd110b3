import { readFile } from "node:fs/promises";
import path from "node:path";
import { create } from "@actions/glob";
import { textOf, type WorkspaceFile } from "../plan/in-use";

/** `in-use-files` names files that are not there, or cannot be read. */
export class WorkspaceError extends Error {
  override readonly name = "WorkspaceError";
}

/**
 * The files of the workspace that the globs match (spec/action.md, `in-use-files`), by their path in it with `/`.
 * `!glob` excludes files from what the others match.
 *
 * @throws WorkspaceError when a glob matches no file: a typo must not leave unprotected what is in use
 */
export async function readInUseFiles(globs: readonly string[], workspace: string): Promise<WorkspaceFile[]> {
  const excludes = globs.filter((glob) => glob.startsWith("!"));
  const includes = globs.filter((glob) => !glob.startsWith("!"));
  if (globs.length > includes.length && includes.length === 0)
    throw new WorkspaceError(
      `in-use-files: ${globs.join(", ")} only exclude files: name the files that count.`,
    );
  const paths = new Set<string>();
  for (const glob of includes) {
    const matched = await matchFiles([glob, ...excludes], workspace);
    if (matched.length === 0) throw new WorkspaceError(noMatch(glob, workspace));
    for (const file of matched) paths.add(file);
  }
  const files = await Promise.all([...paths].map((file) => readWorkspaceFile(file, workspace)));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function matchFiles(globs: readonly string[], workspace: string): Promise<string[]> {
  const patterns = globs.map((glob) => absolute(glob, workspace));
  const globber = await create(patterns.join("\n"), { matchDirectories: false });
  return globber.glob();
}

function noMatch(glob: string, workspace: string): string {
  return (
    `in-use-files: ${glob} matches no file in ${workspace}: check the glob, and that the workspace is checked out ` +
    "before this step."
  );
}

/** Globs are relative to the workspace, not to the directory that the step runs in. */
function absolute(glob: string, workspace: string): string {
  const [, exclude = "", pattern = ""] = /^(!?)(.*)$/.exec(glob) ?? [];
  return `${exclude}${path.isAbsolute(pattern) ? pattern : path.join(escapeGlob(workspace), pattern)}`;
}

/** A path as a glob that matches just it, in the way of @actions/glob. */
function escapeGlob(text: string): string {
  const slashes = path.sep === "\\" ? text : text.replaceAll("\\", "\\\\");
  return slashes
    .replace(/\[(?=[^/\\]+\])/g, "[[]")
    .replaceAll("?", "[?]")
    .replaceAll("*", "[*]");
}

async function readWorkspaceFile(file: string, workspace: string): Promise<WorkspaceFile> {
  try {
    const text = textOf(await readFile(file));
    return { path: path.relative(workspace, file).split(path.sep).join("/"), text };
  } catch (error) {
    throw new WorkspaceError(`in-use-files: ${file} cannot be read: ${(error as Error).message}`);
  }
}
