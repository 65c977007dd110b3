import { jest } from "@jest/globals";
import { pushManifest } from "../../emulator/changes";
import type { PackageData } from "../../emulator/data";
import { imageManifest, multiArch } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import {
  AT_FULL_SPEED,
  container,
  daysAgo,
  npm,
  type Run,
  release,
  run,
  startWorld,
  writesOf,
} from "../support/world";

jest.setTimeout(60_000);

/** `pr-7` with its platform images and attestations, and an old `pr-6`: ids 1 to 6. */
function preview(changes: Partial<PackageData> = {}): PackageData {
  const { versions } = multiArch("pr-7", { tags: ["pr-7"], createdAt: daysAgo(40) });
  const old = { id: 6, tags: ["pr-6"], createdAt: daysAgo(50) };
  return {
    ...container("app", [...versions.map((version, at) => ({ ...version, id: at + 1 })), old]),
    ...changes,
  };
}

function start(...packages: PackageData[]): Promise<Emulator> {
  return startWorld(packages, { limits: { primary: false, secondary: false } });
}

const inputs = {
  ...AT_FULL_SPEED.inputs,
  packages: "app",
  keep: "pr-*: 14d\nuntagged: never",
  "min-keep": "0",
  "delete-empty-package": "true",
};

const go = (emulator: Emulator, more: Record<string, string>): Promise<Run> =>
  run(emulator, { ...inputs, "dry-run": "false", ...more }, { env: AT_FULL_SPEED.env });

function restore(emulator: Emulator, entries: string, from?: Run, dry = false): Promise<Run> {
  return run(
    emulator,
    { ...AT_FULL_SPEED.inputs, packages: "app", restore: entries, "dry-run": `${dry}` },
    { env: AT_FULL_SPEED.env, ...(from ? { files: { "report.json": JSON.stringify(from.report) } } : {}) },
  );
}

describe("a package of which nothing is left", () => {
  it("goes in one request, and comes back from the report", async () => {
    const emulator = await start(preview());
    const dry = await run(emulator, inputs);
    expect(dry.outputs["planned-count"]).toBe("6");
    expect(dry.annotations.warnings.join()).toContain(
      "it would be deleted as a whole, with all of its 6 versions",
    );

    const applied = await go(emulator, {});
    expect(applied.exitCode).toBe(0);
    expect(writesOf(applied)).toEqual(["DELETE /orgs/acme/packages/container/app"]);
    expect(applied.outputs).toMatchObject({ status: "complete", "deleted-count": "6" });
    expect(applied.report?.packages[0]).toMatchObject({ deletedPackage: true });
    expect(emulator.activeIds("app")).toEqual([]);

    const planned = await restore(emulator, "report.json", applied, true);
    expect(planned.outputs).toMatchObject({ status: "dry-run", "planned-count": "6" });
    expect(planned.annotations.warnings.join()).toContain("it would be restored as a whole");
    expect(writesOf(planned)).toEqual([]);
    const restored = await restore(emulator, "report.json", applied);
    expect(restored.exitCode).toBe(0);
    expect(writesOf(restored)).toEqual(["POST /orgs/acme/packages/container/app/restore"]);
    expect(restored.outputs).toMatchObject({ status: "complete", "restored-count": "6" });
    expect(restored.report?.packages[0]).toMatchObject({ restoredPackage: true });
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5, 6]);
    const again = await restore(emulator, "report.json", applied);
    expect(again.outputs).toMatchObject({ status: "complete", "planned-count": "0", "kept-count": "6" });
  });

  it("remains when the hour's requests are used up, and the step does not fail", async () => {
    const emulator = await start(preview());
    const applied = await go(emulator, {});
    const reset = `${Math.floor(Date.now() / 1000) + 3000}`;
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    const answer = { status: 403, body: { message: "API rate limit exceeded" }, headers };
    emulator.faults.add({ match: { method: "POST" }, answer });
    const partial = await restore(emulator, "report.json", applied);
    expect(partial.exitCode).toBe(0);
    expect(partial.outputs).toMatchObject({ status: "partial", "remaining-count": "6" });
    expect(partial.annotations.warnings.join()).toContain("app: 6 versions planned and not restored.");
  });

  it("comes back by a star, without what was deleted of it before", async () => {
    const emulator = await start(preview());
    await go(emulator, { keep: "pr-7: always\npr-6: never" });
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5]);
    await go(emulator, {});
    expect(emulator.activeIds("app")).toEqual([]);
    const planned = await restore(emulator, "*", undefined, true);
    expect(planned.summary).toContain("Dry run: 1 package would be restored as a whole");
    const restored = await restore(emulator, "*");
    expect(restored.outputs).toMatchObject({ status: "complete", "restored-count": "5" });
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5]);
  });

  it("goes version by version where something new is there, or the input is not given", async () => {
    const emulator = await start(preview());
    const body = imageManifest("new").body;
    const listings = () => emulator.requests.filter(({ path }) => /versions\?/.test(path)).length;
    let isPushed = false;
    emulator.onRequest(() => {
      // The second look has just been asked for: everything is planned.
      if (isPushed || listings() < 2) return;
      isPushed = true;
      pushManifest(emulator.state, emulator.package("app"), { body, tag: "new" }, Date.now());
    });
    const applied = await go(emulator, {});
    expect(applied.report?.packages[0]?.versions).toHaveLength(6);
    expect(applied.sent).not.toContain("DELETE /orgs/acme/packages/container/app");
    expect(emulator.activeIds("app")).toHaveLength(1);

    const tools = await start(npm("app", [release(1, "1.0.0"), release(2, "1.1.0")]));
    const last = await go(tools, {
      "package-type": "npm",
      keep: "semver: never",
      "delete-empty-package": "false",
    });
    expect(last.exitCode).toBe(0);
    expect(last.outputs).toMatchObject({ "deleted-count": "1", "refused-count": "1" });
  });

  it("stays with all of its versions where GitHub refuses", async () => {
    const popular = { visibility: "public" as const };
    const emulator = await start(preview(popular));
    const [first] = emulator.package("app").versions;
    if (first) first.downloads = 5001;
    const applied = await go(emulator, {});
    expect(applied.exitCode).toBe(0);
    expect(applied.outputs).toMatchObject({ status: "complete", "refused-count": "6", "deleted-count": "0" });
    expect(applied.annotations.warnings.join()).toContain("more than 5000 downloads cannot be deleted");
    expect(applied.report?.packages[0]).not.toHaveProperty("deletedPackage");
  });

  it("is reported as restored where it cannot be listed then, and the step fails", async () => {
    const emulator = await start(preview());
    const applied = await go(emulator, {});
    emulator.faults.add({ match: { path: "versions\\?", nth: 2, count: "always" }, answer: { status: 403 } });
    const restored = await restore(emulator, "report.json", applied);
    expect(restored.exitCode).toBe(1);
    expect(restored.outputs).toMatchObject({ status: "failed", "restored-count": "6" });
    expect(restored.report?.packages[0]).toMatchObject({ restoredPackage: true });
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("does not come back where its name is taken again, or it is too old", async () => {
    const emulator = await start(preview());
    const applied = await go(emulator, {});
    const [gone] = emulator.state.packages;
    if (!gone) throw new Error("there is no package");
    emulator.state.packages.push({ ...gone, id: 999, deletedAt: undefined, versions: [] });
    const taken = await restore(emulator, "report.json", applied);
    expect(taken.exitCode).toBe(0);
    expect(taken.outputs).toMatchObject({ "refused-count": "6", "restored-count": "0" });
    expect(taken.annotations.warnings.join()).toContain("the name app is taken again by a new package");
    expect(writesOf(taken)).toEqual([]);

    emulator.state.packages.pop();
    gone.deletedAt = Date.now() - 31 * 86_400_000;
    const old = await restore(emulator, "report.json", applied);
    expect(old.exitCode).toBe(0);
    expect(old.outputs).toMatchObject({ "refused-count": "6" });
    expect(old.annotations.warnings.join()).toContain("it was deleted more than 30 days ago");
    const star = await restore(emulator, "*");
    expect(star.exitCode).toBe(1);
    expect(star.annotations.errors.join()).toContain("Nothing was restored: there was no such package");
  });
});
