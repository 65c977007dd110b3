import { createGate } from "../../src/net/gate";
import { paceSettings } from "../../src/net/pace";

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
    const gate = createGate(settings, clock);
    await gate.enter("write");
    await gate.enter("write");
    gate.hold(60_000);
    await gate.opened();
    await gate.enter("write");
    expect(clock.now()).toBe(NOW + 500 + 60_000);
  });

  it("lets nothing in once the run is cancelled", async () => {
    const gate = createGate(settings, testClock(), AbortSignal.abort(new Error("cancelled")));
    await expect(gate.enter("read")).rejects.toThrow("cancelled");
    await expect(gate.opened()).rejects.toThrow("cancelled");
  });
});
