import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedBatch } from '../../../src/model/observed.ts';
import type { Stamp, StateEntry } from '../../../src/model/state.ts';
import { givenAway } from '../../../src/plan/sameness/given-away.ts';
import {
  AT,
  type BatchFields,
  COLLECT,
  EU_SERVERS,
  entry,
  NOW,
  observation,
  observedBatch,
  spec,
  targets,
  US_SERVERS,
  worldOf,
} from '../../support/builders.ts';

const it = suite('given away');

function away(bound: StateEntry, ...batches: ObservedBatch[]): string {
  return givenAway(bound, worldOf({ observation: observation(batches) }), false)
    .map(({ id }) => id)
    .join();
}

const MADE = NOW - 3600;
const stamped = (stamp: Partial<Stamp>, executeAt: number | null = AT) =>
  entry(['41'], spec({ executeAt }), { stamps: { '41': { createdAt: MADE, executeAt: AT, ...stamp } } });
const batch = (fields: BatchFields = {}) => observedBatch('41', { createdAt: MADE, ...fields });
const at = (executeAt: number | null) => entry(['41'], spec({ executeAt }));
for (const [what, bound, seen, expected] of [
  ['as it was bound', stamped({}), batch(), ''],
  ['made within the tolerance', stamped({}), batch({ createdAt: MADE + 60 }), ''],
  ['made at another moment', stamped({}), batch({ createdAt: MADE + 61 }), '41'],
  ['made earlier', stamped({}), batch({ createdAt: MADE - 61 }), '41'],
  ['its time moved within the tolerance', stamped({}), batch({ executeAt: AT + 60 }), ''],
  ['another time', stamped({}), batch({ executeAt: AT + 61 }), '41'],
  ['no time is told today', stamped({}), batch({ executeAt: null, createdAt: null }), ''],
  ['no time was told then', stamped({ createdAt: null, executeAt: null }), batch({ executeAt: AT + 99 }), ''],
  [
    'its task is on record, and another template',
    stamped({ taskId: '41000' }),
    batch({ template: COLLECT.name }),
    '41',
  ],
  ['another template, and none of its tasks on record', stamped({}), batch({ template: COLLECT.name }), '41'],
  [
    'another template, and no moment was told',
    stamped({ createdAt: null }),
    batch({ template: COLLECT.name }),
    '41',
  ],
  ['without a stamp: its time', at(AT), batch(), ''],
  ['without a stamp: a minute off', at(AT), batch({ executeAt: AT + 60 }), ''],
  ['without a stamp: another time', at(AT), batch({ executeAt: AT + 61 }), '41'],
  ['without a stamp: another template', at(AT), batch({ template: COLLECT.name }), '41'],
  ['without a stamp: a template that nobody saw', at(AT), batch({ isSeen: false }), ''],
  ['without a stamp: a name that no template bears', at(AT), batch({ template: 'Old' }), ''],
  ['made late, stamped with the present', at(NOW - 4000), batch({ executeAt: MADE }), ''],
  ['ran at once, long before its time', at(AT), batch({ executeAt: MADE }), '41'],
  ['once, and it ran at once', at(null), batch({ executeAt: MADE }), ''],
  ['one of the tasks that it had', stamped({ taskId: '41003' }), batch(), ''],
  ['other tasks', stamped({ taskId: '777' }), batch(), '41'],
  ['it had no task when it was bound', stamped({ taskId: null }), batch(), ''],
  ['no task of it is told today', stamped({ taskId: '777' }), batch({ on: [] }), ''],
  ['other tasks, though nobody read any', stamped({ taskId: '777' }), batch({ isSeen: false }), '41'],
  ['not in sight', at(AT), observedBatch('40'), ''],
] as const) {
  it(`${what}: ${expected === '' ? 'still ours' : 'given away'}`, () =>
    assert.is(away(bound, seen), expected));
}

it('before it is touched, it has to look like what is recorded, whatever stamps were copied along', () => {
  const changed = (fields: BatchFields, of = spec(), other: Partial<StateEntry> = {}) => {
    const seen = batch(fields);
    const stamp = { createdAt: MADE, executeAt: seen.executeAt, taskId: '41000' };
    const bound = entry(['41'], of, { stamps: { '41': stamp }, ...other });
    const unread = worldOf({ observation: observation([{ ...seen, tasks: [] }]) });
    givenAway(bound, unread, true);
    assert.is(unread.asked.tasks.get('41'), 'one', 'all tasks of a batch have its template');
    const world = worldOf({ observation: observation([{ ...seen, tasks: seen.tasks.slice(0, 1) }]) });
    const away = givenAway(bound, world, true).length > 0;
    assert.equal([...world.asked.tasks], []);
    return away;
  };
  assert.not(changed({}));
  assert.ok(changed({ template: COLLECT.name }));
  assert.ok(changed({ executeAt: AT + 301 }));
  assert.not(changed({ executeAt: AT + 300 }), 'said in other words twice');
  assert.not(changed({ on: US_SERVERS }), 'game servers come and go');
  assert.not(changed({}, spec(targets({ instances: EU_SERVERS.slice(0, 3) }))), 'said in other words');
  assert.not(changed({ template: COLLECT.name }, spec(), { imported: true }), 'a person said so');
});

it('a spec that is not the one of its digest was changed by hand', () => {
  const world = worldOf({ observation: observation([batch()]) });
  const changed = (isTouched: boolean, fields: Partial<StateEntry> = {}) =>
    givenAway(
      { ...entry(['41'], spec(targets({ regions: ['7'] }))), digest: 'd'.repeat(64), ...fields },
      world,
      isTouched,
    ).length > 0;
  assert.ok(changed(true));
  assert.ok(changed(true, { imported: true }));
  assert.not(changed(false), 'nothing is done to it');
});

it('of several batches only the strange ones', () => {
  assert.is(away(entry(['41', '42']), batch(), observedBatch('42', { executeAt: AT + 900 })), '42');
});

it('a batch whose id is a word that every object knows has no stamp', () => {
  const bound = entry(['constructor'], spec(), { stamps: {} });
  assert.is(away(bound, observedBatch('constructor', { executeAt: AT + 900 })), 'constructor');
});

it.run();
