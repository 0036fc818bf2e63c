import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { overwrite } from '../../src/files/overwrite.ts';

const it = suite('overwrite');

it('takes the old content out, of a regular file that has no other name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetform-overwrite-'));
  try {
    const path = join(folder, 'a');
    writeFileSync(path, 'something long and old');
    assert.ok(await overwrite(path, 'new'));
    assert.is(readFileSync(path, 'utf8'), 'new');
    symlinkSync('a', join(folder, 'link'));
    assert.ok(await overwrite(join(folder, 'link'), 'newer'));
    assert.is(readFileSync(path, 'utf8'), 'newer');
    linkSync(path, join(folder, 'other'));
    assert.not.ok(await overwrite(path, 'newest'));
    assert.not.ok(await overwrite(folder, 'x'));
    assert.not.ok(await overwrite(join(folder, 'none'), 'x'));
    assert.is(readFileSync(path, 'utf8'), 'newer');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.run();
