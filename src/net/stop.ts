import { messageOf } from "../model/error-message";

/** The run has to stop although nothing failed: the hourly limit, the time, or a cancelled job. */
export class Stopped extends Error {
  override readonly name: string = "Stopped";
}

/** One package has to stop although nothing failed, since its registry asks for a long wait: others may continue. */
export class PackageStopped extends Stopped {
  override readonly name = "PackageStopped";
}

/** What requests and waits of a cancelled job end with. */
export class Cancelled extends Stopped {
  override readonly name = "Cancelled";
}

/** Why nothing new may start: the time is up, or the job was cancelled; undefined while all is well. */
export type StopReason = () => string | undefined;

/** What happens when a request's turn has come, each time that it is sent. */
export interface Turn {
  /** Asked first: with a reason the request is not sent, and ends as Stopped. */
  readonly stopReason?: StopReason;
  /** Told that the request is sent now; where this throws, it is not sent, and ends with what was thrown. */
  readonly onTurn?: () => void;
  /** How often it is sent at most where GitHub is in trouble: once, where the caller has to look before each try. */
  readonly tries?: number;
}

/** Why work ended early: it had to stop although nothing failed, or something failed. */
export interface Ended {
  readonly stopped?: string;
  readonly error?: string;
}

/** What it means that something was thrown: the one place that tells a stop from a failure. */
export function endOf(thrown: unknown): Ended {
  const stopped = stoppedBy(thrown);
  return stopped === undefined ? { error: messageOf(thrown) } : { stopped };
}

/**
 * Why the work ended early although nothing failed. Undefined for everything else that is thrown, also while a job is
 * being cancelled.
 */
function stoppedBy(thrown: unknown): string | undefined {
  if (thrown instanceof Stopped) return thrown.message;
  // Node's own functions wrap what a signal was aborted with.
  const { name, cause } = (thrown ?? {}) as { readonly name?: unknown; readonly cause?: unknown };
  return name === "AbortError" && cause instanceof Cancelled ? cause.message : undefined;
}
