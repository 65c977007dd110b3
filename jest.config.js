export default {
  testEnvironment: "node",
  // All cores: most tests wait for answers of the local GitHub.
  maxWorkers: "100%",
  extensionsToTreatAsEsm: [".ts"],
  testMatch: ["**/__tests__/**/*.test.ts"],
  transform: { "^.+\\.ts$": "<rootDir>/scripts/jest-transform.mjs" },
  // Black-box tests start processes: on a busy machine they take their time, and none of them measures it.
  testTimeout: 180_000,
  globalSetup: "<rootDir>/scripts/announce-tests.mjs",
};
