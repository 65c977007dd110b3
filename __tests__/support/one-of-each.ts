import type { VersionData } from "../../emulator/data";
import {
  attestationOf,
  cosignManifest,
  cosignTag,
  fallbackTag,
  type Image,
  imageManifest,
  indexOf,
  referrerOf,
  referrersIndex,
  versionOf,
} from "../../emulator/images";

/** A package with one of each kind of image that a cleaner can break, and a policy by which half of them go. */

export const KEEP = `
latest: always
v*: always
keep-*: always
broken: always
pr-*: 14d
untagged: never
`;

/** Versions in the order in which they were pushed, an hour apart; ids ascend with it. */
function pushed(...images: [Image, ...string[]][]): VersionData[] {
  return images.map(([image, ...tags], at) =>
    versionOf(image, { tags, id: at + 1, createdAt: `${1000 - at}h ago` }),
  );
}

/** One of each kind of image that a cleaner can break; half of them go. */
export function oneOfEach(): VersionData[] {
  const [shared, oldArm] = [imageManifest("shared", "linux/amd64"), imageManifest("old", "linux/arm64")];
  const predecessor = indexOf([shared, oldArm]);
  const lost = imageManifest("lost", "linux/amd64");
  const broken = indexOf([lost, shared]);

  const [v1Amd, v1Arm] = [imageManifest("v1", "linux/amd64"), imageManifest("v1", "linux/arm64")];
  const v1 = indexOf([v1Amd, v1Arm, attestationOf(v1Amd)]);
  const v1Sbom = referrerOf(v1, "application/spdx+json");

  const prAmd = imageManifest("pr-1", "linux/amd64");
  const pr1 = indexOf([prAmd, shared, v1Arm, attestationOf(prAmd)]);
  const sbom = referrerOf(pr1, "application/spdx+json");
  const scan = referrerOf(pr1, "application/sarif+json");

  const leaf = imageManifest("leaf", "linux/amd64");
  const nested = indexOf([leaf]);
  const pr2 = indexOf([nested, prAmd]);

  const child = imageManifest("child", "linux/amd64");
  const childToo = imageManifest("child", "linux/arm64");
  const pr3 = indexOf([child, childToo], { docker: true });
  const orphan = imageManifest("orphan");
  return pushed(
    [shared],
    [oldArm],
    [predecessor],
    [broken, "broken"],
    [v1Amd],
    [v1Arm],
    [attestationOf(v1Amd)],
    [v1, "v1", "latest"],
    [cosignManifest(v1), cosignTag(v1)],
    [cosignManifest(v1Arm, "att"), cosignTag(v1Arm, "att")],
    [v1Sbom],
    [referrersIndex([v1Sbom]), fallbackTag(v1)],
    [prAmd],
    [attestationOf(prAmd)],
    [pr1, "pr-1"],
    [cosignManifest(pr1), cosignTag(pr1)],
    [cosignManifest(prAmd), cosignTag(prAmd)],
    [sbom],
    [scan],
    [referrersIndex([sbom, scan]), fallbackTag(pr1)],
    [leaf],
    [nested],
    [pr2, "pr-2"],
    [child, "keep-child"],
    [childToo, "pr-3-arm64"],
    [pr3, "pr-3"],
    [orphan],
  );
}

/** The ids of what stays, and of what goes. */
export const KEPT = [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24];
export const GOING = [2, 3, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 27];

/** What lists others: the deletion of these takes longer, so that a part which does not wait overtakes it. */
export const INDEXES = [3, 15, 20, 22, 23, 26];
