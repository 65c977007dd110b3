/** Where the network modules tell what happens; never given a token. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  /** How far a long work has come: each line takes the place of the one before. Without it they are told as `info`. */
  progress?(line: string): void;
}
