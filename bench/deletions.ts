import { type Emulator, startEmulator } from "../emulator/server";
import { cleanUp, runAction } from "../scripts/runner";
import type { Bench, Measurement } from "./bench";
import { npmVersions, world } from "./world";

const VERSIONS = 220;
const MINUTE = 60_000;

export const deletionsBench: Bench = {
  name: "deletions",
  about: `deleting ${VERSIONS} versions under GitHub's 900 points a minute (180 deletions), 80 s each`,
  async *run() {
    for (const latency of [300, 1_000]) yield* measure(latency);
  },
};

async function* measure(write: number): AsyncIterable<Measurement> {
  const versions = npmVersions(VERSIONS + 1, (index) => `1.0.${index}`);
  const emulator = await startEmulator(world(versions, { latency: { write } }));
  try {
    const { outputs } = await runAction({
      emulator,
      inputs: { "package-type": "npm", keep: "rest: 1", "dry-run": "false" },
      timeout: 10 * MINUTE,
    });
    if (outputs["deleted-count"] !== `${VERSIONS}`) throw new Error("not all versions were deleted");
    const what = `deletions a minute with answers after ${write} ms`;
    yield { what, measured: paceOf(emulator), goal: 165, good: "at least", unit: "a minute" };
    const measured = emulator.violations.length;
    yield { what: "broken limits", measured, goal: 0, good: "at most", unit: "requests" };
  } finally {
    await emulator.close();
    cleanUp();
  }
}

/** Deletions a minute, from the first request to the last answer. */
function paceOf({ requests }: Emulator): number {
  const deletions = requests.filter(({ method }) => method === "DELETE");
  const start = Math.min(...deletions.map(({ time }) => time));
  const end = Math.max(...deletions.map(({ endedAt }) => endedAt ?? start));
  return (deletions.length * MINUTE) / (end - start);
}
