import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { State } from '../../src/model/state.ts';
import { openJournal } from '../../src/state/journal.ts';
import {
  bind,
  dropIntent,
  emptyState,
  intend,
  rebind,
  unbind,
  updateEntry,
} from '../../src/state/transitions.ts';

const SPEC = {
  template: { id: '7', name: 'Restart' },
  fleets: ['1394296486561117717'],
  regions: [],
  instances: [],
  labels: [],
  executeAt: 1_800_000_000,
  params: [],
  revision: null,
};
const START = emptyState({ lineage: 'l', name: 'live', api: 'sandbox' });

function binding(address: string, id: string) {
  return {
    address,
    batchIds: [id],
    spec: SPEC,
    digest: 'd',
    preventCancel: false,
    phase: 'scheduled',
    createdAt: 1,
  };
}

function intent(id: string, address: string) {
  return { id, address, spec: SPEC, digest: 'd', preventCancel: false, since: 1, seen: [], newest: null };
}

const journal = suite('journal');

journal('resolves when the state is kept, and counts every write', async () => {
  const kept: State[] = [];
  const log = openJournal({ write: async (state) => void kept.push(state) }, START);
  await log.record((state) => bind(state, binding('a', '1')));
  await log.record((state) => bind(state, binding('b', '2')));
  assert.equal(
    kept.map((state) => [state.serial, Object.keys(state.entries)]),
    [
      [1, ['a']],
      [2, ['a', 'b']],
    ],
  );
  assert.is(log.current().serial, 2);
});

journal('one write serves all transitions that came in during the one before', async () => {
  const kept: State[] = [];
  const releases: (() => void)[] = [];
  const write = (state: State) =>
    new Promise<void>((resolve) => {
      releases.push(() => {
        kept.push(state);
        resolve();
      });
    });
  const log = openJournal({ write }, START);
  const order: string[] = [];
  const record = (name: string, id: string) =>
    log.record((state) => bind(state, binding(name, id))).then(() => order.push(name));
  const all = ['a', 'b', 'c', 'd'].map((name, i) => record(name, String(i)));
  await settled();
  releases[0]!();
  await settled();
  assert.equal(order, ['a'], 'nobody is told before the write that holds the change');
  releases[1]!();
  await Promise.all(all);
  assert.equal(
    kept.map((state) => Object.keys(state.entries)),
    [['a'], ['a', 'b', 'c', 'd']],
  );
  assert.is(log.current().serial, 2);
});

journal('a failed write fails everyone who waits for it', async () => {
  const log = openJournal({ write: () => Promise.reject(new Error('disk full')) }, START);
  const outcomes = await Promise.allSettled([
    log.record((state) => bind(state, binding('a', '1'))),
    log.record((state) => bind(state, binding('b', '2'))),
  ]);
  assert.equal(
    outcomes.map((outcome) => outcome.status),
    ['rejected', 'rejected'],
  );
});

journal('writes nothing when nothing changes', async () => {
  let writes = 0;
  const write = async () => {
    writes += 1;
  };
  const log = openJournal({ write }, START);
  await log.record((state) => updateEntry(state, 'nobody', { phase: 'done' }));
  await log.record((state) => state);
  assert.is(writes, 0);
});

journal('transitions: binding settles the intent, renaming keeps the batch', () => {
  const intended = intend(START, [intent('i1', 'a'), intent('i2', 'b')]);
  const bound = bind(intended, binding('a', '1'));
  assert.equal(
    bound.intents.map((one) => one.id),
    ['i2'],
  );
  assert.equal(dropIntent(bound, 'i2').intents, []);
  assert.equal(
    intend(intended, [intent('i3', 'a')]).intents.map((one) => one.id),
    ['i2', 'i3'],
  );
  const renamed = rebind(bound, 'a', 'z', true);
  assert.equal(Object.keys(renamed.entries), ['z']);
  assert.equal([renamed.entries.z?.batchIds, renamed.entries.z?.preventCancel], [['1'], true]);
  assert.equal(unbind(renamed, 'z').entries, {});
  assert.is(updateEntry(bound, 'a', { phase: 'scheduled' }), bound);
  assert.is(updateEntry(bound, 'a', { phase: 'done' }).entries.a?.phase, 'done');
});

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

journal.run();
