import type { Fault, PackageData } from "../../emulator/data";
import { imageManifest, multiArch, versionOf } from "../../emulator/images";
import { type Emulator, startEmulator } from "../../emulator/server";
import type { Report, VersionReport } from "../../src/report/report";
import { flaws } from "./wholeness";
import { AT_FULL_SPEED, container, npm, PAT, type Run, release, run, world } from "./world";

/** What can happen to a request; `match` is added by the tests. */
export type Trouble = Omit<Fault, "match">;

const SECONDARY_LIMIT = {
  message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
};

/** What passes: the run goes on as if it had not been. */
export const PASSING: Readonly<Record<string, Trouble>> = {
  "a 429 with retry-after": { answer: { status: 429, headers: { "retry-after": "1" } } },
  "a secondary limit": {
    answer: { status: 403, headers: { "retry-after": "1" }, body: SECONDARY_LIMIT },
  },
  "a 500": { answer: { status: 500, body: { message: "Server Error" } } },
  "a 502": { answer: { status: 502, body: "<html>Bad Gateway</html>" } },
  "a dropped connection": { drop: true },
  "a body that is cut off": { cutBody: true },
  "a slow answer": { delay: 400 },
};

/** What stays, and is tried five times. */
export const LASTING: Readonly<Record<string, { readonly trouble: Trouble; readonly says: string }>> = {
  "a lasting 502": {
    trouble: { answer: { status: 502, body: { message: "Server Error" } } },
    says: "GitHub answered 502: Server Error",
  },
  "connections that are always dropped": { trouble: { drop: true }, says: "other side closed" },
};

/** An answer of the API that is final. */
export function refusal(status: number, message: string): Trouble {
  return { answer: { status, body: { message, status: String(status) } } };
}

/** 101 npm versions that stay and two that go: two pages. */
export function library(owner = "acme"): PackageData {
  const staying = Array.from({ length: 101 }, (_, index) => release(index + 1, `keep-${index}`));
  const going = [release(102, "old-1"), release(103, "old-2")];
  return { ...npm("lib", [...staying, ...going]), owner, visibility: "public" };
}

export const LIBRARY_INPUTS = {
  "package-type": "npm",
  packages: "lib",
  keep: "keep-*: always\nold-*: never",
  "dry-run": "false",
};

/** The image `v1` of two platforms (ids 1 to 3), which stays; such an image `pr-1` (4 to 6) and a plain `pr-2` (7) go. */
export function images(): PackageData {
  const of = (seed: string, tag: string) =>
    multiArch(seed, { tags: [tag], createdAt: "50d ago" }, { attestations: false }).versions;
  const plain = versionOf(imageManifest("plain"), { tags: ["pr-2"], createdAt: "40d ago" });
  const versions = [...of("kept", "v1"), ...of("going", "pr-1"), plain];
  return container(
    "app",
    versions.map((version, index) => ({ ...version, id: index + 1 })),
  );
}

export const IMAGES_INPUTS = {
  packages: "app",
  keep: "v*: always\npr-*: never\nuntagged: never",
  "dry-run": "false",
};

export interface FaultyRun {
  readonly packages: readonly PackageData[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
  readonly referrers?: boolean;
}

/** What is left of a run: its result, and the ids that are still there by package. */
export interface Aftermath extends Run {
  readonly left: Readonly<Record<string, readonly number[]>>;
  readonly emulator: Emulator;
}

/**
 * Runs the built action with faults, and checks what holds whatever happens: it ends in time, its status fits its
 * exit code, the images are whole, the report is complete and true, and the token is nowhere.
 */
export async function runWithFaults({ packages, inputs, faults, referrers }: FaultyRun): Promise<Aftermath> {
  const registry = { referrers: referrers ?? false };
  const emulator = await startEmulator(world(packages, { faults: [...faults], registry }));
  try {
    const result = await run(
      emulator,
      { ...AT_FULL_SPEED.inputs, ...inputs },
      { env: { ...AT_FULL_SPEED.env, RUNNER_DEBUG: "1" }, timeout: 40_000 },
    );
    expectSoundness(emulator, result);
    const left = Object.fromEntries(
      packages.map(({ name, type }) => [name, emulator.activeIds(name, type)] as const),
    );
    return { ...result, left, emulator };
  } finally {
    await emulator.close();
  }
}

/** What holds for each run, whatever GitHub and the registry answered. */
export function expectSoundness(emulator: Emulator, result: Run): void {
  const { report, outputs, exitCode } = result;
  expect(report).toBeDefined();
  expect(exitCode).toBe(outputs.status === "failed" ? 1 : 0);
  expect(report?.status).toBe(outputs.status);
  expect(result.annotations.errors.length > 0).toBe(outputs.status === "failed");
  expect(result.summary).not.toBe("");
  expectNoToken(result);
  if (report) expectTruth(emulator, report);
  for (const one of emulator.state.packages) if (one.type === "container") expect(flaws(one)).toEqual([]);
}

/** The runner reads the token off the line that masks it; it stands nowhere else. */
export function expectNoToken({ stdout, stderr, summary, report, outputs }: Run): void {
  const log = stdout.split(/\r?\n/).filter((line) => !line.startsWith("::add-mask::"));
  const all = [...log, stderr, summary, JSON.stringify(report), JSON.stringify(outputs)].join("\n");
  expect(all).not.toContain(PAT.token);
  expect(all).not.toContain(Buffer.from(`x-access-token:${PAT.token}`).toString("base64"));
}

/** The report has each version of each package that could be listed, and says what the emulator shows. */
function expectTruth(emulator: Emulator, report: Report): void {
  for (const { type, name, versions, counts } of report.packages) {
    if (versions.length === 0) continue;
    const all = emulator.package(name, type).versions.map(({ id }) => id);
    expect(versions.map(({ id }) => id).sort((a, b) => a - b)).toEqual(all.sort((a, b) => a - b));
    const active = new Set(emulator.activeIds(name, type));
    expect(versions.filter((version) => !active.has(version.id)).filter(isNotSaidGone)).toEqual([]);
    expect(
      versions.filter(({ id, outcome }) => active.has(id) && outcome === "deleted").map(({ id }) => id),
    ).toEqual([]);
    const { kept, planned, deleted = 0, refused = 0, failed = 0, skipped = 0, remaining = 0 } = counts;
    expect(kept + planned).toBe(all.length);
    expect(deleted + refused + failed + skipped + remaining).toBe(planned);
  }
}

function isNotSaidGone({ outcome }: VersionReport): boolean {
  return outcome !== "deleted" && outcome !== "gone";
}
