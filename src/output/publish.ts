import * as core from "@actions/core";
import { messageOf } from "../model/error-message";
import type { Warning } from "../model/warning";
import { debugLines, logLines } from "../report/log-lines";
import type { Report } from "../report/report";
import { resultsOutput, totals } from "../report/report-counts";
import { code, countOf, LONGEST_MESSAGE } from "../report/report-text";
import { renderSummary } from "../report/summary";
import { groupWarnings, unspoken } from "../report/warnings";
import { writeReport } from "./report-file";

/** GitHub shows ten annotations of each type a step; one place is left for the warning of another. */
const MOST_WARNINGS = 9;

/**
 * Tells everyone what the run came to: the log, the report file, the summary, the outputs, the annotations.
 *
 * @param error why the run failed as a whole, and not some package of it
 */
export async function publish(
  report: Report,
  warnings: readonly Warning[],
  reportFile: string,
  error?: string,
): Promise<void> {
  const grouped = groupWarnings(warnings);
  logReport(report);
  const written = await attempt(
    "report-file",
    `the report cannot be written to ${reportFile}, check the path`,
    () => writeReport(report, reportFile),
  );
  const summary = renderSummary(report, {
    warnings: grouped,
    ...(error === undefined ? {} : { error }),
    ...(written ? { reportFile } : {}),
  });
  await writeSummary(summary);
  writeOutputs(written ? report : { ...report, status: "failed" }, written ? reportFile : "");
  annotateWarnings(grouped);
  for (const message of unspoken(warnings)) core.info(message);
  if (report.status === "failed") core.setFailed(error ?? failureOf(report));
}

/** What is wrong with the inputs: one message each, and nothing was requested. */
export async function publishProblems(problems: readonly string[]): Promise<void> {
  process.exitCode = core.ExitCode.Failure;
  core.setOutput("status", "failed");
  // Each is an error, also where GitHub shows no more annotations: the log marks them all.
  for (const problem of problems) core.error(problem);
  const list = problems.map((problem) => `- ${code(problem, LONGEST_MESSAGE)}`).join("\n");
  await writeSummary(`## The inputs need mending; nothing was requested\n\n${list}\n`);
}

function annotateWarnings(messages: readonly string[]): void {
  for (const message of messages.slice(0, MOST_WARNINGS)) core.warning(message);
  for (const message of messages.slice(MOST_WARNINGS)) core.info(message);
}

function logReport(report: Report): void {
  for (const pkg of report.packages) {
    const [title = "", ...lines] = logLines(pkg);
    core.startGroup(title);
    for (const line of lines) core.info(line);
    if (core.isDebug()) for (const line of debugLines(pkg)) core.debug(line);
    core.endGroup();
  }
}

/** GITHUB_STEP_SUMMARY is there on a runner, and not where someone tries the bundle by hand. */
async function writeSummary(summary: string): Promise<void> {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  await attempt("summary", "the step summary cannot be written", () => core.summary.addRaw(summary).write());
}

function writeOutputs(report: Report, reportFile: string): void {
  const { json, leftOut } = resultsOutput(report);
  if (leftOut > 0) core.info(`The output results leaves out ${leftOut} packages; the report file has them.`);
  const outputs: Record<string, string | number> = { status: report.status };
  for (const [name, count] of Object.entries(totals(report))) outputs[`${name}-count`] = count;
  for (const [name, value] of Object.entries({ ...outputs, results: json, "report-file": reportFile })) {
    core.setOutput(name, value);
  }
}

/** What the step fails with: each failed package, and why. */
function failureOf({ packages }: Report): string {
  const failed = packages.filter(({ status }) => status === "failed");
  return failed
    .map(({ name, error, versions, counts }) => {
      if (error !== undefined) return error.includes(name) ? error : `${name}: ${error}`;
      const first = versions.find(({ outcome }) => outcome === "failed");
      const verb = first?.verdict === "restore" ? "restored" : "deleted";
      return `${name}: ${countOf(counts.failed ?? 0, "version")} could not be ${verb}, the first because: ${first?.message ?? "see the report"}`;
    })
    .join("\n");
}

async function attempt(source: string, what: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    core.setFailed(`${source}: ${what}: ${messageOf(error)}`);
    return false;
  }
}
