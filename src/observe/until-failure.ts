/**
 * Reads that are of use only together, such as those of one look.
 *
 * Invariant: once one of them has failed the work, none is sent, tried again or waited for any more.
 */
import type { FleetApi } from '../api/port.ts';

/** `work` sends all of its reads through the client that it is given. */
export async function untilFailure<T>(client: FleetApi, work: (api: FleetApi) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  try {
    return await work(client.stoppedBy(stop.signal));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
