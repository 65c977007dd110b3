import { checkEqual, namesWith, readReport } from "../check.ts";
import { type Context, namesOf } from "../context.ts";
import { observe, shapeOf } from "../facts.ts";
import { pullImages } from "../images.ts";
import { callPackage, listVersions } from "../packages.ts";
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

/** Step 7, after `restore: <report>` and another dry run: all is as it was, and the plan is the same again. */
export async function checkRestored(context: Context): Promise<void> {
  const report = readReport();
  checkEqual("the status", report.status, "dry-run");
  await checkAsBefore(context);
  checkPlan(context, "delete", namesWith(report, "delete"));
  const references = [...ALL_TAGS, ...stateOf(context, "delicate")];
  await pullImages(context, namesOf(context).images, references);
}

/** Step 7, after one image was deleted and restored by its tag. */
export async function checkGlob(context: Context): Promise<void> {
  checkEqual("the status", readReport().status, "complete");
  await checkAsBefore(context);
  await pullImages(context, namesOf(context).images, ["pr-2"]);
}
