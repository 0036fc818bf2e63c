/** A lock is given back whatever becomes of the work, and trouble with that hides nothing. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FleetformError } from '../../src/model/errors.ts';
import type { StateLock } from '../../src/state/backend.ts';
import { holding, releaseHeld } from '../../src/state/hold-lock.ts';

const it = suite('hold lock');

function lockOf(release: () => Promise<void>): StateLock {
  const holder = { id: 'l-1', who: 'ann@ci', host: 'ci', pid: 1, since: 'now', operation: 'apply' };
  return {
    holder: { ...holder, job: null, commit: null },
    takenOverFrom: null,
    lost: new AbortController().signal,
    prove: async () => {},
    release,
  };
}

const readOnly = () =>
  Object.assign(new Error("EROFS: read-only file system, unlink '/x'"), {
    code: 'EROFS',
    syscall: 'unlink',
    path: '/x',
  });

it('the work has its result, or its own error; that the lock is stuck is told besides', async () => {
  const told: FleetformError[] = [];
  const stuck = lockOf(async () => {
    throw readOnly();
  });
  const onStuck = (error: FleetformError) => void told.push(error);
  assert.is(await holding(stuck, onStuck, async () => 'result'), 'result');
  const failed = await holding(stuck, onStuck, () => Promise.reject(new Error('first'))).catch((e) => e);
  assert.is(failed.message, 'first');
  assert.is(told.length, 2);
  assert.is(told[0]?.code, 'state.lock-stuck');
  assert.is(told[0]?.message, 'the lock could not be released: /x: read-only file system (EROFS, unlink)');
  assert.match(told[0]?.hint ?? '', 'fleetform force-unlock l-1');
});

it('once, also where it has been given back before the work was over', async () => {
  let released = 0;
  const lock = lockOf(async () => {
    released += 1;
  });
  const never = holding(
    lock,
    () => {},
    () => new Promise(() => {}),
  );
  await releaseHeld(() => {});
  await releaseHeld(() => {});
  assert.is(released, 1);
  assert.ok(never);
  await holding(
    lock,
    () => {},
    async () => {},
  );
  await releaseHeld(() => {});
  assert.is(released, 2);
});

it.run();
