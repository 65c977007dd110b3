import { digestOf } from "../model/digest";
import { isObject, type Json } from "../model/json";
import { type Manifest, UNTAG_ANNOTATION } from "../model/manifest";

/** A manifest that takes a tag away from an image: nothing can be pulled by it. */
export interface UntagManifest {
  readonly body: string;
  readonly digest: string;
}

/**
 * The image's own manifest with its list emptied, which registries take since all that it names is there. The annotation
 * makes it another one for each tag and each time.
 *
 * @returns undefined for a manifest without such a list: nobody has shown that a registry takes it without what it has
 * @param raw the manifest of the image, as the registry gave it
 * @param repository `owner/name`
 * @param time epoch milliseconds
 */
export function untagManifest(
  raw: string,
  { repository, tag, time }: { readonly repository: string; readonly tag: string; readonly time: number },
): UntagManifest | undefined {
  // With its subject it would be a signature of something.
  const { subject: _, annotations, ...own } = JSON.parse(raw) as Json;
  const list = ["manifests", "layers"].find((name) => Array.isArray(own[name]));
  if (list === undefined) return undefined;
  const mark = { [UNTAG_ANNOTATION]: `${repository.toLowerCase()}:${tag} ${time}` };
  const body = JSON.stringify({
    ...own,
    [list]: [],
    annotations: { ...(isObject(annotations) ? annotations : {}), ...mark },
  });
  return { body, digest: digestOf(body) };
}

/** Whether a version is but the manifest that took its one tag away from an image. */
export function takesTagAway(
  repository: string,
  { tags }: { readonly tags: readonly string[] },
  manifest: Manifest | "absent" | undefined,
): boolean {
  const [tag, ...others] = tags;
  if (tag === undefined || others.length > 0 || manifest === undefined || manifest === "absent") return false;
  return manifest.untag?.startsWith(`${repository.toLowerCase()}:${tag} `) ?? false;
}
