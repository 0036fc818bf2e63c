/** The wrong answer that a fault sends in place of the right one: plain values, with no network in them. */
import type { ApiResponse } from '../../../src/api/port.ts';
import type { Fault } from './fault.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html' };
const WELCOME = '<html><head><title>Welcome</title></head></html>';

/** Larger than the client takes. */
const OVERSIZED_BYTES = 65 * 1024 * 1024;

/**
 * `response`: the right answer, where there is one. `now` is unix seconds, for the date of a Retry-After.
 * Throws an Error for a fault that sends no answer.
 */
export function alter(
  fault: Fault,
  response: ApiResponse | undefined,
  now: number = Date.now() / 1000,
): ApiResponse {
  const wrong = altered(fault, response, now);
  const date = response?.headers.date;
  return date === undefined ? wrong : { ...wrong, headers: { ...wrong.headers, date } };
}

function altered(fault: Fault, response: ApiResponse | undefined, now: number): ApiResponse {
  const right = response?.body || '[]';
  switch (fault.kind) {
    case '500':
      return statusAnswer(500, 'error');
    case '502-html':
      return statusAnswer(502, 'html');
    case '503-empty':
      return statusAnswer(503, 'empty');
    case '504-error':
      return statusAnswer(504, 'error');
    case 'status':
      return withRetryAfter(statusAnswer(fault.status ?? 500, fault.content ?? 'error'), fault.retryAfter);
    case '401':
      return statusAnswer(401, 'error');
    case '429':
      return statusAnswer(429, fault.content ?? 'error');
    case '429-seconds':
      return withRetryAfter(statusAnswer(429, fault.content ?? 'empty'), fault.retryAfter ?? 1);
    case '429-date': {
      const at = new Date((now + (fault.retryAfter ?? 1)) * 1000).toUTCString();
      const { status, headers, body } = statusAnswer(429, fault.content ?? 'empty');
      return { status, headers: { ...headers, 'retry-after': at }, body };
    }
    case 'html':
      return { status: 200, headers: HTML_TYPE, body: WELCOME };
    case 'html-as-json':
      return { status: 200, headers: JSON_TYPE, body: WELCOME };
    case 'cut':
      return { status: 200, headers: JSON_TYPE, body: right.slice(0, Math.min(19, right.length - 1)) };
    case 'malformed':
      return { status: 200, headers: JSON_TYPE, body: `${right}}]]}` };
    case 'wrong-type':
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: right };
    case 'empty-array':
      return { status: 200, headers: JSON_TYPE, body: '[]' };
    case 'redirect': {
      const location = fault.location ?? 'http://127.0.0.1:9/elsewhere';
      return { status: fault.status ?? 302, headers: { location }, body: '' };
    }
    case 'oversized':
      return { status: 200, headers: JSON_TYPE, body: right.padEnd(fault.bytes ?? OVERSIZED_BYTES, ' ') };
    case 'delay':
    case 'drip':
      return response ?? { status: 200, headers: JSON_TYPE, body: right };
    case 'broken-off':
      return { status: 200, headers: JSON_TYPE, body: right };
    case 'reset':
    case 'hang':
      throw new Error(`${fault.kind} has no answer`);
  }
}

function statusAnswer(status: number, content: NonNullable<Fault['content']>): ApiResponse {
  if (content === 'empty') return { status, headers: {}, body: '' };
  const text = TEXTS[status] ?? 'Something Went Wrong';
  if (content === 'html') {
    const body = `<html><head><title>${status} ${text}</title></head><body><h1>${text}</h1></body></html>`;
    return { status, headers: HTML_TYPE, body };
  }
  const error = { errorCode: 10_000 + status, errorMessage: text.toLowerCase(), errors: [] };
  return { status, headers: JSON_TYPE, body: JSON.stringify(error) };
}

const TEXTS: Readonly<Record<number, string>> = {
  401: 'Bad Key',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  429: 'Slow Down',
  500: 'Internal Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function withRetryAfter(answer: ApiResponse, seconds: number | undefined): ApiResponse {
  if (seconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
}
