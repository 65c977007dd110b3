import { availableParallelism } from "node:os";

export default {
  testEnvironment: "<rootDir>/scripts/jest-environment.mjs",
  // More than the cores: many tests wait for a process or for an answer of the local GitHub.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  extensionsToTreatAsEsm: [".ts"],
  testMatch: ["**/__tests__/**/*.test.ts"],
  transform: { "^.+\\.ts$": "<rootDir>/scripts/jest-transform.mjs" },
  // Black-box tests start processes: on a busy machine they take their time, and none of them measures it.
  testTimeout: 180_000,
  globalSetup: "<rootDir>/scripts/announce-tests.mjs",
};
