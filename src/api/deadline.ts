/**
 * One attempt at one request, with an end: whatever the transport does, within the deadline there is an answer or
 * a `TransportError`.
 */
import { TransportError } from './errors.ts';
import type { ApiRequest, ApiResponse, Transport } from './port.ts';

/** Runs `expire` after `ms`, unless the function that it returns is called before. */
export type StartTimer = (ms: number, expire: () => void) => () => void;

export const startTimer: StartTimer = (ms, expire) => {
  const timer = setTimeout(expire, ms);
  return () => clearTimeout(timer);
};

/** `signal`: its end is the attempt's; then it rejects with `signal.reason`. */
export async function sendWithin(
  deadlineMs: number,
  transport: Transport,
  request: ApiRequest,
  start: StartTimer,
  signal?: AbortSignal,
): Promise<ApiResponse> {
  const controller = new AbortController();
  let isExpired = false;
  let stop = () => {};
  const expired = new Promise<never>((_resolve, reject) => {
    stop = start(deadlineMs, () => {
      isExpired = true;
      controller.abort();
      // The transport has the first word: it may know that nothing was sent.
      setImmediate(() => reject(timeout(deadlineMs, true)));
    });
  });
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(signal?.reason);
      controller.abort();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([transport(request, controller.signal), expired, aborted]);
  } catch (error) {
    if (!isExpired || !(error instanceof TransportError)) throw error;
    throw timeout(deadlineMs, error.mayHaveBeenSent);
  } finally {
    stop();
    signal?.removeEventListener('abort', onAbort);
  }
}

function timeout(deadlineMs: number, mayHaveBeenSent: boolean): TransportError {
  return new TransportError('timeout', `none within ${deadlineMs / 1000} s`, mayHaveBeenSent);
}
