import type { About, Output } from "../../src/output/output";
import type { Report } from "../../src/report/report";

/** What was told to an output, in order: `error: …`, `info: …`, `output status: …`. */
export interface FakeOutput extends Output {
  readonly told: readonly string[];
  readonly abouts: readonly About[];
  readonly shown: readonly Report[];
}

/** An output that remembers; `changes` let parts of it fail. */
export function fakeOutput(changes: Partial<Output> = {}): FakeOutput {
  const told: string[] = [];
  const abouts: About[] = [];
  const shown: Report[] = [];
  const tell =
    (kind: string) =>
    (message: string, about?: About): void => {
      told.push(`${kind}: ${message}`);
      if (about) abouts.push(about);
    };
  return {
    told,
    abouts,
    shown,
    debug: () => {},
    info: tell("info"),
    warning: tell("warning"),
    error: tell("error"),
    hide: () => {},
    showPackages: (report) => {
      shown.push(report);
      told.push(`packages: ${report.packages.map(({ name }) => name).join(" ")}`);
    },
    setOutput: (name, value) => {
      told.push(`output ${name}: ${value}`);
    },
    hasSummary: () => true,
    writeSummary: async (markdown) => {
      told.push(`summary: ${markdown.split("\n")[0]}`);
    },
    refusedStatus: 1,
    ...changes,
  };
}
