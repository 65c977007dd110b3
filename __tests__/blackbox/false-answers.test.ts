import type { PackageData } from "../../emulator/data";
import { imageManifest, indexOf, multiArch, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { flaws } from "../support/wholeness";
import { AT_FULL_SPEED, container, daysAgo, jobToken, run, startWorld, verdictsOf } from "../support/world";

/** Answers that look as if all were well, and must not be believed. */

const { env } = AT_FULL_SPEED;
const APPLY = { ...AT_FULL_SPEED.inputs, "dry-run": "false" };
const IMAGES = { ...APPLY, keep: "v*: always\npr-*: never\nuntagged: never" };

/** `v1` stays (id 1); `pr-1` (id 4) goes with its two platforms (2, 3). */
function preview(): PackageData {
  const kept = versionOf(imageManifest("v1"), { id: 1, tags: ["v1"], createdAt: daysAgo(50) });
  const pr = multiArch("pr", { tags: ["pr-1"], createdAt: daysAgo(50) }, { attestations: false });
  return container("app", [kept, ...pr.versions.map((version, at) => ({ ...version, id: at + 2 }))]);
}

function expectWhole(emulator: Emulator): void {
  expect(flaws(emulator.package("app"))).toEqual([]);
}

it("a page of the list that is empty although others follow stops the package", async () => {
  const child = imageManifest("child", "linux/amd64");
  const versions = Array.from({ length: 250 }, (_, at) =>
    versionOf(imageManifest(`image ${at}`), { id: at + 1, createdAt: daysAgo(50) }),
  );
  versions[10] = versionOf(child, { id: 11, createdAt: daysAgo(50) });
  versions[120] = versionOf(indexOf([child]), { id: 121, tags: ["v1"], createdAt: daysAgo(50) });
  const emulator = await startWorld([container("app", versions)]);
  const link = `<${emulator.url}/?page=3>; rel="next", <${emulator.url}/?page=3>; rel="last"`;
  emulator.faults.add({
    match: { path: "/versions\\?.*\\bpage=2\\b", count: "always" },
    answer: { status: 200, body: [], headers: { link } },
  });
  const result = await run(emulator, IMAGES, { env });
  expect(result.exitCode).toBe(1);
  expect(result.annotations.errors.join()).toContain("page 2 of the list is empty, and others follow");
  expect(emulator.activeIds("app")).toHaveLength(250);
});

it("a deletion that something else than GitHub answers with 200 is none, and the parts stay", async () => {
  const emulator = await startWorld([preview()]);
  emulator.faults.add({
    match: { method: "DELETE", path: "/versions/4$", count: "always" },
    answer: { status: 200, body: "<html>log in</html>" },
  });
  const result = await run(emulator, IMAGES, { env });
  expect(result.exitCode).toBe(1);
  expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4]);
  expect(verdictsOf(result)[4]).toEqual(["delete", "pr-*: never", "→ failed"]);
  expect(result.annotations.errors.join()).toContain(
    "GitHub answered 200: this is not how GitHub confirms it.",
  );
});

it("a deletion that was done although each answer was an error counts as done", async () => {
  const emulator = await startWorld([preview()]);
  emulator.faults.add({
    match: { method: "DELETE", path: "/versions/4$", count: "always" },
    answer: { status: 502, body: { message: "Server Error" } },
    processed: true,
  });
  const result = await run(emulator, IMAGES, { env });
  expect(result.exitCode).toBe(0);
  expect(emulator.activeIds("app")).toEqual([1]);
  expect(result.outputs).toMatchObject({ "deleted-count": "3", "failed-count": "0" });
});

it("a right that is lost after the list was read is no deletion", async () => {
  const token = jobToken("app");
  const emulator = await startWorld([{ ...preview(), visibility: "private" }], { tokens: [token] });
  let isLost = false;
  emulator.onRequest((_, { method }) => {
    if (method !== "DELETE" || isLost) return;
    isLost = true;
    const answer = { status: 404, body: { message: "Package not found." } };
    emulator.faults.add({ match: { path: "/packages/container/app", count: "always" }, answer });
  });
  const result = await run(emulator, IMAGES, { env });
  expect(isLost).toBe(true);
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ status: "failed", "deleted-count": "0", "failed-count": "1" });
  expect(result.annotations.errors.join()).toContain(
    'this repository the Admin role under "Manage Actions access"',
  );
  expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4]);
});

it("a part that was pushed again after its index waits for it, and stays where GitHub refuses to delete the index", async () => {
  const [first, again] = [imageManifest("pr", "linux/amd64"), imageManifest("pr", "linux/arm64")];
  const versions = [
    versionOf(imageManifest("v1"), { id: 1, tags: ["v1"], createdAt: daysAgo(90) }),
    versionOf(first, { id: 11, createdAt: daysAgo(50) }),
    versionOf(indexOf([first, again]), { id: 12, tags: ["pr-1"], createdAt: daysAgo(50), downloads: 5_001 }),
    versionOf(again, { id: 20, createdAt: daysAgo(40) }),
  ];
  const emulator = await startWorld([{ ...container("app", versions), visibility: "public" }]);
  const result = await run(emulator, IMAGES, { env });
  expectWhole(emulator);
  expect(emulator.activeIds("app")).toEqual([1, 11, 12, 20]);
  expect(result.outputs).toMatchObject({ "refused-count": "1", "skipped-count": "2", "deleted-count": "0" });
  const reported = result.report?.packages[0]?.versions ?? [];
  expect(reported.find(({ id }) => id === 20)?.message).toBe("app:pr-1 was not deleted, and needs it");
  expect(result.sent.filter((line) => line.startsWith("DELETE"))).toHaveLength(1);
});
