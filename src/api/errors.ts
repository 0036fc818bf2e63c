/** What can go wrong with a call, told apart by type: above all, whether a write may have happened. */
import { FleetformError } from '../model/errors.ts';

/** No whole answer came. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: 'refused' | 'unresolved' | 'tls' | 'reset' | 'timeout' | 'aborted' | 'too-large' | 'other';
  /** false: the request certainly never reached the server. */
  readonly mayHaveBeenSent: boolean;

  constructor(kind: TransportError['kind'], message: string, mayHaveBeenSent: boolean) {
    super(message);
    this.kind = kind;
    this.mayHaveBeenSent = mayHaveBeenSent;
  }
}

/** What the API finds wrong with one property of a request. */
export interface PropertyError {
  readonly property: string;
  readonly message: string;
}

/**
 * Codes: `api.unauthorized` (401, 403), `api.not-found` (404 in the API's own words), `api.gateway` (any other 404:
 * nothing was said about the thing itself), `api.conflict` (409), `api.invalid` (other 4xx),
 * `api.rate-limited` (429 to the end), `api.server` (5xx), `api.redirect` (3xx), `api.unreadable` (an answer that
 * is not what the endpoint promises, or more than is read of one), `api.transport` (no answer), `api.deadline` (the look
 * that a read is part of was over), `api.interrupted` (not sent, or a read that was given up, because of a stop).
 */
export class ApiError extends FleetformError {
  override readonly name = 'ApiError';
  /** `GET /v3/applicationInstance/task` */
  readonly endpoint: string;
  readonly status: number | null;
  /**
   * `none`: nothing was done, by the API's own word or because nothing was sent. `unclear`: it may have been done;
   * also where a refusal is not the API's error object.
   */
  readonly outcome: 'none' | 'unclear';
  /** The error object's `errors[]`, cleaned for a terminal. */
  readonly errors: readonly PropertyError[];

  constructor(fields: {
    code: string;
    message: string;
    endpoint: string;
    status: number | null;
    outcome: 'none' | 'unclear';
    errors?: readonly PropertyError[];
    hint?: string;
  }) {
    super(fields.code, fields.message, fields.hint === undefined ? {} : { hint: fields.hint });
    this.endpoint = fields.endpoint;
    this.status = fields.status;
    this.outcome = fields.outcome;
    this.errors = fields.errors ?? [];
  }
}

/** The look that it was a read of is over: there is no sense in going on without this one. */
export function isOver(error: ApiError): boolean {
  return error.code === 'api.deadline';
}
