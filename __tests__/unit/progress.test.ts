import { jest } from "@jest/globals";
import type { Outlook } from "../../src/model/outlook";
import { progressLine, startProgress } from "../../src/output/progress";

const NOW = Date.parse("2026-11-20T00:00:00Z");
const MINUTE = 60_000;
const HOUR = { remaining: 3_120, room: 3_020, perHour: 4_900, reset: new Date("2026-11-20T00:30:00Z") };
const ENDLESS: Outlook = {
  perMinute: 170,
  possible: Number.POSITIVE_INFINITY,
  timeLeft: Number.POSITIVE_INFINITY,
};

describe("a line of progress", () => {
  it("says what is done, how fast, how long the rest takes, and what is left of the hour", () => {
    const recent = { done: 168, elapsed: MINUTE };
    const outlook = { ...ENDLESS, hour: HOUR };
    expect(progressLine({ done: 360, total: 1_200, recent, outlook })).toBe(
      "360 of 1,200 versions, 168 a minute, about 5 minutes left, 3,120 requests left this hour",
    );
  });

  it("rounds the time that is left up to whole minutes", () => {
    const recent = { done: 10, elapsed: 5_000 };
    expect(progressLine({ done: 100, total: 101, recent, outlook: ENDLESS })).toBe(
      "100 of 101 versions, 120 a minute, about a minute left",
    );
  });

  it("does not guess how long it takes while nothing moves", () => {
    const recent = { done: 0, elapsed: 30_000 };
    expect(progressLine({ done: 7, total: 90, recent, outlook: ENDLESS })).toBe(
      "7 of 90 versions, 0 a minute",
    );
  });

  it("says where the hour's requests end it, and does not promise the rest", () => {
    const recent = { done: 170, elapsed: MINUTE };
    const outlook = { ...ENDLESS, hour: { ...HOUR, remaining: 871, room: 771 }, possible: 771 };
    expect(progressLine({ done: 340, total: 1_902, recent, outlook })).toBe(
      "340 of 1,902 versions, 170 a minute, stops at about 1,111 in about 5 minutes, 871 requests left this hour",
    );
  });

  it("says where max-minutes ends it", () => {
    const recent = { done: 100, elapsed: MINUTE };
    expect(
      progressLine({ done: 50, total: 1_000, recent, outlook: { ...ENDLESS, timeLeft: 3 * MINUTE } }),
    ).toBe("50 of 1,000 versions, 100 a minute, stops at about 350 in about 3 minutes");
  });
});

describe("the progress of a work", () => {
  let lines: string[];
  const log = { debug() {}, warning() {}, info: (line: string) => void lines.push(line) };

  beforeEach(() => {
    lines = [];
    jest.useFakeTimers({ now: NOW });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** So many seconds, in each of which so many versions are settled. */
  function seconds(count: number, perSecond: number, step: () => void): void {
    for (let second = 0; second < count; second++) {
      for (let version = 0; version < perSecond; version++) step();
      jest.advanceTimersByTime(1_000);
    }
  }

  it("is told every few seconds, and no more once it has stopped", () => {
    const progress = startProgress(1_000, log, () => ENDLESS);
    seconds(10, 2, progress.step);
    progress.stop();
    seconds(60, 2, progress.step);
    expect(lines).toEqual([
      "10 of 1,000 versions, 120 a minute, about 9 minutes left",
      "20 of 1,000 versions, 120 a minute, about 9 minutes left",
    ]);
  });

  it("is not told of a work that is over before the first line", () => {
    const progress = startProgress(4, log, () => ENDLESS);
    seconds(4, 1, progress.step);
    progress.stop();
    expect(lines).toEqual([]);
  });

  it("has the pace of the last minute, whatever was before it", () => {
    const progress = startProgress(10_000, log, () => ENDLESS);
    seconds(120, 2, progress.step);
    expect(lines.at(-1)).toBe("240 of 10,000 versions, 120 a minute, about 82 minutes left");
    seconds(60, 0, progress.step);
    expect(lines.at(-1)).toBe("240 of 10,000 versions, 0 a minute");
    seconds(60, 1, progress.step);
    expect(lines.at(-1)).toBe("300 of 10,000 versions, 60 a minute, about 3 hours left");
    progress.stop();
  });
});
