export type Json = Readonly<Record<string, unknown>>;

/** Whether something parsed is a JSON object: no list, and not null. */
export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value of others as a message shows it: as JSON, cut where it is long; `nothing` where there is none. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}

const LONGEST_SHOWN = 120;
