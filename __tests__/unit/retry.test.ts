import { createPatience, IMPATIENT } from "../../src/net/patience";
import {
  backoffDelay,
  parseRetryAfter,
  RETRY_DEFAULTS,
  type RetryOptions,
  withRetries,
} from "../../src/net/retry";

const NOW = Date.parse("2026-11-20T00:00:00Z");

describe("retry-after", () => {
  it.each([
    ["0", 0],
    ["60", 60_000],
    ["1.5", 1_500],
    [" 7 ", 7_000],
    ["Fri, 20 Nov 2026 00:00:30 GMT", 30_000],
    ["Friday, 20-Nov-26 00:00:30 GMT", 30_000],
    ["Thu, 19 Nov 2026 00:00:00 GMT", 0],
    ["985.86µs", 0.98586],
    ["985.86μs", 0.98586],
    ["250us", 0.25],
    ["500ns", 0.0005],
    ["20ms", 20],
    ["1m30s", 90_000],
    ["1h2m3.5s", 3_723_500],
  ])("reads %p as %p ms", (value, milliseconds) => {
    expect(parseRetryAfter(value, NOW)).toBeCloseTo(milliseconds, 9);
  });

  it.each([undefined, null, "", "soon", "-5", "5 apples", "1m30", "s", "2026-11-20", "NaN", "Infinity"])(
    "takes nothing from %p",
    (value) => {
      expect(parseRetryAfter(value, NOW)).toBeUndefined();
    },
  );
});

describe("backoff", () => {
  const least = { random: () => 0, firstDelay: 250, longestDelay: 8_000 };
  const most = { ...least, random: () => 1 };

  it("doubles with each try up to a cap", () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((tried) => backoffDelay(tried, most))).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 8_000,
    ]);
  });

  it("is at least half of that", () => {
    expect([1, 2, 3].map((tried) => backoffDelay(tried, least))).toEqual([125, 250, 500]);
  });
});

describe("retries", () => {
  function options(changes: Partial<RetryOptions> = {}): RetryOptions & { sleeps: number[] } {
    const sleeps: number[] = [];
    const clock = {
      now: () => NOW,
      sleep: async (milliseconds: number) => {
        sleeps.push(milliseconds);
      },
    };
    return { ...RETRY_DEFAULTS, random: () => 1, clock, patience: IMPATIENT, ...changes, sleeps };
  }

  it("returns a good value at once", async () => {
    const quick = options();
    expect(await withRetries(async () => ({ value: "good", again: false }), quick)).toEqual({
      value: "good",
      tries: 1,
    });
    expect(quick.sleeps).toEqual([]);
  });

  it("gives up where the server asks for a longer wait than the run's", async () => {
    const asked = async () => ({ value: "bad", again: true, retryAfter: 86_400_000 });
    const impatient = options();
    expect(await withRetries(asked, impatient)).toEqual({ value: "bad", tries: 1 });
    expect(impatient.sleeps).toEqual([]);
    const short = options({ patience: createPatience({ waits: true, timeLeft: () => 50_000 }) });
    const result = await withRetries(async () => ({ value: "bad", again: true, retryAfter: 50_001 }), short);
    expect(result).toEqual({ value: "bad", tries: 1 });
  });

  it("tries again until the value is good", async () => {
    const patient = options();
    const result = await withRetries(async (tried) => ({ value: tried, again: tried < 3 }), patient);
    expect(result).toEqual({ value: 3, tries: 3 });
    expect(patient.sleeps).toEqual([250, 500]);
  });

  it("returns the last bad value after five tries", async () => {
    const patient = options();
    const result = await withRetries(async (tried) => ({ value: `bad ${tried}`, again: true }), patient);
    expect(result).toEqual({ value: "bad 5", tries: 5 });
    expect(patient.sleeps).toEqual([250, 500, 1_000, 2_000]);
  });

  it("waits as long as the server asks, and never shorter than the backoff", async () => {
    const patient = options({ tries: 3 });
    const asked = [30_000, 0.98];
    await withRetries(async (tried) => ({ value: "", again: true, retryAfter: asked[tried - 1] }), patient);
    expect(patient.sleeps).toEqual([30_000, 500]);
  });

  it("gives up when the waits would add up to too much", async () => {
    const patient = options({ totalDelay: 100_000 });
    const result = await withRetries(
      async () => ({ value: "busy", again: true, retryAfter: 60_000 }),
      patient,
    );
    expect(result).toEqual({ value: "busy", tries: 2 });
    expect(patient.sleeps).toEqual([60_000]);
  });

  it("lets through what is thrown", async () => {
    await expect(
      withRetries(async () => {
        throw new Error("no answer but a bug");
      }, options()),
    ).rejects.toThrow("no answer but a bug");
  });

  it("does not try at all once it is cancelled", async () => {
    const signal = AbortSignal.abort(new Error("cancelled"));
    let tries = 0;
    const trying = withRetries(async () => ({ value: ++tries, again: true }), options({ signal }));
    await expect(trying).rejects.toThrow("cancelled");
    expect(tries).toBe(0);
  });
});
