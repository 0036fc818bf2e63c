/**
 * What can go wrong between an API and its client, on purpose. `before`: the request is lost, nothing was done.
 * `after`: it was done, and the answer is lost or spoilt. The server shows faults on a real connection, the
 * transport here shows the same ones without a network.
 */
import { TransportError } from '../api/errors.ts';
import type { ApiRequest, ApiResponse, Transport } from '../api/port.ts';
import { alter } from './fault-answers.ts';

/** Each leaves a client in the dark about whether its request was done. */
export const FAULT_KINDS = [
  'reset',
  'hang',
  '500',
  '502-html',
  '503-empty',
  '504-error',
  'html',
  'cut',
  'malformed',
  'wrong-type',
  'empty-array',
  'redirect',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/**
 * Beyond those: `status` is any status with any content; `html-as-json` is HTML that calls itself JSON; `delay` is
 * the right answer, late; `drip` the right one in `pieces`, each `delayMs` after the one before; `broken-off` the
 * right one of which only half arrives; `oversized` the right one with more blanks behind it than a client takes.
 * With `before`, the right answer is an empty array.
 */
export type OtherFaultKind =
  | '401'
  | '429'
  | '429-seconds'
  | '429-date'
  | 'status'
  | 'html-as-json'
  | 'delay'
  | 'drip'
  | 'broken-off'
  | 'oversized';

export interface Fault {
  readonly when: 'before' | 'after';
  readonly kind: FaultKind | OtherFaultKind;
  /** Of `status` (default 500) and of `redirect` (default 302). */
  readonly status?: number;
  /** Of `status` (default: the API's error object) and of a 429. */
  readonly content?: 'error' | 'html' | 'empty';
  /** Where a redirect points. */
  readonly location?: string;
  /** How long to wait, in seconds: of a 429 (default 1), and of `status` if it is to say so. */
  readonly retryAfter?: number;
  /** Of `delay` and `drip`; default 50. */
  readonly delayMs?: number;
  /** Of `drip`; default 8. */
  readonly pieces?: number;
  /** Of `oversized`; default 65 MB. */
  readonly bytes?: number;
}

export const DEFAULT_DELAY_MS = 50;
export const DEFAULT_PIECES = 8;

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
