import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedBatch } from '../../../src/model/observed.ts';
import type { StateEntry } from '../../../src/model/state.ts';
import { twinFinding } from '../../../src/plan/decide/findings/other-batches.ts';
import { findTwins } from '../../../src/plan/sameness/twins.ts';
import {
  AT,
  type BatchFields,
  COLLECT,
  entry,
  NOW,
  observation,
  observedBatch,
  spec,
  state,
  US_SERVERS,
  worldOf,
} from '../../support/builders.ts';

const it = suite('twins');

function twins(
  entries: Record<string, StateEntry>,
  owned: readonly ObservedBatch[],
  ...unowned: ObservedBatch[]
) {
  const world = worldOf({ observation: observation([...owned, ...unowned]) });
  const found = findTwins(new Map(Object.entries(entries)), unowned, world);
  return {
    world,
    found,
    told: found.map(({ batch, address, beside }) => `${batch.id} beside ${address} ${beside}`).join(),
  };
}

const bound = { a: entry(['41']) };
const other = (fields: BatchFields = {}) => observedBatch('42', fields);
const once = { a: entry(['41'], spec({ executeAt: null })) };
const ran = observedBatch('41', { executeAt: null });
const ranToo = (createdAt: number | null, fields: BatchFields = {}) =>
  other({ executeAt: null, createdAt, ...fields });
for (const [what, entries, owned, unowned, expected] of [
  ['the very same', bound, observedBatch('41'), other(), true],
  ['a minute off', bound, observedBatch('41'), other({ executeAt: AT + 60 }), true],
  ['another time', bound, observedBatch('41'), other({ executeAt: AT + 61 }), false],
  ['no time', bound, observedBatch('41'), other({ executeAt: null }), false],
  ['another fleet', bound, observedBatch('41'), other({ on: US_SERVERS }), false],
  ['another template', bound, observedBatch('41'), other({ template: COLLECT.name }), false],
  ['tasks that nobody saw: it may be', bound, observedBatch('41'), other({ isSeen: false }), true],
  ['over', bound, observedBatch('41'), other({ phases: 'done' }), true],
  ['cancelled before it ran', bound, observedBatch('41'), other({ phases: 'cancelled' }), false],
  ['once, made at about the same moment', once, ran, ranToo(NOW - 3600 + 300), true],
  ['once, made at another moment', once, ran, ranToo(NOW - 3600 + 301), false],
  ['once, nobody tells when it was made', once, ran, ranToo(null), false],
  ['once, one for later', once, ran, ranToo(NOW - 3600, { executeAt: AT }), false],
] as const) {
  it(`${what}: ${expected}`, () => {
    assert.is(twins(entries, [owned], unowned).told, expected ? '42 beside a 41' : '');
  });
}

it('of one that is not in sight its stamp tells when it was made', () => {
  const stamps = { '41': { createdAt: NOW - 9000, executeAt: null } };
  const entries = { a: entry(['41'], spec({ executeAt: null }), { stamps }) };
  assert.is(twins(entries, [], ranToo(NOW - 9000)).told, '42 beside a 41');
  assert.is(twins(once, [], ranToo(NOW - 3600)).told, '');
});

it('what the record knows as its own is history, once it is over; an id that was given away is not its own', () => {
  const told = (createdAt: number | null, fields: BatchFields) => {
    const batch = other(fields);
    const world = worldOf({
      observation: observation([observedBatch('41'), batch]),
      state: { ...state(), former: [{ id: '42', address: 'a', createdAt }] },
    });
    return findTwins(new Map(Object.entries(bound)), [batch], world).length;
  };
  const { createdAt } = other();
  assert.is(told(createdAt, { phases: 'done' }), 0);
  assert.is(told(null, { phases: 'done' }), 0);
  assert.is(told(createdAt! + 1, { phases: 'done' }), 1);
  assert.is(told(createdAt, {}), 1, 'it goes on');
});

it('nobody is told to cancel what is over', () => {
  const [over] = twins(bound, [observedBatch('41')], other({ phases: 'done' })).found;
  const [live] = twins(bound, [observedBatch('41')], other()).found;
  assert.match(twinFinding(over!).message, /42, which is over/);
  assert.not.match(twinFinding(over!).hint!, /and cancel/);
  assert.match(twinFinding(live!).hint!, /cancel the extra one/);
});

it('one batch is told once, and its tasks are asked for', () => {
  const entries = { a: entry(['41']), b: entry(['40'], spec({ executeAt: AT + 30 })) };
  const { told, world } = twins(entries, [], other({ isSeen: false }));
  assert.is(told, '42 beside a 41');
  assert.equal([...world.asked.tasks], [['42', 'sample']]);
});

it.run();
