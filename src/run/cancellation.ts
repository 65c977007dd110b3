import { setMaxListeners } from "node:events";
import { Cancelled } from "../net/stop";

/** Whether the job was cancelled, and a signal that ends what is under way. */
export interface Cancellation {
  readonly signal: AbortSignal;
  /** What cancelled the job; undefined while it runs. */
  readonly reason: () => string | undefined;
}

/** The runner kills a step 7.5 seconds after SIGINT: requests under way get this long to be answered. */
const LAST_ANSWERS_MS = 3_000;

/** Listens for the signals of a cancelled job. The first one lets nothing new start. */
export function listenForCancellation(): Cancellation {
  const controller = new AbortController();
  // Each request and each wait listens to it: Node takes more than ten for a leak, and says so on stderr.
  setMaxListeners(0, controller.signal);
  let reason: string | undefined;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (reason !== undefined) return;
      reason = `The job was cancelled (${name}). Run it again to continue.`;
      setTimeout(() => controller.abort(new Cancelled(reason)), LAST_ANSWERS_MS).unref();
    });
  }
  return { signal: controller.signal, reason: () => reason };
}
