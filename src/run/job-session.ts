import * as core from "@actions/core";
import { readSafely } from "../inputs/safe-file";
import { freeReportFile } from "../output/report-place";
import { runnerOutput } from "../output/runner";
import type { Session } from "./session";

/** The run of a job: its inputs are in the environment, and its outputs are written to the runner's files. */
export function jobSession(env: Session["source"]["env"]): Session {
  return {
    output: runnerOutput,
    source: {
      getInput: (name) => core.getInput(name, { trimWhitespace: false }),
      env,
      readFile: readSafely,
    },
    problems: [],
    defaultReport: () => freeReportFile(env.RUNNER_TEMP ?? ""),
  };
}
