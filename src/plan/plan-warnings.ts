import { describeVersion } from "../model/label";
import { platformsOf } from "./broken";
import type { Entry } from "./entry";
import type { Scene } from "./scene";

/** What a person should know of a package's images, whatever becomes of them. */
export interface PlanWarning {
  readonly kind:
    | "signature-store"
    | "held"
    | "lacks-platforms"
    | "present-after-all"
    | "nothing-in-use"
    | "sizes";
  readonly message: string;
}

/** What the warnings are made from: the plan, as it stands. */
export interface Planned extends Scene {
  readonly verdicts: readonly { readonly verdict: "keep" | "delete" }[];
  /** Kept versions without a manifest. */
  readonly holders: readonly Entry[];
}

/** Whether images are broken is known only of manifests that were read for another reason. */
export function planWarnings(planned: Planned): PlanWarning[] {
  const { entries, graph, found, isStore, holders } = planned;
  const { pkg } = planned.input;
  const name = ({ version }: Entry) => describeVersion(pkg, version);
  const present = entries.filter(({ node }) => found.presentAfterAll.includes(node));
  return [
    ...(isStore ? [storeWarning(pkg.name)] : []),
    ...holders.map((entry) => heldWarning(name(entry))),
    ...entries.flatMap((entry) => {
      const missing = missingPlatforms(entry, planned).length;
      return missing > 0 ? [lackWarning(name(entry), missing, platformsOf(entry.node, graph).length)] : [];
    }),
    ...present.map((entry) => presentWarning(name(entry))),
  ];
}

function storeWarning(name: string): PlanWarning {
  return {
    kind: "signature-store",
    message: `${name} holds only signatures of images that are not in it. Nothing in it is deleted.`,
  };
}

function heldWarning(name: string): PlanWarning {
  return {
    kind: "held",
    message:
      `${name} is kept, and the registry has no manifest for it: what it lists is not known, and no untagged version ` +
      "that nothing known lists is deleted this time. Push it again, or delete it.",
  };
}

function lackWarning(name: string, missing: number, all: number): PlanWarning {
  return {
    kind: "lacks-platforms",
    message:
      `${name} is kept, and lacks ${missing} of ${all} platform manifests: the package does not list them. Push it ` +
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
  { entries, graph, found, verdicts, isYoung, input }: Planned,
): string[] {
  const { node } = entry;
  const isSound = found.presentAfterAll.includes(node) || isYoung(entry);
  if (isSound || verdicts[node]?.verdict !== "keep") return [];
  const isListed = (digest: string) => (graph.nodeOf(digest) ?? entries.length) < entries.length;
  return platformsOf(node, graph).filter(
    (digest) => !isListed(digest) && input.images.exists.get(digest) !== true,
  );
}
