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
    expect(limit(403, said, { "retry-after": "17" })).toEqual({ milliseconds: 17_000 });
    expect(limit(429, said, { "retry-after": "17" })).toEqual({ milliseconds: 17_000 });
    expect(limit(403, "Slow down", { "retry-after": "17" })).toEqual({ milliseconds: 17_000 });
  });

  it("pauses for at least a second", () => {
    expect(limit(429, "", { "retry-after": "0" })).toEqual({ milliseconds: 1_000 });
  });

  it("pauses for a minute where nothing is said, and twice as long each time that it comes again", () => {
    const secondary = "You have exceeded a secondary rate limit. Please wait a few minutes.";
    expect(limit(403, secondary)).toEqual({ milliseconds: 60_000 });
    expect(limit(429, "no message")).toEqual({ milliseconds: 60_000 });
    expect(limit(429, "", {}, 1)).toEqual({ milliseconds: 120_000 });
    expect(limit(429, "", {}, 2)).toEqual({ milliseconds: 240_000 });
    expect(limit(429, "", {}, 7)).toEqual({ milliseconds: 900_000 });
  });

  it("pauses until shortly after an hourly reset", () => {
    expect(limit(403, "API rate limit exceeded for installation.", resetIn(40))).toMatchObject({
      milliseconds: 41_000,
    });
  });

  it("is the hourly limit where nothing remains of it", () => {
    expect(limit(403, "API rate limit exceeded for installation.", resetIn(60))).toEqual({
      milliseconds: 61_000,
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
