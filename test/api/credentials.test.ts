import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { credentialsOf } from '../../src/api/credentials.ts';

const test = suite('credentials');

test('the key, the file of one, and the passwords of proxies, as written and as sent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetform-'));
  try {
    writeFileSync(join(folder, 'token'), ' from-file\n');
    const found = await credentialsOf({
      FLEETFORM_TOKEN: 'from-env',
      FLEETFORM_TOKEN_FILE: join(folder, 'token'),
      HTTPS_PROXY: 'http://user:long%40password@proxy:3128',
      HTTP_PROXY: 'http://user:password@proxy:3128',
      all_proxy: 'user:a@bcdefghijk:l@proxy',
    });
    const expected = [
      'from-env',
      ' from-file\n',
      'from-file',
      'long%40password',
      'long@password',
      'a@bcdefghijk:l',
    ];
    assert.equal(new Set(found), new Set(expected), 'a word that is everywhere is none');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('nothing, or what cannot be read: none, and no error', async () => {
  const env = {
    FLEETFORM_TOKEN: '',
    FLEETFORM_TOKEN_FILE: '/nowhere',
    HTTPS_PROXY: 'proxy:3128',
    HTTP_PROXY: 'http://u@h',
  };
  assert.equal(await credentialsOf(env), []);
  const strange = { FLEETFORM_TOKEN_FILE: tmpdir(), HTTPS_PROXY: 'http://u:%abcdefghijk@h' };
  assert.equal(await credentialsOf(strange), ['%abcdefghijk']);
});

test('a key with something around it is one all the same', async () => {
  const key = 'k3y-of-14-signs';
  for (const text of [
    `${key}\n`,
    `\t${key}\r\n`,
    `"${key}"`,
    `Bearer ${key}`,
    `FLEETFORM_TOKEN=${key}`,
    `\ufeff${key}`,
    `${key}\nmore`,
  ]) {
    assert.ok((await credentialsOf({ FLEETFORM_TOKEN: text })).includes(key), JSON.stringify(text));
  }
});

test.run();
