import { createGate } from "../../src/net/gate";
import { paceSettings } from "../../src/net/pace";
import { createPatience, IMPATIENT } from "../../src/net/patience";

const NOW = 1_000_000;
const settings = paceSettings(120);

describe("the gate", () => {
  function testClock() {
    let now = NOW;
    return {
      now: () => now,
      sleep: async (milliseconds: number) => {
        now += milliseconds;
      },
    };
  }

  it("lets requests in when their time has come", async () => {
    const clock = testClock();
    const gate = createGate(settings, { clock, patience: IMPATIENT });
    await gate.enter("write");
    await gate.enter("write");
    gate.hold(60_000);
    await gate.opened();
    await gate.enter("write");
    expect(clock.now()).toBe(NOW + 500 + 60_000);
  });

  it("lets nothing in once the run is cancelled", async () => {
    const signal = AbortSignal.abort(new Error("cancelled"));
    const gate = createGate(settings, { clock: testClock(), patience: IMPATIENT, signal });
    await expect(gate.enter("read")).rejects.toThrow("cancelled");
    await expect(gate.opened()).rejects.toThrow("cancelled");
  });

  it("stops all that come in a pause that is not waited for, until it is over", async () => {
    const clock = testClock();
    const gate = createGate(settings, { clock, patience: IMPATIENT });
    gate.hold(86_400_000, "GitHub asks for a day");
    for (const entering of [gate.enter("read"), gate.enter("write"), gate.opened()])
      await expect(entering).rejects.toMatchObject({ name: "Stopped", message: "GitHub asks for a day" });
    expect(clock.now()).toBe(NOW);
    await clock.sleep(86_400_000);
    await gate.enter("read");
    gate.hold(30_000);
    await gate.enter("read");
    expect(clock.now()).toBe(NOW + 86_400_000 + 30_000);
  });

  it("lets no write wait for its pace beyond the end of the run", async () => {
    const clock = testClock();
    const timeLeft = () => NOW + 200 - clock.now();
    const gate = createGate(settings, { clock, patience: createPatience({ waits: false, timeLeft }) });
    const stopReason = () => (timeLeft() > 0 ? undefined : "the time is over");
    await gate.enter("write", stopReason);
    await expect(gate.enter("write", stopReason)).rejects.toMatchObject({
      name: "Stopped",
      message: "the time is over",
    });
    expect(clock.now()).toBe(NOW + 200);
    // What puts right at the end what was begun has no such reason.
    await gate.enter("write");
    expect(clock.now()).toBe(NOW + 500);
  });
});
