/** Why no new deletion may start after so many milliseconds (spec/action.md, `max-minutes`); undefined before. */
export function timeIsUp(maxMinutes: number | undefined, elapsed: number): string | undefined {
  if (maxMinutes === undefined || elapsed < maxMinutes * 60_000) return undefined;
  return `The time of \`max-minutes\` (${maxMinutes}) is over; the next run goes on.`;
}
