import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../../src/model/desired.ts';
import type { StateEntry } from '../../../src/model/state.ts';
import {
  cameToNothingAtAll,
  decideBound,
  decideRestated,
  toggleNeeded,
} from '../../../src/plan/decide/bound.ts';
import { WHOLE } from '../../../src/plan/review/selection.ts';
import {
  type BatchFields,
  desired,
  desiredBatch,
  entry,
  intent,
  NOW,
  observation,
  observedBatch,
  spec,
  specOf,
  worldOf,
} from '../../support/builders.ts';

const it = suite('decide bound');

interface Case {
  readonly file?: Partial<DesiredBatch>;
  /** null: the API does not know it. */
  readonly batch?: BatchFields | null;
  readonly entry?: Partial<StateEntry>;
  readonly madeBy?: boolean;
  readonly replaces?: readonly string[];
}

function decided({ file = {}, batch = {}, entry: fields = {}, madeBy = false, replaces = [] }: Case) {
  const wanted = desiredBatch('a', file);
  const seen = batch === null ? [] : [observedBatch('41', { executeAt: wanted.executeAt, ...batch })];
  const world = worldOf({
    desired: desired([wanted]),
    observation: observation(seen, batch === null ? { missing: ['41'] } : {}),
    scope: { ...WHOLE, replaces },
  });
  const made = entry(['41'], specOf(wanted), fields);
  const { change, diagnostics } = decideBound(world.runs[0]!, made, madeBy ? intent('a') : null, world);
  const toggle = change?.action === 'adopt' && change.toggle !== null ? ` ${change.toggle}` : '';
  return {
    told: [
      change === undefined ? '' : `${change.action}${toggle}`,
      ...diagnostics.map(({ code }) => code),
    ].join(' '),
    change,
    asked: world.asked,
  };
}

const none = { batch: null };
const table: [string, Case, string][] = [
  ['waits', {}, 'no-op'],
  ['runs', { batch: { phases: 'running' } }, 'no-op'],
  ['done', { batch: { phases: 'done' } }, 'no-op'],
  ['failed', { batch: { phases: 'failed' } }, 'no-op'],
  ['the API does not know it', none, 'no-op plan.vanished'],
  ['to be paused', { file: { paused: true } }, 'pause'],
  ['paused already', { file: { paused: true }, batch: { phases: 'paused' } }, 'no-op'],
  ['to go on', { file: { paused: false }, batch: { phases: 'paused' } }, 'resume'],
  [
    'one of its tasks is paused, and the file says nothing',
    { batch: { phases: ['paused', 'pending', 'pending', 'pending'] } },
    'no-op',
  ],
  ['to be paused, over', { file: { paused: true }, batch: { phases: 'done' } }, 'no-op'],
  [
    'cancelled before it ran, once',
    { file: { executeAt: null }, batch: { phases: 'cancelled' } },
    'no-op plan.cancelled-outside',
  ],
  ['cancelled before it ran, and late by now', { batch: { phases: 'cancelled' } }, 'no-op'],
  ['an earlier apply made it', { madeBy: true }, 'adopt'],
  ['made by it, to be paused', { madeBy: true, file: { paused: true } }, 'adopt pause'],
  ['made by it, --replace', { madeBy: true, replaces: ['a'] }, ' plan.replace-unbound'],
  ['guarded from now on', { file: { preventCancel: true } }, 'no-op plan.guard'],
  ['guarded no longer', { entry: { preventCancel: true } }, 'no-op plan.guard'],
  ['guarded as before', { file: { preventCancel: true }, entry: { preventCancel: true } }, 'no-op'],
];
for (const [what, input, expected] of table) {
  it(`${what}: ${expected.trim()}`, () => assert.is(decided(input).told, expected));
}

it('what vanished tells why it is not made again', () => {
  const message = (input: Case) => decided({ ...input, ...none }).change?.reason;
  assert.is(message({}), 'the API no longer knows batch 41');
});

it('all tasks are asked for only where pausing hangs on them', () => {
  const asks = (input: Case) => [...decided(input).asked.tasks];
  assert.equal(asks({ file: { paused: true }, batch: { isSeen: false } }), [['41', 'all']]);
  assert.equal(asks({ batch: { isSeen: false } }), []);
});

it('several came to nothing only if all of them are in sight', () => {
  const cancelled = observedBatch('41', { phases: 'cancelled' });
  const both = (...batches: (typeof cancelled)[]) => {
    const world = worldOf({ observation: observation(batches) });
    const bound = entry(['41', '42']);
    return cameToNothingAtAll(bound, world.bound(bound), NOW);
  };
  assert.ok(both(cancelled, { ...cancelled, id: '42' }));
  assert.not(both(cancelled));
  assert.not(both(cancelled, observedBatch('42')));
});

it('a task of which nothing is known is paused as well', () => {
  const world = worldOf({
    desired: desired([desiredBatch('a', { paused: true })]),
    observation: observation([
      observedBatch('41', { isSeen: false, phases: 'running', executeAt: NOW - 60 }),
    ]),
  });
  assert.is(toggleNeeded(world.runs[0]!, world.bound(entry(['41'], spec())), world.now), 'pause');
});

it('one that has just been made and has no tasks yet is paused when it has got them', () => {
  const needed = (age: number, paused: boolean) => {
    const empty = observedBatch('41', { on: [], createdAt: NOW - age, executeAt: NOW + 900 });
    const world = worldOf({
      desired: desired([desiredBatch('a', { paused, executeAt: NOW + 900 })]),
      observation: observation([empty]),
    });
    const bound = entry(['41'], spec({ executeAt: NOW + 900 }));
    return toggleNeeded(world.runs[0]!, world.bound(bound), NOW);
  };
  assert.is(needed(27, true), 'pause');
  assert.is(needed(27, false), undefined, 'it cannot be paused yet');
  assert.is(needed(900, true), undefined, 'it never gets any');
});

it('in other words: its record follows, its tasks are toggled, and nothing is made', () => {
  const was = entry(['41'], spec({ executeAt: NOW - 90 }));
  const told = (file: Partial<DesiredBatch>, fields: BatchFields) => {
    const around = worldOf({
      desired: desired([desiredBatch('a', { executeAt: NOW - 60, ...file })]),
      observation: observation([observedBatch('41', { executeAt: NOW - 90, ...fields })]),
    });
    const { change, diagnostics } = decideRestated(around.runs[0]!, was, around);
    assert.ok(change?.action === 'adopt');
    assert.equal([change.after, change.notAfter], [around.runs[0]!.spec, NOW + 240]);
    assert.equal(
      diagnostics.map(({ code }) => code),
      ['plan.restated'],
    );
    return { toggle: change.toggle, asked: [...around.asked.tasks], hint: diagnostics[0]?.hint };
  };
  assert.is(told({}, { phases: 'done' }).toggle, null);
  assert.is(told({ paused: true }, { phases: 'done' }).toggle, null);
  assert.is(told({ paused: true }, { phases: 'running' }).toggle, 'pause');
  assert.is(told({ paused: false }, { phases: 'paused' }).toggle, 'resume');
  assert.equal(told({ paused: true }, { phases: 'running', isSeen: false }).asked, [['41', 'all']]);
  assert.match(told({}, { phases: 'done' }).hint ?? '', /executeAt/);
  const once = worldOf({ desired: desired([desiredBatch('a', { executeAt: null })]) });
  assert.match(decideRestated(once.runs[0]!, was, once).diagnostics[0]?.hint ?? '', /revision/);
});

it.run();
