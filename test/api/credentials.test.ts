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
      HTTPS_PROXY: 'http://user:p%40ss@proxy:3128',
      all_proxy: 'user:a@b:c@proxy',
    });
    assert.equal(new Set(found), new Set(['from-env', 'from-file', 'p%40ss', 'p@ss', 'a@b:c']));
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
  assert.equal(await credentialsOf({ FLEETFORM_TOKEN_FILE: tmpdir(), HTTPS_PROXY: 'http://u:%@h' }), ['%']);
});

test.run();
