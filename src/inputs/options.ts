import { ACTION_INPUTS, type ActionInput } from "./action-inputs";

/** An option of the command line, with what `--help` says of it. */
export interface Option {
  readonly name: string;
  readonly description: string;
  /** Whether it means `true` by itself; others need a value. */
  readonly isBoolean: boolean;
  readonly short?: string;
}

/** Options beside the inputs of the action. */
export const OWN_OPTIONS: readonly Option[] = [
  {
    name: "apply",
    isBoolean: true,
    description: "Delete what the plan says: the same as `--dry-run=false`.",
  },
  { name: "json", isBoolean: true, description: "Print the report as JSON instead of tables." },
  { name: "summary", isBoolean: false, description: "File to write the summary to, in Markdown." },
  { name: "no-progress", isBoolean: true, description: "Show no line of progress on a terminal." },
  { name: "version", isBoolean: true, description: "Print the version." },
  { name: "help", isBoolean: true, short: "h", description: "Print this." },
];

/** Every input but the token, which would stand in the shell's history. */
export const INPUT_OPTIONS: readonly Option[] = ACTION_INPUTS.filter(({ name }) => name !== "token").map(
  ({ name, description, default: preset }) => ({
    name,
    description: preset === undefined ? description : `${description} Default: \`${preset}\`.`,
    isBoolean: isBoolean(preset),
  }),
);

function isBoolean(preset: ActionInput["default"]): boolean {
  return preset === "true" || preset === "false";
}
