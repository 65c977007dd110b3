/** `npm run test:long` tries everything, `npm test` a sample of it. */
const isLong = process.env.TEST_LONG !== undefined;

/** All, or one of so many. */
export function sampled<T>(all: readonly T[], oneOf: number): readonly T[] {
  return isLong ? all : all.filter((_, at) => at % oneOf === 0);
}

/** How often a property is tried: ten times as often where there is time. */
export function runs(numRuns: number): { readonly numRuns: number } {
  return { numRuns: isLong ? 10 * numRuns : numRuns };
}
