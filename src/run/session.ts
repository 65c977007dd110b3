import { VERSION } from "../inputs/action-inputs";
import { type InputSource, type Inputs, readInputs } from "../inputs/inputs";
import type { Warning } from "../model/warning";
import type { Log } from "../net/log";
import { createJournal } from "../output/journal";
import type { Output } from "../output/output";
import { type Publication, publish, publishProblems } from "../output/publish";
import { reportFileFaults } from "../output/report-place";
import type { Problem } from "../policy/problem";
import { firstLine } from "../report/log-lines";
import type { PackagePages } from "../report/package-pages";
import type { Report } from "../report/report";
import { type Cancellation, listenForCancellation } from "./cancellation";
import { endedEarly } from "./ended-early";
import { startRun } from "./start";

/** How a run was started: by a runner, or by a person. */
export interface Session {
  readonly output: Output;
  readonly source: InputSource;
  /** What is wrong before any input is read. */
  readonly problems: readonly Problem[];
  /** Where the report is written if no input says it; undefined for nowhere. */
  readonly defaultReport: () => string | undefined;
}

/** A session whose inputs are right. */
interface Ready {
  readonly inputs: Inputs;
  readonly output: Output;
  readonly reportFile: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly cancellation: Cancellation;
}

/** Reads the inputs, runs, and tells the result. Whatever is thrown fails the run, and is told as well. */
export async function runSession({ output, source, problems, defaultReport }: Session): Promise<void> {
  if (problems.length > 0) return publishProblems(problems, { output });
  const startedAt = Date.now();
  const cancellation = listenForCancellation();
  const read = await readInputs(source);
  if ("problems" in read) return publishProblems(read.problems, { output, file: read.policyFile });
  const { inputs } = read;
  output.hide(inputs.token);
  const reportFile = inputs.reportFile ?? defaultReport();
  const faults = await reportFileFaults(reportFile, inputs);
  if (faults.length > 0) return publishProblems(faults, { output });
  return runAndPublish({ inputs, output, reportFile, startedAt, cancellation });
}

async function runAndPublish(ready: Ready): Promise<void> {
  const { inputs, output, reportFile, startedAt, cancellation } = ready;
  const journal = createJournal();
  const said: Warning[] = [];
  let pages: PackagePages | undefined;
  let publishing: Promise<void> | undefined;

  const log = remembering(output, said);
  for (const warning of inputs.warnings) log.warning(warning);
  output.info(firstLine({ dryRun: inputs.dryRun, restores: inputs.mode.kind === "restore" }));

  /** Once only: what was written of a run is not overwritten by its end. */
  function finish(publication: Publication): Promise<void> {
    const report = explained(publication, inputs, said);
    publishing ??= publish({ ...publication, report }, { output, reportFile, journal, pages });
    return publishing;
  }

  const early = (thrown: unknown) => endedEarly(thrown, inputs, { startedAt, deleted: journal.deleted() });
  process.once("uncaughtException", (thrown) => {
    output.debug(stackOf(thrown));
    void finish(early(thrown)).finally(() => process.exit(1));
  });
  const onPages = (known: PackagePages) => {
    pages = known;
  };
  try {
    await finish(await startRun(inputs, { log, cancellation, startedAt, journal, onPages }));
  } catch (thrown) {
    output.debug(stackOf(thrown));
    await finish(early(thrown));
  }
}

/** A log whose warnings are in the report as well. */
function remembering(output: Output, said: Warning[]): Log {
  return {
    ...output,
    warning: (message) => {
      said.push({ kind: "run", message });
      output.warning(message, { title: "Package Retention" });
    },
  };
}

/** The report with what explains it to somebody who has only the file. */
function explained(
  { report, warnings }: Publication,
  { mode, runUrl }: Inputs,
  said: readonly Warning[],
): Report {
  const all = [...said, ...warnings];
  return {
    ...report,
    actionVersion: VERSION,
    ...(runUrl === undefined ? {} : { runUrl }),
    ...(mode.kind === "policies" ? { policy: mode.text } : {}),
    ...(all.length === 0 ? {} : { warnings: all }),
  };
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? "") : "";
}
