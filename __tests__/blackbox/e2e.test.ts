import { existsSync, readFileSync } from "node:fs";
import { activeVersions } from "../../emulator/state";
import type { Facts } from "../../scripts/e2e/facts";
import { differences, inOneLine } from "../../scripts/e2e/local/differences";
import { type LocalProof, proveLocally } from "../../scripts/e2e/local/local";
import type { JobResult } from "../../scripts/e2e/local/workflow";
import { parseCommands } from "../support/run-action";

/** What the workflow observed on the real GitHub; CONTRIBUTING.md says how it gets here. */
const RECORDED = new URL("../emulator/fixtures/facts.json", import.meta.url);

// Its steps are for bash: the workflow runs on Linux.
const describeOnUnix = process.platform === "win32" ? describe.skip : describe;

describeOnUnix("the end-to-end workflow, on the local GitHub", () => {
  let proof: LocalProof;

  beforeAll(async () => {
    proof = await proveLocally();
  }, 240_000);

  it("passes, all steps, in order", () => {
    expect(proof.jobs.flatMap(failures)).toEqual([
      // The two that are to fail; what they say is looked at by the step after each.
      "packages: 8. A package that is not there",
      "read-only: 8. Apply without the right",
    ]);
    expect(proof.jobs.map(({ id, result }) => `${id}: ${result}`)).toEqual([
      "packages: success",
      "read-only: success",
      "living: success",
      "clean-up: success",
    ]);
    const steps = proof.jobs.flatMap((job) => job.steps);
    const numbers = steps.flatMap(({ name }) => (/^\d/.test(name) ? [Number.parseInt(name, 10)] : []));
    expect([...new Set(numbers)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const skipped = steps.filter(({ outcome }) => outcome === "skipped").map(({ name }) => name);
    expect(skipped.filter((name) => !name.startsWith("actions/"))).toEqual([]);
  });

  it("leaves nothing behind but the package that outlives it, and removes what a broken run left", () => {
    const { state } = proof.emulator;
    const left = state.packages.filter(({ deletedAt }) => deletedAt === undefined);
    expect(left.map(({ name }) => name)).toEqual(["app/e2e-ghosts"]);
    expect(left.flatMap(activeVersions).map(({ tags }) => tags)).toEqual([
      ["week-6-1"],
      ["lasting"],
      ["week-1-1"],
    ]);
    const { branches, tags, releases } = proof.emulator.repository("acme/app");
    expect([branches, tags, releases]).toEqual([[{ name: "main" }], [], []]);
  });

  it("costs no more requests to the API than its description says", () => {
    const isApi = ({ path }: { path: string }) => path.startsWith("/api/v3/");
    expect(proof.emulator.requests.filter(isApi).length).toBeLessThan(350);
  });

  it("notes facts without names, digests, times and tokens", () => {
    expect(Object.keys(proof.facts)).toEqual([
      "push",
      "reads",
      "apply",
      "untag",
      "ghosts",
      "restore",
      "refusals",
      "npm",
      "whole package",
    ]);
    expect(JSON.stringify(proof.facts)).not.toMatch(
      /acme|token-of|127\.0\.0\.1|[0-9a-f]{64}|\d{4}-\d\d-\d\d/,
    );
    expect(proof.facts.reads?.["the first page of versions"]).toMatchObject({
      status: 200,
      link: expect.stringContaining("<{api}/{account}/packages/container/{name}%2Fe2e-{run}/versions?"),
    });
  });

  (existsSync(RECORDED) ? it : it.skip)(
    "observes what it observed on GitHub (emulator/fixtures/facts.json)",
    () => {
      const recorded = JSON.parse(readFileSync(RECORDED, "utf8")) as Facts;
      expect(differences(recorded, proof.facts).map(inOneLine)).toEqual([]);
    },
  );
});

/** The steps that failed, and what they said unless that is asked for. */
function failures({ id, steps }: JobResult): string[] {
  const failed = steps.filter(({ outcome }) => outcome === "failure");
  return failed.map(({ name, log }) => {
    const errors = parseCommands(log).filter((command) => command.name === "error");
    const isExpected = /^8\. A(pply without the right| package that is not there)$/.test(name);
    return isExpected
      ? `${id}: ${name}`
      : `${id}: ${name}: ${errors.map(({ message }) => message).join() || log}`;
  });
}
