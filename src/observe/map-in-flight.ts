/**
 * Many reads, a bounded number of them begun: whatever waits for its turn costs a promise, a listener and a place in a
 * queue, and there may be hundreds of thousands.
 */

/** More than the client ever has in flight, so that it never waits for this. */
const MOST_BEGUN = 256;

/** In the order of the items. Rejects with the first failure, and begins nothing after it. */
export async function mapInFlight<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const answers = new Array<R>(items.length);
  let next = 0;
  let hasFailed = false;
  const walk = async () => {
    while (next < items.length && !hasFailed) {
      const index = next++;
      try {
        answers[index] = await read(items[index]!);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(MOST_BEGUN, items.length) }, walk));
  return answers;
}
