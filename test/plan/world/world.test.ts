import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WHOLE } from '../../../src/plan/review/selection.ts';
import {
  desired,
  desiredBatch,
  entry,
  observation,
  observedBatch,
  servers,
  spec,
  worldOf,
} from '../../support/builders.ts';

const it = suite('world');
it('a bound batch that the list does not show is asked for, unless the API does not know it', () => {
  const world = worldOf({ observation: observation([observedBatch('41')], { missing: ['43'] }) });
  world.bound(entry(['41', '42', '43']));
  assert.equal([...world.asked.batches], ['42']);
});

it('without --refresh the state is trusted, and nothing is asked for', () => {
  const world = worldOf({ scope: { ...WHOLE, refresh: false } });
  assert.is(world.bound(entry(['42'], spec(), { phase: 'done' })).phase, 'done');
  assert.is(world.asked.batches.size, 0);
});

it('tasks are asked for where too few are known; all of them beat a sample', () => {
  const world = worldOf();
  const many = observedBatch('41', { on: servers(1, 40), isSeen: false });
  const half = observedBatch('42', { on: servers(1, 40) });
  world.wantTasks(many, 'sample');
  assert.is(world.asked.tasks.get('41'), 'sample');
  world.wantTasks(many, 'all');
  world.wantTasks(many, 'sample');
  assert.is(world.asked.tasks.get('41'), 'all');
  world.wantTasks({ ...half, tasks: half.tasks.slice(0, 24) }, 'sample');
  assert.not(world.asked.tasks.has('42'));
  world.wantTasks({ ...half, tasks: half.tasks.slice(0, 23) }, 'sample');
  assert.is(world.asked.tasks.get('42'), 'sample');
  world.wantTasks(observedBatch('43', { on: [] }), 'all');
  world.wantTasks(observedBatch('44'), 'all');
  assert.equal([...world.asked.tasks.keys()], ['41', '42']);
  const over = { ...observedBatch('45'), numTasksCancelled: 4 };
  world.wantTasks(over, 'sample');
  assert.not(world.asked.tasks.has('45'));
  world.wantTasks(over, 'all');
  assert.is(world.asked.tasks.get('45'), 'all', 'its tasks are shown as they were before');
});

it('where all is to be destroyed nothing is wanted; --replace means an address or its block', () => {
  const file = desired([desiredBatch('n[fleet:eu]'), desiredBatch('m')]);
  assert.is(worldOf({ desired: file, mode: 'destroy' }).runs.length, 0);
  const world = worldOf({ desired: file, scope: { ...WHOLE, replaces: ['n'] } });
  assert.equal([world.isToReplace('n[fleet:eu]'), world.isToReplace('m')], [true, false]);
  assert.equal([...world.named], ['n[fleet:eu]', 'm']);
});

it.run();
