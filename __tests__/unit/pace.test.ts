import {
  afterAnswer,
  afterLimit,
  afterSending,
  afterStart,
  FULL_PACE,
  type Pace,
  paceSettings,
  type RequestKind,
  startDelay,
} from "../../src/net/pace";

const NOW = 1_000_000;
const settings = paceSettings(120);

/** The pace after requests of these kinds, each sent as soon as it may; and when they were sent, counted from NOW. */
function sendAll(kinds: readonly RequestKind[], chosen = settings, from: Pace = FULL_PACE) {
  let pace = from;
  let now = NOW;
  const times: number[] = [];
  for (const kind of kinds) {
    now += startDelay(pace, kind, chosen, now);
    pace = afterStart(pace, kind, chosen, now);
    times.push(now - NOW);
  }
  return { pace, times };
}

function repeat(kind: RequestKind, count: number): RequestKind[] {
  return Array.from({ length: count }, () => kind);
}

describe("the pace", () => {
  it("spaces deletions evenly from the very first", () => {
    expect(sendAll(repeat("write", 4)).times).toEqual([0, 500, 1_000, 1_500]);
  });

  it("does not make up for time in which nothing was deleted", () => {
    const { pace } = sendAll(repeat("write", 1));
    const later = NOW + 600_000;
    const next = afterStart(pace, "write", settings, later);
    expect(startDelay(pace, "write", settings, later)).toBe(0);
    expect(startDelay(next, "write", settings, later)).toBe(500);
  });

  it("lets reads go at once", () => {
    expect(sendAll(["write", "read", "read", "write"]).times).toEqual([0, 0, 0, 500]);
  });

  it("counts a read as one point and a deletion as five, of 900 a minute (and a second, for what is late)", () => {
    const { times } = sendAll([...repeat("read", 900), "read"]);
    expect(times.slice(-2)).toEqual([0, 61_000]);
    const { pace } = sendAll(repeat("read", 896));
    expect(startDelay(pace, "read", settings, NOW)).toBe(0);
    expect(startDelay(pace, "write", settings, NOW)).toBe(61_000);
  });

  it("stays within 900 points in any minute at the fastest documented pace", () => {
    const fastest = paceSettings(180);
    const { times } = sendAll(repeat("write", 400), fastest);
    const busiest = times.map(
      (start) => times.filter((time) => time >= start && time < start + 60_000).length,
    );
    expect(Math.max(...busiest)).toBe(180);
  });

  it("has no ceiling for those who ask for a faster pace", () => {
    expect(sendAll(repeat("write", 601), paceSettings(600)).times.at(-1)).toBe(60_000);
  });
});

describe("a limit answer", () => {
  it("pauses reads and deletions alike, and halves the pace", () => {
    const pace = afterLimit(FULL_PACE, 30_000, NOW);
    expect(startDelay(pace, "read", settings, NOW)).toBe(30_000);
    expect(startDelay(pace, "write", settings, NOW)).toBe(30_000);
    expect(sendAll(["write", "write"], settings, pace).times).toEqual([30_000, 31_000]);
  });

  it("halves the ceiling too", () => {
    const pace = afterLimit(FULL_PACE, 1_000, NOW);
    const { times } = sendAll(repeat("read", 451), settings, pace);
    expect(times.slice(-2)).toEqual([1_000, 62_000]);
  });

  it("counts once for all requests that were under way", () => {
    const once = afterLimit(FULL_PACE, 30_000, NOW);
    const twice = afterLimit(once, 40_000, NOW + 1_000);
    expect(twice.speed).toBe(0.5);
    expect(startDelay(twice, "read", settings, NOW)).toBe(41_000);
  });

  it("never shortens a pause", () => {
    const pace = afterLimit(afterLimit(FULL_PACE, 30_000, NOW), 1_000, NOW);
    expect(startDelay(pace, "read", settings, NOW)).toBe(30_000);
  });

  it("slows down again when it comes again, to a sixteenth at most", () => {
    let pace = FULL_PACE;
    const speeds: number[] = [];
    for (let minute = 0; minute < 6; minute++) {
      pace = afterLimit(pace, 1_000, NOW + minute * 60_000);
      speeds.push(pace.speed);
    }
    expect(speeds).toEqual([0.5, 0.25, 0.125, 0.0625, 0.0625, 0.0625]);
  });

  it("is made up for slowly, and never quite", () => {
    const slow = afterLimit(FULL_PACE, 1_000, NOW);
    expect(sendAll(repeat("write", 100), settings, slow).pace.speed).toBeCloseTo(0.7);
    expect(sendAll(repeat("write", 1_000), settings, slow).pace.speed).toBe(0.9);
  });
});

describe("the server's time", () => {
  interface Answered {
    readonly at: number;
    readonly took: number;
    readonly kind: RequestKind;
  }

  /** Sends requests as soon as they may, ten at once at most, for five minutes; answers come after `took(n)`. */
  function play(kindOf: (place: number) => RequestKind, took: (place: number) => number): Answered[] {
    const chosen = paceSettings(170);
    const answers: Answered[] = [];
    const underWay: (Answered & { readonly sent: { kind: RequestKind; at: number } })[] = [];
    let pace = FULL_PACE;
    let now = NOW;
    for (let place = 0; now < NOW + 5 * 60_000; ) {
      const kind = kindOf(place);
      const free =
        underWay.length < 10 ? now + startDelay(pace, kind, chosen, now) : Number.POSITIVE_INFINITY;
      const next = underWay.toSorted((a, b) => a.at - b.at)[0];
      if (next && next.at <= free) {
        now = Math.max(now, next.at);
        pace = afterAnswer(pace, next.sent, chosen, now);
        underWay.splice(underWay.indexOf(next), 1);
        answers.push(next);
      } else {
        now = free;
        if (startDelay(pace, kind, chosen, now) > 0) continue;
        const sent = { kind, at: now };
        pace = afterSending(afterStart(pace, kind, chosen, now), sent);
        underWay.push({ kind, sent, at: now + took(place), took: took(place) });
        place++;
      }
    }
    return answers;
  }

  /** The most that was answered within any minute. */
  function busiestMinute(answers: readonly Answered[]): number {
    const sums = answers.map(({ at: end }) =>
      answers.filter(({ at }) => at <= end && at > end - 60_000).reduce((sum, { took }) => sum + took, 0),
    );
    return Math.max(...sums);
  }

  function writesAMinute(answers: readonly Answered[]): number {
    return answers.filter(({ kind }) => kind === "write").length / 5;
  }

  it.each([300, 600, 1_000, 3_000])(
    "stays below 90 s a minute with answers after %d ms, and near it",
    (ms) => {
      const answers = play(
        () => "write",
        () => ms,
      );
      expect(busiestMinute(answers)).toBeLessThanOrEqual(90_000);
      expect(writesAMinute(answers)).toBeGreaterThanOrEqual(0.9 * Math.min(170, 80_000 / ms));
    },
  );

  it("is that of reads too", () => {
    const answers = play(
      (place) => (place % 3 === 0 ? "write" : "read"),
      () => 800,
    );
    expect(busiestMinute(answers)).toBeLessThanOrEqual(90_000);
    expect(answers.length / 5).toBeGreaterThanOrEqual(0.9 * 100);
  });

  it("is measured anew as answers become slower", () => {
    const answers = play(
      () => "write",
      (place) => 300 + place * 3,
    );
    expect(busiestMinute(answers)).toBeLessThanOrEqual(90_000);
  });

  it("is none of ours where no limit is known", () => {
    const chosen = paceSettings(6_000);
    const sent = { kind: "write", at: NOW - 100_000 } as const;
    const pace = afterAnswer(afterSending(FULL_PACE, sent), sent, chosen, NOW);
    expect(startDelay(pace, "write", chosen, NOW)).toBe(0);
  });
});
