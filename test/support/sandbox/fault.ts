/**
 * What can go wrong between an API and its client, on purpose: data alone. `before`: the request is lost, nothing was
 * done. `after`: it was done, and the answer is lost or spoilt.
 */

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
