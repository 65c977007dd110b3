import { parseDuration } from "../src/policy/duration";
import { parseKeep } from "../src/policy/keep";
import type { Policy } from "../src/policy/policy";

/** Ten lines of all kinds: each selector, each word, both modifiers. */
export const TEN_LINES = `
latest: always
semver: {last: 3, per: minor}
prerelease: {highest: 5, within: 30d}
nightly-*: {daily: 7, weekly: 4, monthly: 12, yearly: 2}
hourly-*: {hourly: 24}
pr-*: 14d
"/(?<branch>[a-z0-9]+)-[0-9a-f]{7}/": {last: 1, per: branch, within: 30d}
release-[0-9]*: {last: 10, except: ["*-rc*"]}
rest: 10
untagged: never
`;

/** A policy of container packages with the inputs' defaults. */
export function benchPolicy(keep: string): Policy {
  const { lines, problems } = parseKeep(keep, { source: "keep", type: "container" });
  const grace = parseDuration("1d");
  if (problems.length > 0 || "error" in grace) throw new Error(JSON.stringify([problems, grace]));
  return {
    packages: { names: ["app"], globs: [], excludes: [] },
    type: "container",
    lines,
    protect: new Set(),
    ifNotFound: "error",
    inUseFiles: [],
    inUseEnvironments: [],
    minKeep: 1,
    grace: grace.value,
    timestamp: "updated",
    timezone: "Europe/Berlin",
    deleteBroken: "never",
    untag: false,
    deleteEmptyPackage: false,
  };
}
