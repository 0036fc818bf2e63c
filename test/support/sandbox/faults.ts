/**
 * Faults on a transport of our own: what `fault.ts` names, with no network. The server shows the same ones on a real
 * connection.
 */
import { TransportError } from '../../../src/api/errors.ts';
import type { ApiRequest, ApiResponse, Transport } from '../../../src/api/port.ts';
import { DEFAULT_DELAY_MS, DEFAULT_PIECES, type Fault } from './fault.ts';
import { alter } from './fault-answers.ts';

export { FAULT_KINDS, type Fault } from './fault.ts';

export interface FaultyOptions {
  /** How a `hang` ends: at once (for a virtual clock; the default), or only when the client gives up. */
  readonly hang?: 'at-once' | 'until-aborted';
  /** Waits for `delay` and `drip`, in milliseconds; default: a timer. Rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Unix seconds, for the date of a Retry-After; default: the real clock. */
  readonly clock?: () => number;
}

/** The same faults without a network: a lost answer is a `TransportError`. */
export function faultyTransport(
  transport: Transport,
  faultFor: (request: ApiRequest) => Fault | undefined,
  options: FaultyOptions = {},
): Transport {
  return async (request, signal) => {
    const fault = faultFor(request);
    const response = fault?.when === 'before' ? undefined : await transport(request, signal);
    return fault === undefined ? response! : answerWith(fault, response, signal, options);
  };
}

async function answerWith(
  fault: Fault,
  response: ApiResponse | undefined,
  signal: AbortSignal,
  options: FaultyOptions,
): Promise<ApiResponse> {
  switch (fault.kind) {
    case 'reset':
      throw new TransportError('reset', 'the connection was reset', true);
    case 'broken-off':
      throw new TransportError('reset', 'the answer broke off', true);
    case 'oversized':
      throw new TransportError('too-large', 'the answer is too large', true);
    case 'hang':
      if (options.hang === 'until-aborted') await aborted(signal);
      throw noAnswerInTime();
    case 'delay':
    case 'drip': {
      const pieces = fault.kind === 'drip' ? (fault.pieces ?? DEFAULT_PIECES) : 1;
      const wait = (options.sleep ?? timer)((fault.delayMs ?? DEFAULT_DELAY_MS) * pieces, signal);
      await wait.catch((error: unknown) => {
        throw signal.aborted ? noAnswerInTime() : error;
      });
      return alter(fault, response);
    }
    default:
      return alter(fault, response, options.clock?.());
  }
}

function noAnswerInTime(): TransportError {
  return new TransportError('timeout', 'no answer within the deadline', true);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timeout);
      reject(signal.reason);
    };
    if (signal.aborted) return reject(signal.reason);
    const timeout = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
