/**
 * One attempt at one request, with an end: whatever the transport does, within the deadline there is an answer or
 * a `TransportError`.
 */
import { onAbort } from './aborted.ts';
import { TransportError } from './errors.ts';
import type { ApiRequest, ApiResponse, Transport } from './port.ts';

/** Runs `expire` after `ms`, unless the function that it returns is called before. */
export type StartTimer = (ms: number, expire: () => void) => () => void;

export const startTimer: StartTimer = (ms, expire) => {
  const timer = setTimeout(expire, ms);
  return () => clearTimeout(timer);
};

/** `signal`: its end is the attempt's; then it rejects with `signal.reason`. */
export function sendWithin(
  deadlineMs: number,
  transport: Transport,
  request: ApiRequest,
  start: StartTimer,
  signal?: AbortSignal,
): Promise<ApiResponse> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    let isExpired = false;
    const stop = start(deadlineMs, () => {
      isExpired = true;
      controller.abort();
      // The transport has the first word: it may know that nothing was sent.
      setImmediate(() => fail(timeout(deadlineMs, true)));
    });
    const forget =
      signal &&
      onAbort(signal, () => {
        fail(signal.reason);
        controller.abort();
      });
    const end = () => {
      stop();
      forget?.();
    };
    const fail = (error: unknown) => {
      end();
      reject(error);
    };
    (async () => transport(request, controller.signal))().then(
      (response) => {
        end();
        resolve(response);
      },
      (error) =>
        fail(
          isExpired && error instanceof TransportError ? timeout(deadlineMs, error.mayHaveBeenSent) : error,
        ),
    );
  });
}

function timeout(deadlineMs: number, mayHaveBeenSent: boolean): TransportError {
  return new TransportError('timeout', `none within ${deadlineMs / 1000} s`, mayHaveBeenSent);
}
