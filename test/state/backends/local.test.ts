import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../../src/model/recorded.ts';
import type { State } from '../../../src/model/state.ts';
import type { StateBackend } from '../../../src/state/backend.ts';
import { localBackend } from '../../../src/state/backends/local.ts';
import { checkBelongs } from '../../../src/state/belongs.ts';
import { codeOfError } from '../../lock/volume.ts';
import { entryFor, intentFor } from '../records.ts';
import { conformance } from './conformance.ts';

conformance(
  'local state, as every backend',
  async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'fleetform-state-')), '.fleetform');
    return {
      open: async () => localBackend(folder, 'live'),
      put: (text) => writeFile(join(folder, 'live.state.json'), text),
      end: () => rm(join(folder, '..'), { recursive: true }),
    };
  },
  // That of a lock file is shown at another pace than the suite has time for.
  { showsLife: false },
).run();

const local = suite<{ folder: string }>('local state');

local.before.each(async (context) => {
  context.folder = join(await mkdtemp(join(tmpdir(), 'fleetform-state-')), '.fleetform');
});
local.after.each(async ({ folder }) => rm(join(folder, '..'), { recursive: true }));

const STATE = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });

async function keep(backend: StateBackend, state: State, expectedSerial: number | null): Promise<void> {
  const lock = await backend.lock('test');
  try {
    await backend.write(state, { lock, expectedSerial });
  } finally {
    await lock.release();
  }
}

local('reads what it wrote, and nothing before that', async ({ folder }) => {
  const backend = localBackend(folder, 'live');
  assert.is(await backend.read(), null);
  await keep(backend, { ...STATE, serial: 3 }, null);
  assert.equal(await backend.read(), { ...STATE, serial: 3 });
  assert.equal((await readdir(folder)).sort(), ['.gitignore', 'live.state.json']);
  assert.is(await readFile(join(folder, '.gitignore'), 'utf8'), '*\n');
});

local(
  'keeps all that is known of a batch and a create, and reads what an older fleetform wrote',
  async ({ folder }) => {
    const backend = localBackend(folder, 'live');
    const state: State = {
      ...STATE,
      entries: {
        old: entryFor('1'),
        fresh: { ...entryFor('2'), replacing: true, stamps: { '2': { createdAt: 5, executeAt: null } } },
      },
      intents: [intentFor('a'), { ...intentFor('b'), sentAt: null }, { ...intentFor('c'), sentAt: 7 }],
      sight: { newest: 5, ids: ['2'] },
    };
    await keep(backend, state, null);
    assert.equal(await backend.read(), state);
  },
);

local('replaces only the state that was expected', async ({ folder }) => {
  const backend = localBackend(folder, 'live');
  const lock = await backend.lock('test');
  const write = (serial: number, expectedSerial: number | null, by = backend) =>
    by.write({ ...STATE, serial }, { lock, expectedSerial });
  assert.is(await codeOfError(write(1, 0)), 'state.serial');
  await write(1, null);
  assert.is(await codeOfError(write(2, null)), 'state.serial');
  await write(2, 1);
  // Another program writes past the lock: also what this one wrote last is looked at again.
  await write(7, 2, localBackend(folder, 'live'));
  assert.is(await codeOfError(write(3, 2)), 'state.serial');
  assert.is((await backend.read())?.serial, 7);
  await write(8, 7);
  await rm(backend.location);
  assert.is(await codeOfError(write(9, 8)), 'state.serial');
  await lock.release();
});

local('nobody writes without the lock', async ({ folder }) => {
  const backend = localBackend(folder, 'live');
  const lock = await backend.lock('test');
  await backend.forceUnlock(lock.holder.id, true);
  const write = () => backend.write({ ...STATE, serial: 1 }, { lock, expectedSerial: null });
  assert.is(await codeOfError(write()), 'state.lock-lost');
  const next = await backend.lock('test');
  assert.is(await codeOfError(write()), 'state.lock-lost');
  assert.is(await backend.read(), null);
  await next.release();
  const released = await backend.lock('test');
  await released.release();
  assert.is(
    await codeOfError(backend.write(STATE, { lock: released, expectedSerial: null })),
    'state.lock-lost',
  );
});

local('a folder that goes away under a lock is not made again', async ({ folder }) => {
  const backend = localBackend(folder, 'live');
  const lock = await backend.lock('test');
  await backend.write({ ...STATE, serial: 1 }, { lock, expectedSerial: null });
  await rename(folder, `${folder}.old`);
  const write = () => backend.write({ ...STATE, serial: 2 }, { lock, expectedSerial: 1 });
  assert.is(await codeOfError(write()), 'state.lock-lost');
  assert.not(existsSync(folder));
  assert.ok(lock.lost.aborted);
  await lock.release();
});

local('a folder that goes away between the proof and the write is a lost lock, too', async ({ folder }) => {
  const backend = localBackend(folder, 'live');
  const lock = await backend.lock('test');
  let proofs = 0;
  const late = {
    ...lock,
    async prove() {
      await lock.prove();
      proofs += 1;
      if (proofs === 1) await rename(folder, `${folder}.old`);
    },
  };
  assert.is(await codeOfError(backend.write(STATE, { lock: late, expectedSerial: null })), 'state.lock-lost');
  assert.not(existsSync(folder));
  await lock.release();
});

local('a lock of a live process is only removed by force', async ({ folder }) => {
  const backend = localBackend(folder, 'live');
  const lock = await backend.lock('test');
  assert.is(await codeOfError(backend.forceUnlock(lock.holder.id, false)), 'state.lock-alive');
  await lock.prove();
  await backend.forceUnlock(lock.holder.id, true);
  assert.is(await backend.inspectLock(), null);
});

local('looking at a lock that is not there makes nothing', async ({ folder }) => {
  assert.is(await localBackend(folder, 'live').inspectLock(), null);
  assert.not(await exists(folder));
});

for (const [what, text, code] of [
  ['a torn file', '{"version":1,"lineage"', 'state.invalid'],
  ['another document', '[]', 'state.invalid'],
  ['an unknown field', JSON.stringify({ ...STATE, extra: 1 }), 'state.invalid'],
  ['a newer version', JSON.stringify({ ...STATE, version: 3 }), 'state.version'],
] as const) {
  local(`${what} is ${code}, naming the file`, async ({ folder }) => {
    const backend = localBackend(folder, 'live');
    await keep(backend, STATE, null);
    await writeFile(backend.location, text);
    try {
      await backend.read();
      assert.unreachable();
    } catch (error) {
      assert.is((error as { code: string }).code, code);
      assert.match((error as Error).message, 'live.state.json');
    }
  });
}

local('belongs to one name and one API', () => {
  checkBelongs(null, { name: 'live', api: 'sandbox' }, 'x');
  checkBelongs(STATE, { name: 'live', api: 'sandbox' }, 'x');
  assert.throws(
    () => checkBelongs(STATE, { name: 'live', api: 'https://api.i3d.net' }, 'x'),
    (error: { code: string }) => error.code === 'state.other-api',
  );
  assert.throws(
    () => checkBelongs(STATE, { name: 'other', api: 'sandbox' }, 'x'),
    (error: { code: string }) => error.code === 'state.other-name',
  );
});

async function exists(folder: string): Promise<boolean> {
  try {
    await readdir(folder);
    return true;
  } catch {
    return false;
  }
}

local.run();
