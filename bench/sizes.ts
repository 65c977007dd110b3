import { imageManifest, versionOf } from "../emulator/images";
import { startEmulator } from "../emulator/server";
import { cleanUp, runAction } from "../scripts/runner";
import type { Bench } from "./bench";
import { world } from "./world";

const IMAGES = 3_000;
const LATENCY_MS = 50;

export const sizesBench: Bench = {
  name: "sizes",
  about: `a dry run with sizes: true on ${IMAGES} images, where each answer takes ${LATENCY_MS} ms`,
  async *run() {
    const versions = Array.from({ length: IMAGES }, (_, index) =>
      versionOf(imageManifest(`image ${index}`), { tags: [`v${index}`], createdAt: `${index + 2}d ago` }),
    );
    const latency = { read: LATENCY_MS, registry: LATENCY_MS };
    const emulator = await startEmulator({ ...world(versions, { type: "container" }), latency });
    try {
      const inputs = { keep: "v*: {last: 10}\nuntagged: never", sizes: "true" };
      const start = performance.now();
      const { outputs } = await runAction({ emulator, inputs });
      const measured = (performance.now() - start) / 1000;
      const [row] = JSON.parse(outputs.results ?? "[]");
      const note = `would free ${row?.freedBytes} of ${row?.totalBytes} bytes`;
      yield { what: "the whole run", measured, goal: 20, good: "at most", unit: "s", note };
    } finally {
      await emulator.close();
      cleanUp();
    }
  },
};
