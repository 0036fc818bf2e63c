import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTracked, refuseTracked } from '../../src/files/tracked.ts';
import { FleetformError } from '../../src/model/errors.ts';

const it = suite('tracked');
const root = mkdtempSync(join(tmpdir(), 'fleetform-tracked-'));
it.after(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
/** A repository with `.fleetform` in that folder of it. */
function checkout(folder = '', isAdded = true, config: string[] = [], init: string[] = []): string {
  count += 1;
  const top = join(root, String(count));
  const record = join(top, folder, '.fleetform');
  mkdirSync(record, { recursive: true });
  writeFileSync(join(record, 'live.state.json'), '{}');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: top });
  git('init', '-q', ...init);
  if (config.length > 0) git('config', ...config);
  if (isAdded) git('add', '-f', '.');
  return record;
}

const VERSIONS = [
  ['of version 2', ['index.version', '2']],
  ['of version 4', ['index.version', '4']],
  ['split', ['core.splitIndex', 'true']],
] as const;
it('a record that is in the index is refused, wherever it lies', () => {
  for (const folder of ['', 'deploy', 'a/b', 'ä']) {
    for (const [what, config] of VERSIONS) {
      const tracked = checkout(folder, true, [...config]);
      assert.ok(isTracked(tracked), `${folder} ${what}`);
      writeFileSync(join(tracked, '../zzz'), '');
      execFileSync('git', ['add', '.'], { cwd: join(tracked, '..') });
      assert.ok(isTracked(tracked), `${folder} ${what}, and more was added`);
      assert.not(isTracked(checkout(folder, false, [...config])), `${folder} ${what}, not added`);
    }
  }
  assert.ok(isTracked(checkout('', true, [], ['--object-format=sha256'])));
  assert.not(isTracked(checkout('', false, [], ['--object-format=sha256'])));
  const bare = join(root, 'bare', '.fleetform');
  mkdirSync(bare, { recursive: true });
  assert.not(isTracked(bare), 'no repository');
});

it('names that only begin alike are others, and case is no difference', () => {
  const record = checkout('', false);
  for (const name of ['.fleetform-version', '.fleetfor']) writeFileSync(join(record, '..', name), '');
  execFileSync('git', ['add', '-f', '.fleetform-version', '.fleetfor'], { cwd: join(record, '..') });
  assert.not(isTracked(record));
  mkdirSync(join(record, '../.FleetForm'));
  writeFileSync(join(record, '../.FleetForm/x'), '');
  execFileSync('git', ['add', '-f', '.FleetForm'], { cwd: join(record, '..') });
  assert.ok(isTracked(record));
});

it('in a worktree and a submodule it is their own index that tells', () => {
  const main = join(checkout(), '..');
  const git = (cwd: string, ...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always', ...args],
      { cwd },
    );
  git(main, 'commit', '-qm', 'x');
  const other = `${main}-worktree`;
  git(main, 'worktree', 'add', '-q', other);
  assert.ok(isTracked(join(other, '.fleetform')));
  const outer = join(checkout('', false), '..');
  git(outer, 'submodule', '--quiet', 'add', main, 'inner');
  assert.ok(isTracked(join(outer, 'inner/.fleetform')));
  assert.not(isTracked(join(outer, '.fleetform')));
});

it('a folder that only looks like a repository is none, and nothing in it is obeyed', () => {
  const record = checkout('live', true);
  const live = join(record, '..');
  mkdirSync(join(live, 'objects'));
  mkdirSync(join(live, 'refs'));
  writeFileSync(join(live, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(live, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
  assert.ok(isTracked(record));
});

it('where it cannot be told, it is refused', () => {
  for (const index of ['', 'garbage', 'DIRC\0\0\0\x09\0\0\0\0', 'DIRC\0\0\0\x02\0\0\0\x05']) {
    const record = checkout('', false);
    writeFileSync(join(record, '../.git/index'), index);
    assert.throws(() => isTracked(record), /cannot tell whether/);
    rmSync(record, { recursive: true });
    assert.not(isTracked(record), 'there is none');
  }
  const strange = checkout('', false);
  rmSync(join(strange, '../.git'), { recursive: true });
  writeFileSync(join(strange, '../.git'), 'nonsense');
  assert.throws(() => isTracked(strange), /cannot tell whether/);
});

it('one that was committed and is gone, or is a link, too', () => {
  const gone = checkout();
  rmSync(gone, { recursive: true });
  assert.ok(isTracked(gone), 'whoever checks it out again has it');
  count += 1;
  const top = join(root, String(count));
  mkdirSync(top);
  symlinkSync('/nowhere', join(top, '.fleetform'));
  execFileSync('git', ['init', '-q'], { cwd: top });
  execFileSync('git', ['add', '.fleetform'], { cwd: top });
  assert.ok(isTracked(join(top, '.fleetform')));
});

it('the error says how to take it out', () => {
  const record = checkout('deploy');
  try {
    refuseTracked(record);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, FleetformError);
    const { code, hint } = error as FleetformError;
    assert.is(code, 'state.tracked');
    assert.match(hint!, 'git rm -r --cached .fleetform');
  }
  refuseTracked(checkout('', false));
});

it.run();
