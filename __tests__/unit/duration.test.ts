import { before, parseDuration } from "../../src/policy/duration";

function parsed(text: string) {
  const result = parseDuration(text);
  if ("error" in result) throw new Error(result.error);
  return result.value;
}

function errorOf(text: string): string {
  const result = parseDuration(text);
  return "error" in result ? result.error : "no error";
}

function back(from: string, text: string): string {
  return new Date(before(Date.parse(from), parsed(text))).toISOString();
}

describe("a duration", () => {
  test.each([
    ["90m", { minutes: 90 }],
    ["36h", { hours: 36 }],
    ["14d", { days: 14 }],
    ["2w", { weeks: 2 }],
    ["6mo", { months: 6 }],
    ["1y", { years: 1 }],
    ["90 minutes", { minutes: 90 }],
    ["1 minute", { minutes: 1 }],
    ["36 hours", { hours: 36 }],
    ["1 hour", { hours: 1 }],
    ["14 days", { days: 14 }],
    ["1 day", { days: 1 }],
    ["2 weeks", { weeks: 2 }],
    ["6 months", { months: 6 }],
    ["1 month", { months: 1 }],
    ["1 year", { years: 1 }],
    ["3 years", { years: 3 }],
    ["1w 2d", { weeks: 1, days: 2 }],
    ["1w2d", { weeks: 1, days: 2 }],
    ["1 week 2 days", { weeks: 1, days: 2 }],
    ["2d 1y", { days: 2, years: 1 }],
  ])("%s is read", (text, units) => {
    const none = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0 };
    expect(parsed(text)).toEqual({ text, ...none, ...units });
  });

  it("keeps its text without the white space around it", () => {
    expect(parsed("  14 days ").text).toBe("14 days");
  });

  test.each([
    ["", '"" is not a duration'],
    ["soon", '"soon" is not a duration'],
    ["-3d", '"-3d" is not a duration'],
    ["14", '"14": 14 has no unit'],
    ["1w 2", '"1w 2": 2 has no unit'],
    ["0d", '"0d": 0 days is not a duration'],
    ["1w 0d", '"1w 0d": 0 days is not a duration'],
    ["014d", '"014d": 014 days is not a duration'],
    ["1.5d", '"1.5d": durations are whole numbers'],
    ["14x", '"14x": unknown unit "x"'],
    ["30s", '"30s": unknown unit "s"'],
    ["14D", '"14D": unknown unit "D", units are lower-case'],
    ["1d 2d", '"1d 2d" names days twice: add them up'],
    ["1d 2 days", '"1d 2 days" names days twice: add them up'],
    ["1d, 2h", '"1d, 2h": unknown unit "d,"'],
    ["273791y", '"273791y" reaches back beyond the earliest date there is'],
    ["99999999999999999999mo", '"99999999999999999999mo" reaches back beyond the earliest date there is'],
    [`${"9".repeat(400)}d`, "reaches back beyond the earliest date there is"],
  ])("%s is refused", (text, message) => {
    expect(errorOf(text)).toContain(message);
  });

  it("names the legal forms in its errors", () => {
    expect(errorOf("14x")).toBe(
      '"14x": unknown unit "x": write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
    );
  });

  it("may reach back to the very first dates", () => {
    expect(back("1970-01-01T00:00:00Z", "271821y")).toBe("-269851-01-01T00:00:00.000Z");
  });
});

describe("counting back", () => {
  test.each([
    ["2026-11-20T12:00:00Z", "90m", "2026-11-20T10:30:00.000Z"],
    ["2026-11-20T12:00:00Z", "36h", "2026-11-19T00:00:00.000Z"],
    ["2026-11-20T12:00:00Z", "14d", "2026-11-06T12:00:00.000Z"],
    ["2026-11-20T12:00:00Z", "2w", "2026-11-06T12:00:00.000Z"],
    ["2026-11-20T12:00:00Z", "1y", "2025-11-20T12:00:00.000Z"],
    ["2026-03-31T12:00:00Z", "1mo", "2026-02-28T12:00:00.000Z"],
    ["2024-03-31T12:00:00Z", "1mo", "2024-02-29T12:00:00.000Z"],
    ["2024-02-29T12:00:00Z", "1y", "2023-02-28T12:00:00.000Z"],
    ["2026-01-15T12:00:00Z", "13mo", "2024-12-15T12:00:00.000Z"],
  ])("%s − %s is %s", (from, text, expected) => {
    expect(back(from, text)).toBe(expected);
  });

  it("takes years and months first, in whatever order they are written", () => {
    expect(back("2026-03-31T00:00:00Z", "1d 1mo")).toBe("2026-02-27T00:00:00.000Z");
    expect(back("2026-03-31T00:00:00Z", "1mo 1d")).toBe("2026-02-27T00:00:00.000Z");
  });

  it("goes by UTC, where every day has 24 hours", () => {
    expect(back("2026-03-29T12:00:00Z", "1d")).toBe("2026-03-28T12:00:00.000Z");
    expect(back("2026-10-25T12:00:00Z", "24h")).toBe("2026-10-24T12:00:00.000Z");
  });
});
