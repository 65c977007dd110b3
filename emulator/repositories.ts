import { createHash } from "node:crypto";
import type { RepositoryData } from "./repository-data";
import { parseTime } from "./time";

/** What lives in a repository; live, so that a test can open, close, push and delete in the middle of a run. Times in milliseconds. */
export interface RepositoryState {
  readonly id: number;
  readonly fullName: string;
  visibility: "public" | "private" | "internal";
  readonly defaultBranch: string;
  readonly createdAt: number;
  readonly pullRequests: PullRequestState[];
  /** In the order in which they are listed. */
  readonly branches: BranchState[];
  readonly releases: ReleaseState[];
  /** In the order in which they are listed. */
  readonly tags: GitTagState[];
  readonly deployments: DeploymentState[];
  readonly environments: EnvironmentState[];
}

export interface PullRequestState {
  readonly number: number;
  state: "open" | "closed";
  draft?: boolean | undefined;
  title?: string | undefined;
  readonly branch?: string | undefined;
  readonly createdAt: number;
  updatedAt?: number | undefined;
}

export interface BranchState {
  readonly name: string;
  sha?: string | undefined;
  protected?: boolean | undefined;
}

export interface GitTagState {
  readonly name: string;
  sha?: string | undefined;
}

export interface ReleaseState {
  readonly tag: string;
  readonly name?: string | undefined;
  draft?: boolean | undefined;
  prerelease?: boolean | undefined;
  readonly createdAt: number;
}

export interface DeploymentState {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly createdAt: number;
  /** Oldest first. */
  readonly statuses: DeploymentStatusState[];
}

export interface DeploymentStatusState {
  readonly state: NonNullable<
    NonNullable<RepositoryData["deployments"]>[number]["statuses"]
  >[number]["state"];
  readonly createdAt: number;
}

export interface EnvironmentState {
  readonly name: string;
  readonly reviewers: readonly string[];
}

/** Builds a repository from checked data. Branches and tags are listed by name, as GitHub lists branches. */
export function buildRepository(data: RepositoryData, now: number): RepositoryState {
  const timeOf = (text: string | undefined) => (text === undefined ? now : (parseTime(text, now) ?? now));
  return {
    id: repositoryId(data.fullName),
    fullName: data.fullName,
    visibility: data.visibility ?? "private",
    defaultBranch: data.defaultBranch ?? "main",
    createdAt: timeOf(data.createdAt),
    pullRequests: (data.pullRequests ?? []).map(({ state = "open", createdAt, updatedAt, ...one }) => ({
      ...one,
      state,
      createdAt: timeOf(createdAt),
      ...(updatedAt !== undefined && { updatedAt: timeOf(updatedAt) }),
    })),
    branches: named(data.branches ?? []),
    releases: (data.releases ?? []).map((one) => ({ ...one, createdAt: timeOf(one.createdAt) })),
    tags: named(data.tags ?? []),
    deployments: (data.deployments ?? []).map(({ id, statuses = [], ...one }, index) => ({
      ...one,
      id: id ?? 7001 + index,
      createdAt: timeOf(one.createdAt),
      statuses: statuses.map(({ state, createdAt = one.createdAt }) => ({
        state,
        createdAt: timeOf(createdAt),
      })),
    })),
    environments: environmentsOf(data),
  };
}

/** The id of a repository: by its name alone, so that a package that is linked to it has the same. */
export function repositoryId(fullName: string): number {
  return (
    100_000_000 + (createHash("sha1").update(fullName.toLowerCase()).digest().readUInt32BE(0) % 900_000_000)
  );
}

/** A commit for what has none in the data, the same each time. */
export function inventedSha(...parts: readonly (string | number)[]): string {
  return createHash("sha1").update(parts.join("\n")).digest("hex");
}

/** Those of the data, and those that were deployed to: GitHub makes an environment of each. */
function environmentsOf({ environments = [], deployments = [] }: RepositoryData): EnvironmentState[] {
  const given = environments.map(({ name, reviewers = [] }) => ({ name, reviewers }));
  const others = new Set(deployments.map(({ environment }) => environment));
  for (const { name } of given) others.delete(name);
  return [...given, ...[...others].map((name) => ({ name, reviewers: [] }))];
}

function named<T extends { readonly name: string }>(
  items: readonly (string | T)[],
): (T | { name: string })[] {
  return byName(items.map((item) => (typeof item === "string" ? { name: item } : { ...item })));
}

/** In the order of their names, as branches are listed. */
export function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
