import { readFileSync } from "node:fs";
import type { WrittenPackage, WrittenReport, WrittenVersion } from "../../src/report/report.ts";

/** @throws Error with the text where the condition does not hold */
export function check(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Error(text);
}

/** @throws Error that shows both where they differ */
export function checkEqual(what: string, actual: unknown, expected: unknown): void {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(is === shouldBe, `${what}: expected ${shouldBe}, found ${is}.`);
}

/** @throws Error that names what is missing and what is too much, in any order */
export function checkSame(what: string, actual: Iterable<string>, expected: Iterable<string>): void {
  const [is, shouldBe] = [new Set(actual), new Set(expected)];
  const missing = [...shouldBe].filter((one) => !is.has(one));
  const surplus = [...is].filter((one) => !shouldBe.has(one));
  const problems = [
    ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
    ...(surplus.length > 0 ? [`not expected: ${surplus.join(", ")}`] : []),
  ];
  check(problems.length === 0, `${what}: ${problems.join("; ")}.`);
}

/** The one package of the report that the action wrote in the step before; its path is in `REPORT`. */
export function readReport(): WrittenPackage & { readonly all: WrittenReport } {
  const path = process.env.REPORT;
  check(!!path, "The variable REPORT is empty: the action wrote no report.");
  const all = JSON.parse(readFileSync(path, "utf8")) as WrittenReport;
  const [only, ...others] = all.packages;
  check(
    only !== undefined && others.length === 0,
    `${path}: expected one package, found ${all.packages.length}.`,
  );
  return { ...only, all };
}

/** The digests (or versions) of a report with that verdict. */
export function namesWith(report: WrittenPackage, verdict: WrittenVersion["verdict"]): string[] {
  return report.versions.filter((version) => version.verdict === verdict).map(({ name }) => name);
}
