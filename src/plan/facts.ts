import type { Deployment } from "./deployed";
import type { LivingLookup } from "./living";

/** What a policy asks of a repository each time a package is planned; nothing that it does not ask for. */
export interface Facts {
  /** Where a line asks for what lives. */
  readonly living?: LivingLookup;
  /** By the names of `in-use-environments`: what is deployed there. */
  readonly environments: ReadonlyMap<string, readonly Deployment[]>;
  /** How many requests it took to ask. */
  readonly requests: number;
}

export const NO_FACTS: Facts = { environments: new Map(), requests: 0 };
