import { setTimeout as sleep } from "node:timers/promises";
import { jest } from "@jest/globals";
import type { EmulatorData } from "../../emulator/data";
import { type Emulator, startEmulator } from "../../emulator/server";
import { concurrently } from "../support/concurrently";
import { sampled } from "../support/long";
import { GOING, INDEXES, KEEP, KEPT, oneOfEach } from "../support/one-of-each";
import { runAction } from "../support/run-action";
import { flaws } from "../support/wholeness";
import { container, jobToken, world } from "../support/world";

jest.setTimeout(300_000);

function data(): EmulatorData {
  return world([container("app", oneOfEach())], {
    tokens: [jobToken("app")],
    limits: { primary: false, secondary: false },
  });
}

const inputs = { keep: KEEP, "dry-run": "false", "deletes-per-minute": "60000" };

async function withEmulator<T>(use: (emulator: Emulator) => Promise<T>): Promise<T> {
  const emulator = await startEmulator(data());
  emulator.onRequest(async (_, { method, path }) => {
    if (method === "DELETE" && INDEXES.some((id) => path.endsWith(`/${id}`))) await sleep(50);
  });
  try {
    return await use(emulator);
  } finally {
    await emulator.close();
  }
}

describe("an undisturbed run", () => {
  it("leaves the kept images whole at each of its requests", async () => {
    await withEmulator(async (emulator) => {
      const before = flaws(emulator.package("app"));
      const seen: string[][] = [];
      emulator.onRequest(() => void seen.push(flaws(emulator.package("app"))));
      const result = await runAction({ emulator, inputs });
      expect(result.outputs.status).toBe("complete");
      expect(emulator.activeIds("app")).toEqual(KEPT);
      expect(before).toHaveLength(1);
      seen.push(flaws(emulator.package("app")));
      expect(seen.filter((now) => now.some((flaw) => !before.includes(flaw)))).toEqual([]);
    });
  });
});

describe("a run that is killed at any of its requests", () => {
  it("leaves no broken image, and the next run ends where an undisturbed one does", async () => {
    const before = await withEmulator(async (emulator) => flaws(emulator.package("app")));
    const requests = await withEmulator(async (emulator) => {
      await runAction({ emulator, inputs });
      return emulator.requests.length;
    });
    expect(requests).toBeGreaterThan(GOING.length + 10);

    const positions = sampled(
      Array.from({ length: requests }, (_, index) => index + 1),
      4,
    );
    const left = new Set<number>();
    await concurrently(positions, (nth) =>
      withEmulator(async (emulator) => {
        await runAction({ emulator, inputs, killAt: { nth } });
        expect({ nth, flaws: flaws(emulator.package("app")) }).toEqual({ nth, flaws: before });
        left.add(emulator.activeIds("app").length);
        const next = await runAction({ emulator, inputs });
        expect({ nth, exitCode: next.exitCode, ids: emulator.activeIds("app") }).toEqual({
          nth,
          exitCode: 0,
          ids: KEPT,
        });
      }),
    );
    // The kills did fall between the deletions.
    expect(left.size).toBeGreaterThan(positions.length / 4);
  });
});
