import * as z from "zod/mini";
import { PACKAGE_TYPES } from "../model/package-version";
import { DURATION_PATTERN } from "./duration";
import { SEMVER_LINES } from "./keep-modifier";
import { LIVING_THINGS } from "./policy";
import { DELETE_BROKEN, IF_NOT_FOUND, REPOSITORY_PATTERN, TIMESTAMPS } from "./settings";

/**
 * The shape of a policy file (spec/policy.md, "Policy file"). It validates the file, and the published JSON Schema is
 * generated from it. What depends on the context (`highest` on a glob, a `per` without its group) and the values of
 * texts are checked by the parsers that read them.
 */

function described<T extends z.core.$ZodType>(schema: T, description: string, examples: unknown[] = []): T {
  z.globalRegistry.add(schema, { description, ...(examples.length > 0 ? { examples } : {}) });
  return schema;
}

/** Names and globs are taken as they are written, so that a plain `1.10` is one, too. */
const name = z.union([z.string(), z.number()]);
const names = z.union([name, z.array(name)]);

const duration = z.string().check(z.regex(DURATION_PATTERN));
const count = z.int().check(z.minimum(1));
const thing = z.enum(LIVING_THINGS);
const things = z.union([thing, z.array(thing).check(z.minLength(1))]);

const keepMapping = z.strictObject({
  always: described(z.optional(z.literal(true)), "Keeps all versions with a tag that the line matches."),
  last: described(z.optional(count), "Keeps the N newest versions.", [10]),
  highest: described(
    z.optional(count),
    "Keeps the N highest by SemVer precedence (semver and prerelease).",
    [3],
  ),
  within: described(z.optional(duration), "Keeps versions that are not older than this.", [
    "14d",
    "6mo",
    "1w 2d",
  ]),
  while: described(
    z.optional(things),
    "Keeps versions that something on GitHub still needs: an open pull request, a branch, a release or a git tag that the tag names.",
    ["pull-request", ["branch", "git-tag"]],
  ),
  hourly: described(
    z.optional(count),
    "Keeps the newest version of each of the N most recent hours with versions.",
  ),
  daily: described(
    z.optional(count),
    "Keeps the newest version of each of the N most recent days with versions.",
    [7],
  ),
  weekly: described(
    z.optional(count),
    "Keeps the newest version of each of the N most recent ISO weeks with versions.",
    [4],
  ),
  monthly: described(
    z.optional(count),
    "Keeps the newest version of each of the N most recent months with versions.",
    [12],
  ),
  yearly: described(
    z.optional(count),
    "Keeps the newest version of each of the N most recent years with versions.",
  ),
  per: described(
    z.optional(z.string()),
    "Every word applies to each SemVer line (major, minor, patch), or to each value that this group of the /regex/ captures.",
    [...SEMVER_LINES],
  ),
  except: described(z.optional(names), "Globs or /regex/ of tags that the line does not match.", [
    "*-rc*",
    ["*-rc*", "*-beta*"],
  ]),
  "max-age": described(
    z.optional(duration),
    "An upper bound: what is older is not kept by this line, whatever its words say.",
    ["90d"],
  ),
  "only-while": described(
    z.optional(things),
    "A bound: this line does not keep what none of these on GitHub still needs, whatever its words say.",
    ["branch"],
  ),
  follow: described(
    z.optional(z.literal(true)),
    "Tags that accompany others: where a version has a tag of another line, or of none, that tag decides and this line has no say.",
  ),
});

const keepSpec = described(
  z.union([z.enum(["always", "never", "follow"]), count, duration, keepMapping]),
  "What to keep: always, never, follow, a number (last), a duration (within), or a mapping of words joined by OR.",
  ["always", "never", "follow", 10, "14d", { last: 3, per: "minor" }],
);

const keep = described(
  z.record(z.string(), keepSpec),
  "One line for each kind of tags: a glob, /regex/, semver, prerelease, rest or untagged, and what to keep of it.",
  [{ latest: "always", "v*": "always", "pr-*": "14d", rest: 10, untagged: "never" }],
);

const timezone = described(z.string(), "IANA name of the time zone of the calendar words. Default: UTC.", [
  "Europe/Berlin",
]);
/** Tags are taken as they are written, so that a plain `1.10` is one, too. */
const protect = z.union([z.string(), z.number()]);
const list = z.union([z.string(), z.array(z.string())]);

const policy = z.strictObject({
  packages: described(names, "Names or globs of packages; !glob excludes.", [
    "app",
    ["api", "web-*", "!web-legacy"],
  ]),
  type: described(z.optional(z.enum(PACKAGE_TYPES)), "Type of the packages. Default: container."),
  keep,
  repository: described(
    z.optional(z.string().check(z.regex(REPOSITORY_PATTERN))),
    "Whose pull requests, branches, releases, tags and deployments count, as owner/name. Default: the one that GitHub links to the package, else the workflow's.",
    ["octo-org/app"],
  ),
  "if-not-found": described(
    z.optional(z.enum(IF_NOT_FOUND)),
    "What a named package that GitHub does not find is: error or warn. Default: error.",
  ),
  protect: described(
    z.optional(z.union([protect, z.array(protect)])),
    "Digests, version ids and tags that are never deleted. Tags are literal.",
    [[123456789, "v1.4.2"]],
  ),
  "in-use-files": described(
    z.optional(list),
    "Globs of files in the workspace; the images that they mention are kept. Containers only.",
    [["deploy/**/*.yaml"]],
  ),
  "in-use-environments": described(
    z.optional(list),
    "Names of deployment environments of the repository; what is deployed there is kept. Containers only.",
    [["production"]],
  ),
  "min-keep": described(
    z.optional(z.int().check(z.minimum(0))),
    "Versions of each package that always survive. Default: 1.",
  ),
  "max-delete": described(
    z.optional(z.union([z.int().check(z.minimum(0)), z.string().check(z.regex(/^[0-9]+(\.[0-9]+)?\s*%$/))])),
    "A run that would delete more of a package deletes nothing of it: a number, or a percentage of its versions.",
    [100, "10%"],
  ),
  grace: described(
    z.optional(z.union([z.literal(0), duration])),
    "Untagged container versions younger than this are not deleted on their own; 0 switches it off. Default: 1d.",
    ["1d", 0],
  ),
  timestamp: described(
    z.optional(z.enum(TIMESTAMPS)),
    "The time of a version: updated is the later of created and updated. Default: updated.",
  ),
  timezone: z.optional(timezone),
  "delete-broken": described(
    z.optional(z.enum(DELETE_BROKEN)),
    "Also deletes images of which all (ghost) or any (partial) platform manifests are missing. Default: never.",
  ),
  untag: described(
    z.optional(z.boolean()),
    "Kept versions lose the tags that no line keeps. Default: false.",
  ),
  "delete-empty-package": described(
    z.optional(z.boolean()),
    "With min-keep 0, a package of which nothing would be left is deleted as a whole. Default: false.",
  ),
});

export const policyFileSchema = z.strictObject({
  timezone: z.optional(timezone),
  policies: described(
    z.array(policy).check(z.minLength(1)),
    "Each package may be matched by one policy only.",
  ),
});
z.globalRegistry.add(policyFileSchema, {
  title: "Package Retention policy file",
  description: "What to keep of which packages.",
});

/** The keys of a policy, and those of the top of the file. */
export const POLICY_KEYS: readonly string[] = Object.keys(policy.shape);
export const TOP_KEYS: readonly string[] = Object.keys(policyFileSchema.shape);

/** One fault of the shape: where (keys and indexes from the root), and for unknown keys which. */
export interface ShapeFault {
  readonly path: readonly (string | number)[];
  readonly unknownKeys: readonly string[];
}

/** What of a plain value does not have the shape of a policy file. */
export function shapeFaults(value: unknown): ShapeFault[] {
  const issues = z.safeParse(policyFileSchema, value).error?.issues ?? [];
  return issues.map((issue) => ({
    path: issue.path.map((key) => (typeof key === "number" ? key : String(key))),
    unknownKeys: issue.code === "unrecognized_keys" ? issue.keys : [],
  }));
}
