/** Runs one job for each item, a few at once, and returns what each of them gave, in order. */
export async function concurrently<T, R>(
  items: readonly T[],
  job: (item: T) => Promise<R>,
  atOnce = 4,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await job(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
