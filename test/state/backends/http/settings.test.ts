import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FleetformError } from '../../../../src/model/errors.ts';
import { authorizationFor } from '../../../../src/state/backends/http/login.ts';
import { readPlace } from '../../../../src/state/backends/http/settings.ts';

const it = suite('http state, settings');

const ADDRESS = 'https://state.example.org/live';
const OTHER = 'https://other.example.org/live';
const LOGIN = { TF_HTTP_USERNAME: 'ann', TF_HTTP_PASSWORD: 'correct-horse' };
const HEADER = authorizationFor({ username: 'ann', password: 'correct-horse' });

function refusalOf(
  file: Parameters<typeof readPlace>[0],
  env: Parameters<typeof readPlace>[1],
): FleetformError {
  try {
    readPlace(file, env);
  } catch (error) {
    assert.instance(error, FleetformError);
    return error as FleetformError;
  }
  throw new Error('nothing was refused');
}

it('an address is enough, and is that of the lock, too', () => {
  const { state, lock, unlock, location } = readPlace({ address: ADDRESS }, {});
  assert.equal(
    [state, lock, unlock].map(({ method, url, authorization }) => [method, url.href, authorization]),
    [
      ['POST', ADDRESS, null],
      ['LOCK', ADDRESS, null],
      ['UNLOCK', ADDRESS, null],
    ],
  );
  assert.is(location, ADDRESS);
});

it('the environment beats the file, and our variables those of Terraform; what is empty is not set', () => {
  const file = { address: ADDRESS, lockAddress: `${ADDRESS}/file`, updateMethod: 'PUT', lockMethod: 'POST' };
  const env = {
    FLEETFORM_STATE_HTTP_LOCK_ADDRESS: `${ADDRESS}/ours`,
    FLEETFORM_STATE_HTTP_UNLOCK_METHOD: '',
    TF_HTTP_LOCK_ADDRESS: `${ADDRESS}/terraform`,
    TF_HTTP_UNLOCK_METHOD: 'delete',
    TF_HTTP_LOCK_METHOD: 'put',
  };
  const { state, lock, unlock } = readPlace(file, env);
  assert.equal([state.method, lock.method, unlock.method], ['PUT', 'PUT', 'DELETE']);
  assert.is(lock.url.href, `${ADDRESS}/ours`);
  assert.is(unlock.url.href, `${ADDRESS}/ours`, 'where it is locked it is unlocked');
});

it('who names another state does not lock the one that the file or Terraform means', () => {
  const file = { address: ADDRESS, lockAddress: `${ADDRESS}/lock` };
  assert.is(readPlace(file, { TF_HTTP_ADDRESS: OTHER }).lock.url.href, OTHER);
  assert.is(readPlace(file, { TF_HTTP_ADDRESS: ADDRESS }).lock.url.href, `${ADDRESS}/lock`);
  const env = {
    FLEETFORM_STATE_HTTP_ADDRESS: OTHER,
    TF_HTTP_ADDRESS: 'http://infrastructure.example.org/it',
    TF_HTTP_LOCK_ADDRESS: 'http://infrastructure.example.org/it/lock',
    ...LOGIN,
  };
  const { lock, state } = readPlace({}, env);
  assert.is(lock.url.href, OTHER);
  assert.is(state.authorization, null, 'and its login is for that server');
});

it('credentials go to no origin that only the file names', () => {
  const named = { ...LOGIN, TF_HTTP_ADDRESS: ADDRESS };
  assert.is(readPlace({}, named).state.authorization, HEADER);
  assert.is(
    readPlace({ address: ADDRESS, lockAddress: `${ADDRESS}/lock` }, named).lock.authorization,
    HEADER,
  );
  for (const [file, env, variable] of [
    [{ address: ADDRESS }, LOGIN, 'ADDRESS'],
    [{ lockAddress: `${OTHER}/lock` }, named, 'LOCK_ADDRESS'],
    [{ unlockAddress: `${OTHER}/lock` }, named, 'UNLOCK_ADDRESS'],
    [{ lockAddress: 'https://state.example.org:8443/lock' }, named, 'LOCK_ADDRESS'],
  ] as const) {
    const error = refusalOf(file, env);
    assert.is(error.code, 'state.untrusted-url');
    assert.match(error.hint ?? '', `FLEETFORM_STATE_HTTP_${variable}=https://`);
  }
  assert.is(readPlace({ address: OTHER, lockAddress: ADDRESS }, {}).state.authorization, null);
});

it('a login in an address of the environment is used, and never shown', () => {
  const text = 'https://ann:correct%2Dhorse@state.example.org/live?token=abc';
  const { state, lock, location } = readPlace({}, { TF_HTTP_ADDRESS: text });
  assert.equal([state.authorization, lock.authorization], [HEADER, HEADER]);
  assert.is(location, ADDRESS);
  assert.is(state.url.href, `${ADDRESS}?token=abc`);
  assert.not.match(JSON.stringify(readPlace({}, { TF_HTTP_ADDRESS: text }).location), 'horse');
  const plain = refusalOf({}, { TF_HTTP_ADDRESS: 'http://ann:correct-horse@state.example.org/live' });
  assert.is(plain.code, 'state.insecure');
  assert.not.match(`${plain.message} ${plain.hint}`, 'horse');
  const [own] = [{ ...LOGIN, TF_HTTP_USERNAME: 'bob', TF_HTTP_ADDRESS: text }].map((env) =>
    readPlace({}, env),
  );
  assert.is(own!.state.authorization, authorizationFor({ username: 'bob', password: 'correct-horse' }));
});

for (const [what, file, env, code] of [
  ['no address', {}, {}, 'state.no-address'],
  ['no URL', {}, { TF_HTTP_ADDRESS: 'state' }, 'state.bad-address'],
  [
    'a raw / in a password',
    {},
    { TF_HTTP_ADDRESS: 'https://ann:12/horse@state.example.org/live' },
    'state.bad-address',
  ],
  [
    'a raw ? in a password',
    {},
    { TF_HTTP_ADDRESS: 'https://ann:12?horse@state.example.org/live' },
    'state.bad-address',
  ],
  [
    'a raw @ and / in it',
    {},
    { TF_HTTP_ADDRESS: 'https://ann:a@b/horse@state.example.org/' },
    'state.bad-address',
  ],
  ['plain http', { address: 'http://state.example.org/live' }, {}, 'state.insecure'],
  [
    'a password without a user',
    { address: ADDRESS },
    { TF_HTTP_PASSWORD: 'correct-horse' },
    'state.credentials',
  ],
  ['a method of two words', { address: ADDRESS }, { TF_HTTP_LOCK_METHOD: 'PO ST' }, 'state.method'],
  ['a lock written over the state', { address: ADDRESS, lockMethod: 'POST' }, {}, 'state.method'],
  ['a lock put over the state', { address: ADDRESS, lockMethod: 'PUT' }, {}, 'state.method'],
  ['an unlock that deletes the state', { address: ADDRESS, unlockMethod: 'DELETE' }, {}, 'state.method'],
  ['a state that is written by a GET', { address: ADDRESS, updateMethod: 'GET' }, {}, 'state.method'],
  ['one method for both', { address: ADDRESS, unlockMethod: 'LOCK' }, {}, 'state.method'],
] as const) {
  it(`refused: ${what}`, () => {
    const error = refusalOf(file, env);
    assert.is(error.code, code);
    assert.ok(error.hint);
    assert.not.match(error.message, 'horse');
  });
}

it('plain http to this machine is allowed', () => {
  assert.is(readPlace({ address: 'http://127.0.0.1:8080/live' }, {}).location, 'http://127.0.0.1:8080/live');
});

it("Terraform's retries, in its seconds", () => {
  const env = { TF_HTTP_RETRY_MAX: '7', TF_HTTP_RETRY_WAIT_MIN: '2', TF_HTTP_RETRY_WAIT_MAX: 'soon' };
  assert.equal(readPlace({ address: ADDRESS }, env).retries, {
    retries: 7,
    waitMinMs: 2000,
    waitMaxMs: 30_000,
  });
});

it.run();
