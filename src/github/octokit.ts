import { GitHub as ActionsOctokit, getOctokitOptions } from "@actions/github/lib/utils";
import { throttling } from "@octokit/plugin-throttling";
import type { Fetch } from "../net/fetch";
import type { Gate } from "../net/gate";
import type { Log } from "../net/log";
import { durationText, type Patience } from "../net/patience";
import type { ServerClock } from "../net/server-clock";
import { createSlots } from "../net/slots";
import { Stopped, type Turn } from "../net/stop";
import { BudgetExhausted, type BudgetWatch, type Headers, waitsForReset } from "./budget";
import { limitOf, type Refused } from "./rate-limit";

export type Octokit = InstanceType<typeof ActionsOctokit>;

export interface OctokitParts {
  readonly token: string;
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly gate: Gate;
  readonly budget: BudgetWatch;
  /** GitHub's time: limits reset by it. */
  readonly clock: ServerClock;
  readonly patience: Patience;
  readonly log: Log;
}

interface RequestOptions {
  readonly method?: string;
  /** Octokit hands on what is in here. */
  readonly request?: { readonly turn?: Turn };
}

const ThrottledOctokit = ActionsOctokit.plugin(throttling);
const AT_ONCE = 10;
/** A request that is refused for a limit so many times in a row is given up. */
const MOST_REFUSALS = 8;

/**
 * Octokit behind one gate: writes queue for their pace, ten requests are under way at once, and a limit answer to any
 * of them stops all of them, whatever it looks like. Requests fail with Octokit's errors or BudgetExhausted.
 */
export function createOctokit(parts: OctokitParts): Octokit {
  const { token, baseUrl, fetch, log } = parts;
  const octokit = new ThrottledOctokit(
    getOctokitOptions(token, {
      baseUrl,
      userAgent: "package-retention",
      request: { fetch },
      log: { debug: noop, info: noop, warn: log.debug, error: log.debug },
      throttle: throttle(parts),
    }),
  );
  const oneWrite = createSlots(1);
  octokit.hook.wrap("request", (request, options) => {
    const enter = () => oneWrite(() => enterWrite(options as RequestOptions, parts));
    const send = isRead(options) ? () => request(options) : () => enter().then(() => request(options));
    return repeatWhenLimited(send, parts);
  });
  return octokit;
}

/**
 * The plugin's two queues, as our own; writes have waited for their turn before. Its answer to limits is off: it would
 * hold back only the request that was refused, and does not know all limits.
 */
function throttle(parts: OctokitParts) {
  const atOnce = createSlots(AT_ONCE);
  return {
    write: queue((_options, job) => job()),
    global: queue((options, job) => atOnce(() => sendWithin(parts, options, job))),
    onRateLimit: noRetry,
    onSecondaryRateLimit: noRetry,
  };
}

function noop(): void {}

function noRetry(): boolean {
  return false;
}

type Job = () => Promise<unknown>;
type Group = NonNullable<Extract<OctokitOptions["throttle"], { write?: unknown }>["write"]>;
type OctokitOptions = NonNullable<ConstructorParameters<typeof ThrottledOctokit>[0]>;

/** A queue in the form that the plugin knows: of a Bottleneck group it uses `key(id).schedule(jobOptions, job, ...args)`. */
function queue(schedule: (options: RequestOptions, job: Job) => Promise<unknown>): Group {
  const limiter = {
    schedule: (_jobOptions: unknown, job: (...args: unknown[]) => Promise<unknown>, ...args: unknown[]) =>
      schedule((args[0] ?? {}) as RequestOptions, () => job(...args)),
  };
  return { key: () => limiter } as unknown as Group;
}

/** Sends a request that has its place among the ten, once the budget and the gate let it. */
async function sendWithin(
  { gate, budget, clock }: OctokitParts,
  options: RequestOptions,
  send: Job,
): Promise<unknown> {
  await budget.take();
  let headers: Headers | undefined;
  try {
    // A write has entered already, when it left the queue of the writes.
    await (isRead(options) ? gate.enter("read") : gate.opened());
    const { turn } = options.request ?? {};
    const stopped = turn?.stopReason?.();
    if (stopped !== undefined) throw new Stopped(stopped);
    turn?.onTurn?.();
    const response = await timed(gate, options, send);
    headers = (response as { headers: Headers }).headers;
    return response;
  } catch (error) {
    headers = refused(error)?.headers;
    throw error;
  } finally {
    if (headers) clock.observe(headers.date?.toString());
    budget.settle(headers);
  }
}

/** The gate counts the server's time: from the request to its answer. */
async function timed(gate: Gate, options: RequestOptions, send: Job): Promise<unknown> {
  const answered = gate.send(isRead(options) ? "read" : "write");
  try {
    return await send();
  } finally {
    answered();
  }
}

function isRead({ method }: Pick<RequestOptions, "method">): boolean {
  return method === "GET" || method === "HEAD";
}

async function repeatWhenLimited<T>(send: () => T | Promise<T>, parts: OctokitParts): Promise<T> {
  for (let refusals = 0; ; refusals++) {
    try {
      return await send();
    } catch (error) {
      if (refusals >= MOST_REFUSALS || !holdForLimit(error, refusals, parts)) throw error;
    }
  }
}

/** Writes queue for their pace one by one, and not among those that are sent at once. */
async function enterWrite({ request }: RequestOptions, { gate, budget }: OctokitParts): Promise<void> {
  budget.check();
  await gate.enter("write", request?.turn?.stopReason);
}

/** Pauses all traffic when the error is a limit answer; false when it is another error. */
function holdForLimit(
  error: unknown,
  refusals: number,
  { gate, clock, patience, log }: OctokitParts,
): boolean {
  const answer = refused(error);
  const limit = answer && limitOf(answer, refusals, clock.now());
  if (!answer || !limit) return false;
  const { budget, milliseconds } = limit;
  if (budget && !waitsForReset(patience, budget, clock.now())) throw new BudgetExhausted(budget);
  const said = `GitHub asks to slow down (${answer.status}: ${answer.message})`;
  const why = budget ? undefined : patience.whyNot(milliseconds);
  if (why === undefined) log.info(`${said}. All requests pause for ${durationText(milliseconds)}.`);
  gate.hold(milliseconds, why === undefined ? undefined : `${said}: ${why}`);
  return true;
}

/** The answer within one of Octokit's errors; undefined where there was none (network errors). */
export function refused(error: unknown): Refused | undefined {
  if (!(error instanceof Error) || !("response" in error) || !("status" in error)) return undefined;
  const response = error.response as { headers: Headers; data: unknown } | undefined;
  if (!response) return undefined;
  return { status: Number(error.status), message: bodyMessage(response.data), headers: response.headers };
}

function bodyMessage(data: unknown): string {
  const { message } = (typeof data === "object" && data !== null ? data : {}) as { message?: unknown };
  const text =
    typeof message === "string" ? message : typeof data === "string" ? data.trim().slice(0, 200) : "";
  // One line: the runner takes a line of the log that begins with :: for a command.
  return text.trim().replace(/\s+/g, " ") || "no message";
}
