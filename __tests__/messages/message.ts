/** Something that the action says. */
export interface Message {
  /** In which situation: `a mistyped word`. */
  readonly when: string;
  /** Brings the situation about, by the code that says it in a run. */
  readonly how: () => string | Promise<string>;
  /** All that is said then, one line a message; what differs from run to run stands in angle brackets. */
  readonly says: string;
  /** Nothing needs to be done, or it says what was done about it. */
  readonly onlyTells?: true;
}
