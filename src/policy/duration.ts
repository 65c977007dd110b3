import { TZDate } from "@date-fns/tz";
import { sub } from "date-fns";
import type { Duration } from "./policy";
import type { Parsed } from "./problem";

type Unit = "years" | "months" | "weeks" | "days" | "hours" | "minutes";

const SPELLINGS: Readonly<Record<Unit, readonly string[]>> = {
  years: ["y", "year", "years"],
  months: ["mo", "month", "months"],
  weeks: ["w", "week", "weeks"],
  days: ["d", "day", "days"],
  hours: ["h", "hour", "hours"],
  minutes: ["m", "minute", "minutes"],
};

const MINUTE = 60_000;
const UNITS = new Map<string, Unit>(
  (Object.keys(SPELLINGS) as Unit[]).flatMap((unit) => SPELLINGS[unit].map((word) => [word, unit] as const)),
);

const LEGAL = "write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d";

/** What a duration looks like, for the JSON Schema; `parseDuration` has the last word. */
export const DURATION_PATTERN = new RegExp(`^\\s*([1-9][0-9]*\\s*(${[...UNITS.keys()].join("|")})\\s*)+$`);

/**
 * Reads a duration (spec/policy.md, "Keep-specs"): `14d`, `14 days`, `1w 2d`, `1w2d`.
 * Zero, negative, fractional, unit-less and unknown parts, a unit that stands twice, and what reaches beyond the
 * dates that JavaScript can hold are errors.
 */
export function parseDuration(text: string): Parsed<Duration> {
  const written = text.trim();
  const amounts = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0 };
  let rest = written;
  do {
    const part = /^([0-9]+)\s*([^\s0-9]*)\s*/.exec(rest);
    if (part === null) return { error: `${quote(written)} is not a duration: ${LEGAL}` };
    const [whole, count = "", word = ""] = part;
    const unit = UNITS.get(word);
    if (unit === undefined) return { error: unitError(written, count, word) };
    if (!/^[1-9]/.test(count))
      return { error: `${quote(written)}: ${count} ${unit} is not a duration: ${LEGAL}` };
    if (amounts[unit] > 0) return { error: `${quote(written)} names ${unit} twice: add them up` };
    amounts[unit] = Number(count);
    rest = rest.slice(whole.length);
  } while (rest !== "");
  const duration = { text: written, ...amounts };
  if (Number.isNaN(before(0, duration))) {
    return {
      error: `${quote(written)} reaches back beyond the earliest date there is: write a shorter duration`,
    };
  }
  return { value: duration };
}

/**
 * The point in time (epoch ms) that lies `duration` before `now` (epoch ms, 1970 or later), by the UTC calendar:
 * years and months first, with the day cut to the month's last (31 March − 1mo is 28 or 29 February).
 */
export function before(now: number, { years, months, weeks, days, hours, minutes }: Duration): number {
  // Only these two need a calendar, whose time zones take Node some 20 ms to load.
  const date = years === 0 && months === 0 ? now : sub(new TZDate(now, "UTC"), { years, months }).getTime();
  const rest = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * MINUTE;
  return new Date(date - rest).getTime();
}

function unitError(written: string, count: string, word: string): string {
  if (word === "") return `${quote(written)}: ${count} has no unit: ${LEGAL}`;
  if (/^[.,]/.test(word)) return `${quote(written)}: durations are whole numbers: ${LEGAL}`;
  const lower = UNITS.has(word.toLowerCase()) ? ", units are lower-case" : "";
  return `${quote(written)}: unknown unit "${word}"${lower}: ${LEGAL}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
