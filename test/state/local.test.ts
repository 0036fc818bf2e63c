import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkBelongs } from '../../src/state/belongs.ts';
import { localBackend } from '../../src/state/local.ts';
import { emptyState } from '../../src/state/transitions.ts';

const local = suite<{ folder: string }>('local state');

local.before.each(async (context) => {
  context.folder = join(await mkdtemp(join(tmpdir(), 'fleetform-state-')), '.fleetform');
});
local.after.each(async ({ folder }) => rm(join(folder, '..'), { recursive: true }));

const STATE = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });

local('reads what it wrote, and nothing before that', async ({ folder }) => {
  const backend = localBackend(folder, 'live');
  assert.is(await backend.read(), null);
  await backend.write({ ...STATE, serial: 3 });
  assert.equal(await backend.read(), { ...STATE, serial: 3 });
  assert.equal((await readdir(folder)).sort(), ['.gitignore', 'live.state.json']);
  assert.is(await readFile(join(folder, '.gitignore'), 'utf8'), '*\n');
});

local('looking at a lock that is not there makes nothing', async ({ folder }) => {
  assert.is(await localBackend(folder, 'live').inspectLock(), null);
  assert.not(await exists(folder));
});

for (const [what, text, code] of [
  ['a torn file', '{"version":1,"lineage"', 'state.invalid'],
  ['another document', '[]', 'state.invalid'],
  ['an unknown field', JSON.stringify({ ...STATE, extra: 1 }), 'state.invalid'],
  ['a newer version', JSON.stringify({ ...STATE, version: 2 }), 'state.version'],
] as const) {
  local(`${what} is ${code}, naming the file`, async ({ folder }) => {
    const backend = localBackend(folder, 'live');
    await backend.write(STATE);
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
