import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./data";
import type { Answer } from "./http";
import { presetAnswer } from "./presets";
import type { LoggedRequest } from "./request-log";

/** How a request ends: with an answer (its body perhaps cut off), or with a dropped connection. */
export type Ending = { readonly answer: Answer; readonly cut: boolean } | "drop";

/** The faults that are still to come; each is used up by the requests it hits. */
export interface FaultPlan {
  /** Adds a fault; it sees the requests that come from now on. */
  readonly add: (fault: Fault) => void;
  /** Takes all faults away. */
  readonly clear: () => void;
  /** The fault that hits this request, if any: the first in order of addition. */
  readonly take: (method: string, path: string) => Fault | undefined;
}

const NOTHING: Answer = { status: 500 };

interface Armed {
  readonly fault: Fault;
  /** Matching requests to let pass before the first hit. */
  skip: number;
  left: number;
}

/** A plan with the faults of the data file. */
export function newFaultPlan(faults: readonly Fault[]): FaultPlan {
  let armed = faults.map(arm);
  return {
    add: (fault) => {
      armed.push(arm(fault));
    },
    clear: () => {
      armed = [];
    },
    take: (method, path) => {
      const hit = armed.filter((one) => matches(one.fault, method, path)).find(isDue);
      if (hit) hit.left--;
      armed = armed.filter((one) => one.left > 0);
      return hit?.fault;
    },
  };
}

/** How long the answer takes, in milliseconds. */
export function waitOf(latency: number | undefined, fault: Fault | undefined): number {
  return (latency ?? 0) + (fault?.delay ?? 0);
}

/** What comes of a request: the real answer with the headers that all have, or what a fault makes of it. */
export async function endingOf(
  fault: Fault | undefined,
  request: {
    readonly entry: LoggedRequest;
    readonly wait: number;
    readonly headers: Readonly<Record<string, string>>;
  },
  real: () => Answer,
): Promise<Ending> {
  if (request.wait > 0) await sleep(request.wait, undefined, { ref: false });
  const replacement = fault && replacementOf(fault);
  const done = replacement && !fault.processed ? undefined : real();
  if (fault?.drop) return "drop";
  const { headers, ...rest } = replacement ?? done ?? NOTHING;
  const whole = { ...rest, headers: { ...request.headers, ...headers, ...fault?.headers } };
  return { answer: fault?.change?.(whole, request.entry) ?? whole, cut: fault?.cutBody ?? false };
}

/** The answer in place of the real one, if there is to be one. */
function replacementOf({ answer, preset, retryAfter, drop }: Fault): Answer | undefined {
  if (preset) return presetAnswer(preset, retryAfter);
  return drop ? NOTHING : answer;
}

function arm(fault: Fault): Armed {
  const { nth = 1, count = 1 } = fault.match ?? {};
  return { fault, skip: nth - 1, left: count === "always" ? Number.POSITIVE_INFINITY : count };
}

function matches({ match }: Fault, method: string, path: string): boolean {
  if (match?.method && match.method.toUpperCase() !== method) return false;
  return match?.path === undefined || new RegExp(match.path).test(path);
}

function isDue(one: Armed): boolean {
  if (one.skip === 0) return true;
  one.skip--;
  return false;
}
