/** From the environment to where to connect, as libpq would understand it. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FleetformError } from '../../../../src/model/errors.ts';
import { serverText, settingsFrom } from '../../../../src/state/backends/postgres/settings.ts';

const it = suite<{ home: string }>('postgres, where to');

it.before.each(async (context) => {
  context.home = await mkdtemp(join(tmpdir(), 'fleetform-home-'));
});
it.after.each(({ home }) => rm(home, { recursive: true }));

const of = (home: string, env: Record<string, string>) => settingsFrom({ HOME: home, ...env }, () => {});
const ofUrl = (home: string, url: string, env: Record<string, string> = {}) =>
  of(home, { FLEETFORM_STATE_POSTGRES_URL: url, ...env });

function troubleOf(work: () => unknown): FleetformError {
  try {
    work();
  } catch (error) {
    return error as FleetformError;
  }
  return assert.unreachable() as never;
}

it('a URL says all, and PG variables what it leaves open', ({ home }) => {
  const { tls, ...found } = ofUrl(
    home,
    'postgresql://ann:p%40ss%3Aword@db.example.org:6432/fleet?connect_timeout=7',
    {
      PGUSER: 'bob',
      PGPASSWORD: 'another-one',
      PGSSLMODE: 'disable',
    },
  );
  assert.equal(tls, { use: 'never' });
  assert.equal(found, {
    host: 'db.example.org',
    address: 'db.example.org',
    port: 6432,
    user: 'ann',
    password: 'p@ss:word',
    database: 'fleet',
    bindsChannel: false,
    isDirectTls: false,
    options: null,
    connectMs: 7000,
  });
  const open = ofUrl(home, 'postgres://db/', { PGUSER: 'bob', PGPASSWORD: 'another-one', PGPORT: '5433' });
  assert.equal([open.user, open.password, open.database, open.port], ['bob', 'another-one', 'bob', 5433]);
});

for (const [url, server] of [
  ['postgresql://ann@%2Frun%2Fpg/fleet', '/run/pg/.s.PGSQL.5432'],
  ['postgresql://ann:secret@/fleet?host=/run/pg&port=5433', '/run/pg/.s.PGSQL.5433'],
  ['postgresql:///fleet?host=/run/pg', '/run/pg/.s.PGSQL.5432'],
  ['postgresql://ann@[::1]:5433/fleet', '[::1]:5433'],
  ['postgresql://ann@db.example.org', 'db.example.org:5432'],
  ['postgres://db:/fleet', 'db:5432'],
] as const) {
  it(`${url} is ${server}`, ({ home }) => {
    assert.is(serverText(ofUrl(home, url, { PGUSER: 'ann' })), server);
  });
}

it('a socket has no TLS, whatever is asked for', ({ home }) => {
  assert.equal(of(home, { PGHOST: '/run/pg', PGSSLMODE: 'verify-full' }).tls, { use: 'never' });
});

it('every password is made known before anything can be told', ({ home }) => {
  const known: unknown[] = [];
  const know = (one: unknown) => known.push(one);
  const env = {
    HOME: home,
    PGPASSWORD: 'of-the-variable',
    FLEETFORM_STATE_POSTGRES_URL: 'postgresql://a:of%2Dthe-url@h/d?what=1',
  };
  assert.throws(() => settingsFrom(env, know));
  for (const one of ['of-the-variable', 'of%2Dthe-url', 'of-the-url']) assert.ok(known.includes(one), one);
});

for (const [what, url, words] of [
  ['no URL', 'host=db password=hunter2hunter2', /is not a URL/],
  ['another scheme', 'mysql://ann:hunter2hunter2@db/fleet', /is not a URL/],
  ['a slash in the password', 'postgresql://ann:hunter2/hunter2@db/fleet', /percent-encoded/],
  ['a slash after digits in it', 'postgresql://ann:12/hunter2@127.0.0.1/fleet', /percent-encoded/],
  ['a ? in the password', 'postgresql://ann:8?hunter2@db.internal/fleet', /percent-encoded/],
  ['a ? and a = in it', 'postgresql://ann:8?sslmode=hunter2@db.internal/fleet', /percent-encoded/],
  ['an @ and a / in the password', 'postgresql://ann:12@34/hunter2@db/fleet', /percent-encoded/],
  ['a # in the password', 'postgresql://ann:12#hunter2@db/fleet', /is not a URL/],
  ['a & in a password of the query', 'postgresql://db/fleet?user=ann&password=12&hunter', /a parameter that/],
  ['a parameter that is no word', 'postgresql://db/fleet?hunter2', /a parameter that/],
  ['a % in the password', 'postgresql://ann:hunter2%hunter2@db/fleet', /holds a %/],
  ['several hosts', 'postgresql://ann:hunter2hunter2@one,two/fleet', /several servers/],
  ['a parameter that nobody knows', 'postgresql://ann:hunter2hunter2@db/fleet?sslmod=require', /"sslmod"/],
  ['a mode that nobody knows', 'postgresql://ann:hunter2hunter2@db/fleet?sslmode=no-verify', /"no-verify"/],
  ['a port that is none', 'postgresql://ann:hunter2hunter2@db:99999/fleet', /port/],
] as const) {
  it(`${what} is told, without the password`, ({ home }) => {
    const error = troubleOf(() => ofUrl(home, url));
    assert.is(error.code, 'state.bad-address');
    assert.match(error.message, words);
    assert.not.match(`${error.message} ${error.hint}`, /hunter/);
  });
}

for (const [variable, text] of [
  ['PGHOST', 'postgresql://ann:hunter2hunter2@db/fleet'],
  ['PGDATABASE', 'host=db password=hunter2hunter2'],
] as const) {
  it(`a whole address in ${variable} is told, without the password`, ({ home }) => {
    const error = troubleOf(() => of(home, { [variable]: text, PGUSER: 'ann' }));
    assert.is(error.code, 'state.bad-address');
    assert.match(error.message, variable);
    assert.not.match(`${error.message} ${error.hint}`, /hunter/);
  });
}

it('a password that is not percent-encoded is made known all the same', ({ home }) => {
  const known: unknown[] = [];
  const url = 'postgresql://ann:12/of-the@url@db/fleet';
  assert.throws(() =>
    settingsFrom({ HOME: home, FLEETFORM_STATE_POSTGRES_URL: url }, (one) => known.push(one)),
  );
  assert.ok(known.includes('12/of-the@url'));
});

it('an environment that names no database is told what to set', ({ home }) => {
  const error = troubleOf(() => of(home, { PGPASSWORD: 'alone-it-is-nothing' }));
  assert.is(error.code, 'state.no-address');
  assert.match(error.hint!, 'FLEETFORM_STATE_POSTGRES_URL');
});

it('the modes of TLS are those of libpq', async ({ home }) => {
  const root = join(home, 'root.pem');
  await writeFile(root, 'a certificate');
  const tlsOf = (query: string) => {
    const { tls } = ofUrl(home, `postgresql://ann@db.example.org/fleet${query}`);
    if (tls.use === 'never') return tls.use;
    const { rejectUnauthorized, checkServerIdentity, ca, servername } = tls.options;
    assert.is(servername, 'db.example.org');
    return [tls.use, rejectUnauthorized, checkServerIdentity === undefined, ca !== undefined];
  };
  assert.is(tlsOf('?sslmode=disable'), 'never');
  assert.equal(tlsOf(''), ['if-offered', false, false, false]);
  assert.equal(tlsOf('?sslmode=prefer'), ['if-offered', false, false, false]);
  assert.equal(tlsOf('?sslmode=require'), ['always', false, false, false]);
  assert.equal(tlsOf(`?sslmode=require&sslrootcert=${root}`), ['always', true, false, true]);
  assert.equal(tlsOf(`?sslmode=verify-ca&sslrootcert=${root}`), ['always', true, false, true]);
  assert.equal(tlsOf(`?sslmode=verify-full&sslrootcert=${root}`), ['always', true, true, true]);
  assert.equal(tlsOf('?sslrootcert=system'), ['always', true, true, false]);
  const missing = troubleOf(() => tlsOf('?sslmode=verify-full'));
  assert.match(missing.message, /root\.crt does not exist/);
  assert.match(troubleOf(() => tlsOf('?sslmode=require&sslrootcert=system')).message, /verify-full/);
  assert.match(
    troubleOf(() => tlsOf('?sslmode=verify-ca&sslrootcert=/nowhere')).message,
    /\/nowhere cannot be read/,
  );
  assert.match(troubleOf(() => tlsOf('?channel_binding=require')).message, /needs sslmode=require/);
});

it('a password file is read as libpq does, unless others may read it', async ({ home }) => {
  const path = join(home, '.pgpass');
  await writeFile(
    path,
    '# all\nother:5432:*:ann:no\ndb.example.org:5432:fleet:ann:with\\:colon\\\\\nlocalhost:*:*:*:of-socket\n',
    { mode: 0o600 },
  );
  const url = 'postgresql://ann@db.example.org/fleet';
  assert.is(ofUrl(home, url).password, 'with:colon\\');
  assert.is(ofUrl(home, 'postgresql://bob@db.example.org/fleet').password, null);
  assert.is(ofUrl(home, 'postgresql://bob@/fleet?host=/run/pg').password, 'of-socket');
  assert.is(ofUrl(home, url, { PGPASSFILE: join(home, 'absent') }).password, null);
  await chmod(path, 0o644);
  assert.is(ofUrl(home, url).password, null);
});

it.run();
