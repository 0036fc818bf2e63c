/** What is usual is told by whole runs of that template alone, whatever odd times the API reports. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { usualDurations } from '../../../src/plan/world/durations.ts';
import {
  type BatchFields,
  COLLECT,
  entry,
  NOW,
  observation,
  observedBatch,
  RESTART,
  spec,
  state,
  TEMPLATES,
  task,
  worldOf,
} from '../../support/builders.ts';

const it = suite('durations');

const PAST = NOW - 86_400;
let next = 100;
const ran = (seconds: number, fields: BatchFields = {}) =>
  observedBatch(String(next++), {
    phases: 'done',
    createdAt: PAST - 3600,
    executeAt: PAST,
    finishedAt: PAST + seconds,
    ...fields,
  });

function usual(batches: Parameters<typeof observation>[0], fields = {}, template = RESTART.id) {
  return usualDurations(worldOf({ observation: observation(batches, fields) }))(template);
}

it('is the median of at least three', () => {
  assert.is(usual([]), null);
  assert.is(usual([ran(100), ran(100)]), null);
  assert.is(usual([ran(100), ran(900), ran(200)]), 200);
  assert.is(usual([ran(100), ran(900), ran(200), ran(301)]), 251);
});

it('counts from the time that it ran at', () => {
  const at = (fields: BatchFields) => usual([1, 2, 3].map(() => ran(100, fields)));
  assert.is(at({ executeAt: null, createdAt: PAST }), 100);
  assert.is(at({ executeAt: PAST - 1000, createdAt: PAST }), 100, 'it was made late');
  assert.is(at({ createdAt: null }), 100);
  assert.is(at({ createdAt: null, executeAt: null }), null);
});

it('where a batch does not tell its end, its tasks do', () => {
  const batch = () => {
    const one = ran(0, { finishedAt: null });
    return { ...one, tasks: one.tasks.map((each, i) => ({ ...each, finishedAt: PAST + 100 * i })) };
  };
  assert.is(usual([batch(), batch(), batch()]), 300);
  const silent = () => ran(0, { finishedAt: null });
  assert.is(usual([silent(), silent(), silent()]), null);
});

it('odd times count for nothing', () => {
  const usualOf = (seconds: number) => usual([ran(seconds), ran(seconds), ran(seconds)]);
  assert.is(usualOf(-60), null, 'it ended before its time');
  assert.is(usualOf(0), null);
  assert.is(usualOf(86_400 + 1), null, 'it ends in the future');
  assert.is(usualOf(Number.NaN), null);
  const long = (seconds: number) =>
    ran(0, { executeAt: NOW - 700_000, createdAt: NOW - 700_000, finishedAt: NOW - 700_000 + seconds });
  assert.is(usual([1, 2, 3].map(() => long(604_800))), 604_800);
  assert.is(usual([1, 2, 3].map(() => long(604_801))), null);
});

it('only whole runs that did something count', () => {
  const usualOf = (fields: BatchFields) => usual([1, 2, 3].map(() => ran(100, fields)));
  assert.is(usualOf({ phases: ['done', 'failed', 'done', 'done'] }), 100);
  assert.is(usualOf({ phases: 'failed' }), null);
  assert.is(usualOf({ phases: 'cancelled' }), null);
  assert.is(usualOf({ phases: ['done', 'done', 'done', 'cancelled'] }), null);
  assert.is(usualOf({ phases: ['done', 'failed', 'done', 'cancelled'] }), null);
  assert.is(usualOf({ phases: ['done', 'done', 'done', 'running'] }), null);
  assert.is(usualOf({ on: [] }), null);
});

it('only of that template, and of a name that no other bears', () => {
  const others = [1, 2, 3].map(() => ran(100, { template: COLLECT.name }));
  assert.is(usual(others), null);
  assert.is(usual(others, {}, COLLECT.id), 100);
  const mine = [1, 2, 3].map(() => ran(100));
  assert.is(usual(mine, { templates: [...TEMPLATES, { ...RESTART, id: '9' }] }), null);
  assert.is(usual([1, 2, 3].map(() => ran(100, { isSeen: false }))), null);
  const mixed = [1, 2, 3].map(() => {
    const one = ran(100);
    return { ...one, tasks: [...one.tasks, task({ name: COLLECT.name })] };
  });
  assert.is(usual(mixed), null);
});

it('the record knows what a template was called', () => {
  const old = { id: RESTART.id, name: 'Restart it' };
  const world = worldOf({
    state: state({ a: entry(['1'], spec({ template: old })) }),
    observation: observation([ran(100), ran(200), ran(300, { template: old.name })]),
  });
  assert.is(usualDurations(world)(RESTART.id), 200);
});

it.run();
