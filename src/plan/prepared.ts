import type { Blob } from "../model/manifest";
import type { Outcome } from "../model/outcome";
import type { PackageRef, PackageVersion } from "../model/package-version";
import type { Warning } from "../model/warning";
import type { Policy } from "../policy/policy";
import type { Facts } from "./facts";
import type { ImageStore } from "./image-store";
import type { InUseFile } from "./in-use";
import type { Plan, Verdict } from "./plan";

/** What each plan of a package is made from, besides its list. */
export interface PlanSource {
  readonly pkg: PackageRef;
  readonly policy: Policy;
  /** `owner/name` */
  readonly repository: string;
  readonly inUseFiles: readonly InUseFile[];
  /** Asks anew what the policy needs to know of the repository. */
  readonly askFacts: () => Promise<Facts>;
  /** Epoch milliseconds, read once a run. */
  readonly now: number;
  /** Containers only. */
  readonly store?: ImageStore;
}

/** A package that was listed and planned, with all that its deletions need to know. */
export interface PreparedPackage extends PlanSource {
  readonly plan: Plan;
  /** By version id: versions that the plan deletes, but that are kept this time, and why (`plan-file`). */
  readonly held: ReadonlyMap<number, string>;
  /** What an interrupted removal of a tag left behind: no images, and no part of the plan. `untag` deletes them. */
  readonly leftovers?: readonly PackageVersion[];
  /** With `sizes`, of containers: what the images are made of, by the digests of their manifests. */
  readonly blobs?: ReadonlyMap<string, readonly Blob[]>;
}

/** What became of one version that the plan deletes, and why where it is not what was planned. */
export interface Settled {
  readonly outcome: Outcome;
  readonly message?: string;
}

/** The result of applying the plan of one package. */
export interface Applied {
  /** By version id, for each version that the plan deletes. */
  readonly outcomes: ReadonlyMap<number, Settled>;
  /** Why the package failed as a whole, and the way out. */
  readonly error?: string;
  /** Why deleting stopped early although nothing failed: the budget, the time, a cancelled job. */
  readonly stopped?: string;
  /** A dry run: `max-delete` would forbid it. */
  readonly overMaxDelete?: true;
  /** The package went as a whole, in one request. */
  readonly deletedPackage?: boolean;
  /** What a person should know of how it went. */
  readonly warnings?: readonly Warning[];
  /** By version id: the tags that kept versions have lost. */
  readonly untagged?: ReadonlyMap<number, readonly string[]>;
}

/** The versions that a plan deletes. */
export function doomedVersions({ verdicts }: Plan): PackageVersion[] {
  return verdicts.filter(isDoomed).map(({ version }) => version);
}

export function isDoomed({ verdict }: Verdict): boolean {
  return verdict === "delete";
}
