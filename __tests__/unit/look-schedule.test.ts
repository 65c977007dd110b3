import { createLookSchedule } from "../../src/apply/look-schedule";

/** A schedule by a clock in seconds that the test sets; `pause` sets the end of the last pause. */
function schedule() {
  let now = 1_000_000;
  let pausedUntil = 0;
  const looks = createLookSchedule(
    () => now,
    () => pausedUntil,
  );
  return {
    ...looks,
    pass: (seconds: number) => {
      now += seconds * 1_000;
    },
    pause: (seconds: number) => {
      pausedUntil = now + seconds * 1_000;
    },
    send: (count: number) => {
      for (let sent = 0; sent < count; sent++) looks.sent();
    },
  };
}

describe("a package is looked at", () => {
  it("before its first deletion, and not again at once", () => {
    const looks = schedule();
    expect(looks.isDue()).toBe(true);
    looks.looked(1);
    expect(looks.isDue()).toBe(false);
  });

  it("after a pause, also one that began since the last look", () => {
    const looks = schedule();
    looks.looked(1);
    looks.pause(60);
    expect(looks.isDue()).toBe(true);
    looks.pass(60);
    looks.looked(1);
    expect(looks.isDue()).toBe(false);
  });

  it("every 30 seconds where it is of one page, if anything was sent", () => {
    const looks = schedule();
    looks.looked(1);
    looks.pass(30);
    expect(looks.isDue()).toBe(false);
    looks.send(1);
    expect(looks.isDue()).toBe(true);
    looks.looked(1);
    looks.send(500);
    looks.pass(29);
    expect(looks.isDue()).toBe(false);
  });

  it("as often as a tenth of the requests allows where it is larger", () => {
    const looks = schedule();
    looks.looked(20);
    looks.pass(600);
    looks.send(179);
    expect(looks.isDue()).toBe(false);
    looks.send(1);
    expect(looks.isDue()).toBe(true);
  });
});
