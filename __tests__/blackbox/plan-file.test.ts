import { jest } from "@jest/globals";
import { pushManifest } from "../../emulator/changes";
import type { VersionData } from "../../emulator/data";
import { imageManifest, indexOf, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { flaws } from "../support/wholeness";
import {
  AT_FULL_SPEED,
  container,
  daysAgo,
  type Run,
  run,
  startWorld,
  verdictsOf,
  writesOf,
} from "../support/world";

jest.setTimeout(60_000);

const KEEP = "v*: always\npr-*: 14d\nuntagged: never";

/** Ids 1 to 3: `pr-1` and its platform images; 4: `pr-2`; 5: `pr-3`; 6: `v1`, which stays. */
function versions(): VersionData[] {
  const [amd, arm] = [imageManifest("pr-1", "linux/amd64"), imageManifest("pr-1", "linux/arm64")];
  const index = indexOf([amd, arm]);
  const image = (id: number, tag: string) =>
    versionOf(imageManifest(tag), { id, tags: [tag], createdAt: daysAgo(50) });
  return [
    versionOf(amd, { id: 1, createdAt: daysAgo(60) }),
    versionOf(arm, { id: 2, createdAt: daysAgo(60) }),
    versionOf(index, { id: 3, tags: ["pr-1"], createdAt: daysAgo(60) }),
    image(4, "pr-2"),
    image(5, "pr-3"),
    image(6, "v1"),
  ];
}

function start(names = ["app"]): Promise<Emulator> {
  return startWorld(
    names.map((name) =>
      container(
        name,
        versions().map((version) => withoutId(version, name !== "app")),
      ),
    ),
    { limits: { primary: false, secondary: false } },
  );
}

function withoutId({ id, ...version }: VersionData, isOther: boolean): VersionData {
  return isOther || id === undefined ? version : { ...version, id };
}

const inputs = { ...AT_FULL_SPEED.inputs, packages: "app", keep: KEEP };

/** Applies (or, with `dry`, only plans) what an earlier dry run planned. */
function applyReviewed(
  emulator: Emulator,
  reviewed: unknown,
  more: Record<string, string> = {},
): Promise<Run> {
  return run(
    emulator,
    { ...inputs, "dry-run": "false", "plan-file": "reviewed/plan.json", ...more },
    { env: AT_FULL_SPEED.env, files: { "reviewed/plan.json": JSON.stringify(reviewed) } },
  );
}

describe("a plan that was reviewed", () => {
  it("is applied as it is when nothing has changed", async () => {
    const emulator = await start();
    const { report } = await run(emulator, inputs);
    const applied = await applyReviewed(emulator, report);
    expect(applied.outputs).toMatchObject({ status: "complete", "deleted-count": "5", "skipped-count": "0" });
    expect(applied.annotations.warnings).toEqual([]);
    expect(emulator.activeIds("app")).toEqual([6]);
  });

  it("does not delete what was tagged or pushed since, nor what was not in it, nor parts of those", async () => {
    const emulator = await start();
    const { report } = await run(emulator, inputs);
    const one = emulator.package("app");
    for (const [id, tag] of [
      [3, "pr-9"],
      [4, "release"],
    ] as const) {
      const version = one.versions.find((other) => other.id === id);
      version?.tags.push(tag);
    }
    const added = pushManifest(
      emulator.state,
      one,
      { body: imageManifest("pr-4").body, tag: "pr-4" },
      Date.now(),
    );
    added.updatedAt = Date.parse(daysAgo(30));
    Object.assign(added, { createdAt: Date.parse(daysAgo(30)) });

    const dry = await applyReviewed(emulator, report, { "dry-run": "true" });
    expect(verdictsOf(dry)[3]?.at(-1)).toBe("→ skipped");
    expect(verdictsOf(dry)[5]?.at(-1)).toBe("→ planned");
    expect(writesOf(dry)).toEqual([]);

    const applied = await applyReviewed(emulator, report);
    expect(applied.exitCode).toBe(0);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 6, added.id]);
    expect(flaws(one)).toEqual([]);
    expect(applied.outputs).toMatchObject({
      "planned-count": "5",
      "deleted-count": "1",
      "skipped-count": "4",
    });
    const messages = Object.fromEntries(
      (applied.report?.packages[0]?.versions ?? []).map(({ id, message }) => [id, message]),
    );
    expect(messages).toEqual({
      1: "what it is a part of is kept",
      2: "what it is a part of is kept",
      3: "changed since it was reviewed",
      4: undefined,
      5: undefined,
      6: undefined,
      [added.id]: "not in the reviewed plan",
    });
    expect(applied.annotations.warnings.join()).toContain(
      "app is not quite what was reviewed: 1 not in the reviewed plan, 1 changed since it was reviewed, " +
        "2 what it is a part of is kept, 1 reviewed, and kept by the policy now.",
    );
  });

  it("keeps what the reviewed plan kept, and counts for max-delete what would be deleted", async () => {
    const emulator = await start();
    const { report } = await run(emulator, { ...inputs, keep: KEEP.replace("14d", "55d") });
    const over = await applyReviewed(emulator, report, { "max-delete": "2" });
    expect(over.exitCode).toBe(1);
    expect(over.annotations.errors.join()).toContain("deletes 3 of the 6 versions");
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5, 6]);
    await applyReviewed(emulator, report, { "max-delete": "3" });
    expect(emulator.activeIds("app")).toEqual([4, 5, 6]);
  });

  it("leaves packages alone that it does not have", async () => {
    const emulator = await start(["app", "web"]);
    const { report } = await run(emulator, inputs);
    const applied = await applyReviewed(emulator, report, { packages: "app, web" });
    expect(applied.exitCode).toBe(0);
    expect(emulator.activeIds("app")).toEqual([6]);
    expect(emulator.activeIds("web")).toHaveLength(6);
    expect(applied.report?.packages[1]?.counts).toEqual({ kept: 1, planned: 5, skipped: 5 });
  });

  it("of all that a package has does not take along what came since: the package stays", async () => {
    const emulator = await start();
    const all = { keep: "rest: never\nuntagged: never", "min-keep": "0", "delete-empty-package": "true" };
    const { report, outputs } = await run(emulator, { ...inputs, ...all });
    expect(outputs["planned-count"]).toBe("6");
    const { body } = imageManifest("pr-4");
    const added = pushManifest(emulator.state, emulator.package("app"), { body, tag: "pr-4" }, Date.now());

    const applied = await applyReviewed(emulator, report, all);
    expect(applied.exitCode).toBe(0);
    expect(applied.outputs).toMatchObject({
      "planned-count": "7",
      "deleted-count": "6",
      "skipped-count": "1",
    });
    expect(writesOf(applied)).not.toContain("DELETE /orgs/acme/packages/container/app");
    expect(emulator.activeIds("app")).toEqual([added.id]);
  });

  it("must be the report of a dry run of this owner, and nothing is requested before that is clear", async () => {
    const emulator = await start();
    const { report } = await run(emulator, inputs);
    for (const [changes, message] of [
      [{ dryRun: false }, "plan-file: reviewed/plan.json is the report of a run that was applied"],
      [{ owner: "mona" }, "is about the packages of mona, and this run is about those of acme"],
      [{ schemaVersion: 7 }, "has the schemaVersion 7"],
      [
        { packages: [{ type: "container" }] },
        "is not a report of this action, or was changed (packages.0.name",
      ],
    ] as const) {
      const failed = await applyReviewed(emulator, { ...report, ...changes });
      expect(failed.exitCode).toBe(1);
      expect(failed.annotations.errors.join()).toContain(message);
      expect(failed.sent).toEqual([]);
    }
    const missing = await applyReviewed(emulator, report, { "plan-file": "nowhere.json" });
    expect(missing.annotations.errors.join()).toContain("plan-file: nowhere.json cannot be read in ");
    expect(missing.annotations.errors.join()).toContain("check the path");
  });
});
