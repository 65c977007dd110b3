const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const RELATIVE = /^(\d+(?:\.\d+)?)\s*([smhdw])\s+ago$/;
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a point in time of the data file: ISO 8601 (`2026-11-20T00:00:00Z`, `2026-11-20`) or relative to `now`
 * (`14d ago`, `3h ago`; units s, m, h, d, w). `now` is in milliseconds, and so is the answer; undefined if it is neither.
 */
export function parseTime(text: string, now: number): number | undefined {
  const relative = RELATIVE.exec(text);
  if (relative) return now - Number(relative[1]) * (UNITS[relative[2] ?? ""] ?? 0);
  if (!ISO.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The API's form of a time: ISO 8601 in UTC with whole seconds. */
export function apiTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
