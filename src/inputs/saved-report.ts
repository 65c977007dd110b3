import { isAbsolute, join } from "node:path";
import * as z from "zod/mini";
import { messageOf } from "../model/error-message";
import { PACKAGE_TYPES } from "../model/package-version";
import type { Report } from "../report/report";
import { LARGEST_FILE, type Places, readSafely } from "./safe-file";

/** The file that was given as a report cannot be used as one. The message names the input and the way out. */
export class SavedReportError extends Error {
  override readonly name = "SavedReportError";
}

export interface SavedReportRequest {
  /** As it was given: absolute, or in the workspace. */
  readonly path: string;
  readonly workspace: string;
  readonly places: Places;
  /** The input that names the file. */
  readonly input: "plan-file" | "restore";
  /** Whose packages this run is about. */
  readonly owner: string;
}

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

const SCHEMA_VERSION: Report["schemaVersion"] = 1;

/**
 * Reads the report of an earlier run.
 *
 * @throws SavedReportError where it cannot be read, is no report, or is about another owner
 */
export function readSavedReport(request: SavedReportRequest): SavedReport {
  const json = parseJson(readText(request), request);
  const { schemaVersion } = Object(json) as { schemaVersion?: unknown };
  if (schemaVersion === undefined)
    throw problem(request, "is no report of this action: name its report-file");
  if (schemaVersion !== SCHEMA_VERSION) {
    throw problem(
      request,
      `has the schemaVersion ${JSON.stringify(schemaVersion)}, and this version of the action reads ${SCHEMA_VERSION}: use the version of the action that wrote it`,
    );
  }
  const parsed = z.safeParse(schema, json);
  if (!parsed.success)
    throw problem(
      request,
      `is no report of this action, or was changed (${faults(parsed.error)}): name the report-file of a run`,
    );
  const { owner } = parsed.data;
  if (owner.toLowerCase() === request.owner.toLowerCase()) return parsed.data;
  throw problem(
    request,
    `is about the packages of ${owner}, and this run is about those of ${request.owner}: check the input owner`,
  );
}

function readText(request: SavedReportRequest): string {
  const { path, workspace, places } = request;
  try {
    const file = isAbsolute(path) ? path : join(workspace, path);
    return readSafely(file, places, LARGEST_FILE.report).toString("utf8");
  } catch (error) {
    const where = isAbsolute(path) ? "" : ` in ${workspace}`;
    const why = messageOf(error);
    const hint = "check the path, and that an earlier step downloaded the report";
    throw problem(request, `cannot be read${where}: ${hint} (${why})`);
  }
}

function parseJson(text: string, request: SavedReportRequest): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const why = messageOf(error);
    throw problem(request, `is not JSON (${why}): name the report-file of a run`);
  }
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

function problem({ input, path }: SavedReportRequest, message: string): SavedReportError {
  return new SavedReportError(`${input}: ${path} ${message}.`);
}
