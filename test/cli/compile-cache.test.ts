/** Code that is kept between runs lies where nobody else can put any. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileCacheFolder } from '../../src/cli/compile-cache.ts';
import { needsRoot } from '../support/tools.ts';

const it = suite<{ home: string }>('compile cache');
const asRoot = needsRoot(it as never) as typeof it;
const OTHER = 12_345;

it.before.each((context) => {
  context.home = realpathSync(mkdtempSync(join(tmpdir(), 'fleetform-home-')));
});
it.after.each(({ home }) => {
  process.umask(0o022);
  rmSync(home, { recursive: true, force: true });
});

it('lies in the user’s own folder for caches, for this user alone, and is found again', ({ home }) => {
  process.umask(0);
  const expected = join(home, '.cache/fleetform');
  for (const env of [
    { HOME: home },
    { HOME: home, XDG_CACHE_HOME: '' },
    { HOME: home, XDG_CACHE_HOME: 'x' },
  ]) {
    assert.is(compileCacheFolder(env), expected);
  }
  for (const path of [expected, join(home, '.cache')]) assert.is(statSync(path).mode & 0o777, 0o700);
  const named = join(home, 'named');
  mkdirSync(named, { mode: 0o755 });
  symlinkSync('named', join(home, 'link'));
  assert.is(compileCacheFolder({ HOME: home, XDG_CACHE_HOME: named }), join(named, 'fleetform'));
  assert.is(compileCacheFolder({ XDG_CACHE_HOME: join(home, 'link') }), join(named, 'fleetform'));
});

it('is none, and nothing is made, where others can write, or where there is no home', ({ home }) => {
  assert.is(compileCacheFolder({ HOME: join(home, 'none') }), null);
  assert.is(compileCacheFolder({ HOME: home, XDG_CACHE_HOME: join(home, 'none') }), null);
  for (const mode of [0o777, 0o775, 0o757]) {
    chmodSync(home, mode);
    assert.is(compileCacheFolder({ HOME: home }), null, `home ${mode.toString(8)}`);
    assert.not(existsSync(join(home, '.cache')));
  }
  chmodSync(home, 0o755);
  mkdirSync(join(home, '.cache'));
  chmodSync(join(home, '.cache'), 0o777);
  assert.is(compileCacheFolder({ HOME: home }), null);
  chmodSync(join(home, '.cache'), 0o755);
  mkdirSync(join(home, '.cache/fleetform'));
  chmodSync(join(home, '.cache/fleetform'), 0o770);
  assert.is(compileCacheFolder({ HOME: home }), null);
  rmSync(join(home, '.cache/fleetform'), { recursive: true });
  mkdirSync(join(home, 'elsewhere'));
  symlinkSync('../elsewhere', join(home, '.cache/fleetform'));
  assert.is(compileCacheFolder({ HOME: home }), null);
});

asRoot('is none in what belongs to another user', ({ home }) => {
  mkdirSync(join(home, '.cache/fleetform'), { recursive: true });
  for (const path of [home, join(home, '.cache'), join(home, '.cache/fleetform')]) {
    assert.is(compileCacheFolder({ HOME: home }), join(home, '.cache/fleetform'));
    chownSync(path, OTHER, OTHER);
    assert.is(compileCacheFolder({ HOME: home }), null, path);
    chownSync(path, 0, 0);
  }
});

it.run();
