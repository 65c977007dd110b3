import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { mkdir, open, unlink } from "node:fs/promises";
import path from "node:path";
import type { Inputs, Mode } from "../inputs/inputs";
import { messageOf } from "../model/error-message";
import type { Problem } from "../policy/problem";
import { besides } from "./report-file";

/** What is wrong with the place of the report: it cannot be written, or would overwrite what this run reads. */
export async function reportFileFaults(
  file: string | undefined,
  inputs: Pick<Inputs, "mode" | "workspace">,
): Promise<readonly Problem[]> {
  if (file === undefined) return [];
  const read = filesThatAreRead(inputs).find(({ path }) => isSameFile(file, path));
  const why = read === undefined ? await whyNotWritable(file) : undefined;
  if (read !== undefined) {
    const message = `${file} is what ${read.input} names, and the report would overwrite it: name another file`;
    return [{ source: "report-file", message }];
  }
  if (why === undefined) return [];
  return [
    { source: "report-file", message: `the report cannot be written to ${file}, check the path: ${why}` },
  ];
}

interface ReadFile {
  readonly input: string;
  readonly path: string;
}

function filesThatAreRead({ mode, workspace }: Pick<Inputs, "mode" | "workspace">): ReadFile[] {
  const files = mode.kind === "policies" ? filesOfPolicies(mode) : filesToRestore(mode);
  return files.map(({ input, path: given }) => ({ input, path: path.resolve(workspace, given) }));
}

function filesOfPolicies({ text, planFile }: Extract<Mode, { kind: "policies" }>): ReadFile[] {
  return [
    ...(planFile === undefined ? [] : [{ input: "plan-file", path: planFile }]),
    ...(text.path === undefined ? [] : [{ input: "policy-file", path: text.path }]),
  ];
}

function filesToRestore({ entries }: Extract<Mode, { kind: "restore" }>): ReadFile[] {
  return entries.flatMap((entry) =>
    entry.kind === "report" ? [{ input: "restore", path: entry.path }] : [],
  );
}

/**
 * Whether a report can be written there: better known before anything is deleted than after.
 *
 * @returns why not; undefined where it can
 */
async function whyNotWritable(file: string): Promise<string | undefined> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const there = lstatSync(file, { throwIfNoEntry: false });
    if (there && !there.isFile() && !there.isSymbolicLink()) return "something else than a file is there";
    const temporary = besides(file);
    await (await open(temporary, "wx")).close();
    await unlink(temporary);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** The first of `package-retention-report.json`, `package-retention-report-2.json` and so on that is not there yet. */
export function freeReportFile(directory: string): string {
  for (let number = 1; ; number++) {
    const file = path.join(directory, `package-retention-report${number === 1 ? "" : `-${number}`}.json`);
    if (!existsSync(file)) return file;
  }
}

/** Whether two paths lead to one file, by links, in another case, or written in another way. */
export function isSameFile(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
    return (a.dev === b.dev && a.ino === b.ino) || realpathSync(one) === realpathSync(other);
  } catch {
    return path.resolve(one) === path.resolve(other);
  }
}
