import { statSync } from "node:fs";
import type { Bench } from "./bench";
import { BUNDLE } from "./process";

const MEGABYTE = 1_000_000;

export const bundleBench: Bench = {
  name: "bundle",
  about: "the size of dist/index.js, which the runner downloads for each job",
  async *run() {
    const measured = statSync(BUNDLE).size / MEGABYTE;
    yield { what: "the bundle", measured, goal: 1.6, good: "at most", unit: "MB" };
  },
};
