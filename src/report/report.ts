import type { Outcome } from "../model/outcome";
import type { PackageType } from "../model/package-version";
import type { Reason } from "../model/reason";
import type { Warning } from "../model/warning";

export type Status = "dry-run" | "complete" | "partial" | "failed";
/** `not-found`: GitHub does not show the package, which `if-not-found` allows. */
export type PackageStatus = Status | "not-found";

export interface VersionReport {
  readonly id: number;
  readonly name: string;
  readonly tags: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly verdict: "keep" | "delete" | "restore";
  readonly reasons: readonly Reason[];
  /** Digests that belong to this version directly, where they are known: what it lists, and what refers to it. */
  readonly parts?: readonly string[];
  /** The digest that its manifest refers to, where no tag of it says so. */
  readonly subject?: string;
  /** Tags that a kept version loses, as planned (`untag`). */
  readonly untag?: readonly string[];
  /** Those of them that it has lost. */
  readonly untagged?: readonly string[];
  readonly outcome?: Outcome;
  /** Why the outcome is what it is, where it is not the expected one: GitHub's own words. */
  readonly message?: string;
}

/** Bytes of layers and configs, each digest once. Only with the input `sizes`, and only of containers. */
export interface Sizes {
  readonly totalBytes?: number;
  /** What only versions have that are (in a dry run: would be) deleted. */
  readonly freedBytes?: number;
}

/** Counts of versions. `kept` and `planned` always; the others where they are not zero. */
export interface Counts extends Sizes {
  readonly kept: number;
  readonly planned: number;
  readonly deleted?: number;
  readonly restored?: number;
  readonly refused?: number;
  readonly skipped?: number;
  readonly failed?: number;
  readonly remaining?: number;
}

export interface PackageReport {
  readonly type: PackageType;
  readonly name: string;
  readonly status: PackageStatus;
  readonly counts: Counts;
  /** What went wrong with the package as a whole, and the way out. */
  readonly error?: string;
  /** A dry run planned more than `max-delete` allows: nothing of it would be deleted. */
  readonly overMaxDelete?: true;
  /** The package was deleted as a whole, in one request: to be restored as a whole. */
  readonly deletedPackage?: true;
  /** The package was (in a dry run: would be) restored as a whole. */
  readonly restoredPackage?: true;
  readonly versions: readonly VersionReport[];
}

/** A policy in its own words, and where they stood: `path` is that of a policy file. */
export interface PolicyText {
  readonly input: "keep" | "policy-file";
  readonly path?: string;
  readonly text: string;
}

export interface Report {
  readonly schemaVersion: 1;
  readonly generatedAt: string;
  readonly dryRun: boolean;
  readonly status: Status;
  readonly owner: string;
  /** The run restored, or would have. */
  readonly restore?: true;
  /** The version of the action that wrote the report. */
  readonly actionVersion?: string;
  /** The page of the workflow run. */
  readonly runUrl?: string;
  /** The policy as it was given. */
  readonly policy?: PolicyText;
  /** What the run warned of. */
  readonly warnings?: readonly Warning[];
  readonly packages: readonly PackageReport[];
}

/** A report as its file has it: with the reasons as text. */
export type WrittenReport = Omit<Report, "packages"> & { readonly packages: readonly WrittenPackage[] };
export type WrittenPackage = Omit<PackageReport, "versions"> & {
  readonly versions: readonly WrittenVersion[];
};
export type WrittenVersion = Omit<VersionReport, "reasons"> & { readonly reasons: readonly string[] };
