import { readDataFile } from "../emulator/data";
import { type Emulator, startEmulator } from "../emulator/server";
import type { PackageReport, Report } from "../src/report/report";
import { cleanUpCommandLines } from "./command-line";
import { recordSession } from "./command-line-session";
import { demoData } from "./demo-data";
import { type DemoOptions, HELP, readOptions } from "./demo-options";
import { countVersions, isBroken, type Pulls, pullAll, pullText, showLeft } from "./demo-packages";
import { heading, paint, say, showInputs, showLog, showOutputs, showSummaryHead } from "./demo-screen";
import { type DemoStep, stepsFor } from "./demo-steps";
import { pull } from "./pull-check";
import { type ActionResult, cleanUp, runAction } from "./runner";

/** The demo while it runs. */
interface Demo {
  readonly emulator: Emulator;
  readonly options: DemoOptions;
  readonly steps: readonly DemoStep[];
  /** How the images were before anything was deleted. */
  readonly before: Pulls;
}

/** What a step of the second act did. */
interface Applied {
  readonly step: DemoStep;
  readonly result: ActionResult;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") say(HELP);
  else if (options.isCommandLine) process.stdout.write(await recordSession());
  else process.exitCode = (await play(options)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  cleanUp();
  cleanUpCommandLines();
}

/** All acts, one after the other; false if one of them failed. */
async function play(options: DemoOptions): Promise<boolean> {
  const data = options.data === undefined ? demoData(Date.now()) : readDataFile(options.data);
  const emulator = await startEmulator(data);
  try {
    const steps = stepsFor(options, emulator.state);
    const demo = { emulator, options, steps, before: await showStart(emulator) };
    if (options.showsPlan && !(await showPlan(demo))) return false;
    if (!options.applies) return true;
    const applied = await showApplied(demo);
    return applied !== undefined && (await showUndo(demo, applied));
  } finally {
    await emulator.close();
  }
}

async function showStart(emulator: Emulator): Promise<Pulls> {
  heading("A local GitHub, with these packages");
  for (const one of emulator.state.packages) {
    say(`  ${one.type.padEnd(10)} ${`${one.owner}/${one.name}`.padEnd(30)} ${countVersions(one)} versions`);
  }
  const pulls = await pullAll(emulator);
  say(`\n  ${pullText(pulls)}`);
  return pulls;
}

/** The first act: nothing but reading. */
async function showPlan({ emulator, steps }: Demo): Promise<boolean> {
  heading("1. Dry run: what would be deleted, what would be kept, and why");
  let isFirst = true;
  for (const step of steps) {
    const result = await runStep(emulator, step, { "dry-run": "true" });
    say(`  ${paint("bold", step.title)}\n`);
    showInputs({ ...step.inputs, "dry-run": "true" });
    showLog(result);
    if (result.exitCode !== 0) return failed(result);
    if (isFirst) {
      say("\n  The step summary begins like this:\n");
      showSummaryHead(result);
    }
    say();
    isFirst = false;
  }
  say(`  Requests that delete: ${deletions(emulator)}.`);
  return deletions(emulator) === 0;
}

/** The second act; undefined where a run failed, or an image was broken by it. */
async function showApplied({ emulator, steps, before, options }: Demo): Promise<Applied[] | undefined> {
  heading("2. The same with dry-run: false");
  const applied: Applied[] = [];
  for (const step of steps) {
    const result = await runStep(emulator, step, { "dry-run": "false" });
    say(`  ${paint("bold", step.title)}\n`);
    if (!options.showsPlan || result.exitCode !== 0) showLog(result);
    if (result.exitCode !== 0) {
      failed(result);
      return undefined;
    }
    showOutputs(result);
    say();
    for (const pkg of reportOf(result)) showLeft(emulator, reportOwner(result), pkg);
    say();
    applied.push({ step, result });
  }
  const pulls = await pullAll(emulator);
  say(`  ${pullText(pulls)}`);
  const harmed = pulls.filter(
    (one) => isBroken(one) && before.some((was) => was.name === one.name && !isBroken(was)),
  );
  for (const { name } of harmed) say(`  ${paint("red", `${name} was whole before.`)}`);
  return harmed.length === 0 ? applied : undefined;
}

/** The last act: the report of the second one says what to restore. */
async function showUndo({ emulator, before }: Demo, applied: readonly Applied[]): Promise<boolean> {
  const undo = applied.find(({ result }) => Number(result.outputs["deleted-count"]) > 0);
  const pkg = undo && reportOf(undo.result).find(({ counts }) => (counts.deleted ?? 0) > 0);
  if (!undo || !pkg) return true;
  heading("3. Undo: restore what the first of these runs deleted");
  const { owner } = undo.step.inputs;
  const inputs = { ...(owner === undefined ? {} : { owner }), restore: "report.json" };
  const files = { "report.json": JSON.stringify(undo.result.report) };
  showInputs({ ...inputs, "dry-run": "false" });
  const result = await runStep(emulator, { ...undo.step, inputs, files }, { "dry-run": "false" });
  showLog(result);
  if (result.exitCode !== 0) return failed(result);
  say();
  showOutputs(result);
  say();
  return showReturned(emulator, undo, pkg, before);
}

/** Pulls an image that was whole, was deleted and was restored: the one with the most parts. */
async function showReturned(
  emulator: Emulator,
  { step, result }: Applied,
  pkg: PackageReport,
  before: Pulls,
): Promise<boolean> {
  const owner = reportOwner(result);
  showLeft(emulator, owner, pkg);
  const wasWhole = (name: string) => before.some((was) => was.name === name && !isBroken(was));
  const [tag] = pkg.versions
    .filter(({ outcome, tags }) => outcome === "deleted" && wasWhole(`${owner}/${pkg.name}:${tags[0]}`))
    .sort((a, b) => (b.parts?.length ?? 0) - (a.parts?.length ?? 0))
    .map(({ tags }) => tags[0]);
  if (pkg.type !== "container" || tag === undefined) return true;
  const { read, missing } = await pull(emulator, step.token, `${owner}/${pkg.name}`, tag);
  const isWhole = missing.length === 0;
  const outcome = isWhole
    ? paint("green", "whole again")
    : paint("red", `${missing.length} manifests are missing`);
  say(`\n  Pulled ${owner}/${pkg.name}:${tag} with all that it lists, ${read.length} manifests: ${outcome}.`);
  return isWhole;
}

function runStep(emulator: Emulator, step: DemoStep, more: Record<string, string>): Promise<ActionResult> {
  return runAction({
    emulator,
    token: step.token,
    ...(step.files ? { files: step.files } : {}),
    env: {
      GITHUB_REPOSITORY: step.repository,
      GITHUB_REPOSITORY_OWNER: step.repository.split("/")[0] ?? "",
      // This server has no rate limits, so nobody has to wait for the pace that github.com asks for.
      GITHUB_SERVER_URL: emulator.url,
      "INPUT_DELETES-PER-MINUTE": "60000",
    },
    inputs: { ...step.inputs, ...more },
  });
}

function failed({ exitCode, stderr }: ActionResult): false {
  if (stderr.trim() !== "") say(stderr.trim());
  say(`\n  The action ended with exit code ${exitCode}, as a step that fails.`);
  return false;
}

function deletions({ requests }: Emulator): number {
  return requests.filter(({ method }) => method === "DELETE").length;
}

function reportOf({ report }: ActionResult): readonly PackageReport[] {
  return (report as Report | undefined)?.packages ?? [];
}

function reportOwner({ report }: ActionResult): string {
  return (report as Report | undefined)?.owner ?? "";
}
