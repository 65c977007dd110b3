import * as z from "zod/mini";
import { PACKAGE_TYPES } from "../model/package-version";

const OUTCOMES = [
  "planned",
  "deleted",
  "gone",
  "refused",
  "failed",
  "skipped",
  "remaining",
  "restored",
] as const;

function described<T extends z.core.$ZodType>(schema: T, description: string, more: object = {}): T {
  z.globalRegistry.add(schema, { description, ...more });
  return schema;
}

function texts(description: string) {
  return described(z.array(z.string()), description);
}

function flag(description: string) {
  return z.optional(described(z.literal(true), description));
}

function time(description: string) {
  const isDate = z.refine<string>((text) => !Number.isNaN(Date.parse(text)), "is not a date");
  return described(z.string().check(isDate), description, { format: "date-time" });
}

const version = z.object({
  id: described(z.int().check(z.minimum(1)), "GitHub's id of the version, which `restore` takes."),
  name: described(z.string(), "A container's digest; for other types the version, such as 1.4.2."),
  tags: texts("All tags, bookkeeping tags included."),
  createdAt: time("As the API has it."),
  updatedAt: time("As the API has it."),
  verdict: z.enum(["keep", "delete", "restore"]),
  reasons: texts("Why, in fixed words: all reasons for which a version is kept or not."),
  parts: z.optional(texts("Digests that belong to the version directly, where they are known.")),
  subject: z.optional(described(z.string(), "The digest that it refers to, where no tag of it says so.")),
  untag: z.optional(texts("Tags that a kept version loses, as planned.")),
  untagged: z.optional(texts("Those of them that it has lost.")),
  outcome: z.optional(
    described(z.enum(OUTCOMES), "What became of a version that was to be deleted or restored."),
  ),
  message: z.optional(
    described(z.string(), "Why the outcome is what it is, where it is not the expected one."),
  ),
});

const number = z.int().check(z.minimum(0));
const bytes = z.int().check(z.minimum(0));

const counts = z.object({
  kept: number,
  planned: number,
  deleted: z.optional(number),
  restored: z.optional(number),
  refused: z.optional(number),
  skipped: z.optional(number),
  failed: z.optional(number),
  remaining: z.optional(number),
  totalBytes: z.optional(
    described(bytes, "With `sizes`: bytes of the layers and configs of the package, each digest once."),
  ),
  freedBytes: z.optional(described(bytes, "Of these, what no kept version has.")),
});

const pkg = z.object({
  type: z.enum(PACKAGE_TYPES),
  name: z.string(),
  versions: described(z.array(version), "Always all versions."),
  status: z.enum(["dry-run", "complete", "partial", "failed", "not-found"]),
  counts: described(counts, "Counts of versions. Those that are not there are zero."),
  error: z.optional(described(z.string(), "What went wrong with the package as a whole.")),
  overMaxDelete: flag("The plan deletes more than `max-delete` allows."),
  deletedPackage: flag("The package was deleted as a whole."),
  restoredPackage: flag("The package was, or in a dry run would be, restored as a whole."),
});

const policy = z.object({
  input: z.enum(["keep", "policy-file"]),
  path: z.optional(z.string()),
  text: z.string(),
});

/** A report as its file has it (spec/action.md, "The report"). What is not in every report since the first is optional. */
export const reportSchema = z.object({
  schemaVersion: z.literal(1),
  generatedAt: time("When the run began."),
  dryRun: z.boolean(),
  status: z.enum(["dry-run", "complete", "partial", "failed"]),
  owner: z.string(),
  packages: z.array(pkg),
  restore: flag("The run restored, or would have."),
  actionVersion: z.optional(described(z.string(), "The version of the action that wrote the report.")),
  runUrl: z.optional(described(z.string(), "The page of the workflow run.")),
  policy: z.optional(described(policy, "The policy as it was given, and the path of its file.")),
  warnings: z.optional(
    described(z.array(z.object({ kind: z.string(), message: z.string() })), "All warnings."),
  ),
});

/** A report as far as later runs read it. */
export type SavedReport = Pick<
  z.infer<typeof reportSchema>,
  "generatedAt" | "dryRun" | "status" | "owner"
> & {
  packages: SavedPackage[];
};
export type SavedPackage = Pick<z.infer<typeof pkg>, "type" | "name" | "deletedPackage" | "versions">;
export type SavedVersion = SavedPackage["versions"][number];

/** What JSON holds as a report, or what is wrong with it. */
export function checkReport(json: unknown): { readonly report: SavedReport } | { readonly faults: string } {
  const parsed = z.safeParse(reportSchema, json);
  return parsed.success ? { report: parsed.data } : { faults: faults(parsed.error) };
}

/** The first faults, with their places, in words that do not hang on a locale of zod's. */
function faults({ issues }: z.core.$ZodError): string {
  return issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join(".") || "the file"} ${faultOf(issue)}`)
    .join("; ");
}

function faultOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `is missing, or is not of type ${issue.expected}`;
  if (issue.code === "invalid_value") return `is none of ${issue.values.join(", ")}`;
  return issue.code === "custom" ? issue.message : "is wrong";
}
