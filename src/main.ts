import * as core from "@actions/core";
import { readSafely } from "./inputs/safe-file";
import { freeReportFile } from "./output/report-place";
import { runnerOutput } from "./output/runner";
import { surviveClosedPipes } from "./output/stdout";
import { runSession, type Session } from "./run/session";

surviveClosedPipes();
await runSession(runnerSession());
// A request that was given up may still hold a connection open: the step does not wait for it.
setTimeout(() => process.exit(), 2_000).unref();

/** The action, as a runner starts it. */
function runnerSession(): Session {
  const { env } = process;
  return {
    output: runnerOutput,
    source: {
      getInput: (name) => core.getInput(name, { trimWhitespace: false }),
      env,
      readFile: readSafely,
    },
    defaultReport: () => freeReportFile(env.RUNNER_TEMP ?? ""),
  };
}
