import type { Clock } from "./clock";

/** GitHub counts points: 1 for a read, 5 for a deletion or any other write. */
export type RequestKind = "read" | "write";

export interface PaceSettings {
  readonly writesPerMinute: number;
  readonly pointsPerMinute: number;
}

/** When requests may start. All times are milliseconds since 1970. */
export interface Pace {
  readonly pausedUntil: number;
  readonly nextWrite: number;
  /** The part of the nominal pace that we take, from 1 down to 1/16. */
  readonly speed: number;
  /** What was started within the last minute. */
  readonly started: readonly { readonly at: number; readonly points: number }[];
}

export interface Gate {
  /** Resolves when a request of this kind may start, which is then on the books. */
  enter(kind: RequestKind): Promise<void>;
  /** Resolves when there is no pause: for a request that has entered and then had to queue. */
  opened(): Promise<void>;
  /** A limit answer: nothing starts for that many milliseconds, and the pace is halved. */
  hold(milliseconds: number): void;
}

const MINUTE = 60_000;
/** GitHub's minute, and the time by which requests may catch up with each other on their way. */
const WINDOW = MINUTE + 1_000;
const POINTS: Readonly<Record<RequestKind, number>> = { read: 1, write: 5 };
/** GitHub's documented ceilings. */
const POINTS_PER_MINUTE = 900;
const WRITES_PER_MINUTE = POINTS_PER_MINUTE / POINTS.write;
const SLOWEST = 1 / 16;
/** After a limit answer the pace comes back by this part with each write, and never quite to what was too much. */
const RECOVERY = 0.002;
const RECOVERED = 0.9;

export const FULL_PACE: Pace = { pausedUntil: 0, nextWrite: 0, speed: 1, started: [] };

/** The settings for a number of deletions a minute. */
export function paceSettings(deletesPerMinute: number): PaceSettings {
  const isWithin = deletesPerMinute <= WRITES_PER_MINUTE;
  // Who asks for more than GitHub allows has no such ceiling (GHES), or has been warned.
  return {
    writesPerMinute: deletesPerMinute,
    pointsPerMinute: isWithin ? POINTS_PER_MINUTE : Number.POSITIVE_INFINITY,
  };
}

/** Milliseconds until a request of this kind may start; 0 is now. */
export function startDelay(pace: Pace, kind: RequestKind, settings: PaceSettings, now: number): number {
  const write = kind === "write" ? pace.nextWrite : 0;
  const points = pointsFreeAt(pace, POINTS[kind], settings.pointsPerMinute * pace.speed, now);
  return Math.max(pace.pausedUntil, write, points, now) - now;
}

/** When so many requests of the last minute are old enough that `points` fit under the ceiling. */
function pointsFreeAt(pace: Pace, points: number, ceiling: number, now: number): number {
  const recent = pace.started.filter(({ at }) => at > now - WINDOW);
  let spent = recent.reduce((sum, request) => sum + request.points, 0);
  for (const request of recent) {
    if (spent + points <= ceiling) return now;
    spent -= request.points;
    if (spent + points <= ceiling) return request.at + WINDOW;
  }
  return now;
}

/** The pace once a request of this kind has started. */
export function afterStart(pace: Pace, kind: RequestKind, settings: PaceSettings, now: number): Pace {
  const recent = pace.started.filter(({ at }) => at > now - WINDOW);
  const isCounted = Number.isFinite(settings.pointsPerMinute);
  const started = isCounted ? [...recent, { at: now, points: POINTS[kind] }] : [];
  if (kind === "read") return { ...pace, started };
  return {
    ...pace,
    started,
    nextWrite: now + Math.ceil(MINUTE / (settings.writesPerMinute * pace.speed)),
    speed: pace.speed === 1 ? 1 : Math.min(pace.speed + RECOVERY, RECOVERED),
  };
}

/** The pace after a limit answer. Several answers in one pause (requests that were under way) halve it once. */
export function afterLimit(pace: Pace, milliseconds: number, now: number): Pace {
  return {
    ...pace,
    pausedUntil: Math.max(pace.pausedUntil, now + milliseconds),
    speed: now < pace.pausedUntil ? pace.speed : Math.max(pace.speed / 2, SLOWEST),
  };
}

/** The one gate that all requests to a host pass (spec/action.md, "Rate limits"). */
export function createGate(settings: PaceSettings, clock: Clock, signal?: AbortSignal): Gate {
  let pace = FULL_PACE;

  async function waitUntil(delay: () => number): Promise<void> {
    signal?.throwIfAborted();
    // A pause may have begun, or another request may have gone first, while this one slept.
    for (let wait = delay(); wait > 0; wait = delay()) await clock.sleep(wait, signal);
  }

  async function enter(kind: RequestKind): Promise<void> {
    await waitUntil(() => startDelay(pace, kind, settings, clock.now()));
    pace = afterStart(pace, kind, settings, clock.now());
  }

  return {
    enter,
    opened: () => waitUntil(() => pace.pausedUntil - clock.now()),
    hold: (milliseconds) => {
      pace = afterLimit(pace, milliseconds, clock.now());
    },
  };
}
