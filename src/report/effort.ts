import type { Outlook } from "../model/outlook";
import { pageCount } from "../model/page-count";
import { countOf, formatNumber } from "./report-text";

/** What applying a plan takes. */
export interface Effort {
  readonly deletions: number;
  readonly requests: number;
  /** All versions of the packages, which each run lists anew. */
  readonly versions: number;
}

const HOUR = 60;
const MOST_RUNS = 999;
const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/**
 * What applying a plan takes, and whether the token's hour is enough for it: `Applying it takes 1,902 deletions: about
 * 12 minutes and 1,925 requests. The token has 871 left this hour: three runs, or …`. Empty where nothing is deleted.
 */
export function effortText(effort: Effort, outlook: Outlook): string {
  const { deletions, requests } = effort;
  if (deletions === 0) return "";
  const minutes = deletions / outlook.perMinute;
  const takes = `Applying it takes ${countOf(deletions, "deletion")}: ${aboutMinutes(minutes)} and ${countOf(requests, "request")}.`;
  return `${takes}${shortage(effort, outlook)}${overtime(minutes, outlook)}`;
}

/** What to do where the hour's requests are not enough. */
function shortage(effort: Effort, { hour, possible }: Outlook): string {
  const { requests } = effort;
  if (hour === undefined || hour.room >= requests) return "";
  const has = ` The token has ${formatNumber(hour.remaining)} left this hour`;
  if (possible >= requests) return `${has}: the run waits for the next.`;
  return `${has}: ${runs(effort, hour)}, or \`on-rate-limit: wait\`.`;
}

/** One run now, and as many as the rest takes of whole hours: each of them lists what is left by then. */
function runs(
  { deletions, requests, versions }: Effort,
  { room, perHour = 0 }: NonNullable<Outlook["hour"]>,
): string {
  const looks = requests - deletions;
  let done = Math.max(room - looks, 0);
  let count = 1;
  for (; done < deletions; count++) {
    // The first list of a run takes as many requests as its second look; those of this run are sent already.
    const lists = (looks + pageCount(versions)) * (1 - done / versions);
    const possible = Math.floor(perHour - lists);
    if (possible <= 0 || count === MOST_RUNS) return "many runs";
    done += possible;
  }
  return `${NUMBERS[count] ?? formatNumber(count)} runs`;
}

function overtime(minutes: number, { timeLeft }: Outlook): string {
  if (minutes * 60_000 <= timeLeft) return "";
  return " That is longer than `max-minutes` leaves: the next run continues.";
}

/** `about 12 minutes`, `about 3 hours`. */
export function aboutMinutes(minutes: number): string {
  if (minutes <= 1) return "about a minute";
  if (minutes < 2 * HOUR) return `about ${countOf(Math.ceil(minutes), "minute")}`;
  return `about ${countOf(Math.ceil(minutes / HOUR), "hour")}`;
}
