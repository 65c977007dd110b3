import type { Image } from "../../emulator/images";
import { untagManifest } from "../../src/plan/untag-manifest";

/** What an interrupted run leaves on a tag that it takes away from an image of `acme/app`. */
export function leftoverOf(image: Image, tag: string): Image {
  const made = untagManifest(image.body, { repository: "acme/app", tag, time: 1 });
  if (!made) throw new Error("this image has no list to empty");
  return { digest: made.digest, mediaType: image.mediaType, body: made.body };
}
