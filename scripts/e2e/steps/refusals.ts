import { check, checkEqual, readReport } from "../check.ts";
import { type Context, namesOf, registryName } from "../context.ts";
import { answerFacts, inWords, observe } from "../facts.ts";
import { pushIndex, pushPlatform } from "../images.ts";
import { callPackage, listVersions, waitForVersions } from "../packages.ts";
import { callRegistry } from "../registry.ts";
import type { Listed } from "../state.ts";

const LAST_TAGGED =
  "400 You cannot delete the last tagged version of a package. You must delete the package instead.";

/** Step 8: what GitHub refuses, in its own words. */
export async function refusals(context: Context): Promise<void> {
  const { last, none } = namesOf(context);
  const { only, other, parts } = await pushLast(context);
  const deletion = await callPackage(context, "DELETE", last, `versions/${other}`);
  checkEqual("DELETE of one of two tagged versions", deletion.status, 204);
  await observeOrphan(context, parts[1]);

  const refused = await callPackage(context, "DELETE", last, `versions/${only}`);
  checkEqual("DELETE of the last tagged version", inWords(refused), LAST_TAGGED);
  for (const { id } of parts) await callPackage(context, "DELETE", last, `versions/${id}`);
  const alone = await callPackage(context, "DELETE", last, `versions/${only}`);
  observe(context, "refusals", "DELETE of the last version, which has a tag", answerFacts(alone));

  const missing = await callPackage(context, "GET", none, "versions");
  checkEqual("the versions of a package that is not there", inWords(missing), "404 Package not found.");
}

interface Last {
  /** Ids of the two tagged versions. */
  readonly only: number;
  readonly other: number;
  /** The part of each of them, without a tag. */
  readonly parts: readonly [Listed, Listed];
}

/** A package of two images of one platform each. */
async function pushLast(context: Context): Promise<Last> {
  const { last } = namesOf(context);
  const repository = registryName(context, last);
  const digests: string[] = [];
  for (const tag of ["only", "other"]) {
    const part = await pushPlatform(context, repository, "amd64");
    await pushIndex(context, repository, [part], [tag]);
    digests.push(part.digest);
  }
  const { value } = await waitForVersions(context, last, "both images are listed", (versions) => {
    const [only, other] = ["only", "other"].map((tag) => versions.find(({ tags }) => tags.includes(tag)));
    const [first, second] = digests.map((digest) => versions.find(({ name }) => name === digest));
    const isAll = only && other && first && second;
    return isAll ? ({ only: only.id, other: other.id, parts: [first, second] } as const) : undefined;
  });
  return value;
}

/** What becomes of a platform whose index alone was deleted. */
async function observeOrphan(context: Context, { id, name }: Listed): Promise<void> {
  const { last } = namesOf(context);
  const isListed = (await listVersions(context, last)).some((version) => version.id === id);
  const answer = await callRegistry(context, registryName(context, last), `manifests/${name}`);
  observe(context, "refusals", "a platform whose index was deleted", { isListed, status: answer.status });
}

/** Step 8, after the action was run for a package that is not there: the step fails and says so. */
export async function checkNotFound(): Promise<void> {
  checkEqual("the outcome of the step", process.env.OUTCOME, "failure");
  const { error = "", name } = readReport();
  check(error.includes(name) && error.includes("404"), `The message for ${name}: "${error}".`);
}

/** Step 8, after the action was run with `packages: read`: it says which right is missing, and nothing is deleted. */
export async function checkReadOnly(context: Context): Promise<void> {
  checkEqual("the outcome of the step", process.env.OUTCOME, "failure");
  const { error = "", counts, versions } = readReport();
  check(error.includes("packages: write"), `The message does not name the missing right: "${error}".`);
  checkEqual("the count of deleted versions", counts.deleted ?? 0, 0);
  const now = await listVersions(context, namesOf(context).images);
  const missing = versions.filter(({ id }) => !now.some((one) => one.id === id));
  check(missing.length === 0, `Deleted with packages: read: ${missing.map(({ id }) => id).join(", ")}.`);
}
