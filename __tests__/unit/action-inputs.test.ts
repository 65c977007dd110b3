import { parse } from "yaml";
import { actionInputs } from "../../scripts/action-inputs";
import { readText } from "../../scripts/readme-tables";
import { ACTION_INPUTS, VERSION } from "../../src/inputs/action-inputs";

it("is what action.yml and package.json say: if not, run `npm run inputs` and commit what it writes", () => {
  expect({ version: VERSION, inputs: ACTION_INPUTS }).toEqual(actionInputs());
});

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly outputs: object;
}

/** The first two cells of each row below a header of spec/action.md. */
function specTable(header: string): [name: string, second: string][] {
  const [, table = ""] = readText("spec/action.md").split(`\n| ${header} |`);
  const [rows = ""] = table.split("\n\n");
  return [...rows.matchAll(/^\| `([^`]+)` \| (.*?) ?\|/gm)].map(([, name = "", second = ""]) => [
    name,
    second,
  ]);
}

describe("spec/action.md and action.yml", () => {
  const action = parse(readText("action.yml")) as Action;

  it("have the same inputs", () => {
    expect(specTable("input").map(([name]) => name)).toEqual(Object.keys(action.inputs));
  });

  it.each(specTable("input"))("have the same default of %s", (name, preset) => {
    const { default: value } = action.inputs[name] ?? {};
    if (value !== undefined) expect(preset).toBe(`\`${value}\``);
    // The action applies this one itself, so that it can tell whether it was given.
    else if (name !== "package-type") expect(preset).not.toMatch(/^`[^`]+`$/);
  });

  it("have the same outputs", () => {
    expect(specTable("output").map(([name]) => name)).toEqual(Object.keys(action.outputs));
  });
});
