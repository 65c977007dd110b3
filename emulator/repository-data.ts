import * as z from "zod";
import { fullName, positive, time, visibility } from "./data-fields";

const name = z.string().min(1);
const sha = z.string().regex(/^[0-9a-f]{40}$/, "write 40 hex digits");

const pullRequest = z.strictObject({
  number: positive,
  state: z.enum(["open", "closed"]).optional(),
  draft: z.boolean().optional(),
  title: z.string().optional(),
  /** The branch that it is to merge; `pull-NUMBER` unless given. */
  branch: name.optional(),
  createdAt: time.optional(),
  updatedAt: time.optional(),
});

/** A name alone, or with what it points to. */
const branch = z.union([
  name,
  z.strictObject({ name, sha: sha.optional(), protected: z.boolean().optional() }),
]);
const gitTag = z.union([name, z.strictObject({ name, sha: sha.optional() })]);

const release = z.strictObject({
  /** Its git tag. */
  tag: name,
  name: z.string().optional(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
  createdAt: time.optional(),
});

const deploymentStatus = z.strictObject({
  state: z.enum(["error", "failure", "inactive", "pending", "success", "queued", "in_progress"]),
  createdAt: time.optional(),
});

const deployment = z.strictObject({
  id: positive.optional(),
  environment: name,
  sha,
  /** A branch, a git tag or a commit. */
  ref: name,
  createdAt: time.optional(),
  /** Oldest first. */
  statuses: z.array(deploymentStatus).optional(),
});

const environment = z.strictObject({
  name,
  /** Logins that must approve a deployment; without any it has no protection. */
  reviewers: z.array(name).optional(),
});

/** A repository of the data file: what lives in it. */
export const repository = z.strictObject({
  fullName,
  visibility: visibility.optional(),
  defaultBranch: name.optional(),
  createdAt: time.optional(),
  pullRequests: z.array(pullRequest).optional(),
  branches: z.array(branch).optional(),
  releases: z.array(release).optional(),
  tags: z.array(gitTag).optional(),
  deployments: z.array(deployment).optional(),
  environments: z.array(environment).optional(),
});

/** What a GITHUB_TOKEN may do in its repository, apart from packages: each `read` unless said otherwise. */
export const permissions = z.strictObject({
  actions: z.enum(["none", "read", "write"]).optional(),
  contents: z.enum(["none", "read", "write"]).optional(),
  deployments: z.enum(["none", "read", "write"]).optional(),
  pullRequests: z.enum(["none", "read", "write"]).optional(),
});

export type RepositoryData = z.input<typeof repository>;
export type Permissions = z.input<typeof permissions>;
