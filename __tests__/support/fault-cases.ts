import type { Fault, PackageData } from "../../emulator/data";
import { imageManifest, indexOf, versionOf } from "../../emulator/images";
import { type Emulator, startEmulator } from "../../emulator/server";
import type { WrittenPackage, WrittenVersion } from "../../src/report/report";
import { flaws } from "./wholeness";
import { AT_FULL_SPEED, daysAgo, PAT, type Run, run, world } from "./world";

/** Runs of the built action against a GitHub in trouble, and what must hold after each of them. */

/** What happens to a request. */
export type Trouble = Omit<Fault, "match">;

/** A run that deletes what it may, with what the emulator saw of it. */
export interface FaultRun {
  readonly emulator: Emulator;
  readonly result: Run;
}

const KEEP = "v*: always\npr-*: 14d\nuntagged: never";

/**
 * A package with a kept image of two versions (`first`, `first` + 1), and three versions that go: an image of two and an
 * orphan.
 */
export function imagesOf(name: string, first: number): PackageData {
  const [kept, going] = [
    imageManifest(`${name} v1`, "linux/amd64"),
    imageManifest(`${name} pr`, "linux/amd64"),
  ];
  const images = [
    [kept],
    [indexOf([kept]), "v1"],
    [going],
    [indexOf([going]), "pr-1"],
    [imageManifest(`${name} orphan`)],
  ] as const;
  const versions = images.map(([image, ...tags], at) =>
    versionOf(image, { id: first + at, tags, createdAt: daysAgo(50 - at) }),
  );
  return { owner: "acme", type: "container", name, versions };
}

/** Applies the policy to all packages, with debug messages, while GitHub is in trouble. */
export async function runInTrouble(
  packages: readonly PackageData[],
  faults: readonly Fault[],
  more: { readonly inputs?: Readonly<Record<string, string>> } = {},
): Promise<FaultRun> {
  const emulator = await startEmulator(world(packages, { faults: [...faults] }));
  try {
    const inputs = { ...AT_FULL_SPEED.inputs, packages: "*", keep: KEEP, "dry-run": "false", ...more.inputs };
    const env = { ...AT_FULL_SPEED.env, RUNNER_DEBUG: "1" };
    // Many such runs wait side by side, each in a process of its own.
    return { emulator, result: await run(emulator, inputs, { env, timeout: 45_000, built: true }) };
  } finally {
    await emulator.close();
  }
}

/** The report of one package. */
export function packageOf({ result }: FaultRun, name: string): WrittenPackage | undefined {
  return result.report?.packages.find((one) => one.name === name);
}

/**
 * What holds after every run, whatever happened: images are whole, what is gone is in the report and nothing else is,
 * each listed version is in it, the counts add up, the step fails where the status says so, and no secret is told.
 */
export function expectSound({ emulator, result }: FaultRun): void {
  for (const one of emulator.state.packages) {
    expect(flaws(one)).toEqual([]);
    const reported = result.report?.packages.find(({ name }) => name === one.name);
    const versions = reported?.versions ?? [];
    if (versions.length > 0) expect(versions).toHaveLength(one.versions.length);
    const gone = one.versions.filter(({ deletedAt }) => deletedAt !== undefined).map(({ id }) => id);
    expect({ name: one.name, gone }).toEqual({ name: one.name, gone: idsOf(versions, "deleted", "gone") });
    if (reported) expectCountsToAddUp(reported);
  }
  expectOutputsToAddUp(result);
  expectStatusToFit(result);
  expectNoSecrets({ emulator, result });
}

function idsOf(versions: readonly WrittenVersion[], ...outcomes: string[]): number[] {
  const ids = versions.filter(({ outcome = "" }) => outcomes.includes(outcome)).map(({ id }) => id);
  return ids.sort((a, b) => a - b);
}

function expectCountsToAddUp({ counts, versions }: WrittenPackage): void {
  const { kept, planned, deleted = 0, refused = 0, failed = 0, skipped = 0, remaining = 0 } = counts;
  expect(kept + planned).toBe(versions.length);
  expect(deleted + refused + failed + skipped + remaining).toBe(planned);
}

/** The outputs: what became of the planned versions, and the status that the report has too. */
export function expectOutputsToAddUp({ outputs, report }: Run): void {
  const parts = ["deleted", "refused", "skipped", "failed", "remaining"];
  const sum = parts.reduce((total, name) => total + Number(outputs[`${name}-count`]), 0);
  expect(sum).toBe(Number(outputs["planned-count"]));
  expect(outputs.status).toBe(report?.status);
}

function expectStatusToFit({ outputs, exitCode, annotations, summary }: Run): void {
  const hasFailed = outputs.status === "failed";
  expect([exitCode, annotations.errors.length > 0]).toEqual([hasFailed ? 1 : 0, hasFailed]);
  expect(summary).not.toBe("");
}

/** Neither the token nor anything made of it is in what a run leaves behind; `::add-mask::` hides it from the log. */
export function expectNoSecrets({ emulator, result }: FaultRun): void {
  const bearers = emulator.requests.flatMap(({ headers }) => headers.authorization?.split(" ")[1] ?? []);
  const stdout = result.stdout.replaceAll(`::add-mask::${PAT.token}`, "");
  const told = [
    stdout,
    result.stderr,
    result.summary,
    JSON.stringify([result.report, result.outputs]),
  ].join();
  expect([...new Set([PAT.token, ...bearers])].filter((secret) => told.includes(secret))).toEqual([]);
}
