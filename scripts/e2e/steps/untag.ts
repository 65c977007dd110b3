import { checkEqual, readReport } from "../check.ts";
import { type Context, namesOf, registryName } from "../context.ts";
import { observe, round } from "../facts.ts";
import { waitFor } from "../http.ts";
import { listWithoutGhosts } from "../packages.ts";
import { callRegistry, pushManifest, readManifest } from "../registry.ts";
import { stateOf } from "../state.ts";

/** Step 5, after `untag`: the tag is gone, its image is not, and nothing is left over. Then the tag is put back. */
export async function checkUntag(context: Context): Promise<void> {
  const { images } = namesOf(context);
  const repository = registryName(context, images);
  checkEqual("the status", readReport().status, "complete");
  const { status } = await callRegistry(context, repository, "manifests/latest");
  checkEqual("the status of the tag latest", status, 404);
  const image = await readManifest(context, repository, "v1.0.0");
  checkEqual("the digest of v1.0.0", image?.digest, stateOf(context, "images")["v1.0.0"]?.digest);

  const { seconds } = await waitFor("the list is that of before, without latest", async () => {
    const kept = stateOf(context, "kept");
    const versions = await listWithoutGhosts(context, images, kept);
    const isGone = versions.every(({ tags }) => !tags.includes("latest"));
    return isGone && versions.length === kept.length ? versions : undefined;
  });
  observe(context, "untag", "the list without the tag", { afterSeconds: round(seconds) });
  if (image) await pushManifest(context, repository, image, "latest");
}
