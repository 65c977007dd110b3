export type Json = Readonly<Record<string, unknown>>;

/** Whether something parsed is a JSON object: no list, and not null. */
export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
