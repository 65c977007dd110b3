import { check } from "../check.ts";
import { type Context, namesOf } from "../context.ts";
import { inWords } from "../facts.ts";
import { callPackage, listVersions } from "../packages.ts";
import type { Listed } from "../state.ts";
import { removeLiving } from "./living.ts";

/** Step 12: removes what this run made, and what runs left that broke. All is tried before the step fails. */
export async function cleanUp(context: Context): Promise<void> {
  const notes = await notedRuns(context);
  const runs = new Set([context.run, ...notes.keys()]);
  const problems: string[] = [];
  for (const run of runs) {
    const left = await removeRun({ ...context, run }, notes.get(run)).catch((error: unknown) => [
      String(error),
    ]);
    problems.push(...left.map((problem) => `run ${run}: ${problem}`));
  }
  check(problems.length === 0, problems.join("\n"));
}

/** The notes of runs that have not been cleaned up, by their runs. */
async function notedRuns(context: Context): Promise<Map<string, Listed>> {
  const { ghosts } = namesOf(context);
  if ((await callPackage(context, "GET", ghosts)).status === 404) return new Map();
  const notes = (await listVersions(context, ghosts)).flatMap((version) =>
    version.tags.filter((tag) => tag.startsWith("run-")).map((tag) => [tag.slice(4), version] as const),
  );
  return new Map(notes);
}

/** Removes all of a run; what was not possible, in words. The note is removed when nothing is left. */
async function removeRun(context: Context, note: Listed | undefined): Promise<string[]> {
  const { images, last, whole, living, npm, scopedNpm, ghosts } = namesOf(context);
  const problems: string[] = [];
  const remove = async (name: string, rest = "", type = "container") => {
    const answer = await callPackage(context, "DELETE", name, rest, type);
    if (answer.status !== 204 && answer.status !== 404)
      problems.push(`DELETE of ${name}: ${inWords(answer)}`);
  };
  for (const name of [images, last, whole, living]) await remove(name);
  for (const name of [npm, scopedNpm]) await remove(name, "", "npm");
  await removeLiving(context).catch((error: unknown) => problems.push(String(error)));
  if (note && problems.length === 0) await remove(ghosts, `versions/${note.id}`);
  return problems;
}
