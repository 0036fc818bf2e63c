import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FleetformError } from '../../src/model/errors.ts';
import { machineError } from '../../src/model/machine-error.ts';

const it = suite('machineError');

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it('what the system says is told with its place, its code and the call', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetform-'));
  try {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const absent = machineError(thrownBy(() => readFileSync(join(folder, 'absent'))));
    assert.is(absent?.message, `${join(folder, 'absent')}: no such file or directory (ENOENT, open)`);
    const within = machineError(thrownBy(() => readFileSync(join(file, 'x'))));
    assert.is(within?.message, `${join(file, 'x')}: not a directory (ENOTDIR, open)`);
    assert.match(within?.hint ?? '', 'Part of the path is a file');
    assert.is(within?.code, 'machine.error');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a folder that is gone under our feet has its own words', () => {
  const gone = Object.assign(new Error('ENOENT: no such file or directory, uv_cwd'), {
    code: 'ENOENT',
    syscall: 'uv_cwd',
  });
  assert.is(machineError(gone)?.message, 'the working folder is gone');
});

it('anything else is none', () => {
  for (const other of [
    new TypeError('x is not a function'),
    Object.assign(new Error('odd'), { code: 'ERR_INVALID_ARG_TYPE', syscall: 'open' }),
    Object.assign(new Error('no call'), { code: 'EACCES' }),
    new FleetformError('state.unreadable', 'x'),
    'EACCES',
    null,
  ])
    assert.is(machineError(other), null);
});

it.run();
