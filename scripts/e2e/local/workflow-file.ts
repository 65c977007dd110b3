import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** What is read of a workflow. */
export interface Workflow {
  readonly env?: Mapping;
  readonly permissions?: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Job extends Pick<Workflow, "env" | "permissions"> {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly outputs?: Mapping;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Mapping;
  readonly env?: Mapping;
  readonly "continue-on-error"?: boolean;
}

export type Mapping = Readonly<Record<string, unknown>>;
export type Permissions = Readonly<Record<string, string>>;

/** The root of this repository. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Reads a workflow by its path from the root of the repository. */
export function readWorkflow(path: string): Workflow {
  return parse(readFileSync(join(ROOT, path), "utf8")) as Workflow;
}

/** What the log calls a step. */
export function nameOf({ name, run, uses }: Step): string {
  return name ?? run ?? uses ?? "";
}
