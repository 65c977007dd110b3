import { jest } from "@jest/globals";
import { progressLine, startProgress } from "../../src/output/progress";

const NOW = Date.parse("2026-11-20T00:00:00Z");
const BUDGET = { remaining: 3_120, limit: 5_000, reset: new Date("2026-11-20T00:30:00Z") };
const MINUTE = 60_000;

describe("a line of progress", () => {
  it("says what is done, how fast, how long the rest takes, and what is left of the hour", () => {
    const recent = { done: 168, elapsed: MINUTE };
    expect(progressLine({ done: 360, total: 1_200, recent, budget: BUDGET })).toBe(
      "360 of 1200 versions, 168 a minute, 5 minutes left, 3120 requests left this hour",
    );
  });

  it("rounds the time that is left up to whole minutes", () => {
    const recent = { done: 10, elapsed: 5_000 };
    expect(progressLine({ done: 100, total: 101, recent, budget: undefined })).toBe(
      "100 of 101 versions, 120 a minute, 1 minute left",
    );
  });

  it("does not guess how long it takes while nothing moves", () => {
    const recent = { done: 0, elapsed: 30_000 };
    expect(progressLine({ done: 7, total: 90, recent, budget: undefined })).toBe(
      "7 of 90 versions, 0 a minute",
    );
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
    const progress = startProgress(1_000, log, () => undefined);
    seconds(10, 2, progress.step);
    progress.stop();
    seconds(60, 2, progress.step);
    expect(lines).toEqual([
      "10 of 1000 versions, 120 a minute, 9 minutes left",
      "20 of 1000 versions, 120 a minute, 9 minutes left",
    ]);
  });

  it("is not told of a work that is over before the first line", () => {
    const progress = startProgress(4, log, () => undefined);
    seconds(4, 1, progress.step);
    progress.stop();
    expect(lines).toEqual([]);
  });

  it("has the pace of the last minute, whatever was before it", () => {
    const progress = startProgress(10_000, log, () => undefined);
    seconds(120, 2, progress.step);
    expect(lines.at(-1)).toBe("240 of 10000 versions, 120 a minute, 82 minutes left");
    seconds(60, 0, progress.step);
    expect(lines.at(-1)).toBe("240 of 10000 versions, 0 a minute");
    seconds(60, 1, progress.step);
    expect(lines.at(-1)).toBe("300 of 10000 versions, 60 a minute, 162 minutes left");
    progress.stop();
  });
});
