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

const texts = z.array(z.string());
const time = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), "is no date"));

const version = z.object({
  id: z.int().check(z.minimum(1)),
  name: z.string(),
  tags: texts,
  createdAt: time,
  updatedAt: time,
  verdict: z.enum(["keep", "delete", "restore"]),
  reasons: texts,
  parts: z.optional(texts),
  subject: z.optional(z.string()),
  untag: z.optional(texts),
  outcome: z.optional(z.enum(OUTCOMES)),
});

const schema = z.object({
  generatedAt: time,
  dryRun: z.boolean(),
  status: z.enum(["dry-run", "complete", "partial", "failed"]),
  owner: z.string(),
  packages: z.array(
    z.object({
      type: z.enum(PACKAGE_TYPES),
      name: z.string(),
      deletedPackage: z.optional(z.literal(true)),
      versions: z.array(version),
    }),
  ),
});

/** A report as far as later runs read it. */
export type SavedReport = z.infer<typeof schema>;
export type SavedPackage = SavedReport["packages"][number];
export type SavedVersion = SavedPackage["versions"][number];

/** What JSON holds as a report, or what is wrong with it. */
export function checkReport(json: unknown): { readonly report: SavedReport } | { readonly faults: string } {
  const parsed = z.safeParse(schema, json);
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
  if (issue.code === "invalid_type") return `is missing, or is no ${issue.expected}`;
  if (issue.code === "invalid_value") return `is none of ${issue.values.join(", ")}`;
  return issue.code === "custom" ? issue.message : "is wrong";
}
