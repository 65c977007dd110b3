import { setTimeout as timer } from "node:timers/promises";
import { BudgetExhausted } from "../../src/github/budget";
import { GitHubError } from "../../src/github/github-error";
import { IMPATIENT } from "../../src/net/patience";
import { withRetries } from "../../src/net/retry";
import { Cancelled, endOf } from "../../src/net/stop";
import { virtualClock } from "../support/virtual-clock";

const RESET = new Date("2026-11-20T00:30:00Z");

describe("what stops the work although nothing failed", () => {
  it("is the end of the hourly limit", () => {
    const message = endOf(new BudgetExhausted({ remaining: 100, reset: RESET })).stopped;
    expect(message).toMatch(/^The token has 100 requests left .* resets at 2026-11-20T00:30:00\.000Z\./);
  });

  it("is a cancelled job", () => {
    expect(endOf(new Cancelled("The job was cancelled (SIGINT).")).stopped).toBe(
      "The job was cancelled (SIGINT).",
    );
  });

  it("is a cancelled job, as Node's own functions tell of it", async () => {
    const { signal } = cancelled();
    const thrown: unknown = await timer(60_000, undefined, { signal }).catch((error: unknown) => error);
    expect(thrown).not.toBeInstanceOf(Cancelled);
    expect(endOf(thrown).stopped).toBe("The job was cancelled (SIGTERM).");
  });

  it("is a cancelled job, as the retries tell of it", async () => {
    const retry = {
      tries: 5,
      firstDelay: 1,
      longestDelay: 1,
      totalDelay: 10,
      random: () => 0,
      clock: virtualClock(),
      patience: IMPATIENT,
    };
    const { signal } = cancelled();
    const attempt = async () => ({ value: 1, again: true });
    const thrown: unknown = await withRetries(attempt, { ...retry, signal }).catch((error: unknown) => error);
    expect(endOf(thrown).stopped).toBe("The job was cancelled (SIGTERM).");
  });
});

describe("what is a failure", () => {
  it.each([
    ["an answer of GitHub", new GitHubError("Cannot list", 403)],
    [
      "a request that took too long",
      new DOMException("The operation was aborted due to timeout", "TimeoutError"),
    ],
    ["something that was aborted for another reason", aborted(new Error("no more"))],
    ["a defect", new TypeError("x is undefined")],
    ["no error at all", "The job was cancelled (SIGINT)."],
    ["nothing", undefined],
  ])("is %s", (_, thrown) => {
    expect(endOf(thrown).stopped).toBeUndefined();
  });
});

function cancelled(): AbortController {
  const controller = new AbortController();
  controller.abort(new Cancelled("The job was cancelled (SIGTERM)."));
  return controller;
}

function aborted(cause: Error): Error {
  const error = new Error("The operation was aborted", { cause });
  error.name = "AbortError";
  return error;
}
