import { apiOf, parseUrl } from "../github/server-url";
import { firstProblems, type Problem } from "../policy/problem";
import { parseBoolean, parseChoice, parseMinutes, parseWholeNumber } from "../policy/settings";
import { inputWarnings } from "./input-warnings";
import { type Mode, readMode } from "./mode";
import { type InputSource, optional, placesOf, type Reading, read, workspaceOf } from "./reading";
import type { Places } from "./safe-file";

export type { Mode } from "./mode";
export type { InputSource } from "./reading";

/** All inputs of the action, with their defaults applied (spec/action.md). */
export interface Inputs {
  readonly token: string;
  readonly owner: string;
  readonly mode: Mode;
  readonly dryRun: boolean;
  readonly deletesPerMinute: number;
  readonly rateLimitReserve: number;
  readonly onRateLimit: (typeof ON_RATE_LIMIT)[number];
  readonly maxMinutes?: number;
  /** Whether the run says what the plan frees. */
  readonly sizes: boolean;
  readonly apiUrl: string;
  /** Undefined where the server is asked for it. */
  readonly registryUrl?: string;
  /** Where the report is written, if that was given. */
  readonly reportFile?: string;
  readonly serverUrl: string;
  /** The page of the workflow run. */
  readonly runUrl?: string;
  readonly workspace: string;
  /** The repository that the workflow runs in, `owner/name`. */
  readonly workflowRepository?: string;
  /** Where files that inputs name have to be. */
  readonly places: Places;
  /** What is allowed and probably not meant; one message of each kind. */
  readonly warnings: readonly string[];
}

/** The inputs, or all that is wrong with them. */
export type ReadInputs = { readonly inputs: Inputs } | WrongInputs;

export interface WrongInputs {
  readonly problems: readonly Problem[];
  /** The path of the policy file, which problems in it have for their source. */
  readonly policyFile?: string;
}

/** When the hourly limit is used up: end as partial, or wait for its reset. */
const ON_RATE_LIMIT = ["stop", "wait"] as const;

/** Reads all inputs, and the policy file where one is given; every fault is reported, not just the first. */
export async function readInputs(source: InputSource): Promise<ReadInputs> {
  const { env } = source;
  const given = (name: string) => source.getInput(name).trim() || undefined;
  const reading: Reading = { ...source, given, problems: [] };
  const serverUrl = env.GITHUB_SERVER_URL || "https://github.com";
  const maxMinutes = read(reading, "max-minutes", parseMinutes, undefined);
  const inputs = {
    token: readToken(reading),
    owner: readOwner(reading),
    mode: await readMode(reading),
    dryRun: read(reading, "dry-run", parseBoolean, true),
    deletesPerMinute: read(reading, "deletes-per-minute", (text) => parseWholeNumber(text, 1), 170),
    rateLimitReserve: read(reading, "rate-limit-reserve", (text) => parseWholeNumber(text, 0), 100),
    onRateLimit: read(reading, "on-rate-limit", (text) => parseChoice(text, ON_RATE_LIMIT), "stop" as const),
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
    sizes: read(reading, "sizes", parseBoolean, false),
    apiUrl: env.GITHUB_API_URL || apiOf(serverUrl),
    ...optional("registryUrl", read(reading, "registry-url", parseUrl, undefined)),
    ...optional("reportFile", given("report-file")),
    serverUrl,
    ...optional("runUrl", runUrlOf(env, serverUrl)),
    ...optional("workflowRepository", env.GITHUB_REPOSITORY || undefined),
    workspace: workspaceOf(env),
    places: placesOf(env),
  };
  const { mode, problems } = { ...inputs, problems: reading.problems };
  if (problems.length > 0 || mode === undefined)
    return { problems: firstProblems(problems), ...optional("policyFile", given("policy-file")) };
  return {
    inputs: {
      ...inputs,
      mode,
      warnings: inputWarnings(
        mode.kind === "policies" ? mode.policies : [],
        inputs.deletesPerMinute,
        serverUrl,
      ),
    },
  };
}

function runUrlOf(
  { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt }: InputSource["env"],
  serverUrl: string,
): string | undefined {
  if (!repository || !id) return undefined;
  return `${serverUrl}/${repository}/actions/runs/${id}${attempt ? `/attempts/${attempt}` : ""}`;
}

const NO_SECRET = "the token is empty: is the secret that it is taken from set?";

/** What no header may have; Node's own error would show the whole token. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;
const TORN_SECRET =
  "the token has a line break in its middle, or another character that cannot be sent: check the secret that it is taken from";

function readToken({ given, problems, noToken }: Reading): string {
  const token = given("token");
  if (token !== undefined && !UNSENDABLE.test(token)) return token;
  problems.push({ source: "token", message: token === undefined ? (noToken ?? NO_SECRET) : TORN_SECRET });
  return "";
}

function readOwner({ given, env, problems }: Reading): string {
  const owner = given("owner") ?? (env.GITHUB_REPOSITORY_OWNER || env.GITHUB_REPOSITORY?.split("/")[0]);
  if (owner) return owner;
  problems.push({
    source: "owner",
    message: "no owner is given and there is no repository to take it from: name one",
  });
  return "";
}
