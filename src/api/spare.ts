/**
 * Connections that are opened before there is a request for them: the first requests take them, in the place of new
 * ones. Nothing is sent on one before that.
 *
 * Invariant: what becomes of a spare is no error, and keeps no process alive, but for the look-up of its name, which
 * nothing ends: whoever adds one knows that it will be answered (`names.ts`). One that failed, was closed or was not
 * taken soon is gone: then a request opens its own, and says what is wrong.
 */
import type { Duplex } from 'node:stream';

type Connection = Duplex & Partial<{ ref(): void; unref(): void }>;

export interface Spares {
  add(connection: Connection): void;
  /** The oldest, which may still be opening; null: there is none. */
  take(): Connection | null;
  close(): void;
}

/** Milliseconds. Servers close a connection on which nothing comes after 5 seconds and more. */
const KEPT_MS = 4000;

export function createSpares(): Spares {
  const spares = new Set<Connection>();
  return {
    add(connection) {
      const forget = () => {
        clearTimeout(timer);
        spares.delete(connection);
      };
      const timer = setTimeout(() => spares.has(connection) && connection.destroy(), KEPT_MS);
      timer.unref();
      connection.once('close', forget).on('error', forget);
      connection.unref?.();
      spares.add(connection);
    },
    take() {
      for (const connection of spares) {
        spares.delete(connection);
        if (connection.destroyed || connection.readableEnded) continue;
        connection.ref?.();
        return connection;
      }
      return null;
    },
    close() {
      for (const connection of spares) connection.destroy();
    },
  };
}
