import { pushManifest } from "../../emulator/changes";
import type { Fault, VersionData } from "../../emulator/data";
import { type Image, imageManifest, indexOf, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import type { PackageReport } from "../../src/report/report";
import { runPolicies } from "../../src/run/run";
import type { RunContext } from "../../src/run/run-context";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";

/** When a package is looked at again before something of it is deleted (spec/action.md, "How a run behaves"). */

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** Images `pr-1` to `pr-4` with the ids 1 to 4, which go, and one that stays unless nothing does. */
const images = [1, 2, 3, 4].map((id) => imageManifest(`pr-${id}`)) as [Image, Image, Image, Image];
const GOING: VersionData[] = images.map((image, at) =>
  versionOf(image, { id: at + 1, tags: [`pr-${at + 1}`], createdAt: `${90 - at}d ago` }),
);
const KEPT = versionOf(imageManifest("v1"), { id: 9, tags: ["v1"], createdAt: "50d ago" });

interface Options {
  readonly versions?: readonly VersionData[];
  readonly faults?: readonly Fault[];
  readonly keep?: string;
  readonly deleteEmptyPackage?: boolean;
  /** What happens as a request arrives; it comes as `DELETE versions/1`. */
  readonly meanwhile?: (request: string, emulator: Emulator) => void;
  readonly changes?: Partial<RunContext>;
}

interface Ran {
  readonly emulator: Emulator;
  readonly report: PackageReport;
  /** What was sent from the second list on: `list`, `list of the deleted`, `DELETE versions/1`. */
  readonly sent: readonly string[];
}

async function run({ versions = [...GOING, KEPT], faults = [], ...options }: Options): Promise<Ran> {
  const emulator = await startAcme({
    packages: [{ owner: "acme", type: "container", name: "app", versions: [...versions] }],
    limits: { primary: false, secondary: false },
  });
  running.push(emulator);
  for (const fault of faults) emulator.faults.add(fault);
  const sent: string[] = [];
  emulator.onRequest((_, { method, path }) => {
    if (!path.startsWith("/orgs/")) return;
    const request = nameOf(method, path);
    sent.push(request);
    options.meanwhile?.(request, emulator);
  });
  const settings = { minKeep: 0, deleteEmptyPackage: options.deleteEmptyPackage ?? false };
  const context = { ...(await localContext({ emulator })), ...options.changes };
  const { report } = await runPolicies(
    [policy(options.keep ?? "v*: always\npr-*: never", settings)],
    context,
  );
  const [app] = report.packages;
  if (!app) throw new Error("there is no report");
  return { emulator, report: app, sent: sent.slice(1) };
}

function nameOf(method: string, path: string): string {
  if (/versions\?/.test(path)) return path.includes("state=deleted") ? "list of the deleted" : "list";
  return `${method} ${path
    .replace(/\?$/, "")
    .replace(/^.*\/container\//, "")
    .replace("app/", "")}`;
}

function push(emulator: Emulator, { body, mediaType }: Image, tag: string): void {
  pushManifest(emulator.state, emulator.package("app"), { body, mediaType, tag }, Date.now());
}

const END = ["list", "list of the deleted"];
const PAUSE = {
  status: 403,
  body: { message: "You have exceeded a secondary rate limit." },
  headers: { "retry-after": "30" },
};
const SHORT_PAUSE = { ...PAUSE, headers: { "retry-after": "9" } };
const TROUBLE = { status: 502, body: { message: "Server Error" } };

function outcomes({ report }: Ran): Record<number, string | undefined> {
  return Object.fromEntries(report.versions.map(({ id, outcome }) => [id, outcome]));
}

describe("a deletion that GitHub puts off", () => {
  it("is looked at again after a pause of ten seconds, and skipped where a tag came meanwhile", async () => {
    const ran = await run({
      versions: [...GOING.slice(0, 1), KEPT],
      faults: [{ match: { method: "DELETE" }, answer: PAUSE }],
      meanwhile: (request, emulator) => {
        if (request.startsWith("DELETE")) push(emulator, images[0], "latest");
      },
    });
    expect(ran.sent).toEqual(["list", "DELETE versions/1", "list"]);
    expect(outcomes(ran)).toEqual({ 1: "skipped", 9: undefined });
  });

  it("is sent again without a look after a shorter one", async () => {
    const ran = await run({
      versions: [...GOING.slice(0, 1), KEPT],
      faults: [{ match: { method: "DELETE" }, answer: SHORT_PAUSE }],
    });
    expect(ran.sent).toEqual(["list", "DELETE versions/1", "DELETE versions/1", ...END]);
  });

  it("does not wait for ever: what GitHub says after some pauses in a row counts", async () => {
    const ran = await run({ faults: [{ match: { method: "DELETE", count: "always" }, answer: PAUSE }] });
    expect(ran.report.status).toBe("failed");
    expect(ran.report.error).toContain("GitHub keeps asking to slow down");
    expect(ran.sent.length).toBeLessThan(40);
  });
});

describe("a deletion that GitHub has trouble with", () => {
  it("is asked for before it is sent again, and skipped where a tag came meanwhile", async () => {
    const ran = await run({
      versions: [...GOING.slice(0, 1), KEPT],
      faults: [{ match: { method: "DELETE" }, answer: TROUBLE }],
      meanwhile: (request, emulator) => {
        if (request.startsWith("DELETE")) push(emulator, images[0], "latest");
      },
    });
    expect(ran.sent.filter((one) => one.startsWith("DELETE"))).toHaveLength(1);
    expect(outcomes(ran)).toEqual({ 1: "skipped", 9: undefined });
  });

  it("is deleted, and not gone before, where the first request was carried out after all", async () => {
    const ran = await run({
      versions: [...GOING.slice(0, 1), KEPT],
      faults: [{ match: { method: "DELETE" }, answer: TROUBLE, processed: true }],
    });
    expect(outcomes(ran)).toEqual({ 1: "deleted", 9: undefined });
  });
});

describe("the first deletion of a package", () => {
  const GONE = { status: 404, body: { message: "Package version not found." } };
  const REFUSED = { status: 404, body: { message: "Package not found." } };
  const at = (nth: number, answer: Fault["answer"]): Fault => ({
    match: { method: "DELETE", nth },
    answer: answer ?? TROUBLE,
  });

  it("goes alone until one is confirmed, which a version that is gone does not do", async () => {
    const ran = await run({ faults: [at(1, GONE), at(1, GONE), at(1, REFUSED)] });
    expect(ran.report.status).toBe("failed");
    expect(ran.report.error).toContain("it needs read:packages and delete:packages");
    expect(ran.sent).toEqual([
      "list",
      "DELETE versions/4",
      "DELETE versions/3",
      "DELETE versions/2",
      "GET versions/2",
    ]);
    expect(outcomes(ran)).toEqual({ 4: "gone", 3: "gone", 2: "failed", 1: "remaining", 9: undefined });
  });
});

describe("a package that is deleted as a whole", () => {
  const whole = { versions: GOING, deleteEmptyPackage: true };

  it("is listed before", async () => {
    const ran = await run(whole);
    expect(ran.sent).toEqual(["list", "DELETE app"]);
    expect(ran.report).toMatchObject({ deletedPackage: true, counts: { deleted: 4 } });
  });

  it.each([
    ["a pause", PAUSE],
    ["trouble", TROUBLE],
  ])("stays where a tag came before the deletion was repeated after %s", async (_, answer) => {
    const ran = await run({
      ...whole,
      faults: [{ match: { method: "DELETE" }, answer }],
      meanwhile: (request, emulator) => {
        if (request === "DELETE app") push(emulator, imageManifest("new"), "new");
      },
    });
    expect(ran.sent.filter((request) => request === "DELETE app")).toHaveLength(1);
    expect(ran.emulator.activeIds("app")).toEqual([5]);
    expect(ran.report).toMatchObject({ status: "complete", counts: { deleted: 4 } });
  });

  it("remains where the time is over before its turn", async () => {
    let isOver = false;
    const ran = await run({
      ...whole,
      faults: [{ match: { method: "DELETE" }, answer: SHORT_PAUSE }],
      meanwhile: (request) => {
        isOver = request === "DELETE app";
      },
      changes: { stopReason: () => (isOver ? "The time is over." : undefined) },
    });
    expect(ran.sent).toEqual(["list", "DELETE app"]);
    expect(ran.report).toMatchObject({ status: "partial", counts: { remaining: 4 } });
  });
});

describe("an index that is pushed while its image goes", () => {
  const part = imageManifest("part");
  const index = indexOf([part]);

  it("is read although the registry had no manifest of it when it was planned", async () => {
    const ran = await run({
      versions: [
        versionOf(part, { id: 1, createdAt: "90d ago" }),
        versionOf(index, { id: 2, tags: ["pr-1"], createdAt: "90d ago", deletedAt: "1d ago", ghost: true }),
        KEPT,
      ],
      keep: "v*: always\npr-*: never\nuntagged: never",
      meanwhile: (request, emulator) => {
        if (request === "DELETE versions/1") push(emulator, index, "v2");
      },
    });
    expect(outcomes(ran)).toEqual({ 1: "skipped", 2: "gone", 9: undefined });
    expect(ran.emulator.activeIds("app")).toEqual([1, 9, 10]);
  });

  it("gets a part back that it lists, in the order parts before wholes", async () => {
    const ran = await run({
      versions: [
        versionOf(part, { id: 1, createdAt: "90d ago" }),
        versionOf(index, { id: 2, tags: ["pr-1"], createdAt: "90d ago" }),
        KEPT,
      ],
      meanwhile: (request, emulator) => {
        if (request === "DELETE versions/2") push(emulator, index, "latest");
      },
    });
    expect(ran.sent.slice(-2)).toEqual(["POST versions/1/restore", "POST versions/2/restore"]);
    expect(outcomes(ran)).toEqual({ 1: "skipped", 2: "skipped", 9: undefined });
    expect(ran.report.versions.find(({ id }) => id === 2)?.message).toBe(
      "it was deleted and restored: it was given the tag latest during the run",
    );
  });
});
