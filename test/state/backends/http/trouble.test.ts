/** Lost answers, refusals and servers that are none: what is done then, and what is told. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FleetformError } from '../../../../src/model/errors.ts';
import type { StateBackend } from '../../../../src/state/backend.ts';
import { openHttp } from '../../../../src/state/backends/http/backend.ts';
import { closedPort } from '../../../api/loopback.ts';
import { selfSigned } from '../../../api/self-signed.ts';
import { type Kind, type Mischief, stateServer } from '../../../support/state-server.ts';
import { keep } from '../conformance.ts';
import { answer, type Bed, bed, deal, STATE } from './bed.ts';

const RESET_BEFORE: Mischief = { is: 'reset-before' };
const RESET_AFTER: Mischief = { is: 'reset-after' };

async function on(kind: Kind, run: (place: Bed, backend: StateBackend) => Promise<void>): Promise<void> {
  const place = await bed(kind);
  try {
    await run(place, place.open());
  } finally {
    await place.end();
  }
}

async function errorOf(promise: Promise<unknown>): Promise<FleetformError> {
  return promise.then(
    () => assert.unreachable('nothing was thrown') as never,
    (error) => error,
  );
}

const it = suite('http state, trouble');

for (const kind of ['strict', 'lenient'] as const) {
  for (const [what, mischief] of [
    ['before it was written', RESET_BEFORE],
    ['after it was written', RESET_AFTER],
  ] as const) {
    it(`${kind}: the answer to a write is lost ${what}`, () =>
      on(kind, async ({ server }, backend) => {
        const lock = await backend.lock('apply');
        let isDealt = false;
        server.mischief = (method, _nth, url) => {
          if (isDealt || method !== 'POST' || url.includes('/lock')) return undefined;
          isDealt = true;
          return mischief;
        };
        await backend.write(STATE, { lock, expectedSerial: null });
        assert.ok(isDealt);
        assert.is(server.kept.length, 1, 'it was written once');
        await backend.write({ ...STATE, serial: 2 }, { lock, expectedSerial: 1 });
        await lock.release();
        assert.is((await backend.read())?.serial, 2);
      }));

    it(`${kind}: the answer to a lock is lost ${what}`, () =>
      on(kind, async ({ server }, backend) => {
        server.mischief = deal(kind === 'strict' ? 'POST' : 'LOCK', mischief);
        const lock = await backend.lock('apply');
        assert.is(server.lock?.ID, lock.holder.id);
        await backend.write(STATE, { lock, expectedSerial: null });
        server.mischief = deal(kind === 'strict' ? 'DELETE' : 'UNLOCK', mischief);
        await lock.release();
        assert.is(server.lock, null);
      }));
  }
}

it('a 500 that did the work is no reason to write twice', () =>
  on('strict', async ({ server }, backend) => {
    const lock = await backend.lock('apply');
    server.mischief = (method, _nth, url) => {
      if (method !== 'POST' || url.includes('/lock')) return undefined;
      server.mischief = () => undefined;
      server.state = server.seen.at(-1)!.body;
      server.kept.push(server.state);
      return answer(500);
    };
    await backend.write(STATE, { lock, expectedSerial: null });
    assert.is(server.kept.length, 1);
    await lock.release();
  }));

it('a write whose answers stay away is never followed by another of the same serial', () =>
  on('lenient', async ({ server, open }) => {
    const backend = open({ retries: 1 });
    const lock = await backend.lock('apply');
    server.mischief = (method) => (method === 'POST' ? RESET_BEFORE : undefined);
    const lost = await errorOf(backend.write(STATE, { lock, expectedSerial: null }));
    assert.is(lost.code, 'state.unreachable');
    server.mischief = () => undefined;
    const other = { ...STATE, sight: { newest: 5, ids: [] } };
    assert.is((await errorOf(backend.write(other, { lock, expectedSerial: null }))).code, 'state.serial');
    await backend.write(STATE, { lock, expectedSerial: null });
    assert.is(server.kept.length, 1);
    await lock.release();
  }));

/** The first write is held up by something in between; what is returned lets it through. */
function holdUp(server: Bed['server']): () => void {
  let isHeld = false;
  let body = '';
  server.mischief = (method, _nth, url) => {
    if (isHeld || method !== 'POST' || url.includes('/lock')) return undefined;
    isHeld = true;
    body = server.seen.at(-1)!.body;
    return RESET_BEFORE;
  };
  return () => {
    assert.not.equal(body, '');
    server.state = body;
  };
}

const SECOND = { ...STATE, serial: 2, sight: { newest: 5, ids: [] } };

for (const kind of ['strict', 'lenient', 'nameless'] as const) {
  it(`${kind}: a write that comes after newer ones is written over by the next`, () =>
    on(kind, async ({ server }, backend) => {
      const lock = await backend.lock('apply');
      const letThrough = holdUp(server);
      await backend.write(STATE, { lock, expectedSerial: null });
      await backend.write(SECOND, { lock, expectedSerial: 1 });
      letThrough();
      const third = { ...SECOND, serial: 3 };
      await backend.write(third, { lock, expectedSerial: 2 });
      assert.equal(await backend.read(), third);
      server.state = JSON.stringify({ ...STATE, serial: 9 });
      const error = await errorOf(backend.write({ ...third, serial: 4 }, { lock, expectedSerial: 3 }));
      assert.is(error.code, 'state.serial', 'and what is not its own is left alone');
      await lock.release();
      assert.is((await backend.read())?.serial, 9);
    }));

  it(`${kind}: what a late write has undone is written again before the lock is given back`, () =>
    on(kind, async ({ server }, backend) => {
      const lock = await backend.lock('apply');
      const letThrough = holdUp(server);
      await backend.write(STATE, { lock, expectedSerial: null });
      await backend.write(SECOND, { lock, expectedSerial: 1 });
      letThrough();
      await lock.release();
      assert.is(server.lock, null);
      assert.equal({ ...(await backend.read())!, serial: 2 }, SECOND);
    }));

  it(`${kind}: a write that failed may land before the next, which has looked already`, () =>
    on(kind, async ({ server, open }) => {
      const backend = open({ retries: 0 });
      const lock = await backend.lock('apply');
      const letThrough = holdUp(server);
      assert.is(
        (await errorOf(backend.write(STATE, { lock, expectedSerial: null }))).code,
        'state.unreachable',
      );
      assert.is(await backend.read(), null);
      letThrough();
      await backend.write(SECOND, { lock, expectedSerial: null });
      assert.equal(await backend.read(), SECOND);
      await lock.release();
    }));
}

it('a lock is given back even if the look for a late write fails', () =>
  on('lenient', async ({ server, open }) => {
    const backend = open({ retries: 1 });
    const lock = await backend.lock('apply');
    const letThrough = holdUp(server);
    await backend.write(STATE, { lock, expectedSerial: null });
    letThrough();
    server.mischief = (method) => (method === 'GET' ? answer(503) : undefined);
    assert.is((await errorOf(lock.release())).code, 'state.unreachable');
    assert.is(server.lock, null);
  }));

it('a write after which another state is there is a state.serial', () =>
  on('lenient', async ({ server }, backend) => {
    const lock = await backend.lock('apply');
    server.mischief = (method) => {
      if (method !== 'POST') return undefined;
      server.state = JSON.stringify({ ...STATE, serial: 9 });
      return RESET_BEFORE;
    };
    const error = await errorOf(backend.write(STATE, { lock, expectedSerial: null }));
    assert.is(error.code, 'state.serial');
    assert.match(error.message, 'serial 9');
    await lock.release();
  }));

it('a state that the server has laid out anew is still its own', () =>
  on('lenient', async ({ server }, backend) => {
    const lock = await backend.lock('apply');
    server.mischief = deal('POST', RESET_AFTER);
    const before = server.kept.length;
    const writing = backend.write(STATE, { lock, expectedSerial: null });
    await writing;
    server.state = JSON.stringify(JSON.parse(server.state!));
    assert.equal(await backend.read(), STATE);
    assert.is(server.kept.length, before + 1);
    await lock.release();
  }));

it('a removed lock is noticed by the write, where the server gave it to nobody since', () =>
  on('lenient', async ({ server }, backend) => {
    const lock = await backend.lock('apply');
    server.lock = null;
    const error = await errorOf(backend.write(STATE, { lock, expectedSerial: null }));
    assert.is(error.code, 'state.lock-lost');
    assert.match(error.message, 'is not locked any more');
    assert.is(server.lock, null, 'and the look has left none');
    assert.is(server.state, null);
    await lock.release();
  }));

it('a refused write of a lock that went away in between is a lost lock', () =>
  on('strict', async ({ server }, backend) => {
    const lock = await backend.lock('apply');
    server.mischief = (method, _nth, url) => {
      if (method === 'POST' && !url.includes('/lock')) server.lock = { ID: 'x', Who: 'bob', Created: 'now' };
      return undefined;
    };
    const error = await errorOf(backend.write(STATE, { lock, expectedSerial: null }));
    assert.is(error.code, 'state.lock-lost');
    assert.match(error.message, 'bob');
    assert.ok(lock.lost.aborted);
    await lock.release();
    assert.is(server.lock?.ID, 'x');
  }));

it('a read is asked again after a 500, a 429 and a reset, and not for ever', () =>
  on('strict', async ({ server, asked }, backend) => {
    server.mischief = deal('GET', answer(500), answer(429, '', { 'Retry-After': '1' }), RESET_AFTER);
    assert.is(await backend.read(), null);
    assert.is(asked().length, 4);
    server.mischief = (method) => (method === 'GET' ? answer(502) : undefined);
    const error = await errorOf(backend.read());
    assert.is(error.code, 'state.unreachable');
    assert.match(error.message, '502');
    assert.is(asked().length, 8);
  }));

it('an answer that does not come is not waited for', () =>
  on('strict', async ({ server, open }) => {
    server.mischief = () => ({ is: 'silence' });
    const error = await errorOf(open({ timeoutMs: 30, retries: 1 }).read());
    assert.is(error.code, 'state.unreachable');
    assert.match(error.message, 'no answer within');
  }));

it('nobody listens', async () => {
  const place = await bed('strict');
  const TF_HTTP_ADDRESS = `http://127.0.0.1:${await closedPort()}/live`;
  const error = await errorOf(place.open({}, { TF_HTTP_ADDRESS }).read());
  assert.is(error.code, 'state.unreachable');
  assert.match(error.message, TF_HTTP_ADDRESS);
  assert.match(error.message, 'refused');
  await place.end();
});

it('an empty body is no state', () =>
  on('strict', async ({ server }, backend) => {
    server.mischief = deal('GET', answer(200), answer(204), answer(404, '<html>'), answer(200, ' \n'));
    for (let each = 0; each < 4; each += 1) assert.is(await backend.read(), null);
  }));

for (const [what, status, code, says, headers] of [
  ['a login that is refused', 401, 'state.denied', /PASSWORD/, {}],
  ['a user who may not', 403, 'state.denied', /Maintainer/, {}],
  [
    'a redirect',
    302,
    'state.unreachable',
    /redirected to https:\/\/login\.example\.org\/in,/,
    { Location: 'https://login.example.org/in?secret=1' },
  ],
  ['a bad request', 400, 'state.refused', /400/, {}],
] as const) {
  it(`${what} is told at a read`, () =>
    on('strict', async ({ server, asked }, backend) => {
      server.mischief = () => answer(status, 'nonsense \u001b[31m', headers);
      const error = await errorOf(backend.read());
      assert.is(error.code, code);
      assert.match(`${error.message} ${error.hint}`, says);
      assert.match(error.message, server.url);
      assert.not.match(error.message, /secret|\u001b/);
      assert.is(asked().length, 1);
    }));
}

it('without credentials, the hint says how they are given', () =>
  on('strict', async ({ open }) => {
    const error = await errorOf(open({}, { TF_HTTP_USERNAME: '', TF_HTTP_PASSWORD: '' }).read());
    assert.is(error.code, 'state.denied');
    assert.match(error.hint ?? '', /Set FLEETFORM_STATE_HTTP_USERNAME.*\$CI_JOB_TOKEN/);
  }));

it('a project of GitLab that one may not see is not an empty state', () =>
  on('strict', async ({ server }, backend) => {
    server.mischief = () => answer(404, '{"message":"404 Project Not Found"}');
    assert.is((await errorOf(backend.read())).code, 'state.denied');
  }));

it('a page instead of a state is no state', () =>
  on('strict', async ({ server }, backend) => {
    server.mischief = () => answer(200, '<html>Sign in</html>');
    const error = await errorOf(backend.read());
    assert.is(error.code, 'state.invalid');
    assert.match(error.message, backend.location);
  }));

for (const status of [404, 405, 400]) {
  it(`a lock that is answered with ${status} names what GitLab wants`, () =>
    on('strict', async ({ server }, backend) => {
      server.mischief = (_method, _nth, url) => (url.endsWith('/lock') ? answer(status) : undefined);
      const error = await errorOf(backend.lock('apply'));
      assert.is(error.code, 'state.unreachable');
      assert.match(error.message, `POST ${server.url}/lock`);
      assert.match(error.hint ?? '', 'ADDRESS/lock');
    }));
}

it('a state that is too large for the server is told, and sent once', () =>
  on('strict', async ({ server, asked }, backend) => {
    const lock = await backend.lock('apply');
    server.mischief = (_method, _nth, url) => (url.includes('?ID=') ? answer(413) : undefined);
    const error = await errorOf(backend.write(STATE, { lock, expectedSerial: null }));
    assert.is(error.code, 'state.refused');
    assert.match(error.message, 'too large');
    assert.is(asked().filter((one) => one === 'POST').length, 1);
    server.mischief = () => undefined;
    await backend.write(STATE, { lock, expectedSerial: null });
    await lock.release();
  }));

it('a stop while the lock is asked for leaves none', () =>
  on('strict', async ({ server }, backend) => {
    const stop = new AbortController();
    server.mischief = (method) => {
      if (method === 'POST') stop.abort(new Error('stopped'));
      return undefined;
    };
    assert.is(await errorOf(backend.lock('apply', stop.signal)), stop.signal.reason);
    assert.is(server.lock, null);
  }));

it('a stop after a lost answer leaves none either', () =>
  on('strict', async ({ server }, backend) => {
    const stop = new AbortController();
    let isDealt = false;
    server.mischief = (method) => {
      if (isDealt || method !== 'POST') return undefined;
      isDealt = true;
      stop.abort(new Error('stopped'));
      return RESET_AFTER;
    };
    assert.is(await errorOf(backend.lock('apply', stop.signal)), stop.signal.reason);
    assert.is(server.lock, null);
  }));

it('what is sent is what Terraform sends', () =>
  on('lenient', async ({ server, open }) => {
    const TF_HTTP_ADDRESS = `${server.url}?team=live%20ops`;
    await keep(open({}, { TF_HTTP_ADDRESS }), STATE, null);
    const write = server.seen.find(({ method }) => method === 'POST')!;
    const lock = server.seen.find(({ method }) => method === 'LOCK')!;
    const info = JSON.parse(lock.body);
    assert.equal(Object.keys(info), ['ID', 'Operation', 'Info', 'Who', 'Version', 'Created', 'Path']);
    assert.is(write.url, `/state/live?team=live%20ops&ID=${info.ID}`);
    assert.is(write.headers['content-type'], 'application/json');
    assert.is(Buffer.from(write.headers['content-md5'] as string, 'base64').length, 16);
  }));

it('the password and the header are known to the redactor', () =>
  on('lenient', async ({ server, known }) => {
    assert.ok(known.includes(server.env.TF_HTTP_PASSWORD!));
    const pair = `${server.env.TF_HTTP_USERNAME}:${server.env.TF_HTTP_PASSWORD}`;
    assert.ok(known.includes(Buffer.from(pair).toString('base64')));
  }));

it('a lock whose answers all stay away may have been granted, and is named', () =>
  on('strict', async ({ server, open }) => {
    server.mischief = (method) => (method === 'POST' ? RESET_AFTER : undefined);
    const error = await errorOf(open({ retries: 1 }).lock('apply'));
    assert.is(error.code, 'state.unreachable');
    assert.match(error.hint ?? '', `force-unlock ${server.lock?.ID} --force`);
  }));

it('a lock whose answers all stay away is given back where that works', () =>
  on('lenient', async ({ server, open }) => {
    server.mischief = deal('LOCK', RESET_AFTER);
    const error = await errorOf(open({ retries: 0 }).lock('apply'));
    assert.is(error.code, 'state.unreachable');
    assert.not.match(error.hint ?? '', 'force-unlock');
    assert.is(server.lock, null);
  }));

it('a lock that was granted, and then cannot be looked at or given back, is named', () =>
  on('lenient', async ({ server, open }) => {
    server.mischief = (_method, _nth) => (server.lock === null ? undefined : answer(503));
    const error = await errorOf(open({ retries: 0 }).lock('apply'));
    assert.is(error.code, 'state.unreachable');
    assert.match(error.hint ?? '', `force-unlock ${server.lock?.ID} --force`);
  }));

it('a stop that cannot give the lock back names it', () =>
  on('lenient', async ({ server, open }) => {
    const stop = new AbortController();
    server.mischief = () => {
      if (server.lock !== null) return answer(503);
      stop.abort(new Error('stopped'));
      return undefined;
    };
    const error = await errorOf(open({ retries: 0 }).lock('apply', stop.signal));
    assert.match(error.message, `the lock ${server.lock?.ID} could not be given back`);
    assert.match(error.hint ?? '', `force-unlock ${server.lock?.ID} --force`);
  }));

it('a lock that cannot be given back is named', () =>
  on('strict', async ({ server, open }) => {
    const lock = await open({ retries: 0 }).lock('apply');
    server.mischief = () => answer(503);
    const error = await errorOf(lock.release());
    assert.match(error.message, `the lock ${lock.holder.id} could not be given back`);
    assert.match(error.hint ?? '', `force-unlock ${lock.holder.id} --force`);
  }));

it('a server that says 200 to a write and keeps nothing is noticed at the first', () =>
  on('strict', async ({ server }, backend) => {
    const lock = await backend.lock('apply');
    server.mischief = (method, _nth, url) =>
      method === 'POST' && !url.includes('/lock') ? { is: 'answer', status: 200, body: 'ok' } : undefined;
    const error = await errorOf(backend.write(STATE, { lock, expectedSerial: null }));
    assert.is(error.code, 'state.unlike');
    assert.match(error.hint!, 'POST');
    await lock.release();
  }));

it("Terraform's own state is told as that, and not written over", () =>
  on('strict', async ({ server }, backend) => {
    server.state = '{\n  "version": 4,\n  "terraform_version": "1.11.4",\n  "serial": 1\n}';
    const lock = await backend.lock('apply');
    const error = await errorOf(backend.write(STATE, { lock, expectedSerial: null }));
    assert.is(error.code, 'state.invalid');
    assert.match(error.message, 'a state of Terraform');
    assert.match(server.state, 'terraform_version');
    await lock.release();
  }));

it('over TLS, an authority of its own has to be named', async () => {
  const certificate = selfSigned('localhost');
  const server = await stateServer('strict', certificate);
  const env = Object.fromEntries(
    Object.entries(server.env).map(([name, value]) => [name, value.replace('127.0.0.1', 'localhost')]),
  );
  const open = (extra = {}) => openHttp({}, { ...env, ...extra }, () => {});
  const [stranger, own] = [open(), open({ TF_HTTP_CLIENT_CA_CERTIFICATE_PEM: certificate.cert })];
  const error = await errorOf(stranger.read());
  assert.is(error.code, 'state.unreachable');
  assert.match(error.hint ?? '', 'NODE_EXTRA_CA_CERTS');
  assert.is(server.seen.length, 0);
  await keep(own, STATE, null);
  assert.equal(await own.read(), STATE);
  for (const backend of [stranger, own]) await backend.close();
  await server.end();
});

it('a server that wants to know who asks is shown a certificate', async () => {
  const [certificate, client] = [selfSigned('localhost'), selfSigned('client')];
  const asking = { ...certificate, ca: client.cert, requestCert: true, rejectUnauthorized: true };
  const server = await stateServer('strict', asking);
  const env = Object.fromEntries(
    Object.entries(server.env).map(([name, value]) => [name, value.replace('127.0.0.1', 'localhost')]),
  );
  const trusting = { ...env, TF_HTTP_CLIENT_CA_CERTIFICATE_PEM: certificate.cert, TF_HTTP_RETRY_MAX: '0' };
  const shown = {
    TF_HTTP_CLIENT_CERTIFICATE_PEM: client.cert,
    TF_HTTP_CLIENT_PRIVATE_KEY_PEM: client.key,
  };
  const nobody = openHttp({}, trusting, () => {});
  const known = openHttp({}, { ...trusting, ...shown }, () => {});
  assert.is((await errorOf(nobody.read())).code, 'state.unreachable');
  assert.is(await known.read(), null);
  for (const backend of [nobody, known]) await backend.close();
  await server.end();
});

it.run();
