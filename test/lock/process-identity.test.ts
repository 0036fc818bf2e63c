import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeProcess, ownIdentity } from '../../src/lock/process-identity.ts';
import { deadIdentity, until } from './volume.ts';

const identity = suite('process identity');

identity('a process that lives is never gone', async () => {
  const self = await ownIdentity();
  assert.is(await judgeProcess(self, self), 'unknown');
  assert.is(await judgeProcess({ ...self, pid: process.ppid, startTicks: null }, self), 'unknown');
});

identity(
  'one of the same boot and namespace is certainly gone: no such process, or another by its start',
  async () => {
    const self = await ownIdentity();
    assert.is(await judgeProcess(await deadIdentity(), self), 'gone');
    assert.is(await judgeProcess({ ...self, startTicks: '1' }, self), 'gone');
  },
);

identity('one that only waits to be reaped is gone', async () => {
  const self = await ownIdentity();
  // The shell ends after its child is a zombie that nobody waits for: `sleep` took the shell's place.
  const parent = spawn('sh', ['-c', 'sh -c "echo \\$\\$; exit" & exec sleep 30']);
  try {
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text) => resolve(Number(text))),
    );
    await until(() => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
    assert.is(await judgeProcess({ ...self, pid, startTicks: null }, self), 'gone');
  } finally {
    parent.kill();
  }
});

identity('another boot says nothing by itself: silence decides', async () => {
  const self = await ownIdentity();
  assert.is(await judgeProcess({ ...self, bootId: 'other' }, self), 'gone-if-silent');
  assert.is(await judgeProcess({ ...(await deadIdentity()), bootId: 'other' }, self), 'gone-if-silent');
});

identity('a table of processes that may not be the holder’s says nothing', async () => {
  const self = await ownIdentity();
  const dead = await deadIdentity();
  assert.is(await judgeProcess({ ...dead, pidNamespace: 'pid:[1]' }, self), 'unknown');
  assert.is(await judgeProcess({ ...dead, pidNamespace: null }, self), 'unknown');
  assert.is(await judgeProcess({ ...dead, bootId: null }, self), 'unknown');
  assert.is(await judgeProcess({ ...dead, host: 'elsewhere' }, self), 'unknown');
  assert.is(await judgeProcess({ ...dead, host: 'elsewhere', bootId: 'other' }, self), 'unknown');
});

identity('where the system names no boot, a missing process is gone once it is silent', async () => {
  const unnamed = { bootId: null, pidNamespace: null, startTicks: null };
  const self = { ...(await ownIdentity()), ...unnamed };
  assert.is(await judgeProcess({ ...(await deadIdentity()), ...unnamed }, self), 'gone-if-silent');
  assert.is(await judgeProcess({ ...self, pid: process.ppid }, self), 'unknown');
});

identity.run();
