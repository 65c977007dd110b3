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
import type { Patience } from "./patience";
import { Stopped, type StopReason } from "./stop";

export interface Gate {
  /**
   * Resolves when a request of this kind may start, which is then on the books. Rejects with Stopped in a pause that is
   * not waited for, and as soon as there is a reason to stop.
   */
  enter(kind: RequestKind, stopReason?: StopReason): Promise<void>;
  /** Resolves when there is no pause: for a request that has entered and then had to queue. Rejects as `enter`. */
  opened(): Promise<void>;
  /** A request of this kind is sent now; returns what to call once it is over. */
  send(kind: RequestKind): () => void;
  /**
   * A limit answer: nothing starts for that many milliseconds, and the pace is halved. With a `refusal` nothing waits for
   * the end of that pause either: whatever comes meanwhile is stopped, for this reason.
   */
  hold(milliseconds: number, refusal?: string): void;
  /** When the last pause of ten seconds or more ended, or will end; 0 where there was none. */
  pausedUntil(): number;
}

/** A shorter pause changes nothing that matters. */
export const LONG_PAUSE = 10_000;

export interface GateParts {
  readonly clock: Clock;
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
}

/** The one gate that all requests to a host pass (spec/action.md, "Rate limits"). */
export function createGate(settings: PaceSettings, { clock, patience, signal }: GateParts): Gate {
  let pace = FULL_PACE;
  let refused = { until: 0, why: "" };
  let pausedUntil = 0;

  async function waitUntil(delay: () => number, stopReason?: StopReason): Promise<void> {
    signal?.throwIfAborted();
    // A pause may have begun, or another request may have gone first, while this one slept.
    for (let wait = delay(); wait > 0; wait = delay()) {
      if (clock.now() < refused.until) throw new Stopped(refused.why);
      await clock.sleep(stopReason ? untilTheEnd(wait) : wait, signal);
      const stopped = stopReason?.();
      if (stopped !== undefined) throw new Stopped(stopped);
    }
  }

  /** What would be stopped in the end does not wait beyond it. */
  function untilTheEnd(wait: number): number {
    const left = patience.timeLeft();
    return left > 0 ? Math.min(wait, left) : wait;
  }

  return {
    enter: async (kind, stopReason) => {
      await waitUntil(() => startDelay(pace, kind, settings, clock.now()), stopReason);
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
    pausedUntil: () => pausedUntil,
    hold: (milliseconds, refusal) => {
      if (milliseconds >= LONG_PAUSE) pausedUntil = Math.max(pausedUntil, clock.now() + milliseconds);
      pace = afterLimit(pace, milliseconds, clock.now());
      if (refusal !== undefined) refused = { until: clock.now() + milliseconds, why: refusal };
    },
  };
}
