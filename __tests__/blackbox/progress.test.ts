import { expectSound } from "../support/fault-cases";
import { npm, release, run, startWorld } from "../support/world";

const SLOW = 60_000;

describe("a run that takes long", () => {
  it(
    "says every few seconds how far it has come, how fast it is, and what is left",
    async () => {
      // At 100 deletions a minute these take seven seconds.
      const versions = Array.from({ length: 13 }, (_, index) =>
        release(index + 1, `1.0.${index}`, 50 - index),
      );
      const emulator = await startWorld([npm("lib", versions)]);
      const inputs = { "package-type": "npm", packages: "lib", keep: "rest: 1", "dry-run": "false" };
      const result = await run(emulator, { ...inputs, "deletes-per-minute": "100" }, { timeout: 40_000 });
      expectSound({ emulator, result });
      expect(result.outputs).toMatchObject({ status: "complete", "deleted-count": "12" });
      expect(result.stdout).toMatch(
        /^\d+ of 12 versions, \d+ a minute, about a minute left, 4,9\d\d requests left this hour$/m,
      );
    },
    SLOW,
  );
});
