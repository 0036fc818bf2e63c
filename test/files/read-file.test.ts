import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readBounded } from '../../src/files/read-file.ts';
import { boundsFor } from '../../src/files/repository.ts';

const it = suite('read-file');
const root = mkdtempSync(join(tmpdir(), 'fleetform-files-'));
it.after(() => rmSync(root, { recursive: true, force: true }));
const at = (...names: string[]) => join(root, ...names);
const put = (name: string, text = name) => {
  mkdirSync(at(name, '..'), { recursive: true });
  writeFileSync(at(name), text);
};
const read = (path: string, largest = 100, isNamed = false) => {
  try {
    const { bytes, isCut } = readBounded(path, { ...boundsFor(path, isNamed), largest });
    return `${bytes}${isCut ? '…' : ''}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message.replaceAll(root, '');
  }
};

put('repo/.git/HEAD');
put('repo/a.yaml', '12345');
put('repo/deep/b.yaml', 'b');
put('repo/sub/.git', 'gitdir: ../.git/modules/sub');
put('repo/sub/c.yaml', 'c');
put('outside/secret', 'secret');
put('other/.git/HEAD');
put('other/d.yaml', 'd');
symlinkSync(at('repo/deep/b.yaml'), at('repo/in.yaml'));
symlinkSync(at('outside/secret'), at('repo/out.yaml'));
symlinkSync(at('outside'), at('repo/folder'));
symlinkSync(at('other'), at('repo/checkout'));
symlinkSync('/proc/self/environ', at('repo/environ.yaml'));
symlinkSync('/dev/zero', at('repo/zero.yaml'));
symlinkSync(at('repo/loop.yaml'), at('repo/loop.yaml'));
symlinkSync(at('repo/none'), at('repo/broken.yaml'));
symlinkSync(at('repo'), at('way'));
symlinkSync(at('outside/secret'), at('outside/link.yaml'));
symlinkSync(at('other/d.yaml'), at('outside/away.yaml'));
spawnSync('mkfifo', [at('repo/pipe.yaml')]);

const out = 'is a link to something outside /repo';
for (const [name, expected] of [
  ['repo/a.yaml', '12345'],
  ['repo/in.yaml', 'b'],
  ['way/a.yaml', '12345'],
  ['way/in.yaml', 'b'],
  ['repo/sub/c.yaml', 'c'],
  ['repo/out.yaml', out],
  ['repo/folder/secret', out],
  ['repo/checkout/d.yaml', out],
  ['repo/environ.yaml', out],
  ['repo/zero.yaml', out],
  ['repo/pipe.yaml', 'is not a regular file'],
  ['repo/deep', 'is a folder'],
  ['repo/loop.yaml', 'ELOOP'],
  ['repo/broken.yaml', 'ENOENT'],
  ['outside/secret', 'secret'],
  ['outside/link.yaml', 'secret'],
] as const) {
  for (const isNamed of [true, false]) {
    it(`${name}${isNamed ? ', named by hand' : ''}: ${expected}`, () =>
      assert.is(read(at(name), 100, isNamed), expected));
  }
}

it('outside of any repository, a name by hand leads anywhere, and a folder is left by no link', () => {
  assert.is(read(at('outside/away.yaml'), 100, true), 'd');
  assert.is(read(at('outside/away.yaml')), 'is a link to something outside /outside');
});

it('no more is read than the bound', () => {
  assert.is(read(at('repo/a.yaml'), 5), '12345');
  assert.is(read(at('repo/a.yaml'), 4), '1234…');
  assert.is(read('/dev/zero', 3, true), '\0\0\0…');
  assert.is(read('/dev/zero', 3), 'is not a regular file');
  assert.is(read('/proc/self/stat', 2, true).length, 3, 'whatever size it says it has');
});

it.run();
