import { createServerClock } from "../../src/net/server-clock";

const NOW = Date.parse("2026-11-20T00:00:00Z");

function clockAt(now: number) {
  return createServerClock({ now: () => now, sleep: async () => {} });
}

it("is ours until the server has said its time", () => {
  const clock = clockAt(NOW);
  for (const nonsense of [undefined, "", "yesterday"]) clock.observe(nonsense);
  expect(clock.now()).toBe(NOW);
  expect(clock.offset()).toBe(0);
});

it.each([
  ["behind", "Sun, 22 Nov 2026 00:00:00 GMT", 2 * 86_400_000],
  ["ahead", "Wed, 18 Nov 2026 00:00:00 GMT", -2 * 86_400_000],
])("is the server's where ours is two days %s", (_, date, offset) => {
  const clock = clockAt(NOW);
  clock.observe(date);
  expect(clock.offset()).toBe(offset);
  expect(clock.now()).toBe(NOW + offset);
});

it("is ours where a header of whole seconds cannot tell the difference", () => {
  const clock = clockAt(NOW + 1_900);
  clock.observe("Fri, 20 Nov 2026 00:00:00 GMT");
  expect(clock.offset()).toBe(0);
});

it("does not change in the middle of a run", () => {
  const clock = clockAt(NOW);
  clock.observe("Fri, 20 Nov 2026 00:01:00 GMT");
  clock.observe("Fri, 20 Nov 2026 00:02:00 GMT");
  expect(clock.offset()).toBe(60_000);
});
