import type { WrittenPackage } from "../../../src/report/report.ts";
import { checkEqual, namesWith, readReport } from "../check.ts";
import { type Context, namesOf, registryName } from "../context.ts";
import { observe, shapeOf } from "../facts.ts";
import { pullImages } from "../images.ts";
import { callPackage, listVersions, waitForDeleted } from "../packages.ts";
import { callRegistry } from "../registry.ts";
import { stateOf } from "../state.ts";
import { checkAsBefore, checkPlan } from "./deletion.ts";
import { orderOf } from "./reads.ts";

const ALL_TAGS = ["v1.0.0", "latest", "pr-1", "sha-1a2b3c4", "pr-2", "pr-3", "edge"];

/** Step 7, before anything is restored: the list of what was deleted. */
export async function readDeleted(context: Context): Promise<void> {
  const { images } = namesOf(context);
  const answer = await callPackage(context, "GET", images, "versions?state=deleted&per_page=100");
  const deleted = await listVersions(context, images, { state: "deleted" });
  const active = await listVersions(context, images);
  observe(context, "restore", "the list of deleted versions", {
    status: answer.status,
    body: shapeOf(answer.json),
    order: orderOf(deleted),
    hasTags: deleted.some(({ tags }) => tags.length > 0),
    hasActiveOnes: deleted.some(({ id }) => active.some((one) => one.id === id)),
  });
}

/** Step 7, after `restore: <report>` and another dry run: the plan is the same again, and every image can be pulled. */
export async function checkRestored(context: Context): Promise<void> {
  const report = readReport();
  checkEqual("the status", report.status, "dry-run");
  checkPlan(context, "delete", [...namesWith(report, "delete"), ...heldBack(context, report)]);
  const references = [...ALL_TAGS, ...stateOf(context, "delicate")];
  await pullImages(context, namesOf(context).images, references);
}

/**
 * The untagged versions that a ghost holds (spec/policy.md, "Known before it goes"): GitHub may list the version that took
 * a tag away in step 5, and show it where it is asked for, though it was deleted.
 */
function heldBack(context: Context, { versions }: WrittenPackage): string[] {
  const isHeld = versions.some(({ reasons }) => reasons.some((reason) => reason.startsWith("held: ")));
  observe(context, "restore", "a ghost holds untagged versions", isHeld);
  const deleted = stateOf(context, "deleted");
  const kept = versions.filter(({ verdict, tags }) => verdict === "keep" && tags.length === 0);
  return isHeld ? kept.map(({ name }) => name).filter((name) => deleted.includes(name)) : [];
}

/** Step 7, after one image was deleted: GitHub lists it as such, and its tag is gone. */
export async function checkOneDeleted(context: Context): Promise<void> {
  const { images } = namesOf(context);
  const digest = stateOf(context, "images")["pr-2"]?.digest;
  await waitForDeleted(context, images, [digest ?? ""]);
  const { status } = await callRegistry(context, registryName(context, images), "manifests/pr-2");
  checkEqual("the status of the tag pr-2", status, 404);
}

/** Step 7, after it was restored by its tag. */
export async function checkGlob(context: Context): Promise<void> {
  checkEqual("the status", readReport().status, "complete");
  await checkAsBefore(context);
  await pullImages(context, namesOf(context).images, ["pr-2"]);
}
