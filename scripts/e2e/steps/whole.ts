import { checkEqual, readReport } from "../check.ts";
import { type Context, namesOf, registryName } from "../context.ts";
import { answerFacts, inWords, observe } from "../facts.ts";
import { pullImages, pushIndex, pushPlatform } from "../images.ts";
import { callPackage, waitForVersions } from "../packages.ts";
import { readManifest } from "../registry.ts";

/** Step 10: a package that is deleted as a whole. */
export async function pushWhole(context: Context): Promise<void> {
  const { whole } = namesOf(context);
  const repository = registryName(context, whole);
  const part = await pushPlatform(context, repository, "amd64");
  await pushIndex(context, repository, [part], ["only"]);
  await waitForVersions(context, whole, "the image is listed", ({ length }) =>
    length === 2 ? true : undefined,
  );
}

/** Step 10, after `delete-empty-package`. */
export async function checkWholeGone(context: Context): Promise<void> {
  const { status, deletedPackage } = readReport();
  checkEqual("the status", status, "complete");
  checkEqual("deleted as a whole", deletedPackage, true);
  const answer = await callPackage(context, "GET", namesOf(context).whole);
  checkEqual("the deleted package", inWords(answer), "404 Package not found.");
}

/** Step 10, after `restore: "*"`; then the name is taken by another package, and a restore is refused. */
export async function checkWholeBack(context: Context): Promise<void> {
  const { whole } = namesOf(context);
  const repository = registryName(context, whole);
  checkEqual("the status", readReport().status, "complete");
  await pullImages(context, whole, ["only"]);
  const image = await readManifest(context, repository, "only");

  const deletion = await callPackage(context, "DELETE", whole);
  checkEqual("DELETE of the package", deletion.status, 204);
  const part = await pushPlatform(context, repository, "arm64");
  const other = await pushIndex(context, repository, [part], ["only"]);
  const refused = await callPackage(context, "POST", whole, "restore");
  observe(context, "whole package", "a restore whose name is taken", answerFacts(refused));
  const now = await readManifest(context, repository, "only");
  observe(context, "whole package", "the tag after that restore", {
    isTheNewImage: now?.digest === other.digest,
    isTheOldImage: now?.digest === image?.digest,
  });
}
