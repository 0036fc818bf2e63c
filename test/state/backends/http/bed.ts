/** A server of one kind and backends on it that wait for next to nothing. */
import { emptyState } from '../../../../src/model/recorded.ts';
import type { State } from '../../../../src/model/state.ts';
import type { StateBackend } from '../../../../src/state/backend.ts';
import { type HttpOptions, openHttp } from '../../../../src/state/backends/http/backend.ts';
import { type Kind, type Mischief, type StateServer, stateServer } from '../../../support/state-server.ts';

export const STATE: State = {
  ...emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' }),
  serial: 1,
};

export interface Bed {
  readonly server: StateServer;
  readonly known: string[];
  open(options?: Partial<HttpOptions>, env?: Readonly<Record<string, string>>): StateBackend;
  /** What was asked from now on, as `POST`, `LOCK`, …; of the lock as `lock POST`. */
  asked(): string[];
  end(): Promise<void>;
}

export async function bed(kind: Kind): Promise<Bed> {
  const server = await stateServer(kind);
  const opened: StateBackend[] = [];
  const known: string[] = [];
  const begun = server.seen.length;
  return {
    server,
    known,
    open(options, env) {
      const quick = { retries: 3, waitMinMs: 1, waitMaxMs: 4, timeoutMs: 5000, ...options };
      const backend = openHttp({}, { ...server.env, ...env }, (one) => known.push(one), quick);
      opened.push(backend);
      return backend;
    },
    asked: () =>
      server.seen.slice(begun).map(({ method, url }) => (url.endsWith('/lock') ? `lock ${method}` : method)),
    async end() {
      for (const backend of opened) await backend.close();
      await server.end();
    },
  };
}

/** The requests of that method, from the first on. */
export function deal(
  method: string,
  ...mischief: readonly (Mischief | undefined)[]
): StateServer['mischief'] {
  let nth = 0;
  return (asked) => (asked === method ? mischief[nth++] : undefined);
}

export function answer(status: number, body = '', headers = {}): Mischief {
  return { is: 'answer', status, body, headers };
}
