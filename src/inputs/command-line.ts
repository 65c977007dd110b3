import { parseArgs } from "node:util";
import type { Problem } from "../policy/problem";
import { closest } from "../policy/suggestion";
import { INPUT_OPTIONS, type Option, OWN_OPTIONS } from "./options";

/** What was given on the command line, or all that is wrong with it. */
export interface CommandLine {
  /** The texts of the inputs that were given, by their names. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The options that only the command line has. */
  readonly flags: ReadonlySet<string>;
  /** Where the summary is written. */
  readonly summary?: string;
  readonly problems: readonly Problem[];
}

interface Given {
  readonly name: string;
  readonly value: string;
}

const OPTIONS = [...INPUT_OPTIONS, ...OWN_OPTIONS];

/** Reads the arguments of the command line (spec/action.md, "On the command line"); no option is known but by its full name. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const problems: Problem[] = [];
  const given: Given[] = [];
  let afterUnknown = false;
  for (const token of tokensOf(args)) {
    if (token.kind === "positional") {
      // The value of an option that is not known says nothing more.
      if (!afterUnknown) problems.push({ source: token.value, message: UNEXPECTED });
    } else if (token.kind === "option") {
      const option = OPTIONS.find(({ name }) => name === token.name);
      afterUnknown = option === undefined;
      const read = option === undefined ? unknownOption(token) : givenBy(option, token);
      if ("message" in read) problems.push(read);
      else given.push(read);
    }
  }
  return collect(given, problems);
}

type Token = ReturnType<typeof tokensOf>[number];
type OptionToken = Extract<Token, { kind: "option" }>;

const UNEXPECTED = "this belongs to no option: write --packages NAME, or quote a value that has spaces";

function tokensOf(args: readonly string[]) {
  const options = OPTIONS.map(({ name, isBoolean: alone, short }) => {
    const type = alone ? ("boolean" as const) : ("string" as const);
    return [name, { type, multiple: true, ...(short === undefined ? {} : { short }) }] as const;
  });
  const config = {
    options: Object.fromEntries(options),
    strict: false,
    tokens: true,
    allowPositionals: true,
  } as const;
  return parseArgs({ ...config, args: [...args] }).tokens;
}

function unknownOption({ name, rawName }: OptionToken): Problem {
  if (name === "token") {
    const why = "a token on the command line would stand in the shell's history";
    return {
      source: rawName,
      message: `${why}: set GITHUB_TOKEN or GH_TOKEN, or log in with \`gh auth login\``,
    };
  }
  const word = closest(
    name,
    OPTIONS.map((option) => option.name),
  );
  const hint = word === undefined ? ": use --help to list them" : `, did you mean "--${word}"?`;
  return { source: rawName, message: `unknown option${hint}` };
}

function givenBy(
  { name, isBoolean: alone }: Option,
  { rawName, value, inlineValue }: OptionToken,
): Given | Problem {
  if (value === undefined && alone) return { name, value: "true" };
  const isNextOption = value?.startsWith("--") === true && !inlineValue;
  if (value === undefined || isNextOption)
    return { source: rawName, message: `no value is given: write ${rawName} VALUE` };
  return { name, value };
}

/** An option that is given twice has two lines, as `--keep` has. */
function collect(given: readonly Given[], problems: Problem[]): CommandLine {
  const inputs = new Map<string, string>();
  const flags = new Set<string>();
  for (const { name, value } of given) {
    const before = inputs.get(name);
    if (OWN_OPTIONS.some((option) => option.name === name && option.isBoolean)) flags.add(name);
    else inputs.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  if (flags.has("apply")) {
    if (inputs.has("dry-run"))
      problems.push({
        source: "--apply",
        message: "--apply and --dry-run exclude each other: give only one of them",
      });
    inputs.set("dry-run", "false");
  }
  const summary = inputs.get("summary");
  inputs.delete("summary");
  return { inputs, flags, problems, ...(summary === undefined ? {} : { summary }) };
}
