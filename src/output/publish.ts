import { messageOf } from "../model/error-message";
import { packageName } from "../model/label";
import type { Warning } from "../model/warning";
import { formatProblem, type Problem } from "../policy/problem";
import { lastLine } from "../report/log-lines";
import type { PackagePages } from "../report/package-pages";
import { renderProblemList } from "../report/problem-list";
import type { PackageReport, Report } from "../report/report";
import { noneFound, resultsOutput, totals } from "../report/report-counts";
import { countOf } from "../report/report-text";
import { renderSummary } from "../report/summary";
import { groupWarnings, unspoken, type WarningGroup } from "../report/warnings";
import type { Deleted, Journal } from "./journal";
import type { Output } from "./output";
import { writeReport } from "./report-file";

/** GitHub shows ten annotations of each type a step; one place is left for the warning of another. */
const MOST_WARNINGS = 9;
/** Ids in one line of the log, short enough to be copied. */
const IDS_A_LINE = 100;

/** The result of a run. */
export interface Publication {
  readonly report: Report;
  readonly warnings: readonly Warning[];
  /** Why the run failed as a whole, and not some package of it. */
  readonly error?: string;
  /** What is wrong with what was given, where that is why. */
  readonly problems?: readonly Problem[];
  /** What applying the plan of a dry run takes. */
  readonly effort?: string;
}

/** Where it is told. */
export interface Destination {
  readonly output: Output;
  /** Where the report is written; undefined for nowhere. */
  readonly reportFile: string | undefined;
  readonly journal: Pick<Journal, "deleted">;
  /** The addresses of packages and versions, where they are known. */
  readonly pages: PackagePages | undefined;
}

/**
 * Tells everyone the result of the run: the report file first, since it is the record of what was deleted, then the log,
 * the summary, the outputs and the annotations. Each fails by itself, which fails the step, and never throws.
 */
export async function publish(publication: Publication, destination: Destination): Promise<void> {
  const { output, reportFile, journal } = destination;
  const report = inNameOrder(publication.report);
  const isRecorded = await writeRecord(report, destination);
  await attempt(output, "log", "the packages cannot be shown", () => output.showPackages(report));
  if (!isRecorded) tellDeleted(journal.deleted(), output);
  const written = isRecorded ? reportFile : undefined;
  await writeSummary({ ...publication, report }, { ...destination, reportFile: written });
  writeOutputs(
    outputsOf(isRecorded ? report : { ...report, status: "failed" }, written ?? "", output),
    output,
  );
  annotateWarnings(groupWarnings(publication.warnings), output);
  for (const message of unspoken(publication.warnings)) output.info(message);
  if (publication.problems) refuse(publication.problems, output, report.policy?.path);
  else if (report.status === "failed") fail(output, publication.error ?? failureOf(report), "Failed");
  output.info(lastLine(report));
}

/** What is wrong with the inputs: one message each, and nothing was requested. `file` is the policy file. */
export async function publishProblems(
  problems: readonly Problem[],
  { output, file }: { readonly output: Output; readonly file?: string | undefined },
): Promise<void> {
  writeOutputs({ status: "failed" }, output);
  refuse(problems, output, file);
  if (!output.hasSummary()) return;
  const summary = renderProblemList(problems.map(formatProblem));
  await attempt(output, "summary", "the summary cannot be written, check the path", () =>
    output.writeSummary(summary),
  );
}

/** Each problem is an error, also where GitHub shows no more annotations: the log marks them all. */
function refuse(problems: readonly Problem[], output: Output, file: string | undefined): void {
  process.exitCode = output.refusedStatus;
  for (const problem of problems) output.error(formatProblem(problem), aboutProblem(problem, file));
}

function aboutProblem({ source, line, column }: Problem, file: string | undefined) {
  const about = { title: `Wrong input: ${source === file ? "policy-file" : source}` };
  if (source !== file || line === undefined) return about;
  return { ...about, file, line, ...(column === undefined ? {} : { column }) };
}

/** The report; where it cannot be written, the step fails. False where what was deleted is nowhere recorded. */
async function writeRecord(report: Report, { output, reportFile }: Destination): Promise<boolean> {
  if (reportFile === undefined) return true;
  return attempt(output, "report-file", `the report cannot be written to ${reportFile}, check the path`, () =>
    writeReport(report, reportFile),
  );
}

/** The last record that is left: ids that `restore` takes. */
function tellDeleted(deleted: readonly Deleted[], output: Output): void {
  for (const { pkg, ids, isWhole } of deleted) {
    const whole = isWhole ? " as a whole" : "";
    output.info(
      `Without a report, this is what \`restore\` needs. Deleted of the ${packageName(pkg)}${whole}:`,
    );
    for (let from = 0; from < ids.length; from += IDS_A_LINE)
      output.info(`  ${ids.slice(from, from + IDS_A_LINE).join(", ")}`);
    if (isWhole) output.info("  *");
  }
}

async function writeSummary(
  { report, warnings, error, effort }: Publication,
  destination: Destination,
): Promise<void> {
  const { output, reportFile, pages } = destination;
  if (!output.hasSummary()) return;
  await attempt(output, "summary", "the summary cannot be written, check the path", () =>
    output.writeSummary(
      renderSummary(report, {
        warnings: groupWarnings(warnings).map(({ text }) => text),
        ...(error === undefined ? {} : { error }),
        ...(effort === undefined ? {} : { effort }),
        ...(reportFile === undefined ? {} : { reportFile }),
        ...(pages === undefined ? {} : { pages }),
      }),
    ),
  );
}

function outputsOf(report: Report, reportFile: string, output: Output): Record<string, string> {
  const { json, leftOut } = resultsOutput(report);
  if (leftOut > 0)
    output.info(`The output results leaves out ${leftOut} packages; the report file has them.`);
  const counts = Object.entries(totals(report)).map(([name, count]) => [`${name}-count`, `${count}`]);
  return { status: report.status, ...Object.fromEntries(counts), results: json, "report-file": reportFile };
}

/** One that cannot be written, on a full disk, does not keep the others from being tried. */
function writeOutputs(outputs: Readonly<Record<string, string>>, output: Output): void {
  const faults = Object.entries(outputs).flatMap(([name, value]) =>
    faultOf(() => output.setOutput(name, value), name),
  );
  const [first] = faults;
  if (first === undefined) return;
  const names = faults.map(({ name }) => name).join(", ");
  fail(output, `outputs: ${names} cannot be written, check the runner's disk: ${first.why}`);
}

function faultOf(work: () => void, name: string): { name: string; why: string }[] {
  try {
    work();
    return [];
  } catch (error) {
    return [{ name, why: messageOf(error) }];
  }
}

function annotateWarnings(groups: readonly WarningGroup[], output: Output): void {
  for (const { title, text } of groups.slice(0, MOST_WARNINGS)) output.warning(text, { title });
  for (const { text } of groups.slice(MOST_WARNINGS)) for (const line of text.split("\n")) output.info(line);
}

/** What the step fails with: each failed package, and why. */
function failureOf({ packages }: Report): string {
  if (noneFound(packages)) return "None of the packages was found: the warnings say why, and what to do.";
  return packages
    .filter(({ status }) => status === "failed")
    .map(packageFailure)
    .join("\n");
}

function packageFailure({ name, error, versions, counts }: PackageReport): string {
  if (error !== undefined) return error.includes(name) ? error : `${name}: ${error}`;
  const first = versions.find(({ outcome }) => outcome === "failed");
  const verb = first?.verdict === "restore" ? "restored" : "deleted";
  return `${name}: ${countOf(counts.failed ?? 0, "version")} could not be ${verb}, the first because: ${first?.message ?? "see the report"}`;
}

function inNameOrder(report: Report): Report {
  const packages = [...report.packages].sort((a, b) => compare(a.name, b.name) || compare(a.type, b.type));
  return { ...report, packages };
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function fail(output: Output, message: string, title = "Not written"): void {
  process.exitCode = 1;
  output.error(message, { title });
}

async function attempt(output: Output, source: string, what: string, work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    fail(output, `${source}: ${what}: ${messageOf(error)}`);
    return false;
  }
}
