import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "../scripts/remove-folder";
import { type Bench, median } from "./bench";
import { BUNDLE, runNode } from "./process";

const RUNS = 15;
/** Milliseconds; Node 20 takes longer to compile, and to load its own modules. */
const GOAL = process.version.startsWith("v20.") ? 110 : 90;

export const startupBench: Bench = {
  name: "startup",
  about: `what the bundle takes to read its inputs and refuse them, more than an empty script (median of ${RUNS})`,
  async *run() {
    const place = mkdtempSync(join(tmpdir(), "package-retention-bench-"));
    try {
      const empty = join(place, "empty.mjs");
      writeFileSync(empty, "");
      const env = { PATH: process.env.PATH ?? "", GITHUB_OUTPUT: join(place, "output") };
      writeFileSync(env.GITHUB_OUTPUT, "");
      const differences: number[] = [];
      // The two take turns, so that what else the machine does weighs on both.
      for (let run = 0; run < RUNS; run++) {
        const nothing = await runNode([empty], { env });
        const bundle = await runNode([BUNDLE], { env, mayFail: true });
        differences.push(bundle.milliseconds - nothing.milliseconds);
      }
      const measured = median(differences);
      yield {
        what: `start-up on Node ${process.version}`,
        measured,
        goal: GOAL,
        good: "at most",
        unit: "ms",
      };
    } finally {
      removeFolder(place);
    }
  },
};
