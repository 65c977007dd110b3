import config from "./jest.config.js";

// The tests that `npm test` samples, in full.
process.env.TEST_LONG = "1";

export default {
  ...config,
  testMatch: ["**/__tests__/blackbox/kill.test.ts", "**/__tests__/property/*.test.ts"],
  testTimeout: 600_000,
};
