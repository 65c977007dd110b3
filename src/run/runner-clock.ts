import { durationText } from "../net/patience";

/** A clock that is so far off is not meant. */
const TOLERANCE = 5 * 60_000;

/**
 * What to say of a runner's clock (spec/action.md); undefined where it is right.
 *
 * @param offset milliseconds by which GitHub's time is later
 */
export function clockWarning(offset: number): string | undefined {
  if (Math.abs(offset) <= TOLERANCE) return undefined;
  const wrong = `${durationText(Math.abs(offset))} ${offset < 0 ? "ahead of" : "behind"}`;
  return `The runner's clock is ${wrong} GitHub's. Ages count by GitHub's time: set the runner's clock.`;
}
