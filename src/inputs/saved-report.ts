import { isAbsolute, join } from "node:path";
import { messageOf } from "../model/error-message";
import type { Report } from "../report/report";
import type { SavedReport } from "./report-schema";
import { LARGEST_FILE, type Places, readSafely } from "./safe-file";

export type { SavedPackage, SavedReport, SavedVersion } from "./report-schema";

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

const SCHEMA_VERSION: Report["schemaVersion"] = 1;

/**
 * Reads the report of an earlier run.
 *
 * @throws SavedReportError where it cannot be read, is no report, or is about another owner
 */
export async function readSavedReport(request: SavedReportRequest): Promise<SavedReport> {
  const json = parseJson(readText(request), request);
  const { schemaVersion } = Object(json) as { schemaVersion?: unknown };
  if (schemaVersion === undefined)
    throw problem(request, "is not a report of this action: name its report-file");
  if (schemaVersion !== SCHEMA_VERSION) {
    throw problem(
      request,
      `has the schemaVersion ${JSON.stringify(schemaVersion)}, and this version of the action reads ${SCHEMA_VERSION}: use the version of the action that wrote it`,
    );
  }
  const { checkReport } = await import(/* webpackMode: "eager" */ "./report-schema");
  const checked = checkReport(json);
  if ("faults" in checked)
    throw problem(
      request,
      `is not a report of this action, or was changed (${checked.faults}): name the report-file of a run`,
    );
  const { report } = checked;
  const { owner } = report;
  if (owner.toLowerCase() === request.owner.toLowerCase()) return report;
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

function problem({ input, path }: SavedReportRequest, message: string): SavedReportError {
  return new SavedReportError(`${input}: ${path} ${message}.`);
}
