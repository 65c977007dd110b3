import type { EmulatorData } from "../../emulator/data";
import type { Emulator } from "../../emulator/server";
import type { PackageReport } from "../../src/report/report";
import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { concurrently } from "../support/concurrently";
import { localContext, startAcme } from "../support/local-run";
import { GOING, KEEP, KEPT, oneOfEach } from "../support/one-of-each";
import { flaws, partIds } from "../support/wholeness";

/** What stays keeps its parts (spec/action.md, "When GitHub refuses a deletion, or it fails, that version's parts stay"). */

const withoutLine = KEEP.replace("untagged: never\n", "");

async function withEmulator<T>(use: (emulator: Emulator) => Promise<T>): Promise<T> {
  const app: EmulatorData["packages"][number] = {
    owner: "acme",
    type: "container",
    name: "app",
    versions: oneOfEach(),
  };
  const emulator = await startAcme({ packages: [app], limits: { primary: false, secondary: false } });
  try {
    return await use(emulator);
  } finally {
    await emulator.close();
  }
}

async function apply(emulator: Emulator, keep: string): Promise<PackageReport> {
  const { report } = await runPolicies([policy(keep, { minKeep: 1 })], await localContext({ emulator }));
  const [app] = report.packages;
  if (!app) throw new Error("there is no report");
  return app;
}

function outcomes({ versions }: PackageReport): Record<string, number[]> {
  const byOutcome: Record<string, number[]> = {};
  for (const { outcome, id } of versions)
    if (outcome !== undefined) byOutcome[outcome] = [...(byOutcome[outcome] ?? []), id].sort((a, b) => a - b);
  return byOutcome;
}

function expectAllCounted({ counts }: PackageReport): void {
  const { planned, deleted = 0, refused = 0, skipped = 0, failed = 0, remaining = 0 } = counts;
  expect(deleted + refused + skipped + failed + remaining).toBe(planned);
  expect(planned).toBeGreaterThan(0);
}

describe("a deletion that GitHub does not make", () => {
  const refusal =
    "Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.";
  const answers = {
    refused: { status: 400, body: { message: refusal } },
    failed: { status: 500, body: { message: "Server Error" } },
  } as const;

  /** The one that stays keeps all its parts, and everything else goes. */
  async function stays(id: number, how: "refused" | "failed", keep: string): Promise<void> {
    await withEmulator(async (emulator) => {
      const one = emulator.package("app");
      const before = flaws(one);
      const path = `/versions/${id}$`;
      emulator.faults.add({ match: { method: "DELETE", path, count: "always" }, answer: answers[how] });
      const planned = keep === KEEP ? GOING : GOING.filter((other) => ![2, 3, 27].includes(other));
      const parts = [...partIds(one, id)].filter((part) => planned.includes(part)).sort((a, b) => a - b);
      const deleted = planned.filter((other) => other !== id && !parts.includes(other));
      const result = await apply(emulator, keep);
      const skipped = parts.length > 0 ? { skipped: parts } : {};
      expect({ id, ...outcomes(result) }).toEqual({ id, [how]: [id], deleted, ...skipped });
      expect(result.status).toBe(how === "failed" ? "failed" : "complete");
      expect(flaws(one)).toEqual(before);
      expectAllCounted(result);
    });
  }

  it("for a rule of its own: its parts stay, the rest goes, and the run goes well", async () => {
    await concurrently(GOING, (id) => stays(id, "refused", KEEP));
  });

  it("for a failure: its parts stay, the rest goes, and the step fails", async () => {
    await concurrently(GOING, (id) => stays(id, "failed", KEEP));
  });

  it("without an `untagged` line, where the parts go with their wholes only", async () => {
    await concurrently([15, 20, 22, 23, 26], (id) => stays(id, "refused", withoutLine));
  });

  it("whose fate cannot be told: the package stops, and everything adds up", async () => {
    await withEmulator(async (emulator) => {
      const one = emulator.package("app");
      const before = flaws(one);
      const missing = { status: 404, body: { message: "Package not found." } };
      const match = { path: "/versions/20$", count: "always" } as const;
      emulator.faults.add({ match: { ...match, method: "DELETE" }, answer: missing });
      emulator.faults.add({ match: { ...match, method: "GET" }, answer: { status: 403 } });
      const result = await apply(emulator, KEEP);
      expect(outcomes(result)).toMatchObject({ failed: [20] });
      expect(result.status).toBe("failed");
      expect(flaws(one)).toEqual(before);
      expect(emulator.activeIds("app")).toEqual(expect.arrayContaining([...KEPT, 18, 19, 20]));
      expectAllCounted(result);
    });
  });
});
