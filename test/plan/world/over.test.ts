/** When it is believed for good that something has ended, and what still tells another account. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { foreignAccount } from '../../../src/plan/decide/whole.ts';
import { mayHaveRun } from '../../../src/plan/world/begun.ts';
import { lookAtBound } from '../../../src/plan/world/bound.ts';
import { isKnownOver, isOverForGood, witnessesOf } from '../../../src/plan/world/over.ts';
import { entry, NOW, observation, observedBatch, spec, state } from '../../support/builders.ts';

const it = suite('over for good');

const ended = observedBatch('41', { phases: 'done', executeAt: NOW - 3600, createdAt: NOW - 7200 });

it('all of it has ended, it has all its tasks, its time has come, and no task that is known says otherwise', () => {
  const isOver = (fields: Partial<typeof ended> = {}) =>
    isOverForGood(['41'], [{ ...ended, ...fields }], NOW);
  assert.ok(isOver());
  assert.ok(isOver({ tasks: [] }), 'nobody has read one');
  assert.not(isOver({ executeAt: NOW + 7200 }), 'what is to come has not ended');
  const [first, ...others] = ended.tasks;
  assert.not(
    isOver({ tasks: [{ ...first!, phase: 'pending' }, ...others] }),
    'one answer contradicts another',
  );
  assert.not(isOver({ taskIds: [...ended.taskIds, '999'] }), 'it names more than it counts');
  assert.not(isOver({ numTasks: 0, numTasksOk: 0, taskIds: [], tasks: [] }), 'it may get its tasks late');
  assert.not(isOver({ createdAt: NOW - 10, finishedAt: null }), 'it was made a moment ago');
  assert.not(isOver({ numTasksOk: 0, numTasksCancelled: ended.numTasks, tasks: [] }), 'cancelled');
  assert.ok(isOver({ numTasksOk: ended.numTasks - 1, numTasksFailed: 1, tasks: [] }));
});

it('of several batches each has to be in sight', () => {
  assert.not(isOverForGood(['41', '42'], [ended], NOW));
  assert.ok(isOverForGood(['41', '42'], [ended, { ...ended, id: '42' }], NOW));
  assert.not(isOverForGood([], [], NOW));
});

it('what is to be replaced is not trusted', () => {
  assert.ok(isKnownOver({ over: true }));
  assert.not(isKnownOver({}));
  assert.not(isKnownOver({ over: true, replacing: true }));
});

it('what is recorded of those that are not in sight speaks beside those that are', () => {
  const cancelled = observedBatch('42', { phases: 'cancelled', executeAt: NOW - 3600 });
  const bound = lookAtBound(['41', '42'], new Map([['42', cancelled]]), NOW, 'done');
  assert.is(bound.phase, 'done');
  assert.ok(mayHaveRun(entry(['41', '42'], spec({ executeAt: NOW - 3600 })), bound, NOW));
});

it('with nothing in sight, the newest that are trusted are asked for, and tell another account', () => {
  const old = (id: string, createdAt: number) => ({ ...entry([id]), createdAt, over: true as const });
  const entries = [old('1', NOW - 500), old('2', NOW - 300), old('3', NOW - 400)];
  assert.equal(
    witnessesOf(entries, isKnownOver, () => false),
    ['2', '3'],
  );
  assert.equal(
    witnessesOf(entries, isKnownOver, (id) => id === '1'),
    [],
  );
  const record = state({ a: entries[0]!, b: entries[1]!, c: entries[2]! });
  const told = (missing: string[], batches = [] as ReturnType<typeof observedBatch>[]) =>
    foreignAccount(record, observation(batches, { missing }), 60).map(({ code }) => code);
  assert.equal(told(['2', '3']), ['plan.foreign-account']);
  assert.equal(told(['2']), [], 'one may be an accident');
  assert.equal(told(['2', '3'], [observedBatch('1')]), [], 'it knows another one');
});

it.run();
