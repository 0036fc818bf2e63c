import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { batchPhase } from '../../../src/model/batch-phase.ts';
import { countTasks, isBoundLive, lookAtBound } from '../../../src/plan/world/bound.ts';
import { AT, type BatchFields, NOW, observedBatch, servers } from '../../support/builders.ts';

const it = suite('bound');
const PAST = NOW - 600;

const phases: [string, BatchFields, string][] = [
  ['all pending, its time to come', {}, 'scheduled'],
  ['all pending, its time has come', { executeAt: PAST }, 'running'],
  ['all pending, its time is this second', { executeAt: NOW }, 'running'],
  ['all paused, its time to come', { phases: 'paused' }, 'scheduled'],
  ['one runs before its time', { phases: ['running', 'pending', 'pending', 'pending'] }, 'running'],
  ['one is done, the others wait', { phases: ['done', 'pending', 'pending', 'pending'] }, 'running'],
  [
    'one was cancelled, the others wait',
    { phases: ['cancelled', 'pending', 'pending', 'pending'] },
    'scheduled',
  ],
  ['all done', { phases: 'done' }, 'done'],
  ['one failed', { phases: ['done', 'failed', 'cancelled', 'done'] }, 'failed'],
  ['some cancelled, the others done', { phases: ['done', 'cancelled', 'cancelled', 'done'] }, 'stopped'],
  ['all cancelled', { phases: 'cancelled' }, 'cancelled'],
  ['of an unknown code', { phases: ['done', 'done', 'done', 'unknown'], executeAt: PAST }, 'running'],
  ['no time, just made', { executeAt: null, createdAt: NOW }, 'running'],
  ['without tasks, its time to come', { on: [] }, 'scheduled'],
  ['without tasks, its time has come', { on: [], executeAt: PAST }, 'done'],
  ['without tasks, finished', { on: [], finishedAt: NOW - 1 }, 'done'],
  ['by its counters alone', { isSeen: false, phases: ['done', 'failed', 'done', 'done'] }, 'failed'],
];
for (const [what, fields, expected] of phases) {
  it(`${what}: ${expected}`, () => assert.is(batchPhase(observedBatch('41', fields), NOW), expected));
}

const none = { pending: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0, unknown: 0 };
const counts: [string, BatchFields, Partial<typeof none>][] = [
  [
    'all were read',
    { phases: ['running', 'paused', 'done', 'cancelled'] },
    { running: 1, paused: 1, done: 1, cancelled: 1 },
  ],
  ['none was read, it waits', { isSeen: false }, { pending: 4 }],
  ['none was read, it runs', { isSeen: false, executeAt: PAST }, { unknown: 4 }],
  [
    'none was read, its counters tell',
    { isSeen: false, executeAt: PAST, phases: ['done', 'failed', 'pending', 'pending'] },
    { done: 1, failed: 1, unknown: 2 },
  ],
  [
    'of an unknown code',
    { executeAt: PAST, phases: ['unknown', 'running', 'done', 'done'] },
    { unknown: 1, running: 1, done: 2 },
  ],
];
for (const [what, fields, expected] of counts) {
  it(`counts: ${what}`, () =>
    assert.equal(countTasks(observedBatch('41', fields), NOW), { ...none, ...expected }));
}

it('counts: a task that was read after the counters may be further than they are', () => {
  const batch = {
    ...observedBatch('41', { phases: ['done', 'done', 'running', 'running'], executeAt: PAST }),
    numTasksOk: 1,
  };
  assert.equal(countTasks(batch, NOW), { ...none, done: 2, running: 2 });
});

it('several batches are one: the liveliest phase, and all their tasks', () => {
  const batches = [
    observedBatch('41', { phases: 'done', executeAt: PAST }),
    observedBatch('42', { on: servers(1, 2), phases: ['failed', 'done'], executeAt: PAST }),
  ];
  const byId = new Map(batches.map((batch) => [batch.id, batch]));
  const both = lookAtBound(['41', '42'], byId, NOW);
  assert.is(both.phase, 'failed');
  assert.is(both.servers, 6);
  assert.equal(both.tasks, { ...none, done: 5, failed: 1 });
  assert.not(isBoundLive(both));
  byId.set('42', observedBatch('42', { executeAt: AT }));
  assert.is(lookAtBound(['41', '42'], byId, NOW).phase, 'scheduled');
  assert.ok(isBoundLive(lookAtBound(['41', '42'], byId, NOW)));
  assert.is(lookAtBound(['41', '99'], byId, NOW).phase, 'done', 'one that is gone does not hide the other');
  assert.is(lookAtBound(['99'], byId, NOW).phase, 'unknown');
  assert.not(isBoundLive(lookAtBound(['99'], byId, NOW)));
});

it.run();
