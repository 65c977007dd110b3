import { describeVersion } from "../model/label";
import type { Reason } from "../model/reason";
import { type Draft, decide, keptNodes, type Premise } from "./decide";
import type { Entry } from "./entry";
import type { ImageGraph } from "./image-graph";
import { type PlanWarning, planWarnings } from "./plan-warnings";
import { type Needs, NO_NEEDS, unreadManifests, unseenDigests } from "./reads";
import { type PlanInput, type Scene, sceneOf } from "./scene";
import { type Verdict, verdictsOf } from "./verdicts";
import { stillThere, unaskedVersions, withoutManifest, wrongRegistry } from "./without-manifest";

export type { PlanInput } from "./scene";
export type { Verdict } from "./verdicts";

export interface Plan {
  /** Newest first; the place of a version is its node in `graph`. */
  readonly verdicts: readonly Verdict[];
  readonly graph: ImageGraph;
  /** Keys of the lines that claimed something. */
  readonly claimedKeys: ReadonlySet<string>;
  readonly warnings: readonly PlanWarning[];
}

/** The plan; or what must be asked before there can be one; or why there can be none, since what is known contradicts itself. */
export type Planning =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "needs"; readonly needs: Needs }
  | { readonly kind: "contradiction"; readonly message: string };

/**
 * The verdict on each version of one package, with every reason for it (spec/policy.md, "Verdicts").
 *
 * Pure: asks for what it must know of manifests by answering `needs`; the caller finds that out, and plans again.
 */
export function plan(input: PlanInput): Planning {
  const scene = sceneOf(input);
  const needs = scene.isOfImages ? unknownOf(scene) : undefined;
  if (needs && (mayDelete(scene) || mayUntag(scene))) return { kind: "needs", needs };
  const absent = withoutManifest(scene.entries, scene.input.images);
  if (!scene.isOfImages || needs || absent.size === 0) return finished(scene, decide(scene, ALL_PLACED));
  return planWithout(scene, absent);
}

const ALL_PLACED: Premise = { hasPlace: () => true };
const NONE_PLACED: Premise = { hasPlace: () => false };

/** The manifests that are not known; then whether the registry has what broken images list. */
function unknownOf({ entries, graph, found, input }: Scene): Needs | undefined {
  return unreadManifests(entries, graph) ?? unseenDigests(found, input.images);
}

/** Whether anything may be deleted, whatever the registry says. Nothing is if nothing were without all manifests: none took a place. */
function mayDelete(scene: Scene): boolean {
  if (scene.input.policy.deleteBroken !== "never") return true;
  const kept = keptNodes(scene, decide(scene, NONE_PLACED));
  return scene.entries.some(({ node }) => !kept.has(node));
}

/** Whether a tag may be removed: what has no manifest takes no place, and leaves it to another tag. */
function mayUntag(scene: Scene): boolean {
  if (!scene.input.policy.untag) return false;
  return [ALL_PLACED, NONE_PLACED].some((premise) => decide(scene, premise).untag.size > 0);
}

/**
 * The plan where the registry has no manifest of some versions (spec/policy.md, "Known before it goes"): these take no
 * place. Where GitHub has one of them that is kept, its parts are not known, and what may be one is kept as well.
 */
function planWithout(scene: Scene, absent: ReadonlySet<number>): Planning {
  const { pkg, images } = scene.input;
  const premise: Premise = { hasPlace: ({ node }) => !absent.has(node) };
  const draft = decide(scene, premise);
  const kept = keptEntries(scene, draft);
  // With the wrong registry, no version has a place: those count that would be kept if they had one.
  const keptWithPlaces = keptEntries(scene, decide(scene, ALL_PLACED));
  const message = wrongRegistry(pkg, [...kept, ...keptWithPlaces], images);
  if (message !== undefined) return { kind: "contradiction", message };
  const suspects = kept.filter(({ node }) => absent.has(node));
  const versions = unaskedVersions(suspects, images);
  if (versions.length > 0) return { kind: "needs", needs: { ...NO_NEEDS, versions } };
  const holders = stillThere(suspects, images);
  const [newest] = holders;
  if (!newest) return finished(scene, draft);
  const hold: Reason = { rule: "held", version: describeVersion(pkg, newest.version) };
  return finished(scene, decide(scene, { ...premise, hold }), holders);
}

function keptEntries(scene: Scene, draft: Draft): Entry[] {
  const kept = keptNodes(scene, draft);
  return scene.entries.filter(({ node }) => kept.has(node));
}

function finished(scene: Scene, draft: Draft, holders: readonly Entry[] = []): Planning {
  const { graph, input } = scene;
  const verdicts = verdictsOf(scene, draft);
  const warnings = input.policy.type === "container" ? planWarnings({ ...scene, verdicts, holders }) : [];
  return { kind: "plan", plan: { verdicts, graph, claimedKeys: draft.claimedKeys, warnings } };
}
