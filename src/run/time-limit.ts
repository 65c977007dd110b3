/** Milliseconds until `max-minutes` is over, of which so many have passed; infinite without it. */
export function timeLeft(maxMinutes: number | undefined, elapsed: number): number {
  return maxMinutes === undefined ? Number.POSITIVE_INFINITY : maxMinutes * 60_000 - elapsed;
}

/** Why no new deletion may start after so many milliseconds (spec/action.md, `max-minutes`); undefined before. */
export function timeIsUp(maxMinutes: number | undefined, elapsed: number): string | undefined {
  if (timeLeft(maxMinutes, elapsed) > 0) return undefined;
  return `The time of \`max-minutes\` (${maxMinutes}) is over; the next run continues.`;
}
