import { imageManifest, versionOf } from "../../emulator/images";
import { container, daysAgo, run, startWorld } from "../support/world";

/** The built action on a runner whose clock is wrong: GitHub's time counts (spec/action.md). */

const KEEP = "v*: always\nuntagged: never";
const TWO_DAYS_AHEAD = "const now = Date.now; Date.now = () => now() + 2 * 86_400_000;";

it("keeps what is younger than its grace by GitHub's clock, and says that the runner's is wrong", async () => {
  const release = versionOf(imageManifest("v1"), { id: 1, tags: ["v1"], createdAt: daysAgo(50) });
  const fresh = versionOf(imageManifest("fresh"), { id: 2, createdAt: daysAgo(0.01) });
  const emulator = await startWorld([container("app", [release, fresh])]);
  const preload = `data:text/javascript,${encodeURIComponent(TWO_DAYS_AHEAD)}`;
  const result = await run(
    emulator,
    { packages: "app", keep: KEEP, "dry-run": "false" },
    { built: true, env: { NODE_OPTIONS: `--import ${preload}` } },
  );
  expect(result.exitCode).toBe(0);
  expect(emulator.activeIds("app")).toEqual([1, 2]);
  expect(result.annotations.warnings).toEqual([
    "The runner's clock is 48 h ahead of GitHub's. Ages count by GitHub's time: set the runner's clock.",
  ]);
  expect(Date.now() - Date.parse(result.report?.generatedAt ?? "")).toBeLessThan(3_600_000);
});
