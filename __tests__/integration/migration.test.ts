import type { Emulator } from "../../emulator/server";
import { readText } from "../../scripts/readme-tables";
import { readInputs } from "../../src/inputs/inputs";
import type { Policy } from "../../src/policy/policy";
import { formatProblem } from "../../src/policy/problem";
import { runPolicies } from "../../src/run/run";
import { INPUTS } from "../support/examples";
import { localContext, startAcme } from "../support/local-run";
import { CASES } from "../support/migration-cases";
import { leftOf, type MigrationWorld, migrationWorld } from "../support/migration-worlds";

/** What may be said of a row by which both leave the same. */
const SAME = /^$|^durations have no seconds here$/;

interface Row {
  readonly there: string;
  readonly here: string;
  readonly difference: string;
}

/** The rows with three cells below the heading of a cleaner. */
function rowsOf(cleaner: string): Row[] {
  const [, section = ""] = readText("docs/migration.md").split(`\n## ${cleaner}\n`);
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/^\| (.+) \| (.+) \| (?:(.+) )?\|$/gm)]
    .map(([, there = "", here = "", difference = ""]) => ({ there, here, difference }))
    .filter(({ there }) => there !== "there");
}

/** The inputs that the second cell of a row says: what is no input is a line of the policy. */
function inputsOf(here: string, digest: string): Map<string, string> {
  const parts = [...here.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text.replace("sha256:…", digest));
  const settings = parts.flatMap((text) => {
    const [name = "", value = ""] = text.split(/: (.*)/s);
    return INPUTS.includes(name) ? [[name, value] as const] : [];
  });
  const lines = parts.filter((text) => !INPUTS.includes(text.split(": ")[0] ?? ""));
  return new Map([...settings, ["keep", lines.join("\n")]]);
}

async function policiesOf(inputs: ReadonlyMap<string, string>): Promise<readonly Policy[]> {
  const read = await readInputs({
    getInput: (name) => inputs.get(name) ?? (name === "token" ? "token" : ""),
    env: { GITHUB_REPOSITORY: "acme/app", GITHUB_REPOSITORY_OWNER: "acme" },
    readFile: () => Buffer.from(""),
  });
  if ("problems" in read) throw new Error(read.problems.map(formatProblem).join("\n"));
  return read.inputs.mode.kind === "policies" ? read.inputs.mode.policies : [];
}

/** Applies the policy of a row, and tells what is left. */
async function apply(row: Row, world: MigrationWorld, digest: string): Promise<string> {
  const { type } = world.pkg;
  const inputs = new Map([...inputsOf(row.here, digest), ["package-type", type]]);
  const emulator = await startAcme({ packages: [world.pkg], limits: { primary: false, secondary: false } });
  try {
    const { report } = await runPolicies(await policiesOf(inputs), await localContext({ emulator }));
    expect(report.status).toBe("complete");
    return leftOf(world, activeVersions(emulator, type));
  } finally {
    await emulator.close();
  }
}

function activeVersions(emulator: Emulator, type: MigrationWorld["pkg"]["type"]) {
  const active = emulator.activeIds("app", type);
  return emulator.package("app", type).versions.filter(({ id }) => active.includes(id));
}

describe.each(Object.entries(CASES))("a policy that comes from %s", (cleaner, cases) => {
  const rows = rowsOf(cleaner);

  it("has a case for each row of the table, and a row for each case", () => {
    expect(rows.map(({ there }) => there)).toEqual(Object.keys(cases));
  });

  it.each(rows)("leaves what is expected: $there", async (row) => {
    const expected = cases[row.there];
    if (!expected) throw new Error(`no case for ${row.there}`);
    const world = migrationWorld(expected.world);
    const digest = world.pkg.versions.find(({ id }) => id === expected.digest)?.name ?? "";
    expect(await apply(row, world, digest)).toBe(expected.left);
  });

  it("says where the other cleaner leaves something else", () => {
    for (const { there, difference } of rows) {
      const { left, leftThere = left } = cases[there] ?? { left: "" };
      expect([there, difference]).toEqual([
        there,
        leftThere === left ? expect.stringMatching(SAME) : expect.stringMatching(/./),
      ]);
    }
  });
});
