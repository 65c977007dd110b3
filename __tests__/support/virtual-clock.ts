import type { Clock } from "../../src/net/clock";

/** A clock that begins with the present and jumps over every sleep; `sleeps` are the milliseconds asked for. */
export function virtualClock(): Clock & { readonly sleeps: readonly number[] } {
  let skipped = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => Date.now() + skipped,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      skipped += milliseconds;
    },
  };
}
