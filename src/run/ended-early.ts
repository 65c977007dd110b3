import type { Inputs } from "../inputs/inputs";
import { SavedReportError } from "../inputs/saved-report";
import { WorkspaceError } from "../inputs/workspace";
import type { Warning } from "../model/warning";
import { endOf } from "../net/stop";
import type { Deleted } from "../output/journal";
import type { Problem } from "../policy/problem";
import { PolicySlips } from "../prepare/select-packages";
import type { PackageReport, Report, Status } from "../report/report";

/** A run that was ended by something thrown: what there is to publish. */
export interface EndedEarly {
  readonly report: Report;
  readonly warnings: readonly Warning[];
  readonly error?: string;
  /** What is wrong with what was given, where that is why. */
  readonly problems?: readonly Problem[];
}

/**
 * What to publish of a run that did not come to its end. The budget's end and a cancelled job are no failures. What was
 * deleted all the same is in the report, by its ids.
 */
export function endedEarly(
  thrown: unknown,
  inputs: Inputs,
  { startedAt, deleted }: { readonly startedAt: number; readonly deleted: readonly Deleted[] },
): EndedEarly {
  const { stopped } = endOf(thrown);
  const status = stopped === undefined || deleted.length > 0 ? "failed" : "partial";
  const error = messageWithCause(thrown);
  const report = reportOf(
    inputs,
    startedAt,
    status,
    deleted.map((one) => failedPackage(one, error)),
  );
  if (deleted.length > 0) return { report, warnings: [] };
  if (status === "failed") return { report, warnings: [], error, ...wrongInput(thrown, error) };
  const message = `Nothing was changed: the packages could not be listed in full. ${stopped}`;
  return { report, warnings: [{ kind: "stopped", message }] };
}

/** What was given wrong, of which only reading the files or listing the packages could tell. */
function wrongInput(thrown: unknown, error: string): Pick<EndedEarly, "problems"> {
  if (thrown instanceof PolicySlips) return { problems: thrown.problems };
  if (!(thrown instanceof WorkspaceError || thrown instanceof SavedReportError)) return {};
  const [, source = "", message = ""] = /^([a-z-]+): (.*)$/s.exec(error) ?? [];
  return { problems: [{ source, message }] };
}

function reportOf(
  { dryRun, owner, mode }: Inputs,
  startedAt: number,
  status: Status,
  packages: readonly PackageReport[],
): Report {
  const generatedAt = new Date(startedAt).toISOString().replace(/\.\d+Z$/, "Z");
  const restore = mode.kind === "restore" ? ({ restore: true } as const) : {};
  return { schemaVersion: 1, generatedAt, dryRun, status, owner, ...restore, packages };
}

function failedPackage({ pkg, ids, isWhole }: Deleted, why: string): PackageReport {
  const ended = `The run on ${pkg.name} ended before its report was made (${why}).`;
  const undo = isWhole
    ? 'It had deleted the package as a whole: to bring it back, give `restore` "*".'
    : `It had deleted the versions ${ids.join(", ")}: to bring them back, give \`restore\` these ids.`;
  return {
    type: pkg.type,
    name: pkg.name,
    status: "failed",
    counts: { kept: 0, planned: ids.length, deleted: ids.length },
    error: `${ended} ${undo}`,
    versions: [],
  };
}

/** The message of whatever was thrown, with its cause. */
function messageWithCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
