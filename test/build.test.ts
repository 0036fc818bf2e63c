/** The build itself (`.build/build.mjs`), on a copy of the sources: when it has to build again, and when not. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folder } from './support/cli.ts';

const it = suite('the build');

function sources(): string {
  const root = folder();
  for (const path of ['src', 'schemas', 'examples/first', '.build', 'package.json', 'package-lock.json'])
    cpSync(path, join(root, path), { recursive: true, preserveTimestamps: true });
  rmSync(join(root, 'src/generated'), { recursive: true });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  return root;
}

it('is done again for what was saved while it ran, and for nothing else', () => {
  const root = sources();
  const built = join(root, 'dist/cli.js');
  const build = () => {
    execFileSync(process.execPath, ['.build/build.mjs', '--if-stale', '--no-types'], { cwd: root });
    return statSync(built).mtimeMs;
  };
  const first = build();
  assert.is(build(), first, 'nothing was saved');

  const { mtime } = statSync(built);
  utimesSync(join(root, 'src/version.ts'), mtime, mtime);
  const second = build();
  assert.is.not(second, first, 'a source was saved while its bundle was written');
  assert.is(build(), second);
});

it.run();
