import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "./context.ts";
import type { Descriptor } from "./registry.ts";

/** What one step of a job leaves to those after it. */
export interface State {
  /** `/orgs/acme` or `/users/mona`. */
  readonly prefix?: string;
  /** What was pushed to the tags, in the order of the pushes. */
  readonly images?: Readonly<Record<string, Pushed>>;
  /** Digests that the policy keeps, and that it deletes. */
  readonly kept?: readonly string[];
  readonly deleted?: readonly string[];
  /** Kept digests that a careless cleaner would delete: the shared platform, and a referrer that has no tag. */
  readonly delicate?: readonly string[];
  /** The versions before anything was deleted. */
  readonly before?: readonly Listed[];
}

/** An image in the registry. */
export interface Pushed extends Descriptor {
  /** What its index lists. */
  readonly parts: readonly Part[];
}

/** An entry of an index. */
export interface Part extends Descriptor {
  readonly platform?: { readonly os: string; readonly architecture: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A version as a list shows it. */
export interface Listed {
  readonly id: number;
  readonly name: string;
  readonly tags: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deletedAt?: string;
}

/** What earlier steps of this job left. */
export function readState(context: Context): State {
  const path = pathOf(context);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as State) : {};
}

/** Adds to what later steps find. */
export function keep(context: Context, changes: State): void {
  writeFileSync(pathOf(context), JSON.stringify({ ...readState(context), ...changes }, undefined, 2));
}

/** @throws Error where no earlier step of this job left it */
export function stateOf<K extends keyof State>(context: Context, key: K): NonNullable<State[K]> {
  const value = readState(context)[key];
  if (value === undefined) throw new Error(`An earlier step has to run first: there is no "${key}" yet.`);
  return value;
}

function pathOf({ temp }: Context): string {
  return join(temp, "e2e-state.json");
}
