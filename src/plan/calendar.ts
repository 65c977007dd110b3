import { TZDate } from "@date-fns/tz";
import { getISOWeek, getISOWeekYear } from "date-fns";
import type { CalendarWord } from "../policy/policy";

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

  function weekOf(local: TZDate, day: string): string {
    const known = weeks.get(day);
    if (known !== undefined) return known;
    const week = `${getISOWeekYear(local)}-W${getISOWeek(local)}`;
    weeks.set(day, week);
    return week;
  }

  return (time, word) => {
    const local = new TZDate(time, timezone);
    const year = `${local.getFullYear()}`;
    if (word === "yearly") return year;
    const month = `${year}-${local.getMonth() + 1}`;
    if (word === "monthly") return month;
    const day = `${month}-${local.getDate()}`;
    if (word === "daily") return day;
    return word === "hourly" ? `${day}T${local.getHours()}` : weekOf(local, day);
  };
}
