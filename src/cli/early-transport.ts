/**
 * What can be done for the first requests while the file is still read: axios is loaded, connections are opened. Only
 * where the API is known without the file, and there is a key for it.
 *
 * Invariant: nothing is sent, and nothing is told: whoever needs the API says what is wrong with its place or its key.
 */
import type { HttpTransport } from '../api/http.ts';
import { resolveOrigin } from '../api/origin.ts';
import type { Session } from './session.ts';

export interface EarlyTransport {
  readonly origin: string;
  readonly transport: HttpTransport;
}

/** null: it is not known yet where the requests go. Never rejects. */
export async function openEarly(
  { world: { env }, flags: { apiUrl } }: Session,
  connections: number,
): Promise<EarlyTransport | null> {
  const isNamed = Boolean(apiUrl || env.FLEETFORM_API_URL);
  const hasToken = Boolean(env.FLEETFORM_TOKEN || env.FLEETFORM_TOKEN_FILE);
  if (!isNamed || !hasToken) return null;
  try {
    const { origin, kind } = resolveOrigin({ flag: apiUrl, env, file: { kind: 'sandbox' }, hasToken });
    if (kind === 'sandbox') return null;
    const { createHttpTransport } = await import('../api/http.ts');
    const transport = createHttpTransport({ baseUrl: origin, env, connections });
    transport.warm();
    return { origin, transport };
  } catch {
    return null;
  }
}
