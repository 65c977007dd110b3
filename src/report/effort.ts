import type { Outlook } from "../model/outlook";
import { countOf, formatNumber } from "./report-text";

/** What applying a plan takes. */
export interface Effort {
  readonly deletions: number;
  readonly requests: number;
}

const HOUR = 60;
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
  return `${takes}${shortage(requests, outlook)}${overtime(minutes, outlook)}`;
}

/** What to do where the hour's requests are not enough. */
function shortage(requests: number, { hour, possible }: Outlook): string {
  if (hour === undefined || hour.room >= requests) return "";
  const has = ` The token has ${formatNumber(hour.remaining)} left this hour`;
  if (possible >= requests) return `${has}: the run waits for the next.`;
  return `${has}: ${runs(requests - hour.room, hour.perHour)}, or \`on-rate-limit: wait\`.`;
}

/** One run now, and as many as the rest takes of whole hours. */
function runs(rest: number, perHour: number | undefined): string {
  if (perHour === undefined || perHour <= 0) return "several runs";
  const count = 1 + Math.ceil(rest / perHour);
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
