import { subjectOf } from "../model/bookkeeping";
import type { PackageRef, PackageVersion } from "../model/package-version";
import { before } from "../policy/duration";
import type { Policy } from "../policy/policy";
import { type BrokenImages, findBroken } from "./broken";
import { calendarIn } from "./calendar";
import { type Entry, entriesOf } from "./entry";
import { buildGraph, type ImageGraph, type Images, NO_IMAGES } from "./image-graph";
import { type LivingLookup, livingLookup } from "./living";
import type { Moment } from "./retention";

export interface PlanInput {
  readonly pkg: PackageRef;
  readonly policy: Policy;
  /** All active versions of the package, in any order. */
  readonly versions: readonly PackageVersion[];
  /** What has been asked so far; containers only. */
  readonly images: Images;
  /** By version id: the files that mention the version (`in-use-files`). */
  readonly inUse: ReadonlyMap<number, readonly string[]>;
  /** Tags that files mention by themselves (`untag` leaves them alone). */
  readonly tagsInUse?: ReadonlySet<string>;
  /** What is there in the repository; where a line asks for it (`while`, `only-while`). */
  readonly living?: LivingLookup;
  /** Epoch milliseconds, read once a run. */
  readonly now: number;
}

/** What all steps of the planner look at: the versions, and what is known of them so far. */
export interface Scene {
  readonly input: PlanInput;
  /** A container package that holds images: their manifests count. */
  readonly isOfImages: boolean;
  /** Newest first. */
  readonly entries: readonly Entry[];
  readonly graph: ImageGraph;
  readonly found: BrokenImages;
  /** The package holds signatures of images that are not in it. */
  readonly isStore: boolean;
  /** Within grace. */
  readonly isYoung: (entry: Entry) => boolean;
  readonly moment: Moment;
}

export function sceneOf(input: PlanInput): Scene {
  const { policy, now, living = livingLookup({}) } = input;
  const isContainer = policy.type === "container";
  const images = isContainer ? input.images : NO_IMAGES;
  const entries = entriesOf(input.versions, policy);
  const versions = isContainer ? entries.map(({ version }) => version) : [];
  const graph = buildGraph(versions, images);
  const grace = policy.grace && isContainer ? before(now, policy.grace) : Number.POSITIVE_INFINITY;
  const isStore = isContainer && isSignatureStore(entries);
  const isYoung = ({ touched }: Entry) => touched > grace;
  return {
    input: { ...input, images },
    isOfImages: isContainer && !isStore,
    entries,
    graph,
    found: findBroken(policy, entries, graph, images, isYoung),
    isStore,
    isYoung,
    moment: { now, calendar: calendarIn(policy.timezone), living },
  };
}

/** A package whose only tags are bookkeeping tags, of subjects that are not in it (spec/policy.md, 6c). */
function isSignatureStore(entries: readonly Entry[]): boolean {
  const isUntagged = entries.every(({ isTagged }) => !isTagged);
  if (!isUntagged || !entries.some(({ hasBookkeepingTag }) => hasBookkeepingTag)) return false;
  const digests = new Set(entries.map(({ version }) => version.name));
  return entries.every(({ version }) => version.tags.every((tag) => !digests.has(subjectOf(tag) ?? "")));
}
