import { appendFile } from "node:fs/promises";
import * as core from "@actions/core";
import { debugLines, logLines } from "../report/log-lines";
import type { PackageReport } from "../report/report";
import { logLine, logMessage } from "../report/report-text";
import type { About, Output } from "./output";

/** The log, the annotations, the outputs and the summary of a job. */
export const runnerOutput: Output = {
  debug: (message) => {
    if (core.isDebug()) core.debug(logMessage(message));
  },
  info: (message) => core.info(logLine(message)),
  warning: (message, about) => core.warning(logMessage(message), annotation(about)),
  error: (message, about) => core.error(logMessage(message), annotation(about)),
  hide: core.setSecret,
  showPackages: ({ packages }) => packages.forEach(showPackage),
  setOutput: core.setOutput,
  // The runner has a file for it; where someone tries the bundle by hand, there is none.
  hasSummary: () => Boolean(process.env.GITHUB_STEP_SUMMARY),
  writeSummary: (markdown) => appendFile(process.env.GITHUB_STEP_SUMMARY ?? "", markdown),
  refusedStatus: 1,
};

function annotation({ title, file, line, column }: About = {}): core.AnnotationProperties {
  return {
    ...(title === undefined ? {} : { title: logLine(title) }),
    ...(file === undefined ? {} : { file: logLine(file) }),
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column }),
  };
}

function showPackage(pkg: PackageReport): void {
  const [title = "", ...lines] = logLines(pkg);
  core.startGroup(title);
  for (const line of lines) core.info(line);
  if (core.isDebug()) for (const line of debugLines(pkg)) core.debug(line);
  core.endGroup();
}
