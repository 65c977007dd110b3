import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "../scripts/remove-folder";
import { type Bench, median } from "./bench";
import { BIN, BUNDLE, runNode } from "./process";

const RUNS = 15;
/** Milliseconds; Node 20 takes longer to compile, and to load its own modules. */
const GOAL = process.version.startsWith("v20.") ? 110 : 90;

/** What is started, with inputs that are refused before any request. */
const STARTS = [
  { what: "a job's start-up", args: [BUNDLE], env: { GITHUB_ACTIONS: "true" } },
  { what: "the command line's", args: [BIN], env: { GITHUB_TOKEN: "none" } },
] as const;

export const startupBench: Bench = {
  name: "startup",
  about: `what the bundle takes to read its inputs and refuse them, more than an empty script (median of ${RUNS})`,
  async *run() {
    const place = mkdtempSync(join(tmpdir(), "package-retention-bench-"));
    try {
      for (const start of STARTS) {
        const what = `${start.what} on Node ${process.version}`;
        yield { what, measured: await measure(start, place), goal: GOAL, good: "at most", unit: "ms" };
      }
    } finally {
      removeFolder(place);
    }
  },
};

async function measure({ args, env: own }: (typeof STARTS)[number], place: string): Promise<number> {
  const empty = join(place, "empty.mjs");
  const env = { PATH: process.env.PATH ?? "", GITHUB_OUTPUT: join(place, "output"), ...own };
  for (const file of [empty, env.GITHUB_OUTPUT]) writeFileSync(file, "");
  const differences: number[] = [];
  // The two take turns, so that what else the machine does weighs on both.
  for (let run = 0; run < RUNS; run++) {
    const nothing = await runNode([empty], { env });
    const bundle = await runNode(args, { env, mayFail: true });
    differences.push(bundle.milliseconds - nothing.milliseconds);
  }
  return median(differences);
}
