/**
 * A PostgreSQL of a test file's own: on a socket in a folder of its own, nothing kept safe, gone with the process that
 * started it, however that ends.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Client from 'pg/lib/client.js';
import { pathOf } from './tools.ts';

export const PASSWORD = 'correct-horse-battery';
/** The server and the pooler don't run as root. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export interface Cluster {
  /** Of its socket. */
  readonly folder: string;
  readonly tlsPort: number;
  /** As the owner of all, or as somebody else. */
  env(changes?: Record<string, string>): Record<string, string>;
  /** Past fleetform, as the owner of all. */
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, string | null>[]>;
  end(): Promise<void>;
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** With a certificate, it also speaks TLS on 127.0.0.1, at its `tlsPort`. */
export async function startPostgres(certificate?: Certificate): Promise<Cluster> {
  const bin = binFolder();
  const folder = mkdtempSync(join(tmpdir(), 'ff-pg-'));
  const secret = join(folder, 'password');
  writeFileSync(secret, PASSWORD);
  for (const path of [folder, secret]) own(path);
  const init = ['-D', join(folder, 'db'), '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', secret];
  execFileSync(join(bin, 'initdb'), [...init, '-E', 'UTF8', '--no-locale', '--no-sync'], {
    ...NOBODY,
    cwd: folder,
    stdio: 'pipe',
  });
  const tlsPort = certificate === undefined ? 5432 : await freePort();
  const flags = [
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=40',
    `port=${tlsPort}`,
    ...(certificate === undefined ? ['listen_addresses='] : tlsFlags(certificate, folder)),
  ];
  const server = guarded(
    join(bin, 'postgres'),
    ['-D', join(folder, 'db'), ...flags.flatMap((one) => ['-c', one])],
    folder,
  );
  await untilThere(join(folder, `.s.PGSQL.${tlsPort}`), server);
  const cluster: Cluster = {
    folder,
    tlsPort,
    env: (changes = {}) => ({
      PGHOST: folder,
      PGPORT: String(tlsPort),
      PGUSER: 'postgres',
      PGPASSWORD: PASSWORD,
      PGDATABASE: 'postgres',
      ...changes,
    }),
    async sql(text, values) {
      const client = clientOf(folder, tlsPort);
      await client.connect();
      try {
        const found = await client.query(text, values);
        return Array.isArray(found) ? [] : found.rows;
      } finally {
        await client.end();
      }
    },
    end: () => ended(server),
  };
  for (let tries = 0; ; tries += 1) {
    try {
      await cluster.sql('SELECT 1');
      return cluster;
    } catch (error) {
      if (tries > 100) throw error;
      await delay(50);
    }
  }
}

/** In transaction mode, before that cluster. Returns the environment for it, and how to end it. */
export async function startPgbouncer(
  cluster: Cluster,
): Promise<{ env: Record<string, string>; end(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'ff-pb-'));
  const users = join(folder, 'users.txt');
  const config = join(folder, 'pgbouncer.ini');
  writeFileSync(users, `"postgres" "${PASSWORD}"\n`);
  writeFileSync(
    config,
    [
      '[databases]',
      `* = host=${cluster.folder} port=5432`,
      '[pgbouncer]',
      'listen_port = 5432',
      `unix_socket_dir = ${folder}`,
      'auth_type = scram-sha-256',
      `auth_file = ${users}`,
      'pool_mode = transaction',
      'default_pool_size = 3',
      '',
    ].join('\n'),
  );
  for (const path of [folder, users, config]) own(path);
  const pooler = guarded(pathOf('pgbouncer')!, ['-q', config], folder);
  await untilThere(join(folder, '.s.PGSQL.5432'), pooler);
  return { env: cluster.env({ PGHOST: folder }), end: () => ended(pooler) };
}

export interface Cut {
  /** Part of the request at which the connection is cut. */
  readonly at: string;
  /** Before the server gets it, or when its answer comes back. */
  readonly when: 'before' | 'after';
  /** What happens elsewhere in the meantime. */
  readonly meanwhile?: () => Promise<unknown>;
}

export interface BrokenLine {
  readonly env: Record<string, string>;
  /** In that order, each once. */
  readonly cuts: Cut[];
  /** Answers nobody any more, or all again. */
  isMute: boolean;
  end(): void;
}

/** TCP on this machine, before that cluster; it breaks connections as told. */
export async function startProxy(cluster: Cluster): Promise<BrokenLine> {
  const sockets = new Set<Socket>();
  const server = createServer((front) => {
    const back = connect(join(cluster.folder, '.s.PGSQL.5432'));
    let pending: Cut | null = null;
    const both = [front, back];
    const cut = () => {
      for (const socket of both) socket.destroy();
    };
    for (const socket of both) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    front.on('data', (bytes) => {
      if (proxy.isMute) return;
      const next = proxy.cuts[0];
      if (next !== undefined && bytes.includes(next.at)) {
        proxy.cuts.shift();
        if (next.when === 'before') {
          void Promise.resolve(next.meanwhile?.()).then(cut);
          return;
        }
        pending = next;
      }
      back.write(bytes);
    });
    back.on('data', (bytes) => {
      if (pending !== null) void Promise.resolve(pending.meanwhile?.()).then(cut);
      else if (!proxy.isMute) front.write(bytes);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const proxy: BrokenLine = {
    env: { FLEETFORM_STATE_POSTGRES_URL: `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres` },
    cuts: [],
    isMute: false,
    end() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return proxy;
}

function clientOf(folder: string, port: number): Client {
  const client = new Client({
    host: folder,
    port,
    user: 'postgres',
    database: 'postgres',
    password: () => PASSWORD,
    ssl: false,
    sslnegotiation: 'postgres',
    enableChannelBinding: false,
    application_name: 'test',
    client_encoding: 'UTF8',
    keepAlive: false,
  });
  client.on('error', () => {});
  return client;
}

function tlsFlags({ key, cert }: Certificate, folder: string): string[] {
  const [keyPath, certPath] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  writeFileSync(keyPath, key);
  writeFileSync(certPath, cert);
  for (const path of [keyPath, certPath]) {
    own(path);
    chmodSync(path, 0o600);
  }
  return ['listen_addresses=127.0.0.1', 'ssl=on', `ssl_key_file=${keyPath}`, `ssl_cert_file=${certPath}`];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** Debian has the programs that start a server beside the PATH. */
function binFolder(): string {
  const found = pathOf('postgres');
  if (found?.endsWith('/postgres')) return dirname(found);
  const root = '/usr/lib/postgresql';
  const newest = readdirSync(root).sort((a, b) => Number(b) - Number(a))[0]!;
  return join(root, newest, 'bin');
}

function own(path: string): void {
  if (NOBODY.uid !== undefined) chownSync(path, NOBODY.uid, NOBODY.gid);
  chmodSync(path, 0o700);
}

/** It ends, and its folder with it, once this process has: then nothing holds the other end of its input. */
function guarded(program: string, args: readonly string[], folder: string): ChildProcess {
  const script =
    'folder=$1; shift; trap : INT TERM HUP; "$@" & read -r _; kill -INT $!; wait $!; rm -rf "$folder"';
  return spawn('sh', ['-c', script, 'sh', folder, program, ...args], {
    ...NOBODY,
    cwd: '/',
    stdio: ['pipe', 'ignore', process.env.FF_PG_LOG === undefined ? 'ignore' : 'inherit'],
  });
}

async function untilThere(path: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; !existsSync(path); tries += 1) {
    if (tries > 600 || server.exitCode !== null) throw new Error(`${path} did not come`);
    await delay(50);
  }
}

async function ended(server: ChildProcess): Promise<void> {
  const done = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.stdin!.end();
  if (server.exitCode === null) await done;
}
