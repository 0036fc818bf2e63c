import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readToken, resolveOrigin } from '../../src/api/origin.ts';
import { FleetformError } from '../../src/model/errors.ts';
import { failure } from './fake-transport.ts';

const place = suite('origin');

const file = (url?: string) => ({ kind: 'http', url }) as const;
const SANDBOX = { kind: 'sandbox' } as const;
const EVIL = 'https://evil.example';
const OWN = 'https://own.example/i3d';

/** [flag, FLEETFORM_API_URL, file, hasToken, what comes of it: an origin, or an error's code] */
for (const [flag, variable, from, hasToken, result] of [
  [undefined, undefined, file(), true, 'https://api.i3d.net'],
  [undefined, undefined, file(), false, 'https://api.i3d.net'],
  [undefined, undefined, SANDBOX, true, 'sandbox'],
  [undefined, undefined, file('https://api.i3d.net'), true, 'https://api.i3d.net'],
  [undefined, undefined, file('https://API.i3d.net:443/'), true, 'https://api.i3d.net'],
  [undefined, undefined, file(EVIL), true, 'api.untrusted-url'],
  [undefined, undefined, file(EVIL), false, EVIL],
  [undefined, undefined, file('http://127.0.0.1:8080'), true, 'api.untrusted-url'],
  [undefined, undefined, file('http://127.0.0.1:8080'), false, 'http://127.0.0.1:8080'],
  [undefined, undefined, file('https://api.i3d.net:8443'), true, 'api.untrusted-url'],
  [undefined, undefined, file('https://api.i3d.net.evil.example'), true, 'api.untrusted-url'],
  [undefined, undefined, file('https://api.i3d.net@evil.example'), true, 'api.url'],
  [undefined, undefined, file('http://api.i3d.net'), true, 'api.insecure'],
  [undefined, undefined, file('https://api.i3d.net/v3'), true, 'api.url'],
  [undefined, OWN, file(EVIL), true, OWN],
  [undefined, OWN, file(OWN), true, OWN],
  [undefined, OWN, file(), true, OWN],
  [undefined, OWN, SANDBOX, true, OWN],
  [undefined, `${OWN}/`, file(), true, OWN],
  [undefined, `${OWN}/v3`, file(), true, 'api.url'],
  ['http://127.0.0.1:8080/v3/', undefined, file(), true, 'api.url'],
  [undefined, 'sandbox', file(EVIL), true, 'sandbox'],
  [undefined, '', file(EVIL), true, 'api.untrusted-url'],
  [undefined, '', file(), true, 'https://api.i3d.net'],
  ['sandbox', OWN, file(EVIL), true, 'sandbox'],
  [OWN, 'sandbox', SANDBOX, true, OWN],
  [OWN, 'https://other.example', file(EVIL), true, OWN],
  ['http://own.example', undefined, file(), true, 'api.insecure'],
  [undefined, 'nonsense', file(), true, 'api.url'],
] as const) {
  const named = [flag ?? '-', variable ?? '-', from.kind === 'sandbox' ? 'sandbox' : (from.url ?? '-')];
  place(`flag, environment, file: ${named.join(', ')}; ${hasToken ? 'a' : 'no'} key → ${result}`, () => {
    const env = variable === undefined ? {} : { FLEETFORM_API_URL: variable };
    const resolve = () => resolveOrigin({ flag, env, file: from, hasToken });
    if (result.startsWith('api.')) {
      assert.throws(resolve, (error: unknown) => error instanceof FleetformError && error.code === result);
      return;
    }
    assert.equal(resolve(), { origin: result, kind: result === 'sandbox' ? 'sandbox' : 'http' });
  });
}

place('a refused file says how to want it', () => {
  try {
    resolveOrigin({ env: {}, file: file(EVIL), hasToken: true });
    assert.unreachable();
  } catch (error) {
    assert.match((error as FleetformError).message, EVIL);
    assert.match((error as FleetformError).hint!, `set FLEETFORM_API_URL=${EVIL}`);
  }
});

place.run();

const key = suite<{ folder: string }>('key');

key.before.each(async (ctx) => {
  ctx.folder = await mkdtemp(join(tmpdir(), 'fleetform-key-'));
});
key.after.each(async ({ folder }) => rm(folder, { recursive: true }));

key('from the variable, from the file that one names, or none', async ({ folder }) => {
  const path = join(folder, 'key');
  await writeFile(path, '  abc-123\r\n');
  assert.is(await readToken({ FLEETFORM_TOKEN: 'abc' }), 'abc');
  assert.is(await readToken({ FLEETFORM_TOKEN_FILE: path }), 'abc-123');
  assert.is(await readToken({}), null);
});

key('both is an error', async () => {
  const error = (await failure(
    readToken({ FLEETFORM_TOKEN: 'geheim', FLEETFORM_TOKEN_FILE: '/x' }),
  )) as FleetformError;
  assert.is(error.code, 'api.token');
  assert.not.match(inspect(error, { depth: Infinity, showHidden: true }), 'geheim');
});

key('line breaks at the end of the variable are no part of the key', async () => {
  assert.is(await readToken({ FLEETFORM_TOKEN: 'abc-123\r\n' }), 'abc-123');
});

key('an empty variable is as good as none', async () => {
  assert.is(await readToken({ FLEETFORM_TOKEN: '', FLEETFORM_TOKEN_FILE: '' }), null);
});

for (const wrong of [
  ' geheim',
  'geheim\nmore',
  'ge heim',
  'geheim\x1b',
  'geheim\x00',
  'geheim€',
  'geheim\x85',
  'geheim\xa0',
]) {
  key(`${JSON.stringify(wrong)} is no key, and is not shown`, async ({ folder }) => {
    const path = join(folder, 'key');
    // The ends of a file are trimmed, so that the wrong character has to stand inside.
    await writeFile(path, wrong === '' ? ' \n' : `x${wrong.trim() === wrong ? wrong : `geheim ${wrong}`}x`);
    for (const env of [{ FLEETFORM_TOKEN: wrong }, { FLEETFORM_TOKEN_FILE: path }]) {
      const error = (await failure(readToken(env))) as FleetformError;
      assert.instance(error, FleetformError);
      assert.is(error.code, 'api.token');
      assert.not.match(inspect(error, { depth: Infinity, showHidden: true }), /geheim|ge heim/);
    }
  });
}

key('a file that is not there is named', async ({ folder }) => {
  const error = (await failure(readToken({ FLEETFORM_TOKEN_FILE: join(folder, 'none') }))) as FleetformError;
  assert.is(error.code, 'api.token');
  assert.match(error.message, '(ENOENT)');
});

key.run();
