import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTracked, refuseTracked } from '../../src/files/tracked.ts';

const it = suite('tracked');
const root = mkdtempSync(join(tmpdir(), 'fleetform-tracked-'));
it.after(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
/** A repository with `.fleetform` in that folder of it. */
function checkout(folder = '', isAdded = true): string {
  count += 1;
  const top = join(root, String(count));
  const record = join(top, folder, '.fleetform');
  mkdirSync(record, { recursive: true });
  writeFileSync(join(record, 'live.state.json'), '{}');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: top });
  git('init', '-q');
  if (isAdded) git('add', '-f', '.');
  return record;
}

async function withoutGit<T>(work: () => Promise<T>): Promise<T> {
  const { PATH } = process.env;
  process.env.PATH = '/nowhere';
  try {
    return await work();
  } finally {
    process.env.PATH = PATH;
  }
}

it('a record that is in the index is refused, wherever it lies, with git and without', async () => {
  for (const folder of ['', 'deploy', 'a/b']) {
    const tracked = checkout(folder);
    assert.ok(await isTracked(tracked), folder);
    assert.ok(await withoutGit(() => isTracked(tracked)), folder);
    const other = checkout(folder, false);
    assert.not(await isTracked(other), folder);
    assert.not(await withoutGit(() => isTracked(other)), folder);
  }
  const bare = join(root, 'bare', '.fleetform');
  mkdirSync(bare, { recursive: true });
  assert.not(await isTracked(bare), 'no repository');
});

it('one that was committed and is gone, or is a link, too', async () => {
  const gone = checkout();
  rmSync(gone, { recursive: true });
  assert.ok(await isTracked(gone), 'whoever checks it out again has it');
  count += 1;
  const top = join(root, String(count));
  mkdirSync(top);
  symlinkSync('/nowhere', join(top, '.fleetform'));
  execFileSync('git', ['init', '-q'], { cwd: top });
  execFileSync('git', ['add', '.fleetform'], { cwd: top });
  assert.ok(await isTracked(join(top, '.fleetform')));
});

it('the error says how to take it out', async () => {
  const record = checkout('deploy');
  const error = await refuseTracked(record).then(
    () => undefined,
    (one) => one,
  );
  assert.is(error.code, 'state.tracked');
  assert.match(error.hint, 'git rm -r --cached .fleetform');
  await refuseTracked(checkout('', false));
});

it.run();
