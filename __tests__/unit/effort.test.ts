import { outlookOf } from "../../src/github/budget";
import { createPatience, IMPATIENT } from "../../src/net/patience";
import { effortText } from "../../src/report/effort";
import { renderSummary } from "../../src/report/summary";
import { aPackage, aReport, previews } from "../support/report-builder";

const NOW = Date.parse("2026-11-20T00:00:00Z");
const PATIENT = createPatience({ waits: true, timeLeft: () => Number.POSITIVE_INFINITY });

/** What applying takes with so many requests left, of 1,000 an hour, half an hour before the reset. */
function text(
  deletions: number,
  requests: number,
  { remaining = 5_000, patience = IMPATIENT, versions = deletions } = {},
): string {
  const budget = { remaining, limit: 1_000, reset: new Date(NOW + 1_800_000) };
  const outlook = outlookOf(budget, { requests, perMinute: 170, reserve: 100, patience, now: NOW });
  return effortText({ deletions, requests, versions }, outlook);
}

describe("what applying a plan takes", () => {
  it("is its deletions, the time at the pace of the deletions, and its requests", () => {
    expect(text(1_902, 1_925)).toBe(
      "Applying it takes 1,902 deletions: about 12 minutes and 1,925 requests.",
    );
    expect(text(1, 2)).toBe("Applying it takes 1 deletion: about a minute and 2 requests.");
    expect(text(0, 0)).toBe("");
  });

  it("is several runs where the hour is not enough, as many as whole hours are needed", () => {
    expect(text(1_902, 1_925, { remaining: 871 })).toBe(
      "Applying it takes 1,902 deletions: about 12 minutes and 1,925 requests. The token has 871 left this hour: three runs, or `on-rate-limit: wait`.",
    );
    // Each run lists what is left, and looks at it again.
    const runs = (versions: number) =>
      /hour: (.*) runs, or/.exec(text(4_000, 4_000 + versions / 100, { remaining: 871, versions }))?.[1];
    expect([4_000, 8_000, 40_000, 60_000].map(runs)).toEqual(["five", "six", "28", "many"]);
  });

  it("is one run that waits with on-rate-limit", () => {
    expect(text(1_902, 1_925, { remaining: 871, patience: PATIENT })).toMatch(
      / The token has 871 left this hour: the run waits for the next\.$/,
    );
  });

  it("is more than one run where max-minutes is shorter", () => {
    const patience = createPatience({ waits: false, timeLeft: () => 60_000 });
    expect(text(1_902, 1_925, { patience })).toMatch(
      / That is longer than `max-minutes` leaves: the next run continues\.$/,
    );
  });

  it("says nothing of an hour that GitHub does not count", () => {
    const need = { requests: 9_000, perMinute: 170, reserve: 100, patience: IMPATIENT, now: NOW };
    expect(
      effortText({ deletions: 9_000, requests: 9_000, versions: 9_000 }, outlookOf(undefined, need)),
    ).toBe("Applying it takes 9,000 deletions: about 53 minutes and 9,000 requests.");
  });

  it("stands in the summary beside how to apply it", () => {
    const report = aReport({ packages: [aPackage({ versions: previews(3) })] });
    expect(renderSummary(report, { effort: "Applying it takes 3 deletions." })).toMatch(
      /^\*\*To apply this\*\*, .* as `plan-file`\. Applying it takes 3 deletions\.$/m,
    );
  });
});
