/** Where the network modules tell what happens; never given a token. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
}
