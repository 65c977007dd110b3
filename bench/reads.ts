import { multiArch } from "../emulator/images";
import { startEmulator } from "../emulator/server";
import { cleanUp, runAction } from "../scripts/runner";
import type { Bench } from "./bench";
import { world } from "./world";

const IMAGES = 600;
const LATENCY = 50;

export const readsBench: Bench = {
  name: "reads",
  about: `a dry run on ${IMAGES} images of two platforms with attestations, of which ten stay, with ${LATENCY} ms for each answer of the registry`,
  async *run() {
    const images = Array.from({ length: IMAGES }, (_, index) =>
      multiArch(`image ${index}`, { tags: [`v${index}`], createdAt: `${index + 2}d ago` }),
    );
    const versions = images.flatMap((image) => image.versions);
    const latency = { registry: LATENCY };
    const emulator = await startEmulator(world(versions, { type: "container", latency }));
    try {
      const start = performance.now();
      const { outputs } = await runAction({ emulator, inputs: { keep: "v*: {last: 10}\nuntagged: never" } });
      const seconds = (performance.now() - start) / 1_000;
      const read = emulator.requests.flatMap(manifestRead);
      const indexes = new Set(images.map(({ index }) => index.digest));
      const parts = read.filter((digest) => !indexes.has(digest)).length;
      const note = `of ${versions.length} versions; ${outputs["planned-count"]} are planned to be deleted`;
      yield {
        what: "manifest reads",
        measured: read.length,
        goal: 640,
        good: "at most",
        unit: "reads",
        note,
      };
      yield { what: "reads of parts", measured: parts, goal: 0, good: "at most", unit: "reads" };
      yield { what: "the run", measured: seconds, goal: 3, good: "at most", unit: "s" };
    } finally {
      await emulator.close();
      cleanUp();
    }
  },
};

/** The digest of the manifest that a request has read, if it has. */
function manifestRead({
  method,
  path,
  status,
}: {
  method: string;
  path: string;
  status: number | undefined;
}) {
  const [, digest] = /\/manifests\/(.*)$/.exec(path) ?? [];
  return method === "GET" && status === 200 && digest !== undefined ? [digest] : [];
}
