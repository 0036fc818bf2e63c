/** TLS that a server really speaks: whom it trusts under each mode. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openPostgres } from '../../../../src/state/backends/postgres/backend.ts';
import { selfSigned } from '../../../api/self-signed.ts';
import { type Cluster, PASSWORD, startPostgres } from '../../../support/postgres.ts';
import { needs } from '../../../support/tools.ts';

let cluster: Cluster;
let front: Server;
/** Where a server speaks TLS that somebody in between has opened. */
let openedPort: number;
/** First bytes of what the one in between has read. */
const overheard: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'fleetform-tls-'));
const root = join(folder, 'root.pem');
const other = join(folder, 'other.pem');
const { key, cert } = selfSigned('localhost');

const it = needs(suite('postgres, TLS'), 'postgres');

it.before(async () => {
  cluster = await startPostgres({ key, cert });
  writeFileSync(root, cert);
  writeFileSync(other, selfSigned('localhost').cert);
  front = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, key, cert });
      const back = connect(join(cluster.folder, `.s.PGSQL.${cluster.tlsPort}`));
      secure.on('data', (bytes) => overheard.push(bytes.toString('latin1', 0, 1)));
      for (const [one, another] of [
        [secure, back],
        [back, secure],
      ] as const) {
        one.on('error', () => another.destroy());
        one.on('close', () => another.destroy());
        one.pipe(another);
      }
    });
  });
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
  openedPort = (front.address() as { port: number }).port;
});
it.after(async () => {
  front.close();
  rmSync(folder, { recursive: true });
  await cluster.end();
});

/** How the server sees the connection, or why there is none. */
async function reading(query: string, host = 'localhost', port = cluster.tlsPort): Promise<string> {
  const url = `postgresql://postgres:${PASSWORD}@${host}:${port}/postgres?hostaddr=127.0.0.1&${query}`;
  const backend = openPostgres({
    settings: { name: 'live', state: { backend: 'postgres', schema: 'fleetform' } },
    env: { FLEETFORM_STATE_POSTGRES_URL: url, HOME: folder },
    know: () => {},
  });
  try {
    await backend.read();
    const [seen] = await cluster.sql(
      `SELECT ssl::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'fleetform'`,
    );
    return seen!.ssl === 'true' ? 'encrypted' : 'plain';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await backend.close();
    await quiet();
  }
}

/** The server forgets a connection a moment after it ended. */
async function quiet(): Promise<void> {
  for (;;) {
    const left = await cluster.sql(
      `SELECT 1 AS one FROM pg_stat_activity WHERE application_name = 'fleetform'`,
    );
    if (left.length === 0) return;
  }
}

it('trusts whom the mode says', async () => {
  assert.is(await reading('sslmode=disable'), 'plain');
  assert.is(await reading('sslmode=prefer'), 'encrypted');
  assert.is(await reading('sslmode=require'), 'encrypted');
  assert.is(await reading(`sslmode=verify-ca&sslrootcert=${root}`, 'db.example.org'), 'encrypted');
  assert.is(await reading(`sslmode=verify-full&sslrootcert=${root}`), 'encrypted');
  assert.match(
    await reading(`sslmode=verify-full&sslrootcert=${root}`, 'db.example.org'),
    /ERR_TLS_CERT_ALTNAME_INVALID/,
  );
  assert.match(await reading(`sslmode=verify-ca&sslrootcert=${other}`), /SELF_SIGNED_CERT/);
  assert.match(await reading(`sslmode=require&sslrootcert=${other}`), /SELF_SIGNED_CERT/);
  assert.match(await reading('sslrootcert=system'), /SELF_SIGNED_CERT/);
});

it('proves no password to whoever cannot bind it to this connection, where that is asked for', async () => {
  assert.is(await reading('sslmode=require&channel_binding=require'), 'encrypted');
  overheard.length = 0;
  const query = 'sslmode=require&channel_binding=require';
  assert.match(await reading(query, 'localhost', openedPort), /no channel binding/);
  assert.ok(overheard.length > 0);
  assert.not.ok(overheard.includes('p'), 'no message of a password');
  assert.ok(await reading('sslmode=require', 'localhost', openedPort));
  assert.ok(overheard.includes('p'));
});

it.run();
