import { type Context, readContext, setOutputs } from "./context.ts";
import { readFacts } from "./facts.ts";
import { cleanUp } from "./steps/clean-up.ts";
import { checkApply, checkAsBefore, checkDryRun } from "./steps/deletion.ts";
import { ghosts } from "./steps/ghosts.ts";
import { checkDead, endLiving, makeLiving } from "./steps/living.ts";
import { checkNpmDeleted, checkNpmRestored, publishNpm } from "./steps/npm.ts";
import { push } from "./steps/push.ts";
import { reads } from "./steps/reads.ts";
import { checkNotFound, checkReadOnly, refusals } from "./steps/refusals.ts";
import { checkGlob, checkOneDeleted, checkRestored, readDeleted } from "./steps/restore.ts";
import { checkUntag } from "./steps/untag.ts";
import { checkWholeBack, checkWholeGone, pushWhole } from "./steps/whole.ts";

/** The steps of .github/workflows/e2e.yml, by the names that it calls them. */
const STEPS: Readonly<Record<string, (context: Context) => Promise<void>>> = {
  push,
  reads,
  "check-dry-run": checkDryRun,
  "check-apply": checkApply,
  "check-untag": checkUntag,
  ghosts,
  "read-deleted": readDeleted,
  "check-as-before": checkAsBefore,
  "check-restored": checkRestored,
  "check-one-deleted": checkOneDeleted,
  "check-glob": checkGlob,
  refusals,
  "check-not-found": checkNotFound,
  "check-read-only": checkReadOnly,
  "publish-npm": publishNpm,
  "check-npm-deleted": checkNpmDeleted,
  "check-npm-restored": checkNpmRestored,
  "push-whole": pushWhole,
  "check-whole-gone": checkWholeGone,
  "check-whole-back": checkWholeBack,
  "make-living": makeLiving,
  "end-living": endLiving,
  "check-dead": checkDead,
  "clean-up": cleanUp,
  facts: async (context) => setOutputs({ facts: JSON.stringify(readFacts(context)) }),
};

const name = process.argv[2] ?? "";
const step = STEPS[name];
try {
  if (!step) throw new Error(`There is no step "${name}". There are: ${Object.keys(STEPS).join(", ")}.`);
  await step(readContext(process.env));
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  console.log(`::error::${text.replaceAll("%", "%25").replaceAll("\n", "%0A").replaceAll("\r", "%0D")}`);
  if (error instanceof Error && error.cause !== undefined) console.log(error.cause);
  process.exitCode = 1;
}
