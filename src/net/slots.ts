/** Runs a job when it has a place among those that run at once; the first to ask is the first to start. */
export type Slots = <T>(job: () => Promise<T>) => Promise<T>;

/** Places for `size` jobs at once. */
export function createSlots(size: number): Slots {
  const waiting: (() => void)[] = [];
  let free = size;

  async function acquire(): Promise<void> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** The next in line gets the place directly, so that no later job takes it. */
  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return async (job) => {
    await acquire();
    try {
      return await job();
    } finally {
      release();
    }
  };
}
