import { createPatience, durationText, IMPATIENT } from "../../src/net/patience";

const FOREVER = () => Number.POSITIVE_INFINITY;

it("waits for a minute, and no longer unless it was told to", () => {
  const patient = createPatience({ waits: true, timeLeft: FOREVER });
  expect(IMPATIENT.whyNot(60_000)).toBeUndefined();
  expect(IMPATIENT.whyNot(60_001)).toBe(
    "the run would have to wait 61 s. Run it again after that, or set `on-rate-limit: wait`.",
  );
  expect(patient.whyNot(86_400_000)).toBeUndefined();
});

it("waits no longer than the time that is left, unless that makes no difference", () => {
  for (const waits of [true, false]) {
    const { whyNot } = createPatience({ waits, timeLeft: () => 20_000 });
    expect(whyNot(20_000)).toBeUndefined();
    expect(whyNot(20_001)).toBe(
      "the run would have to wait 21 s, which is longer than `max-minutes` leaves. The next run continues.",
    );
    const over = createPatience({ waits, timeLeft: () => -1 });
    expect(over.whyNot(5_000)).toBeUndefined();
    expect(over.whyNot(5_001)).toContain("max-minutes");
  }
});

it.each([
  [0, "0 s"],
  [999, "1 s"],
  [119_000, "119 s"],
  [120_000, "2 min"],
  [7_199_000, "120 min"],
  [86_400_000, "24 h"],
])("says %d ms as %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
