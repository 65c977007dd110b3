import type { Fault } from "./data";

/** The faults that are still to come; each is used up by the requests it hits. */
export interface FaultPlan {
  /** Adds a fault; it sees the requests that come from now on. */
  readonly add: (fault: Fault) => void;
  /** Takes all faults away. */
  readonly clear: () => void;
  /** The fault that hits this request, if any: the first in order of addition. */
  readonly take: (method: string, path: string) => Fault | undefined;
}

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
