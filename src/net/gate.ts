import type { Clock } from "./clock";
import {
  afterAnswer,
  afterLimit,
  afterSending,
  afterStart,
  FULL_PACE,
  type PaceSettings,
  type RequestKind,
  startDelay,
} from "./pace";

export interface Gate {
  /** Resolves when a request of this kind may start, which is then on the books. */
  enter(kind: RequestKind): Promise<void>;
  /** Resolves when there is no pause: for a request that has entered and then had to queue. */
  opened(): Promise<void>;
  /** A request of this kind is sent now; returns what to call once it is over. */
  send(kind: RequestKind): () => void;
  /** A limit answer: nothing starts for that many milliseconds, and the pace is halved. */
  hold(milliseconds: number): void;
}

/** The one gate that all requests to a host pass (spec/action.md, "Rate limits"). */
export function createGate(settings: PaceSettings, clock: Clock, signal?: AbortSignal): Gate {
  let pace = FULL_PACE;

  async function waitUntil(delay: () => number): Promise<void> {
    signal?.throwIfAborted();
    // A pause may have begun, or another request may have gone first, while this one slept.
    for (let wait = delay(); wait > 0; wait = delay()) await clock.sleep(wait, signal);
  }

  return {
    enter: async (kind) => {
      await waitUntil(() => startDelay(pace, kind, settings, clock.now()));
      pace = afterStart(pace, kind, settings, clock.now());
    },
    opened: () => waitUntil(() => pace.pausedUntil - clock.now()),
    send: (kind) => {
      const sent = { kind, at: clock.now() };
      pace = afterSending(pace, sent);
      return () => {
        pace = afterAnswer(pace, sent, settings, clock.now());
      };
    },
    hold: (milliseconds) => {
      pace = afterLimit(pace, milliseconds, clock.now());
    },
  };
}
