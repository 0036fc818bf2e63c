/**
 * What can go wrong between an API and its client, on purpose. `before`: the request is lost, nothing was done.
 * `after`: it was done, and the answer is lost or spoilt.
 */
import { TransportError } from '../api/errors.ts';
import type { ApiRequest, ApiResponse, Transport } from '../api/port.ts';

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

export interface Fault {
  readonly when: 'before' | 'after';
  readonly kind: FaultKind | '429' | '429-seconds' | '429-date' | '401';
  /** Where a redirect points. */
  readonly location?: string;
  /** How long a 429 asks to wait, in seconds; default 1. */
  readonly retryAfter?: number;
}

/** The answer that is sent in place of the right one. `response`: the right one, where there is one. */
export function alter(fault: Fault, response: ApiResponse | undefined): ApiResponse {
  const json = { 'content-type': 'application/json' };
  const html = { 'content-type': 'text/html' };
  const retryAfter = fault.retryAfter ?? 1;
  switch (fault.kind) {
    case '500':
      return {
        status: 500,
        headers: json,
        body: '{"errorCode":10500,"errorMessage":"internal error","errors":[]}',
      };
    case '502-html':
      return {
        status: 502,
        headers: html,
        body: '<html><head><title>Bad Gateway</title></head><body>…</body></html>',
      };
    case '503-empty':
      return { status: 503, headers: {}, body: '' };
    case '504-error':
      return {
        status: 504,
        headers: json,
        body: '{"errorCode":10504,"errorMessage":"gateway timeout","errors":[]}',
      };
    case 'html':
      return { status: 200, headers: html, body: '<html><head><title>Welcome</title></head></html>' };
    case 'cut':
      return { status: 200, headers: json, body: (response?.body || '[{"id":1,"numTasks":').slice(0, 19) };
    case 'malformed':
      return { status: 200, headers: json, body: `${response?.body || '[]'}]]}` };
    case 'wrong-type':
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: response?.body || '[]' };
    case 'empty-array':
      return { status: 200, headers: json, body: '[]' };
    case 'redirect':
      return {
        status: 302,
        headers: { location: fault.location ?? 'http://127.0.0.1:9/elsewhere' },
        body: '',
      };
    case '429':
      return {
        status: 429,
        headers: json,
        body: '{"errorCode":10429,"errorMessage":"slow down","errors":[]}',
      };
    case '429-seconds':
      return { status: 429, headers: { 'retry-after': String(retryAfter) }, body: '' };
    case '429-date': {
      const at = new Date(Date.now() + retryAfter * 1000).toUTCString();
      return { status: 429, headers: { 'retry-after': at }, body: '' };
    }
    case '401':
      return { status: 401, headers: json, body: '{"errorCode":10401,"errorMessage":"bad key","errors":[]}' };
    case 'reset':
    case 'hang':
      throw new Error(`${fault.kind} has no answer`);
  }
}

/** The same faults without a network: a lost answer is a `TransportError` at once. */
export function faultyTransport(
  transport: Transport,
  faultFor: (request: ApiRequest) => Fault | undefined,
): Transport {
  return async (request, signal) => {
    const fault = faultFor(request);
    const response = fault?.when === 'before' ? undefined : await transport(request, signal);
    if (fault === undefined) return response!;
    if (fault.kind === 'reset') throw new TransportError('reset', 'the connection was reset', true);
    if (fault.kind === 'hang') throw new TransportError('timeout', 'no answer within the deadline', true);
    return alter(fault, response);
  };
}
