import type { Facts } from "../facts";

/** One place where what GitHub did differs from what the local GitHub does; undefined where one of them has nothing. */
export interface Difference {
  /** `reads, a manifest, status` */
  readonly place: string;
  readonly recorded: unknown;
  readonly local: unknown;
}

/** Where recorded facts differ from local ones. What was not recorded at all is not compared, and seconds never are. */
export function differences(recorded: Facts, local: Facts): Difference[] {
  return Object.entries(recorded).flatMap(([step, facts]) =>
    Object.entries(facts).flatMap(([name, fact]) => compare(fact, local[step]?.[name], [step, name])),
  );
}

/** A difference in one line. */
export function inOneLine({ place, recorded, local }: Difference): string {
  const text = (value: unknown) => (value === undefined ? "has nothing" : `has ${JSON.stringify(value)}`);
  return `${place}: GitHub ${text(recorded)}, the local GitHub ${text(local)}`;
}

function compare(recorded: unknown, local: unknown, path: readonly string[]): Difference[] {
  if (/seconds$/i.test(path.at(-1) ?? "")) return [];
  if (isMapping(recorded) && isMapping(local)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(local)])].sort();
    return keys.flatMap((key) => compare(recorded[key], local[key], [...path, key]));
  }
  if (JSON.stringify(recorded) === JSON.stringify(local)) return [];
  return [{ place: path.join(", "), recorded, local }];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
