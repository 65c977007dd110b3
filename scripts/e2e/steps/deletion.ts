import { checkEqual, checkSame, namesWith, readReport } from "../check.ts";
import { type Context, namesOf, registryName } from "../context.ts";
import { answerFacts, observe } from "../facts.ts";
import { waitFor } from "../http.ts";
import { pullImages } from "../images.ts";
import { listVersions, listWithoutGhosts, tagsByName } from "../packages.ts";
import { callRegistry } from "../registry.ts";
import { type Listed, stateOf } from "../state.ts";

/** Step 3, after the dry run: exactly the expected plan, and nothing has changed. */
export async function checkDryRun(context: Context): Promise<void> {
  const report = readReport();
  checkEqual("the status", report.status, "dry-run");
  checkPlan(context, "delete", namesWith(report, "delete"));
  checkPlan(context, "keep", namesWith(report, "keep"));
  const now = await listVersions(context, namesOf(context).images);
  checkEqual("the versions after a dry run", byId(now), byId(stateOf(context, "before")));
}

/** What the report plans is what the policy means for what was pushed. */
export function checkPlan(context: Context, verdict: "keep" | "delete", names: readonly string[]): void {
  checkSame(`the versions to ${verdict}`, names, stateOf(context, verdict === "keep" ? "kept" : "deleted"));
}

/** Step 4, after the deletions: all that was planned is gone, and each image that is kept can be pulled whole. */
export async function checkApply(context: Context): Promise<void> {
  const { images } = namesOf(context);
  const [kept, deleted] = [stateOf(context, "kept"), stateOf(context, "deleted")];
  const { status, counts } = readReport();
  checkEqual("the status", status, "complete");
  const expected = { kept: kept.length, planned: deleted.length, deleted: deleted.length };
  for (const [name, count] of Object.entries(expected))
    checkEqual(`the count "${name}"`, counts[name as keyof typeof expected], count);

  const now = await listVersions(context, images);
  observe(context, "apply", "deleted versions that are listed right afterwards", countOf(now, deleted));
  checkSame(
    "the kept versions that are listed",
    now.filter(({ name }) => kept.includes(name)).map(({ name }) => name),
    kept,
  );
  await pullImages(context, images, ["v1.0.0", "latest", "edge", ...stateOf(context, "delicate")]);
  await observeDeletions(context, now);
}

/** How long the deletions took by GitHub's clock, what else changed, and what the registry has of what was deleted. */
async function observeDeletions(context: Context, now: readonly Listed[]): Promise<void> {
  const { images } = namesOf(context);
  const [before, kept] = [stateOf(context, "before"), stateOf(context, "kept")];
  const gone = await listVersions(context, images, { state: "deleted" });
  const times = gone
    .flatMap(({ deletedAt }) => (deletedAt === undefined ? [] : [Date.parse(deletedAt)]))
    .sort((a, b) => a - b);
  observe(context, "apply", "the deletions", {
    listed: gone.length,
    takeSeconds: ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000,
  });
  const timeOf = (versions: readonly Listed[], name: string) =>
    versions.find((one) => one.name === name)?.updatedAt;
  const isChanged = kept.some((name) => timeOf(now, name) !== timeOf(before, name));
  observe(context, "apply", "updated_at of kept versions changes", isChanged);

  const image = stateOf(context, "images")["pr-2"];
  const asked = {
    "its index": image?.digest,
    "a platform of it": image?.parts[0]?.digest,
    "its tag": "pr-2",
  };
  for (const [name, reference] of Object.entries(asked)) {
    const answer = await callRegistry(context, registryName(context, images), `manifests/${reference}`);
    observe(context, "apply", `a deleted image, ${name}`, answerFacts(answer));
  }
}

/** How many of these digests are listed: a ghost is one that was deleted. */
export function countOf(versions: readonly Listed[], digests: readonly string[]): string {
  const count = digests.filter((digest) => versions.some(({ name }) => name === digest)).length;
  return count === 0 ? "none" : count === digests.length ? "all" : "some";
}

/** Step 7: tags and digests are as they were before anything was deleted, as soon as GitHub lists them so. */
export async function checkAsBefore(context: Context): Promise<void> {
  const before = stateOf(context, "before");
  const expected = before.map(({ name }) => name);
  const list = () => listWithoutGhosts(context, namesOf(context).images, expected);
  let now = await list();
  const isAsBefore = () => JSON.stringify(tagsByName(now)) === JSON.stringify(tagsByName(before));
  await waitFor("tags and digests are as before", async () => {
    if (!isAsBefore()) now = await list();
    return isAsBefore() || undefined;
  }).catch(() => checkEqual("tags and digests", tagsByName(now), tagsByName(before)));
}

function byId(versions: readonly Listed[]): Listed[] {
  return [...versions].sort((a, b) => a.id - b.id);
}
