import type { GitHub } from "../github/github";
import type { Packages } from "../github/packages";
import type { SavedReport } from "../inputs/saved-report";
import type { Log } from "../net/log";
import type { StopReason } from "../net/stop";
import type { InUseFile } from "../plan/in-use";
import type { Policy } from "../policy/policy";
import type { FactsContext } from "../prepare/facts";
import type { Registry } from "../registry/registry";

/** What a run is given. */
export interface RunContext extends FactsContext {
  readonly github: Pick<GitHub, "outlook" | "pausedUntil">;
  readonly packages: Packages;
  readonly registry: Registry;
  readonly log: Log;
  /** Epoch milliseconds, read once a run: what ages and calendars count from. */
  readonly now: number;
  /** The clock, in epoch milliseconds. */
  readonly clock: () => number;
  readonly isDryRun: boolean;
  /** Whether to say how much the plan frees. */
  readonly sizes?: boolean;
  /** Why no new deletion may start: the time is up, or the job was cancelled. */
  readonly stopReason: StopReason;
  /** The files that `in-use-files` of a policy names. */
  readonly inUseFiles: ReadonlyMap<Policy, readonly InUseFile[]>;
  /** The reviewed plan (`plan-file`): only what it deletes as well is deleted. */
  readonly reviewed?: SavedReport;
  /** Sleeps for so many milliseconds; with the system's clock unless given. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}
