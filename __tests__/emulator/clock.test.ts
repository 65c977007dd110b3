import { ask, reply, start } from "./fixture";

const APP = "/orgs/acme/packages/container/app";

describe("the clock", () => {
  const HOUR = 3_600_000;

  it("is in the Date of every answer, and may be ahead of this machine's", async () => {
    const emulator = await start({ clockSkewMs: HOUR });
    const answers = [
      await ask(emulator, "GET", APP),
      await ask(emulator, "GET", "/nothing"),
      await reply(await fetch(`${emulator.registryUrl}/v2/`)),
    ];
    const ahead = answers.map(({ headers }) => Date.parse(headers.get("date") ?? "") - Date.now());
    for (const skew of ahead) expect(Math.abs(skew - HOUR)).toBeLessThan(10_000);
    const reset = Number(answers[0]?.headers.get("x-ratelimit-reset")) * 1000;
    expect(Math.abs(reset - Date.now() - 2 * HOUR)).toBeLessThan(10_000);
  });

  it("says when something was done, and what relative times are relative to", async () => {
    const emulator = await start({ clockSkewMs: -HOUR });
    const version = emulator.package("app").versions[4];
    expect(Math.abs((version?.createdAt ?? 0) - (Date.now() - 25 * HOUR))).toBeLessThan(10_000);
    await ask(emulator, "DELETE", `${APP}/versions/5`);
    expect(Math.abs((version?.deletedAt ?? 0) - (Date.now() - HOUR))).toBeLessThan(10_000);
  });

  it("gives way to the Date of a fault", async () => {
    const date = "Thu, 01 Jan 2026 00:00:00 GMT";
    const emulator = await start({ faults: [{ answer: { status: 503, headers: { Date: date } } }] });
    expect((await ask(emulator, "GET", APP)).headers.get("date")).toBe(date);
  });
});
