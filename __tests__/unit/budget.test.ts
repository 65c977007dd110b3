import {
  type Budget,
  BudgetExhausted,
  createBudgetWatch,
  decideBudget,
  isEnough,
  mergeBudget,
  readBudget,
} from "../../src/github/budget";
import { createPatience, IMPATIENT } from "../../src/net/patience";

const NOW = Date.parse("2026-11-20T00:00:00Z");
const PATIENT = createPatience({ waits: true, timeLeft: () => Number.POSITIVE_INFINITY });
const SILENT = { debug() {}, info() {}, warning() {} };

function budget(remaining: number, secondsToReset: number): Budget {
  return { remaining, reset: new Date(NOW + secondsToReset * 1000) };
}

function decide(
  remaining: number,
  secondsToReset: number,
  { reserve = 100, underWay = 0, patience = IMPATIENT } = {},
) {
  return decideBudget({ budget: budget(remaining, secondsToReset), reserve, underWay, patience, now: NOW });
}

describe("one more request", () => {
  it("goes while the reserve stays whole", () => {
    expect(decide(101, 3_000)).toEqual({ kind: "go" });
  });

  it("stops the run when it would take from the reserve", () => {
    expect(decide(100, 3_000)).toEqual({ kind: "stop" });
    expect(decide(100, 60)).toEqual({ kind: "stop" });
  });

  it("waits for a reset that is less than a minute away", () => {
    expect(decide(100, 59)).toEqual({ kind: "wait", milliseconds: 60_000 });
    expect(decide(0, 1)).toEqual({ kind: "wait", milliseconds: 2_000 });
  });

  it("waits for any reset with on-rate-limit: wait, but no longer than max-minutes leaves", () => {
    expect(decide(100, 3_000, { patience: PATIENT })).toEqual({ kind: "wait", milliseconds: 3_001_000 });
    const patience = createPatience({ waits: true, timeLeft: () => 2_999_000 });
    expect(decide(100, 3_000, { patience })).toEqual({ kind: "stop" });
    expect(decide(100, 2_998, { patience })).toEqual({ kind: "wait", milliseconds: 2_999_000 });
  });

  it("goes after the reset", () => {
    expect(decide(0, 0)).toEqual({ kind: "go" });
    expect(decide(0, -1)).toEqual({ kind: "go" });
  });

  it("waits for the answers under way when those may be what remains", () => {
    expect(decide(110, 3_000, { underWay: 9 })).toEqual({ kind: "go" });
    expect(decide(110, 3_000, { underWay: 10 })).toEqual({ kind: "answer" });
    expect(decide(100, 3_000, { underWay: 10 })).toEqual({ kind: "stop" });
  });

  it("uses up everything without a reserve", () => {
    expect(decide(1, 3_000, { reserve: 0 })).toEqual({ kind: "go" });
    expect(decide(0, 3_000, { reserve: 0 })).toEqual({ kind: "stop" });
  });

  it("goes where GitHub says nothing of a limit", () => {
    expect(
      decideBudget({ budget: undefined, reserve: 100, underWay: 50, patience: IMPATIENT, now: NOW }),
    ).toEqual({ kind: "go" });
  });
});

describe("what is left of the hour", () => {
  const enough = (remaining: number, secondsToReset: number, requests: number, patience = IMPATIENT) =>
    isEnough(budget(remaining, secondsToReset), {
      requests,
      perMinute: 170,
      reserve: 100,
      patience,
      now: NOW,
    });

  it("is enough for what fits in above the reserve", () => {
    expect(enough(500, 3_000, 400)).toBe(true);
    expect(enough(500, 3_000, 401)).toBe(false);
    expect(enough(50, 3_000, 0)).toBe(true);
    expect(enough(50, 3_000, 1)).toBe(false);
  });

  it("is enough for more when the limit resets before it is used up, or soon after", () => {
    // 340 requests take two minutes.
    expect(enough(440, 120 + 59, 1_000)).toBe(true);
    expect(enough(440, 120 + 60, 1_000)).toBe(false);
    expect(enough(440, 120 + 60, 1_000, PATIENT)).toBe(true);
  });
});

describe("what the headers tell", () => {
  it("is the limit, what remains of it, and its reset", () => {
    const headers = {
      "x-ratelimit-limit": "1000",
      "x-ratelimit-remaining": "983",
      "x-ratelimit-reset": "1795132800",
    };
    expect(readBudget(headers)).toEqual({
      limit: 1000,
      remaining: 983,
      reset: new Date("2026-11-20T00:00:00Z"),
    });
  });

  it("is nothing where one is missing or no number", () => {
    expect(readBudget({})).toBeUndefined();
    expect(readBudget({ "x-ratelimit-remaining": "5" })).toBeUndefined();
    expect(
      readBudget({ "x-ratelimit-remaining": "many", "x-ratelimit-reset": "1795132800" }),
    ).toBeUndefined();
  });

  it("holds by its lowest count within one hour, since answers overtake each other", () => {
    expect(mergeBudget(budget(50, 100), budget(60, 100), NOW)).toEqual(budget(50, 100));
    expect(mergeBudget(budget(50, 100), budget(49, 100), NOW)).toEqual(budget(49, 100));
  });

  it("starts anew with the next hour, and old answers do not bring the last one back", () => {
    expect(mergeBudget(budget(0, 100), budget(4_999, 3_700), NOW)).toEqual(budget(4_999, 3_700));
    expect(mergeBudget(budget(4_999, 3_700), budget(0, 100), NOW)).toEqual(budget(4_999, 3_700));
  });

  it("is that of one window where resets differ by less than ten seconds, in either direction", () => {
    expect(mergeBudget(budget(50, 101), budget(49, 100), NOW)).toEqual(budget(49, 101));
    expect(mergeBudget(budget(50, 100), budget(51, 101), NOW)).toEqual(budget(50, 101));
    expect(mergeBudget(budget(50, 100), budget(4_999, 109.999), NOW)).toEqual(budget(50, 109.999));
    expect(mergeBudget(budget(50, 100), budget(4_999, 110), NOW)).toEqual(budget(4_999, 110));
  });

  it("starts anew once the reset has come, however short the window was", () => {
    expect(mergeBudget(budget(0, 0), budget(101, 2), NOW)).toEqual(budget(101, 2));
  });
});

describe("the watch", () => {
  function headers(remaining: number, secondsToReset: number) {
    return {
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": String(NOW / 1000 + secondsToReset),
    };
  }

  function watch(reserve: number) {
    let now = NOW;
    const clock = {
      now: () => now,
      sleep: async (milliseconds: number) => {
        now += milliseconds;
      },
    };
    return { ...createBudgetWatch(reserve, { clock, log: SILENT, patience: IMPATIENT }), clock };
  }

  it("says when the limit resets and how much is left", async () => {
    const watched = watch(100);
    await watched.take();
    watched.settle(headers(100, 1_800));
    const refused = watched.take();
    await expect(refused).rejects.toBeInstanceOf(BudgetExhausted);
    await expect(refused).rejects.toThrow(
      "The token has 100 requests left of its hourly limit, which resets at 2026-11-20T00:30:00.000Z.",
    );
    expect(watched.current()).toEqual(budget(100, 1_800));
  });

  it("sleeps over a reset that is near", async () => {
    const watched = watch(100);
    await watched.take();
    watched.settle(headers(100, 30));
    await watched.take();
    expect(watched.clock.now()).toBe(NOW + 31_000);
  });

  it("spends down to the reserve to the last request, however many are sent at once", async () => {
    const watched = watch(100);
    await watched.take();
    watched.settle(headers(110, 1_800));
    const results = Array.from({ length: 20 }, () =>
      watched.take().then(
        () => "sent",
        () => "stopped",
      ),
    );
    for (let remaining = 109; remaining >= 100; remaining--) watched.settle(headers(remaining, 1_800));
    const counted = await Promise.all(results);
    expect(counted.filter((result) => result === "sent")).toHaveLength(10);
    expect(counted.filter((result) => result === "stopped")).toHaveLength(10);
  });
});
