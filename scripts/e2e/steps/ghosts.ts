import { setTimeout as sleep } from "node:timers/promises";
import { check } from "../check.ts";
import { type Context, namesOf, registryName } from "../context.ts";
import { inWords, observe, round } from "../facts.ts";
import { pushNote, readNote } from "../images.ts";
import { callPackage, listVersions, waitForVersions } from "../packages.ts";
import { type Listed, stateOf } from "../state.ts";
import { countOf } from "./deletion.ts";

/** How many weeks' notes are left. */
const WEEKS = 4;

/** Step 6: what GitHub answers about versions that were deleted, now and a week later. */
export async function ghosts(context: Context): Promise<void> {
  await observeLastWeek(context);
  await leaveGhosts(context);
  await observeDeleted(context);
}

/** Lists, gets and deletes some of what step 4 deleted, after each of the waits. */
async function observeDeleted(context: Context): Promise<void> {
  const { images } = namesOf(context);
  const before = stateOf(context, "before");
  const deleted = stateOf(context, "deleted");
  const { "pr-2": tagged, orphan } = stateOf(context, "images");
  const samples = [tagged?.digest, tagged?.parts[0]?.digest, orphan?.digest];
  const ids = before.filter(({ name }) => samples.includes(name)).map(({ id }) => id);
  const start = Date.now();
  for (const [index, wait] of context.waits.entries()) {
    await sleep(start + wait * 1000 - Date.now());
    const listed = countOf(await listVersions(context, images), deleted);
    const facts = { listed, ...(await answersFor(context, images, ids)), afterSeconds: wait };
    observe(context, "ghosts", `look ${index + 1} at what was deleted`, facts);
  }
}

/** The different answers to GET and DELETE of versions. */
async function answersFor(
  context: Context,
  name: string,
  ids: readonly number[],
): Promise<Record<string, string[]>> {
  const get = new Set<string>();
  const deletion = new Set<string>();
  for (const id of ids) {
    get.add(inWords(await callPackage(context, "GET", name, `versions/${id}`)));
    deletion.add(inWords(await callPackage(context, "DELETE", name, `versions/${id}`)));
  }
  return { get: [...get].sort(), delete: [...deletion].sort() };
}

/** Deletes two versions and notes their ids in a third, which is there for the run of next week to read. */
async function leaveGhosts(context: Context): Promise<void> {
  const { ghosts: name } = namesOf(context);
  const repository = registryName(context, name);
  const tags = [`ghost-${context.run}-1`, `ghost-${context.run}-2`];
  for (const tag of tags) await pushNote(context, repository, tag, tag);
  const { value: ids } = await waitForVersions(
    context,
    name,
    `${tags.join(" and ")} are listed`,
    (versions) => {
      const found = versions.filter((version) => version.tags.some((tag) => tags.includes(tag)));
      return found.length === tags.length ? found.map(({ id }) => id) : undefined;
    },
  );
  await pushNote(context, repository, `week-${context.run}`, JSON.stringify(ids));
  for (const id of ids) {
    const answer = await callPackage(context, "DELETE", name, `versions/${id}`);
    check(answer.status === 204, `DELETE of version ${id} of ${name}: ${inWords(answer)}.`);
  }
  observe(context, "ghosts", "ids for next week", { count: ids.length });
}

/** Looks at what earlier runs deleted there, and deletes all but the newest notes. */
async function observeLastWeek(context: Context): Promise<void> {
  const { ghosts: name } = namesOf(context);
  const versions = await listVersions(context, name);
  const notes = versions.filter(({ tags }) => tags.some(isWeek)).sort((a, b) => b.id - a.id);
  const [latest, ...older] = notes;
  if (!latest) return;
  const note = await readNote(context, registryName(context, name), latest.tags.find(isWeek) ?? "");
  const ids = note === undefined ? [] : (JSON.parse(note) as number[]);
  observe(context, "ghosts", "versions deleted by the last run", {
    listed: ids.some((id) => versions.some((version) => version.id === id)),
    ...(await answersFor(context, name, ids)),
    afterSeconds: secondsSince(latest),
  });
  for (const { id } of older.slice(WEEKS - 1)) await callPackage(context, "DELETE", name, `versions/${id}`);
}

function isWeek(tag: string): boolean {
  return tag.startsWith("week-");
}

function secondsSince({ createdAt }: Listed): number {
  return round((Date.now() - Date.parse(createdAt)) / 1000);
}
