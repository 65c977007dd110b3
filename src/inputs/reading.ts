import type { Parsed, Problem } from "../policy/problem";
import type { Places } from "./safe-file";

export interface InputSource {
  /** The text of an input, untrimmed (`keep` has line numbers); empty where it is not given. */
  readonly getInput: (name: string) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The bytes of a file within the places, at most so many; throws where it cannot be read. */
  readonly readFile: (path: string, places: Places, most: number) => Uint8Array;
  /** What to say where there is no token, if it is not taken from a secret. */
  readonly noToken?: string;
}

/** The texts of the inputs as they were given, and the problems found so far. */
export interface Reading extends InputSource {
  readonly problems: Problem[];
  readonly given: (name: string) => string | undefined;
}

/** The value of one input; `otherwise` where it is not given, or wrong, which becomes a problem. */
export function read<T, D>(
  reading: Reading,
  name: string,
  parse: (text: string) => Parsed<T>,
  otherwise: D,
): T | D {
  const text = reading.given(name);
  if (text === undefined) return otherwise;
  const parsed = parse(text);
  if ("value" in parsed) return parsed.value;
  reading.problems.push({ source: name, message: parsed.error });
  return otherwise;
}

/** A property that is not there rather than undefined. */
export function optional<K extends string>(
  key: K,
  value: string | undefined,
): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: string });
}

/** The directory that relative paths start from. */
export function workspaceOf(env: InputSource["env"]): string {
  return env.GITHUB_WORKSPACE || ".";
}

/** In a job, what an earlier step or a checkout left may be a trap. A person at a command line may name any file. */
export function placesOf(env: InputSource["env"]): Places {
  if (!env.GITHUB_ACTIONS) return "anywhere";
  return env.RUNNER_TEMP ? [workspaceOf(env), env.RUNNER_TEMP] : [workspaceOf(env)];
}
