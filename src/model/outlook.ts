/** How far a work of so many requests comes before the run has to stop. */
export interface Outlook {
  /** The pace of the deletions. */
  readonly perMinute: number;
  /** What is left of the token's hourly limit, and for which account; undefined where GitHub does not say. */
  readonly hour?: {
    readonly remaining: number;
    /** What of it is for this run, the rest is the reserve. */
    readonly room: number;
    /** What this run would have of a whole hour; undefined where GitHub does not say. */
    readonly perHour?: number;
    readonly reset: Date;
  };
  /** How many requests can be sent before the run stops for the hourly limit; Infinity where it does not. */
  readonly possible: number;
  /** Milliseconds until `max-minutes` is over; Infinity without it. */
  readonly timeLeft: number;
}
