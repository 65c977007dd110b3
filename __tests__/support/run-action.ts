import { cleanUp } from "../../scripts/runner";

export {
  type ActionResult,
  type ActionRun,
  parseCommands,
  parseOutputs,
  runAction,
  runHere,
} from "../../scripts/runner";

if (typeof afterAll === "function") afterAll(cleanUp);
