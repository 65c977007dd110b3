import {
  afterLimit,
  afterStart,
  createGate,
  FULL_PACE,
  type Pace,
  paceSettings,
  type RequestKind,
  startDelay,
} from "../../src/net/gate";

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

describe("the gate", () => {
  function testClock() {
    let now = NOW;
    return {
      now: () => now,
      sleep: async (milliseconds: number) => {
        now += milliseconds;
      },
    };
  }

  it("lets requests in when their time has come", async () => {
    const clock = testClock();
    const gate = createGate(settings, clock);
    await gate.enter("write");
    await gate.enter("write");
    gate.hold(60_000);
    await gate.opened();
    await gate.enter("write");
    expect(clock.now()).toBe(NOW + 500 + 60_000);
  });

  it("lets nothing in once the run is cancelled", async () => {
    const gate = createGate(settings, testClock(), AbortSignal.abort(new Error("cancelled")));
    await expect(gate.enter("read")).rejects.toThrow("cancelled");
    await expect(gate.opened()).rejects.toThrow("cancelled");
  });
});
