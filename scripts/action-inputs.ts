import { parse } from "yaml";
import { readText } from "./readme-tables";

interface Input {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
}

/** What the bundle knows of `action.yml` and `package.json`: the command line has its options from there. */
export function actionInputs(): { readonly version: string; readonly inputs: readonly Input[] } {
  const { inputs } = parse(readText("action.yml")) as {
    inputs: Record<string, { description: string; default?: unknown }>;
  };
  return {
    version: JSON.parse(readText("package.json")).version,
    inputs: Object.entries(inputs).map(([name, { description, default: preset }]) => ({
      name,
      description,
      // The runner's own expressions mean nothing anywhere else.
      ...(preset === undefined || String(preset).includes("{{") ? {} : { default: String(preset) }),
    })),
  };
}

/** `src/inputs/action-inputs.ts`, but for the formatting. */
export function actionInputsText(): string {
  const { version, inputs } = actionInputs();
  return [
    "// Made of action.yml and package.json by `npm run inputs`.",
    "",
    "/** One input of the action. */",
    "export interface ActionInput {",
    "  readonly name: string;",
    "  readonly description: string;",
    "  readonly default?: string;",
    "}",
    "",
    `export const VERSION = ${JSON.stringify(version)};`,
    "",
    `export const ACTION_INPUTS: readonly ActionInput[] = ${JSON.stringify(inputs, null, 2)};`,
    "",
  ].join("\n");
}
