/** The way in: TLS as far as it is asked for, the login, and what has to hold before a password is proven. */
import Client from 'pg/lib/client.js';
import { denied } from '../../errors.ts';
import { NO_TLS } from './failures.ts';
import type { PostgresSettings } from './settings.ts';

/** Throws what `failureOf` reads. */
export async function connect(settings: PostgresSettings, location: string): Promise<Client> {
  const { tls } = settings;
  if (tls.use === 'never') return connectWith(settings, location, false);
  try {
    return await connectWith(settings, location, tls.options);
  } catch (error) {
    if (tls.use !== 'if-offered' || (error as Error).message !== NO_TLS) throw error;
    return connectWith(settings, location, false);
  }
}

async function connectWith(
  settings: PostgresSettings,
  location: string,
  ssl: ConstructorParameters<typeof Client>[0]['ssl'],
): Promise<Client> {
  const { address, port, user, database, password, bindsChannel, isDirectTls, options } = settings;
  const client = new Client({
    host: address,
    port,
    user,
    database,
    // As a function, the driver looks for none in other places, and tells when one is asked for.
    password: () => {
      if (password !== null) return password;
      throw denied(
        location,
        'it asks for a password, and none is known',
        'Set PGPASSWORD, or a ~/.pgpass that only you may read.',
      );
    },
    // The driver writes to it.
    ssl: ssl === false ? false : { ...ssl },
    sslnegotiation: isDirectTls ? 'direct' : 'postgres',
    enableChannelBinding: bindsChannel,
    application_name: 'fleetform',
    client_encoding: 'UTF8',
    ...(options === null ? {} : { options }),
    keepAlive: true,
  });
  client.on('error', () => {});
  const binding = bindsChannel ? watchBinding(client, location) : null;
  try {
    await inTime(client, settings.connectMs, client.connect());
    binding?.check();
  } catch (error) {
    drop(client);
    throw error;
  }
  client.unref();
  return client;
}

const BOUND = 'SCRAM-SHA-256-PLUS';

/** channel_binding=require: before the password is proven in another way, the connection ends. */
function watchBinding(client: Client, location: string): { check(): void } {
  let isBound = false;
  const { connection } = client;
  const refusal = () =>
    denied(
      location,
      'it offers no channel binding',
      'Only where nobody can be in between: channel_binding=prefer.',
    );
  const refuse = () => connection.stream.destroy(refusal());
  connection.on('authenticationSASL', ({ mechanisms }: { mechanisms: string[] }) => {
    if (!mechanisms.includes(BOUND)) refuse();
  });
  connection.on('authenticationSASLContinue', () => {
    if (client.saslSession?.mechanism !== BOUND) refuse();
  });
  // The server's own proof: without it, it may be anyone.
  connection.on('authenticationSASLFinal', () => {
    isBound = true;
  });
  connection.on('authenticationCleartextPassword', refuse);
  connection.on('authenticationMD5Password', refuse);
  return {
    check() {
      if (!isBound) throw refusal();
    },
  };
}

/** Late, the connection is given up, which ends the wait for its answer. */
export async function inTime<T>(client: Client, ms: number, answer: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    const late = `no answer within ${ms / 1000} s`;
    client.connection.stream.destroy(Object.assign(new Error(late), { code: 'ETIMEDOUT' }));
  }, ms);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

export function drop(client: Client): void {
  client.connection.stream.destroy();
}
