import { check, checkEqual, checkSame, readReport } from "../check.ts";
import { type Context, namesOf, registryName, setOutputs } from "../context.ts";
import { inWords } from "../facts.ts";
import { pushNote } from "../images.ts";
import { callApi, listVersions, waitForVersions } from "../packages.ts";

/** Step 11: a branch, a git tag and a release, and an image for each of them. */
export async function makeLiving(context: Context): Promise<void> {
  const { living, branch, gitTag, release } = namesOf(context);
  setOutputs({ package: living });
  const repository = `/repos/${context.repository}`;
  const { sha } = context;
  await create(context, `${repository}/git/refs`, { ref: `refs/heads/${branch}`, sha });
  await create(context, `${repository}/git/refs`, { ref: `refs/tags/${gitTag}`, sha });
  const body = "The end-to-end workflow makes this release, and deletes it within minutes.";
  const flags = { prerelease: true, make_latest: "false" };
  await create(context, `${repository}/releases`, {
    tag_name: release,
    target_commitish: sha,
    body,
    ...flags,
  });
  for (const tag of tagsOf(context)) await pushNote(context, registryName(context, living), tag, tag);
  await waitForVersions(context, living, "the images are listed", ({ length }) =>
    length === 3 ? true : undefined,
  );
}

/** Step 11, after a dry run while they live: all are kept. Then they are removed. */
export async function endLiving(context: Context): Promise<void> {
  checkVerdicts(context, "keep", ["branch exists", "git tag exists", "release exists"]);
  await removeLiving(context);
}

/** Step 11, after a dry run without them: all are planned. */
export async function checkDead(context: Context): Promise<void> {
  checkVerdicts(context, "delete", ["branch is gone", "no git tag", "no release"]);
  const versions = await listVersions(context, namesOf(context).living);
  checkEqual("the count of versions after the dry runs", versions.length, 3);
}

/** Removes a run's branch, git tag and release, as far as they are there. */
export async function removeLiving(context: Context): Promise<void> {
  const { branch, gitTag, release } = namesOf(context);
  const repository = `/repos/${context.repository}`;
  const found = await callApi(context, "GET", `${repository}/releases/tags/${release}`);
  if (found.status === 200) {
    const { id } = found.json as { id: number };
    await remove(context, `${repository}/releases/${id}`);
  }
  for (const tag of [gitTag, release]) await remove(context, `${repository}/git/refs/tags/${tag}`);
  await remove(context, `${repository}/git/refs/heads/${branch}`);
}

function checkVerdicts(context: Context, verdict: "keep" | "delete", reasons: readonly string[]): void {
  const { status, versions } = readReport();
  checkEqual("the status", status, "dry-run");
  checkSame(
    "the tags",
    versions.flatMap(({ tags }) => tags),
    tagsOf(context),
  );
  for (const version of versions)
    checkEqual(`the verdict of ${version.tags} (${version.reasons.join(", ")})`, version.verdict, verdict);
  const given = versions.flatMap((version) => version.reasons.map((reason) => reason.replace(/^.*: /, "")));
  checkSame("the reasons", given, reasons);
}

function tagsOf(context: Context): string[] {
  const { branch, gitTag, release } = namesOf(context);
  return [`of-branch-${branch}`, `of-tag-${gitTag}`, `of-release-${release}`];
}

async function create(context: Context, path: string, body: object): Promise<void> {
  const answer = await callApi(context, "POST", path, body);
  check(answer.status === 201, `POST ${path}: ${inWords(answer)}.`);
}

/** GitHub answers 422 for a reference that is not there. */
async function remove(context: Context, path: string): Promise<void> {
  const answer = await callApi(context, "DELETE", path);
  const isGone =
    answer.status === 204 || answer.status === 404 || inWords(answer) === "422 Reference does not exist";
  check(isGone, `DELETE ${path}: ${inWords(answer)}.`);
}
