import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { EmulatorData, Fault, PackageData } from "../../emulator/data";
import { type Emulator, startEmulator } from "../../emulator/server";
import { concurrently } from "../support/concurrently";
import { expectOutputsToAddUp } from "../support/fault-cases";
import { hasSignals } from "../support/signals";
import { AT_FULL_SPEED, container, daysAgo, npm, type Run, release, run, world } from "../support/world";

const APPLY = {
  ...AT_FULL_SPEED.inputs,
  "package-type": "npm",
  packages: "ui",
  keep: "semver: 1",
  "dry-run": "false",
};
const { env } = AT_FULL_SPEED;

/** The runner kills a step 7.5 seconds after the first signal; the run must be over by then. */
const GRACE_MS = 7_500;

/** Releases of an npm package, of which all but the newest go. */
function releases(count: number): PackageData {
  return npm(
    "ui",
    Array.from({ length: count }, (_, at) => release(at + 1, `1.0.${at}`, 400 - at)),
  );
}

type IsIt = (method: string, path: string) => boolean;

/** A job, and when it is cancelled: so many milliseconds after the first request that `isIt`. */
interface Case {
  readonly packages: readonly PackageData[];
  readonly changes?: Partial<EmulatorData>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly signal: NodeJS.Signals;
  readonly isIt: IsIt;
  readonly moment?: number;
}

interface Cancelled {
  readonly emulator: Emulator;
  readonly result: Run;
  readonly signal: NodeJS.Signals;
  /** Milliseconds from the signal to the end of the process. */
  readonly took: number;
}

async function cancel({
  packages,
  changes,
  inputs = {},
  signal,
  isIt,
  moment = 0,
}: Case): Promise<Cancelled> {
  const emulator = await startEmulator(world(packages, changes));
  let child: ChildProcess | undefined;
  let sentAt: number | undefined;
  emulator.onRequest((_, { method, path }) => {
    if (sentAt !== undefined || !isIt(method, path)) return;
    sentAt = Date.now() + moment;
    void sleep(moment).then(() => child?.kill(signal));
  });
  const onSpawn = (spawned: ChildProcess) => {
    child = spawned;
  };
  try {
    const result = await run(emulator, { ...APPLY, ...inputs }, { built: true, env, onSpawn });
    return { emulator, result, signal, took: Date.now() - (sentAt ?? Number.NaN) };
  } finally {
    await emulator.close();
  }
}

/** It ended by itself, in time, with everything written. */
function expectCleanEnd({ result, took, signal }: Cancelled): void {
  expect(result.exitCode).toBe(0);
  expect(result.signal).toBeNull();
  expect(took).toBeLessThan(GRACE_MS);
  expect(result.outputs.status).toBe("partial");
  expect(result.report?.status).toBe("partial");
  expect(result.annotations.errors).toEqual([]);
  expect(result.annotations.warnings.join("\n")).toContain(`The job was cancelled (${signal}).`);
  expect(result.summary).toContain("Stopped early");
  expect(result.stdout).not.toMatch(/unhandled|^ +at /im);
  expectOutputsToAddUp(result);
}

function deletedIds({ emulator }: Cancelled): number[] {
  const versions = emulator.package("ui", "npm").versions;
  return versions.filter(({ deletedAt }) => deletedAt !== undefined).map(({ id }) => id);
}

function reportedIds({ report }: Run, outcome: string): number[] {
  const versions = report?.packages[0]?.versions ?? [];
  const ids = versions.filter((version) => version.outcome === outcome).map(({ id }) => id);
  return ids.sort((a, b) => a - b);
}

const isList: IsIt = (_, path) => path.includes("/versions?");
const isOwner: IsIt = (_, path) => path === "/users/acme";
const isDeletion: IsIt = (method: string) => method === "DELETE";

const faulty = (fault: Fault) => ({ changes: { faults: [fault] } });
const SECONDARY = { message: "You have exceeded a secondary rate limit." };
const REFUSAL = { status: 403, body: { message: "Resource not accessible by integration" } };

/** Whether it is the second list of the package. */
function secondLook(): IsIt {
  let lists = 0;
  return (method, path) => isList(method, path) && ++lists === 2;
}

const CASES = {
  "a list that lags": {
    packages: [container("ui", [{ id: 1, tags: ["v1", "pr-1"], createdAt: daysAgo(50) }])],
    changes: { lag: { ms: 60_000 } },
    inputs: { "package-type": "container", keep: "v*: always\npr-*: never", untag: "true" },
    signal: "SIGINT",
    isIt: (method) => method === "PUT",
    // By then it looks at the list every eight seconds.
    moment: 5_500,
  },
  listing: {
    packages: [releases(150)],
    ...faulty({ match: { path: "[?&]page=2" }, delay: 30_000 }),
    signal: "SIGINT",
    isIt: isList,
  },
  "listing, with SIGTERM": {
    packages: [releases(150)],
    ...faulty({ match: { path: "[?&]page=2" }, delay: 30_000 }),
    signal: "SIGTERM",
    isIt: isList,
  },
  "at the end of the list": { packages: [releases(6)], signal: "SIGINT", isIt: isOwner },
  deleting: {
    packages: [releases(300)],
    changes: { latency: { write: 100 } },
    signal: "SIGINT",
    isIt: isDeletion,
    moment: 400,
  },
  "deleting, with SIGTERM": {
    packages: [releases(300)],
    changes: { latency: { write: 100 } },
    signal: "SIGTERM",
    isIt: isDeletion,
    moment: 400,
  },
  "no answer to a deletion": {
    packages: [releases(6)],
    ...faulty({ match: { method: "DELETE", nth: 2 }, delay: 30_000 }),
    signal: "SIGINT",
    isIt: isDeletion,
    moment: 500,
  },
  "secondary limit": {
    packages: [releases(30)],
    ...faulty({
      match: { method: "DELETE", nth: 3 },
      answer: { status: 403, body: SECONDARY, headers: { "retry-after": "60" } },
    }),
    signal: "SIGTERM",
    isIt: isDeletion,
    moment: 1_000,
  },
  "hourly limit": {
    packages: [releases(30)],
    changes: { limits: { primary: { limit: 1_000, used: 1_000 - 100 - 5, windowSeconds: 50 } } },
    signal: "SIGINT",
    isIt: isDeletion,
    moment: 1_000,
  },
  "waiting to try again": {
    packages: [releases(3)],
    ...faulty({
      match: { path: "/versions\\?", count: "always" },
      answer: { status: 503, headers: { "retry-after": "60" } },
    }),
    signal: "SIGINT",
    isIt: isList,
    moment: 500,
  },
  "unknown owner": {
    packages: [releases(3)],
    ...faulty({
      match: { path: "^/users/" },
      answer: { status: 404, body: { message: "Not Found" } },
      delay: 300,
    }),
    signal: "SIGINT",
    isIt: isOwner,
  },
  "refused list": {
    packages: [releases(3)],
    ...faulty({ match: { path: "/versions\\?" }, answer: REFUSAL, delay: 300 }),
    signal: "SIGINT",
    isIt: isList,
  },
  "refused second look": {
    packages: [releases(3)],
    ...faulty({ match: { path: "/versions\\?", nth: 2 }, answer: REFUSAL, delay: 300 }),
    signal: "SIGINT",
    isIt: secondLook(),
  },
} satisfies Record<string, Case>;

const onSystemsWithSignals = hasSignals ? describe : describe.skip;

onSystemsWithSignals("a job that is cancelled", () => {
  const runs = new Map<string, Cancelled>();
  const after = (name: keyof typeof CASES) => runs.get(name) as Cancelled;

  beforeAll(async () => {
    // They wait nearly all of the time.
    await concurrently(
      Object.entries<Case>(CASES),
      async ([name, one]) => void runs.set(name, await cancel(one)),
      6,
    );
  }, 60_000);

  it.each(["listing", "listing, with SIGTERM"] as const)(
    "while a list is under way has changed nothing (%s)",
    (name) => {
      const cancelled = after(name);
      expectCleanEnd(cancelled);
      expect(cancelled.result.annotations.warnings).toEqual([
        `Nothing was changed: the packages could not be listed in full. The job was cancelled (${cancelled.signal}). Run it again to continue.`,
      ]);
      expect(deletedIds(cancelled)).toEqual([]);
    },
  );

  it("while a list comes to its end has a plan of which everything remains", () => {
    const cancelled = after("at the end of the list");
    expectCleanEnd(cancelled);
    expect(cancelled.result.outputs).toMatchObject({ "planned-count": "5", "remaining-count": "5" });
    expect(cancelled.result.report?.packages[0]?.versions).toHaveLength(6);
    expect(deletedIds(cancelled)).toEqual([]);
  });

  it.each(["deleting", "deleting, with SIGTERM"] as const)(
    "while deleting reports just what is gone (%s)",
    (name) => {
      const cancelled = after(name);
      expectCleanEnd(cancelled);
      expect(reportedIds(cancelled.result, "deleted")).toEqual(deletedIds(cancelled));
      expect(deletedIds(cancelled).length).toBeGreaterThan(0);
      expect(Number(cancelled.result.outputs["remaining-count"])).toBeGreaterThan(0);
      expect(cancelled.result.report?.packages[0]?.versions).toHaveLength(300);
    },
  );

  it("while a deletion gets no answer does not wait for it", () => {
    const cancelled = after("no answer to a deletion");
    expectCleanEnd(cancelled);
    expect(cancelled.result.outputs).toMatchObject({ "planned-count": "5" });
    expect(reportedIds(cancelled.result, "deleted")).toEqual(deletedIds(cancelled));
  });

  it("while all requests pause for a secondary limit does not wait for its end", () => {
    const cancelled = after("secondary limit");
    expectCleanEnd(cancelled);
    expect(cancelled.result.stdout).toContain("All requests pause for 60 s.");
    expect(reportedIds(cancelled.result, "deleted")).toEqual(deletedIds(cancelled));
  });

  it("while it waits for the reset of the hourly limit does not wait for its end", () => {
    const cancelled = after("hourly limit");
    expectCleanEnd(cancelled);
    expect(cancelled.result.stdout).toContain("The hourly limit is down to its reserve: waiting");
    expect(reportedIds(cancelled.result, "deleted")).toEqual(deletedIds(cancelled));
  });

  it("while it waits to try again does not try any more", () => {
    const cancelled = after("waiting to try again");
    expectCleanEnd(cancelled);
    expect(cancelled.result.sent.filter((line) => line.includes("/versions?"))).toHaveLength(1);
  });

  it("while it waits for a list to show a removed tag does not wait for it, and says what is left over", () => {
    const cancelled = after("a list that lags");
    expectCleanEnd(cancelled);
    expect(cancelled.result.annotations.warnings.join("\n")).toContain("pr-1");
    expect(cancelled.emulator.package("ui").versions.map(({ tags }) => tags)).toEqual([["v1"], ["pr-1"]]);
  });

  it("does not hide that the owner does not exist", () => {
    const { result } = after("unknown owner");
    expect(result.exitCode).toBe(1);
    expect(result.outputs.status).toBe("failed");
    expect(result.annotations.errors).toEqual([
      'There is no user or organization "acme": check the input owner.',
    ]);
  });

  it.each(["refused list", "refused second look"] as const)("does not hide a %s", (name) => {
    const { result } = after(name);
    expect(result.exitCode).toBe(1);
    expect(result.outputs.status).toBe("failed");
    expect(result.annotations.errors).toEqual([
      expect.stringContaining("Cannot list the versions of the npm package acme/ui: GitHub answered 403"),
    ]);
    expectOutputsToAddUp(result);
  });
});
