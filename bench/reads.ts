import { multiArch } from "../emulator/images";
import { startEmulator } from "../emulator/server";
import { cleanUp, runAction } from "../scripts/runner";
import type { Bench } from "./bench";
import { world } from "./world";

const IMAGES = 600;

export const readsBench: Bench = {
  name: "reads",
  about: `manifests read for ${IMAGES} images of two platforms with attestations, of which ten stay`,
  async *run() {
    const versions = Array.from(
      { length: IMAGES },
      (_, index) =>
        multiArch(`image ${index}`, { tags: [`v${index}`], createdAt: `${index + 2}d ago` }).versions,
    );
    const emulator = await startEmulator(world(versions.flat(), { type: "container" }));
    try {
      const { outputs } = await runAction({ emulator, inputs: { keep: "v*: {last: 10}\nuntagged: never" } });
      const measured = emulator.requests.filter(isManifestRead).length;
      const note = `of ${IMAGES * 5} versions; ${outputs["planned-count"]} are planned to be deleted`;
      yield { what: "manifest reads", measured, goal: 640, good: "at most", unit: "reads", note };
    } finally {
      await emulator.close();
      cleanUp();
    }
  },
};

function isManifestRead({
  method,
  path,
  status,
}: {
  method: string;
  path: string;
  status: number | undefined;
}) {
  return method === "GET" && path.includes("/manifests/") && status === 200;
}
