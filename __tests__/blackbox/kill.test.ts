import { setTimeout as sleep } from "node:timers/promises";
import { jest } from "@jest/globals";
import type { EmulatorData, VersionData } from "../../emulator/data";
import {
  attestationOf,
  cosignManifest,
  cosignTag,
  fallbackTag,
  type Image,
  imageManifest,
  indexOf,
  referrerOf,
  referrersIndex,
  versionOf,
} from "../../emulator/images";
import { type Emulator, startEmulator } from "../../emulator/server";
import type { Report, VersionReport } from "../../src/report/report";
import { type ActionResult, runAction } from "../support/run-action";
import { flaws, partIds } from "../support/wholeness";

jest.setTimeout(120_000);

const KEEP = `
latest: always
v*: always
keep-*: always
broken: always
pr-*: 14d
untagged: never
`;

/** Versions in the order in which they were pushed, an hour apart; ids ascend with it. */
function pushed(...images: [Image, ...string[]][]): VersionData[] {
  return images.map(([image, ...tags], at) =>
    versionOf(image, { tags, id: at + 1, createdAt: `${1000 - at}h ago` }),
  );
}

/** One of each kind of image that a cleaner can break; half of them go. */
function versions(): VersionData[] {
  const [shared, oldArm] = [imageManifest("shared", "linux/amd64"), imageManifest("old", "linux/arm64")];
  const predecessor = indexOf([shared, oldArm]);
  const lost = imageManifest("lost", "linux/amd64");
  const broken = indexOf([lost, shared]);

  const [v1Amd, v1Arm] = [imageManifest("v1", "linux/amd64"), imageManifest("v1", "linux/arm64")];
  const v1 = indexOf([v1Amd, v1Arm, attestationOf(v1Amd)]);
  const v1Sbom = referrerOf(v1, "application/spdx+json");

  const prAmd = imageManifest("pr-1", "linux/amd64");
  const pr1 = indexOf([prAmd, shared, v1Arm, attestationOf(prAmd)]);
  const sbom = referrerOf(pr1, "application/spdx+json");
  const scan = referrerOf(pr1, "application/sarif+json");

  const leaf = imageManifest("leaf", "linux/amd64");
  const nested = indexOf([leaf]);
  const pr2 = indexOf([nested, prAmd]);

  const child = imageManifest("child", "linux/amd64");
  const childToo = imageManifest("child", "linux/arm64");
  const pr3 = indexOf([child, childToo], { docker: true });
  const orphan = imageManifest("orphan");
  return pushed(
    [shared],
    [oldArm],
    [predecessor],
    [broken, "broken"],
    [v1Amd],
    [v1Arm],
    [attestationOf(v1Amd)],
    [v1, "v1", "latest"],
    [cosignManifest(v1), cosignTag(v1)],
    [cosignManifest(v1Arm, "att"), cosignTag(v1Arm, "att")],
    [v1Sbom],
    [referrersIndex([v1Sbom]), fallbackTag(v1)],
    [prAmd],
    [attestationOf(prAmd)],
    [pr1, "pr-1"],
    [cosignManifest(pr1), cosignTag(pr1)],
    [cosignManifest(prAmd), cosignTag(prAmd)],
    [sbom],
    [scan],
    [referrersIndex([sbom, scan]), fallbackTag(pr1)],
    [leaf],
    [nested],
    [pr2, "pr-2"],
    [child, "keep-child"],
    [childToo, "pr-3-arm64"],
    [pr3, "pr-3"],
    [orphan],
  );
}

const KEPT = [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24];
const GOING = [2, 3, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 27];

function data(): EmulatorData {
  return {
    owners: [{ login: "acme", type: "Organization" }],
    tokens: [
      { kind: "github-token", token: "job", repository: "acme/app", packages: "write", admin: ["app"] },
    ],
    packages: [
      { owner: "acme", type: "container", name: "app", repository: "acme/app", versions: versions() },
    ],
    limits: { primary: false, secondary: false },
  };
}

const inputs = { keep: KEEP, "dry-run": "false", "deletes-per-minute": "60000" };

/** The `untagged` line speaks for all that no line says anything of; without it, parts go with their wholes only. */
const withoutLine = { ...inputs, keep: KEEP.replace("untagged: never\n", "") };

/** What lists others: its deletion takes longer than theirs, so that a part which does not wait overtakes it. */
const INDEXES = [3, 15, 20, 22, 23, 26];

async function withEmulator<T>(use: (emulator: Emulator) => Promise<T>): Promise<T> {
  const emulator = await startEmulator(data());
  emulator.onRequest(async (_, { method, path }) => {
    if (method === "DELETE" && INDEXES.some((id) => path.endsWith(`/${id}`))) await sleep(50);
  });
  try {
    return await use(emulator);
  } finally {
    await emulator.close();
  }
}

/** Runs one job for each item, a few at once. */
async function forEachOf<T>(items: readonly T[], job: (item: T) => Promise<void>, atOnce = 4): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await job(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function outcomes({ report }: ActionResult): Record<string, number[]> {
  const byOutcome: Record<string, number[]> = {};
  const rows = (report as Report).packages[0]?.versions ?? [];
  for (const { outcome, id } of rows as VersionReport[])
    if (outcome !== undefined) byOutcome[outcome] = [...(byOutcome[outcome] ?? []), id].sort((a, b) => a - b);
  return byOutcome;
}

function expectAllCounted({ outputs }: ActionResult): void {
  const names = ["deleted", "refused", "skipped", "failed", "remaining"];
  const total = names.reduce((sum, name) => sum + Number(outputs[`${name}-count`]), 0);
  expect(total).toBe(Number(outputs["planned-count"]));
  expect(total).toBeGreaterThan(0);
}

describe("an undisturbed run", () => {
  it("leaves the kept images whole at each of its requests", async () => {
    await withEmulator(async (emulator) => {
      const before = flaws(emulator.package("app"));
      const seen: string[][] = [];
      emulator.onRequest(() => void seen.push(flaws(emulator.package("app"))));
      const result = await runAction({ emulator, inputs });
      expect(result.outputs.status).toBe("complete");
      expect(emulator.activeIds("app")).toEqual(KEPT);
      expect(before).toHaveLength(1);
      seen.push(flaws(emulator.package("app")));
      expect(seen.filter((now) => now.some((flaw) => !before.includes(flaw)))).toEqual([]);
    });
  });
});

describe("a run that is killed at any of its requests", () => {
  it("leaves no broken image, and the next run ends where an undisturbed one does", async () => {
    const before = await withEmulator(async (emulator) => flaws(emulator.package("app")));
    const requests = await withEmulator(async (emulator) => {
      await runAction({ emulator, inputs });
      return emulator.requests.length;
    });
    expect(requests).toBeGreaterThan(GOING.length + 10);

    const positions = Array.from({ length: requests }, (_, index) => index + 1);
    const left = new Set<number>();
    await forEachOf(positions, (nth) =>
      withEmulator(async (emulator) => {
        await runAction({ emulator, inputs, killAt: { nth } });
        expect({ nth, flaws: flaws(emulator.package("app")) }).toEqual({ nth, flaws: before });
        left.add(emulator.activeIds("app").length);
        const next = await runAction({ emulator, inputs });
        expect({ nth, exitCode: next.exitCode, ids: emulator.activeIds("app") }).toEqual({
          nth,
          exitCode: 0,
          ids: KEPT,
        });
      }),
    );
    // The kills did fall between the deletions.
    expect(left.size).toBeGreaterThan(10);
  });
});

describe("a deletion that GitHub does not make", () => {
  const refusal =
    "Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.";
  const answers = {
    refused: { status: 400, body: { message: refusal } },
    failed: { status: 500, body: { message: "Server Error" } },
  } as const;

  /** The one that stays keeps all its parts, and everything else goes. */
  async function stays(id: number, how: "refused" | "failed", given: Record<string, string>): Promise<void> {
    await withEmulator(async (emulator) => {
      const one = emulator.package("app");
      const before = flaws(one);
      const path = `/versions/${id}$`;
      emulator.faults.add({ match: { method: "DELETE", path, count: "always" }, answer: answers[how] });
      const planned = given === inputs ? GOING : GOING.filter((other) => ![2, 3, 27].includes(other));
      const parts = [...partIds(one, id)].filter((part) => planned.includes(part)).sort((a, b) => a - b);
      const deleted = planned.filter((other) => other !== id && !parts.includes(other));
      const result = await runAction({ emulator, inputs: given });
      const skipped = parts.length > 0 ? { skipped: parts } : {};
      expect({ id, ...outcomes(result) }).toEqual({ id, [how]: [id], deleted, ...skipped });
      expect(result.exitCode).toBe(how === "failed" ? 1 : 0);
      expect(flaws(one)).toEqual(before);
      expectAllCounted(result);
    });
  }

  it("for a rule of its own: its parts stay, the rest goes, and the run goes well", async () => {
    await forEachOf(GOING, (id) => stays(id, "refused", inputs));
  });

  it("for a failure: its parts stay, the rest goes, and the step fails", async () => {
    // Each of these waits for its retries.
    await forEachOf(GOING, (id) => stays(id, "failed", inputs), GOING.length);
  });

  it("without an `untagged` line, where the parts go with their wholes only", async () => {
    await forEachOf([15, 20, 22, 23, 26], (id) => stays(id, "refused", withoutLine));
  });

  it("whose fate cannot be told: the package stops, and everything adds up", async () => {
    await withEmulator(async (emulator) => {
      const one = emulator.package("app");
      const before = flaws(one);
      const missing = { status: 404, body: { message: "Package not found." } };
      const match = { path: "/versions/20$", count: "always" } as const;
      emulator.faults.add({ match: { ...match, method: "DELETE" }, answer: missing });
      emulator.faults.add({ match: { ...match, method: "GET" }, answer: { status: 403 } });
      const result = await runAction({ emulator, inputs });
      expect(outcomes(result)).toMatchObject({ failed: [20] });
      expect(result.exitCode).toBe(1);
      expect(flaws(one)).toEqual(before);
      expect(emulator.activeIds("app")).toEqual(expect.arrayContaining([...KEPT, 18, 19, 20]));
      expectAllCounted(result);
    });
  });
});
