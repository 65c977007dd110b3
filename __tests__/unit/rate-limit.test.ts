import { limitOf } from "../../src/github/rate-limit";

const NOW = Date.parse("2026-11-20T00:00:00Z");

function limit(
  status: number,
  message: string,
  headers: Record<string, string> = {},
  refusals = 0,
): ReturnType<typeof limitOf> {
  return limitOf({ status, message, headers }, refusals, NOW);
}

function resetIn(seconds: number): Record<string, string> {
  return { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + seconds) };
}

describe("an answer that is a limit", () => {
  it("pauses for as long as retry-after says", () => {
    const said = "You have exceeded a secondary rate limit.";
    expect(limit(403, said, { "retry-after": "17" })).toEqual({ kind: "pause", milliseconds: 17_000 });
    expect(limit(429, said, { "retry-after": "17" })).toEqual({ kind: "pause", milliseconds: 17_000 });
    expect(limit(403, "Slow down", { "retry-after": "17" })).toEqual({ kind: "pause", milliseconds: 17_000 });
  });

  it("pauses for at least a second", () => {
    expect(limit(429, "", { "retry-after": "0" })).toEqual({ kind: "pause", milliseconds: 1_000 });
  });

  it("pauses for a minute where nothing is said, and twice as long each time that it comes again", () => {
    const secondary = "You have exceeded a secondary rate limit. Please wait a few minutes.";
    expect(limit(403, secondary)).toEqual({ kind: "pause", milliseconds: 60_000 });
    expect(limit(429, "no message")).toEqual({ kind: "pause", milliseconds: 60_000 });
    expect(limit(429, "", {}, 1)).toEqual({ kind: "pause", milliseconds: 120_000 });
    expect(limit(429, "", {}, 2)).toEqual({ kind: "pause", milliseconds: 240_000 });
    expect(limit(429, "", {}, 7)).toEqual({ kind: "pause", milliseconds: 900_000 });
  });

  it("pauses until shortly after an hourly reset that is near", () => {
    expect(limit(403, "API rate limit exceeded for installation.", resetIn(40))).toEqual({
      kind: "pause",
      milliseconds: 41_000,
    });
  });

  it("ends the run where the hourly reset is a minute away or more", () => {
    expect(limit(403, "API rate limit exceeded for installation.", resetIn(60))).toEqual({
      kind: "exhausted",
      budget: { remaining: 0, reset: new Date("2026-11-20T00:01:00Z") },
    });
  });
});

describe("an answer that is none", () => {
  it.each([
    [403, "Resource not accessible by integration"],
    [403, "Must have admin rights to Repository."],
    [404, "Package not found."],
    [400, "You cannot delete the last version of a package."],
    [503, "Service Unavailable"],
  ])("is %p %p", (status, message) => {
    expect(limit(status, message, { "x-ratelimit-remaining": "4000" })).toBeUndefined();
  });
});
