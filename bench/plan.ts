import type { Bench, Measurement } from "./bench";
import { runScript } from "./process";

interface Planned {
  readonly milliseconds: number;
  readonly mebibytes: number;
  readonly versions: number;
  readonly deleted: number;
}

const RUNS = 3;

export const planBench: Bench = {
  name: "plan",
  about: `planning with ten lines of all kinds (best of ${RUNS} new processes)`,
  async *run() {
    const small = await best("plain", 1_000);
    const middle = await best("plain", 10_000);
    const large = await best("plain", 100_000);
    const note = `1,000 take ${Math.round(small.milliseconds)} ms, 10,000 take ${Math.round(middle.milliseconds)} ms`;
    yield { ...time("100,000 versions", large), note };
    yield memory("100,000 versions", large);
    const measured = large.milliseconds / middle.milliseconds;
    yield { what: "100,000 against 10,000", measured, goal: 12, good: "at most", unit: "times" };
    const graph = await best("graph", 20_000);
    yield time("20,000 images of five versions each", graph);
    yield memory("20,000 images of five versions each", graph);
  },
};

function time(what: string, { milliseconds }: Planned): Measurement {
  return { what: `${what}, time`, measured: milliseconds, goal: 1_000, good: "at most", unit: "ms" };
}

function memory(what: string, { mebibytes }: Planned): Measurement {
  return { what: `${what}, memory`, measured: mebibytes, goal: 500, good: "at most", unit: "MiB" };
}

async function best(kind: "plain" | "graph", count: number): Promise<Planned> {
  const runs: Planned[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await runScript<Planned>("plan-once", kind, `${count}`));
  return runs.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
}
