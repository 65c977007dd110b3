import type { VersionData } from "../emulator/data";
import { multiArch } from "../emulator/images";
import { type Emulator, startEmulator } from "../emulator/server";
import { cleanUp, runAction } from "../scripts/runner";
import type { Bench, Measurement } from "./bench";
import { world } from "./world";

const MINUTE = 60_000;
/** Each deletes more than GitHub lets through in a minute, so that its limits of a minute count. */
const MINUTES = 1.4;
/** What the documentation allows, with a little room: deletions, and milliseconds of the server's time. */
const DELETIONS = 170;
const SERVER_TIME = 80_000;
const GOOD_SHARE = 0.85;

export const deletionsBench: Bench = {
  name: "deletions",
  about: "deleting untagged images of two platforms within GitHub's 900 points and 90 s of its time a minute",
  async *run() {
    for (const latency of [300, 600, 1_000]) yield* measure(latency);
  },
};

async function* measure(latency: number): AsyncIterable<Measurement> {
  const allowed = Math.min(DELETIONS, SERVER_TIME / latency);
  const doomed = untaggedImages(Math.ceil((allowed * MINUTES) / 3));
  const kept = multiArch("v1", { tags: ["v1"], createdAt: "20d ago" }).versions;
  const data = world([...kept, ...doomed], { type: "container", latency: { read: latency, write: latency } });
  const emulator = await startEmulator(data);
  try {
    const { outputs, stdout } = await runAction({
      emulator,
      inputs: { keep: "v*: always\nuntagged: never", grace: "0", "dry-run": "false" },
      timeout: 10 * MINUTE,
    });
    if (outputs["deleted-count"] !== `${doomed.length}`)
      throw new Error(`not all versions were deleted:\n${stdout}`);
    const what = `deletions a minute with answers after ${latency} ms`;
    const goal = GOOD_SHARE * allowed;
    yield { what, measured: paceOf(emulator), goal, good: "at least", unit: "a minute" };
    const measured = emulator.violations.length;
    yield { what: "broken limits", measured, goal: 0, good: "at most", unit: "requests" };
  } finally {
    await emulator.close();
    cleanUp();
  }
}

/** Images of an index and two platforms each, all of them untagged. */
function untaggedImages(count: number): VersionData[] {
  const newest = Date.now() - 10 * 24 * 60 * MINUTE;
  return Array.from({ length: count }, (_, place) => {
    const createdAt = new Date(newest - (count - place) * MINUTE).toISOString();
    const { versions } = multiArch(`build ${place}`, { createdAt }, { attestations: false });
    return versions;
  }).flat();
}

/** Deletions a minute, from the first request to the last answer. */
function paceOf({ requests }: Emulator): number {
  const deletions = requests.filter(({ method }) => method === "DELETE");
  const start = Math.min(...deletions.map(({ time }) => time));
  const end = Math.max(...deletions.map(({ endedAt }) => endedAt ?? start));
  return (deletions.length * MINUTE) / (end - start);
}
