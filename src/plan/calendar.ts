import { TZDate, tzOffset } from "@date-fns/tz";
import { getISOWeek, getISOWeekYear } from "date-fns";
import type { CalendarWord } from "../policy/policy";

const MINUTE = 60_000;

/** Tells the calendar bucket of a moment (epoch ms): a key that is equal for all moments of one bucket. */
export type Calendar = (time: number, word: CalendarWord) => string;

/**
 * A calendar for one time zone (spec/policy.md, "Keep-specs": ISO weeks; an hour that the clock repeats is one
 * bucket).
 *
 * @param timezone IANA name
 */
export function calendarIn(timezone: string): Calendar {
  // date-fns needs a quarter of a millisecond for the ISO week of a zoned date, so each day is asked for once.
  const weeks = new Map<string, string>();

  function weekOf(time: number, day: string): string {
    const known = weeks.get(day);
    if (known !== undefined) return known;
    const local = new TZDate(time, timezone);
    const week = `${getISOWeekYear(local)}-W${getISOWeek(local)}`;
    weeks.set(day, week);
    return week;
  }

  return (time, word) => {
    // The clock of the zone, read as UTC: a zoned date for each of 100,000 versions takes three times as long.
    const clock = new Date(time + tzOffset(timezone, new Date(time)) * MINUTE);
    const year = `${clock.getUTCFullYear()}`;
    if (word === "yearly") return year;
    const month = `${year}-${clock.getUTCMonth() + 1}`;
    if (word === "monthly") return month;
    const day = `${month}-${clock.getUTCDate()}`;
    if (word === "daily") return day;
    return word === "hourly" ? `${day}T${clock.getUTCHours()}` : weekOf(time, day);
  };
}
