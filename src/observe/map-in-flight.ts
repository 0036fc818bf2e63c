/**
 * Many reads, a bounded number of them begun: whatever waits for its turn costs a promise, a listener and a place in a
 * queue, and there may be hundreds of thousands.
 */
import type { FleetApi } from '../api/port.ts';

/** So many reads for each request in flight: while the one is answered, another is ready to be sent. */
const PER_PLACE = 2;
/** What is ready at once also where few are in flight: not all that is read is sent. */
const LEAST_BEGUN = 64;

/** In the order of the items. Rejects with the first failure, and begins nothing after it. */
export async function mapInFlight<T, R>(
  { parallelism }: Pick<FleetApi, 'parallelism'>,
  items: readonly T[],
  read: (item: T) => Promise<R>,
): Promise<R[]> {
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
  const width = Math.max(LEAST_BEGUN, parallelism * PER_PLACE);
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, walk));
  return answers;
}
