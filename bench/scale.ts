import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulator } from "../emulator/server";
import { removeFolder } from "../scripts/remove-folder";
import { cleanUp, runAction } from "../scripts/runner";
import type { Bench } from "./bench";
import { TEN_LINES } from "./policy";
import { startReplay } from "./replay";
import { tagsOf } from "./versions";
import { npmVersions, world } from "./world";

interface EndToEnd {
  readonly milliseconds: number;
  readonly mebibytes: number;
}

const RUNS = 3;
const KEEP = TEN_LINES.replace(/^untagged:.*\n/m, "");

export const scaleBench: Bench = {
  name: "scale",
  about: "listing, planning and reporting 100,000 versions end to end, without GitHub's pauses",
  async *run() {
    const middle = await measure(10_000);
    const large = await measure(100_000);
    const measured = large.milliseconds / middle.milliseconds;
    const note = `${Math.round(large.milliseconds)} ms against ${Math.round(middle.milliseconds)} ms`;
    yield { what: "100,000 against 10,000", measured, goal: 12, good: "at most", unit: "times", note };
    yield { what: "memory", measured: large.mebibytes, goal: 1_024, good: "at most", unit: "MiB" };
  },
};

/** The fastest of some dry runs of the built action. */
async function measure(count: number): Promise<EndToEnd> {
  const versions = npmVersions(count, (index) => tagsOf(index)[0] ?? `0.0.${index}`);
  const emulator = await startEmulator(world(versions, { limits: { primary: false, secondary: false } }));
  const replay = await startReplay(emulator.url);
  const place = mkdtempSync(join(tmpdir(), "package-retention-bench-"));
  const memoryFile = join(place, "memory");
  const runs: EndToEnd[] = [];

  async function runOnce(): Promise<EndToEnd> {
    const start = performance.now();
    const { outputs } = await runAction({
      emulator,
      entry: fileURLToPath(new URL("./measured.mjs", import.meta.url)),
      // A pace that only GitHub Enterprise Server allows: a thousand pages need more points than GitHub has a minute.
      inputs: { "package-type": "npm", keep: KEEP, "deletes-per-minute": "10000" },
      env: { GITHUB_API_URL: replay.url, BENCH_MEMORY_FILE: memoryFile },
      timeout: 10 * 60_000,
    });
    const milliseconds = performance.now() - start;
    const reported = Number(outputs["kept-count"]) + Number(outputs["planned-count"]);
    if (reported !== count) throw new Error(`${reported} of ${count} versions were reported`);
    return { milliseconds, mebibytes: Number(readFileSync(memoryFile, "utf8")) };
  }

  try {
    await runOnce(); // Works out the pages.
    for (let run = 0; run < RUNS; run++) runs.push(await runOnce());
    return runs.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  } finally {
    await replay.close();
    await emulator.close();
    cleanUp();
    removeFolder(place);
  }
}
