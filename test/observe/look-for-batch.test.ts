import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Id } from '../../src/model/ids.ts';
import type { Intent } from '../../src/model/state.ts';
import { lookForBatch } from '../../src/observe/look-for-batch.ts';
import {
  entry,
  foreignCrowd,
  intent,
  NO_INVENTORY,
  NOW,
  observation,
  observedBatch,
  state,
  US_SERVERS,
} from '../support/builders.ts';
import { apiError, type FakeWorld, fakeApi } from './fake-api.ts';

const it = suite('lookForBatch');
const NEW = NOW - 500;

async function look(
  world: FakeWorld,
  of: Partial<Intent> = {},
  owned: readonly Id[] = [],
  seen = observation(),
) {
  const api = fakeApi(world);
  const known = () => state({ z: entry(owned) });
  const { match, sight } = await lookForBatch(api, { ...intent('a'), ...of }, known, seen);
  const verdict =
    match.verdict === 'found'
      ? `found ${match.batch.id}`
      : match.verdict === 'unclear'
        ? `unclear ${match.candidates}`
        : 'absent';
  return { verdict, sight, calls: api.calls() };
}

it('nothing new: one list, no task', async () => {
  const { verdict, sight, calls } = await look(
    { batches: [observedBatch('41', { createdAt: NOW - 1200, on: US_SERVERS })] },
    { seen: ['41'] },
  );
  assert.equal([verdict, sight, calls], ['absent', 'clear', ['listBatches']]);
});

it('a new one: its tasks tell that it is ours', async () => {
  const { verdict, calls } = await look({
    batches: [observedBatch('41', { createdAt: NEW }), observedBatch('40')],
  });
  assert.is(verdict, 'found 41');
  assert.equal(calls, ['getTask 41000', 'getTask 41001', 'getTask 41002', 'getTask 41003', 'listBatches']);
});

it("a new one of others, by its tasks' game servers or template", async () => {
  for (const fields of [{ on: US_SERVERS }, { template: 'Collect logs' }]) {
    assert.is(
      (await look({ batches: [observedBatch('41', { createdAt: NEW, ...fields })] })).verdict,
      'absent',
    );
  }
});

it('new ones that were seen before, or are owned, are not looked at', async () => {
  const batches = [observedBatch('41', { createdAt: NEW }), observedBatch('42', { createdAt: NEW })];
  const { verdict, calls } = await look({ batches }, { seen: ['41'] }, ['42']);
  assert.equal([verdict, calls], ['absent', ['listBatches']]);
});

it('two new ones alike', async () => {
  const batches = ['42', '41'].map((id) => observedBatch(id, { createdAt: NEW }));
  assert.is((await look({ batches })).verdict, 'unclear 41,42');
});

it('a new one without tasks yet, or whose tasks cannot be read yet, is ours by its time', async () => {
  assert.is((await look({ batches: [observedBatch('41', { createdAt: NEW, on: [] })] })).verdict, 'found 41');
  const unread = observedBatch('41', { createdAt: NEW });
  assert.is((await look({ batches: [unread], lostTasks: unread.taskIds })).verdict, 'found 41');
});

it('without an inventory the template and the time decide', async () => {
  const seen = observation([], { inventory: NO_INVENTORY });
  assert.is(
    (await look({ batches: [observedBatch('41', { createdAt: NEW })] }, {}, [], seen)).verdict,
    'found 41',
  );
});

it('overrun: all that the list shows is newer than all that was in sight', async () => {
  assert.is((await look({ batches: foreignCrowd(100, { createdAt: NEW }) })).sight, 'overrun');
  assert.is(
    (await look({ batches: foreignCrowd(100, { createdAt: NEW }) }, { newest: null })).sight,
    'overrun',
  );
  assert.is((await look({ batches: foreignCrowd(99, { createdAt: NEW }) })).sight, 'clear');
  assert.is(
    (await look({ batches: [...foreignCrowd(99, { createdAt: NEW }), observedBatch('41')] })).sight,
    'clear',
  );
});

it('a list that fails is an error, not an absence', async () => {
  const error = await look({ failing: { listBatches: apiError('api.server') } }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.is((error as { code?: string } | null)?.code, 'api.server');
});

it.run();
