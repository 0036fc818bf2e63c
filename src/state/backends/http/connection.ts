/** Terraform's variables for the connection itself: certificates, and how often it is tried again. */
import type { Env } from '../../../lock/holder.ts';
import { FleetformError } from '../../../model/errors.ts';

/** PEM, all of them. */
export interface Tls {
  /** To trust instead of Node's own authorities. */
  readonly ca?: string;
  /** What this side shows of itself. */
  readonly cert?: string;
  readonly key?: string;
}

export interface Retries {
  readonly retries: number;
  /** Milliseconds, both. */
  readonly waitMinMs: number;
  readonly waitMaxMs: number;
}

/** Throws `state.credentials`. */
export function tlsIn(env: Env): Tls {
  const {
    TF_HTTP_CLIENT_CA_CERTIFICATE_PEM: ca,
    TF_HTTP_CLIENT_CERTIFICATE_PEM: cert,
    TF_HTTP_CLIENT_PRIVATE_KEY_PEM: key,
  } = env;
  if (!cert !== !key) {
    throw new FleetformError(
      'state.credentials',
      `TF_HTTP_CLIENT_${cert ? 'CERTIFICATE' : 'PRIVATE_KEY'}_PEM is set, and the other half is not`,
      { hint: 'Set TF_HTTP_CLIENT_CERTIFICATE_PEM and TF_HTTP_CLIENT_PRIVATE_KEY_PEM, or neither.' },
    );
  }
  return { ...(ca ? { ca } : {}), ...(cert && key ? { cert, key } : {}) };
}

/** Milliseconds of Terraform's seconds; what is no number counts as not set. */
export function retriesIn(env: Env): Retries {
  const number = (name: string, fallback: number, most: number) => {
    const text = env[`TF_HTTP_${name}`] ?? '';
    return /^\d{1,6}$/.test(text) ? Math.min(Number(text), most) : fallback;
  };
  const waitMinMs = number('RETRY_WAIT_MIN', 1, 300) * 1000;
  const waitMaxMs = Math.max(waitMinMs, number('RETRY_WAIT_MAX', 30, 300) * 1000);
  return { retries: number('RETRY_MAX', 4, 20), waitMinMs, waitMaxMs };
}
