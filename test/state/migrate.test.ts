/** Moving a state, and finding one that was left behind, with real places: folders and a git repository. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../src/model/recorded.ts';
import type { State } from '../../src/model/state.ts';
import type { StateBackend } from '../../src/state/backend.ts';
import { localBackend } from '../../src/state/backends/local.ts';
import { readOwn } from '../../src/state/belongs.ts';
import { migrate } from '../../src/state/migrate.ts';
import { openState } from '../../src/state/open.ts';
import { codeOfError } from '../lock/volume.ts';
import { keep } from './backends/conformance.ts';
import { GIT_ENV, type Repositories, repositories } from './backends/git/repositories.ts';
import { entryFor, intentFor } from './records.ts';

const OWNER = { name: 'live', api: 'sandbox' };
const SETTINGS = { backend: 'local' } as const;
const EMPTY = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', ...OWNER });
const STATE: State = {
  ...EMPTY,
  serial: 7,
  entries: { one: entryFor('1') },
  intents: [intentFor('two')],
  sight: { newest: 5, ids: ['1'] },
};

const it = suite<{ folder: string; from: StateBackend; to: StateBackend }>('moving a state');

it.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'fleetform-move-'));
  context.from = localBackend(join(context.folder, 'a'), 'live');
  context.to = localBackend(join(context.folder, 'b'), 'live');
});
it.after.each(({ folder }) => rm(folder, { recursive: true }));

async function move(from: StateBackend, to: StateBackend): Promise<State> {
  const locks = { from: await from.lock('migrate'), to: await to.lock('migrate') };
  try {
    return await migrate({ from, to, settings: SETTINGS, owner: OWNER, locks, readBack: () => to.read() });
  } finally {
    await locks.from.release();
    await locks.to.release();
  }
}

it('the whole of it is there, and the old place points to it', async ({ from, to }) => {
  await keep(from, STATE, null);
  const moved = await move(from, to);
  assert.equal(moved, { ...STATE, serial: 9 });
  assert.equal(await to.read(), moved);
  const { movedTo, entries, lineage } = (await from.read())!;
  assert.equal(
    [movedTo, entries, lineage],
    [{ location: to.location, settings: SETTINGS }, {}, STATE.lineage],
  );
  assert.is(await codeOfError(readOwn(from, OWNER)), 'state.moved');
  assert.equal(await readOwn(to, OWNER), moved);
});

it('and back again, with a serial that only grows', async ({ from, to }) => {
  await keep(from, STATE, null);
  await move(from, to);
  const back = await move(to, from);
  assert.ok(back.serial > 9);
  assert.equal((await from.read())?.entries, STATE.entries);
  assert.is(await codeOfError(readOwn(to, OWNER)), 'state.moved');
});

for (const [what, cutAt] of [
  ['before its pointer', 'from'],
  ['before its copy counts', 'to'],
] as const) {
  it(`a move that was cut off ${what} leaves one place at most to work in, and goes on`, async ({
    from,
    to,
  }) => {
    await keep(from, STATE, null);
    let writes = 0;
    const cut = (backend: StateBackend, nth: number): StateBackend => ({
      ...backend,
      async write(state, proof) {
        writes += 1;
        if (writes === nth) throw new Error('cut off');
        await backend.write(state, proof);
      },
    });
    const [a, b] = cutAt === 'from' ? [cut(from, 1), to] : [from, cut(to, 2)];
    assert.is((await move(a, b).catch((error) => error)).message, 'cut off');
    assert.is(await codeOfError(readOwn(to, OWNER)), 'state.moving');
    const usable = await readOwn(from, OWNER).catch(() => null);
    assert.is(usable === null, cutAt === 'to');
    // Somebody goes on working where the state still counts.
    if (usable !== null) {
      await keep(from, { ...usable, serial: 8, entries: { one: entryFor('1'), new: entryFor('2') } }, 7);
    }
    await move(from, to);
    assert.equal(
      Object.keys((await readOwn(to, OWNER))!.entries),
      cutAt === 'from' ? ['one', 'new'] : ['one'],
    );
    assert.is(await codeOfError(readOwn(from, OWNER)), 'state.moved');
  });
}

it('a place that gives back something else keeps the old one whole', async ({ from, to }) => {
  await keep(from, STATE, null);
  let reads = 0;
  const forgetful = { ...to, read: async () => (++reads === 1 ? null : EMPTY) };
  assert.is(await codeOfError(move(from, forgetful)), 'state.unlike');
  assert.equal(await from.read(), STATE);
});

it('nothing is overwritten, and nothing of others is moved', async ({ from, to }) => {
  assert.is(await codeOfError(move(from, to)), 'state.nothing-to-move');
  await keep(from, STATE, null);
  await keep(to, { ...EMPTY, lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c12', serial: 1 }, null);
  assert.is(await codeOfError(move(from, to)), 'state.occupied');
  assert.equal(await from.read(), STATE);
  await keep(to, { ...EMPTY, api: 'https://api.i3d.net', serial: 2 }, 1);
  assert.is(await codeOfError(move(from, to)), 'state.other-api');
});

it('a pointer is moved no further', async ({ from, to }) => {
  await keep(from, STATE, null);
  await move(from, to);
  assert.is(await codeOfError(move(from, to)), 'state.nothing-to-move');
});

it.run();

const look = suite<{ repos: Repositories }>('a state that was left behind');
look.before.each(async (context) => {
  context.repos = await repositories();
});
look.after.each(({ repos }) => repos.end());

const GIT = { backend: 'git', remote: 'origin', ref: 'refs/fleetform/live' } as const;

async function opened(
  root: string,
  state: Parameters<typeof openState>[0]['settings']['state'],
  name = 'live',
) {
  const settings = { name, root, files: [join(root, 'fleetform.yaml')], state };
  return openState({ settings, api: 'sandbox', env: GIT_ENV, know: () => {} });
}

async function readIn(root: string, state: Parameters<typeof opened>[1], name?: string): Promise<unknown> {
  const backend = await opened(root, state, name);
  try {
    return await backend.read();
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  } finally {
    await backend.close();
  }
}

async function keepIn(root: string, state: Parameters<typeof opened>[1]): Promise<void> {
  const backend = await opened(root, state);
  await keep(backend, STATE, null);
  await backend.close();
}

look('in this folder, when the file names git by now', async ({ repos }) => {
  const root = await repos.clone();
  await keepIn(root, { backend: 'local' });
  assert.is(await readIn(root, GIT), 'state.elsewhere');
  assert.is(await readIn(root, GIT, 'other'), null, 'the state of another name is none of ours');
});

look('in git, when the file names this folder, or another ref', async ({ repos }) => {
  await keepIn(await repos.clone(), GIT);
  const root = await repos.clone();
  assert.is(await readIn(root, { backend: 'local' }), 'state.elsewhere');
  assert.is(await readIn(root, { ...GIT, ref: 'refs/fleetform/eu/live' }), 'state.elsewhere');
  assert.equal(await readIn(root, GIT), STATE);
});

look('a place that cannot be reached is not waited for', async ({ repos }) => {
  const root = await repos.clone();
  await rm(repos.remote, { recursive: true });
  assert.is(await readIn(root, { backend: 'local' }), null);
});

look.run();
