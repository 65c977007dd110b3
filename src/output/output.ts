import type { Log } from "../net/log";
import type { Report } from "../report/report";

/** What a message is about: in a word or two, and the place in a file of the workspace (line and column from 1). */
export interface About {
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * Where a run tells what it does and its result: the log of a job, or a terminal. All text that others
 * wrote passes through here, and is shown as text: on one line, cut, and without commands to the runner or the terminal.
 */
export interface Output extends Log {
  warning(message: string, about?: About): void;
  error(message: string, about?: About): void;
  /** Keeps a secret out of all that is told. */
  hide(secret: string): void;
  /** What is deleted and what is kept of each package, and why. */
  showPackages(report: Report): void;
  /** Throws where it cannot be written. */
  setOutput(name: string, value: string): void;
  /** Whether a summary is wanted. */
  hasSummary(): boolean;
  /** Rejects where it cannot be written. */
  writeSummary(markdown: string): Promise<void>;
  /** The exit status where an input is wrong. */
  readonly refusedStatus: 1 | 2;
}
