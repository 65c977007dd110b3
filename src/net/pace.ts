/** GitHub counts points: 1 for a read, 5 for a deletion or any other write. */
export type RequestKind = "read" | "write";

export interface PaceSettings {
  readonly writesPerMinute: number;
  readonly pointsPerMinute: number;
  /** Milliseconds of the server's time, which the response times estimate. */
  readonly serverTimePerMinute: number;
}

/** When requests may start. All times are milliseconds since 1970. */
export interface Pace {
  readonly pausedUntil: number;
  readonly nextWrite: number;
  /** The part of the nominal pace that we take, from 1 down to 1/16. */
  readonly speed: number;
  /** What was started within the last minute. */
  readonly started: readonly { readonly at: number; readonly points: number }[];
  /** When each request was sent that is not answered yet. */
  readonly underWay: readonly Sent[];
  /** What was answered within the last minute. */
  readonly answered: readonly { readonly at: number; readonly kind: RequestKind; readonly took: number }[];
}

interface Sent {
  readonly kind: RequestKind;
  readonly at: number;
}

const MINUTE = 60_000;
/** GitHub's minute, and the time by which requests may catch up with each other on their way. */
const WINDOW = MINUTE + 1_000;
const POINTS: Readonly<Record<RequestKind, number>> = { read: 1, write: 5 };
/** GitHub's documented ceilings. */
const POINTS_PER_MINUTE = 900;
const WRITES_PER_MINUTE = POINTS_PER_MINUTE / POINTS.write;
/** Of the 90 seconds that GitHub documents: a request may take longer than those before it did. */
const SERVER_TIME_PER_MINUTE = 80_000;
const SLOWEST = 1 / 16;
/** After a limit answer the pace recovers by this part with each write, and never quite to what was too much. */
const RECOVERY = 0.002;
const RECOVERED = 0.9;
/** When all that is known of the last minute is still under way, its end is looked for so often. */
const RECHECK = 250;

export const FULL_PACE: Pace = {
  pausedUntil: 0,
  nextWrite: 0,
  speed: 1,
  started: [],
  underWay: [],
  answered: [],
};

/** Requests may start as they come: a server without known limits of a minute. */
export const NO_PACE: PaceSettings = {
  writesPerMinute: Number.POSITIVE_INFINITY,
  pointsPerMinute: Number.POSITIVE_INFINITY,
  serverTimePerMinute: Number.POSITIVE_INFINITY,
};

/** The settings for a number of deletions a minute. */
export function paceSettings(deletesPerMinute: number): PaceSettings {
  // Who asks for more than GitHub allows has no such ceilings (GHES), or has been warned.
  if (deletesPerMinute > WRITES_PER_MINUTE) return { ...NO_PACE, writesPerMinute: deletesPerMinute };
  return {
    writesPerMinute: deletesPerMinute,
    pointsPerMinute: POINTS_PER_MINUTE,
    serverTimePerMinute: SERVER_TIME_PER_MINUTE,
  };
}

/** Milliseconds until a request of this kind may start; 0 is now. */
export function startDelay(pace: Pace, kind: RequestKind, settings: PaceSettings, now: number): number {
  const write = kind === "write" ? pace.nextWrite : 0;
  const points = pointsFreeAt(pace, POINTS[kind], settings.pointsPerMinute * pace.speed, now);
  const server = serverFreeAt(pace, kind, settings.serverTimePerMinute * pace.speed, now);
  return Math.max(pace.pausedUntil, write, points, server, now) - now;
}

/** When so many requests of the last minute are old enough that `points` fit under the ceiling. */
function pointsFreeAt(pace: Pace, points: number, ceiling: number, now: number): number {
  const spent = recent(pace.started, now).map((one) => ({ at: one.at, amount: one.points }));
  return freeAt(spent, ceiling - points) ?? now;
}

/** When the server's time of one more request fits under the ceiling; those under way count with what they may take. */
function serverFreeAt({ underWay, answered }: Pace, kind: RequestKind, ceiling: number, now: number): number {
  if (!Number.isFinite(ceiling)) return now;
  const known = recent(answered, now);
  const expected = { read: expectedTime(known, "read"), write: expectedTime(known, "write") };
  const pending = underWay.reduce((sum, one) => sum + Math.max(expected[one.kind], now - one.at), 0);
  const spent = known.map(({ at, took }) => ({ at, amount: took }));
  const free = freeAt(spent, ceiling - pending - expected[kind]);
  if (free !== undefined) return free;
  return underWay.length > 0 ? now + RECHECK : now;
}

/** When enough of what was spent is a minute old that the rest fits under the ceiling; undefined where nothing helps. */
function freeAt(
  spent: readonly { readonly at: number; readonly amount: number }[],
  ceiling: number,
): number | undefined {
  let sum = spent.reduce((all, { amount }) => all + amount, 0);
  if (sum <= ceiling) return 0;
  for (const { at, amount } of spent) {
    sum -= amount;
    if (sum <= ceiling) return at + WINDOW;
  }
  return undefined;
}

/** What a request of this kind took in the last minute, in the mean; what any took where there was none of it. */
function expectedTime(answered: Pace["answered"], kind: RequestKind): number {
  const same = answered.filter((one) => one.kind === kind);
  const alike = same.length > 0 ? same : answered;
  return alike.reduce((sum, { took }) => sum + took, 0) / Math.max(alike.length, 1);
}

function recent<T extends { readonly at: number }>(all: readonly T[], now: number): readonly T[] {
  return all.filter(({ at }) => at > now - WINDOW);
}

/** The pace once a request of this kind has started. */
export function afterStart(pace: Pace, kind: RequestKind, settings: PaceSettings, now: number): Pace {
  const isCounted = Number.isFinite(settings.pointsPerMinute);
  const started = isCounted ? [...recent(pace.started, now), { at: now, points: POINTS[kind] }] : [];
  if (kind === "read") return { ...pace, started };
  return {
    ...pace,
    started,
    nextWrite: now + Math.ceil(MINUTE / (writesPerMinute(pace, settings, now) * pace.speed)),
    speed: pace.speed === 1 ? 1 : Math.min(pace.speed + RECOVERY, RECOVERED),
  };
}

/** What the settings allow, or fewer where the server's time is not enough for so many. */
function writesPerMinute({ answered }: Pace, settings: PaceSettings, now: number): number {
  const took = expectedTime(recent(answered, now), "write");
  const served = took > 0 ? settings.serverTimePerMinute / took : Number.POSITIVE_INFINITY;
  return Math.min(settings.writesPerMinute, served);
}

/** The pace once a request was sent, which may be later than it started: it may have had to queue. */
export function afterSending(pace: Pace, sent: Sent): Pace {
  return { ...pace, underWay: [...pace.underWay, sent] };
}

/** The pace once a request was answered, or will not be. */
export function afterAnswer(pace: Pace, sent: Sent, settings: PaceSettings, now: number): Pace {
  const underWay = pace.underWay.filter((one) => one !== sent);
  if (!Number.isFinite(settings.serverTimePerMinute)) return { ...pace, underWay };
  const answer = { at: now, kind: sent.kind, took: now - sent.at };
  return { ...pace, underWay, answered: [...recent(pace.answered, now), answer] };
}

/** The pace after a limit answer. Several answers in one pause (requests that were under way) halve it once. */
export function afterLimit(pace: Pace, milliseconds: number, now: number): Pace {
  return {
    ...pace,
    pausedUntil: Math.max(pace.pausedUntil, now + milliseconds),
    speed: now < pace.pausedUntil ? pace.speed : Math.max(pace.speed / 2, SLOWEST),
  };
}
