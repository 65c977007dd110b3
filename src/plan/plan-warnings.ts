import { describeVersion } from "../model/label";
import type { PackageRef } from "../model/package-version";
import { type BrokenImages, platformsOf } from "./broken";
import type { Entry } from "./entry";
import type { ImageGraph, Images } from "./image-graph";

/** What a person should know of a package's images, whatever becomes of them. */
export interface PlanWarning {
  readonly kind: "signature-store" | "unreadable" | "lacks-platforms" | "present-after-all";
  readonly message: string;
}

/** What the warnings are made from: the plan, as it stands. */
export interface Planned {
  readonly entries: readonly Entry[];
  readonly graph: ImageGraph;
  readonly found: Pick<BrokenImages, "presentAfterAll">;
  readonly verdicts: readonly { readonly verdict: "keep" | "delete" }[];
  readonly isStore: boolean;
  readonly isYoung: (entry: Entry) => boolean;
}

/** Whether images are broken is known only of manifests that were read for another reason. */
export function planWarnings(
  planned: Planned,
  { pkg, images }: { readonly pkg: PackageRef; readonly images: Images },
): PlanWarning[] {
  const name = ({ version }: Entry) => describeVersion(pkg, version);
  const unreadable = planned.entries.filter(({ version }) => images.manifests.get(version.name) === "absent");
  const present = planned.entries.filter(({ node }) => planned.found.presentAfterAll.includes(node));
  return [
    ...(planned.isStore ? [storeWarning(pkg)] : []),
    ...unreadable.map((entry) => unreadableWarning(name(entry))),
    ...planned.entries.flatMap((entry) => {
      const missing = missingPlatforms(entry, planned, images).length;
      return missing > 0
        ? [lackWarning(name(entry), missing, platformsOf(entry.node, planned.graph).length)]
        : [];
    }),
    ...present.map((entry) => presentWarning(name(entry))),
  ];
}

function storeWarning({ name }: PackageRef): PlanWarning {
  return {
    kind: "signature-store",
    message: `${name} holds only signatures of images that are not in it. Nothing in it is deleted.`,
  };
}

function unreadableWarning(name: string): PlanWarning {
  return {
    kind: "unreadable",
    message: `${name} is broken: the registry has no manifest for it. Delete it or push it again.`,
  };
}

function lackWarning(name: string, missing: number, all: number): PlanWarning {
  return {
    kind: "lacks-platforms",
    message:
      `${name} stays, and lacks ${missing} of ${all} platform manifests: the package does not list them. Push it ` +
      "again, or delete it with `delete-broken`.",
  };
}

function presentWarning(name: string): PlanWarning {
  return {
    kind: "present-after-all",
    message:
      `${name} looks broken in the list, but the registry has what seemed to be missing: it counts as whole, and the ` +
      "lines decide.",
  };
}

/** The platforms of a kept image that nothing has; none of one that is still being pushed. */
function missingPlatforms(
  entry: Entry,
  { entries, graph, found, verdicts, isYoung }: Planned,
  { exists }: Images,
): string[] {
  const { node } = entry;
  const isSound = found.presentAfterAll.includes(node) || isYoung(entry);
  if (isSound || verdicts[node]?.verdict !== "keep") return [];
  const isListed = (digest: string) => (graph.nodeOf(digest) ?? entries.length) < entries.length;
  return platformsOf(node, graph).filter((digest) => !isListed(digest) && exists.get(digest) !== true);
}
