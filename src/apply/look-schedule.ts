/** When a package has to be looked at again (spec/action.md, "How a run behaves"). */
export interface LookSchedule {
  /** Whether nothing more may be deleted before a look. */
  isDue(): boolean;
  /** A deletion was sent. */
  sent(): void;
  /** The package was looked at, which took so many requests. */
  looked(requests: number): void;
}

/** A request was not sent, since the package has to be looked at before. */
export class LookDue extends Error {
  override readonly name = "LookDue";
}

const LOOK_EVERY_MS = 30_000;
/** So many deletions for each request of a look: the looks are a tenth of all. */
const SENT_PER_REQUEST = 9;

/**
 * A package is looked at before its first deletion, after a pause, and all along: one of a single page every 30 seconds,
 * a larger one as often as that costs at most a tenth of the requests.
 *
 * @param clock epoch milliseconds
 * @param pausedUntil when the last pause ended or will end, by the same clock
 */
export function createLookSchedule(clock: () => number, pausedUntil: () => number): LookSchedule {
  let lookedAt: number | undefined;
  let requests = 0;
  let sentSince = 0;

  return {
    isDue() {
      if (lookedAt === undefined || pausedUntil() > lookedAt) return true;
      const isCheap = requests === 1 ? sentSince > 0 : sentSince >= SENT_PER_REQUEST * requests;
      return isCheap && clock() - lookedAt >= LOOK_EVERY_MS;
    },
    sent() {
      sentSince++;
    },
    looked(taken) {
      lookedAt = clock();
      requests = taken;
      sentSince = 0;
    },
  };
}
