import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Observation, ObservedBatch } from '../../../src/model/observed.ts';
import type { Intent, State } from '../../../src/model/state.ts';
import { entryOf, settleIntents, withSettlement } from '../../../src/plan/sameness/settle.ts';
import { lacksMade, newestOf, sightOf } from '../../../src/plan/sameness/sight.ts';
import { hasTimeOf, mayBeNewBatchOf } from '../../../src/plan/sameness/times.ts';
import {
  AT,
  type BatchFields,
  COLLECT,
  entry,
  foreignCrowd,
  intent,
  NOW,
  observation,
  observedBatch,
  onFleet,
  spec,
  state,
  US,
  US_SERVERS,
} from '../../support/builders.ts';

const it = suite('settle');
const NEW = NOW - 500;
const fresh = (id: string, fields: BatchFields = {}) => observedBatch(id, { createdAt: NEW, ...fields });

function settled(
  intents: readonly Intent[],
  batches: readonly ObservedBatch[],
  fields: Partial<State> & Partial<Observation> = {},
): string[] {
  const result = settleIntents(state(fields.entries ?? {}, { intents }), observation(batches, fields));
  return [
    ...result.found.map((one) => `${one.intent.address} = ${one.batchId}`),
    ...result.absent.map((one) => `${one.address} absent`),
    ...result.unsent.map((one) => `${one.address} unsent`),
    ...result.unclear.map((one) => `${one.intent.address} unclear ${one.candidates.join(',')}`.trim()),
  ];
}

const eu = intent('a');
const us = intent('b', spec(onFleet(US)));
const once = intent('c', spec({ executeAt: null }));
const table: [string, string[], string[]][] = [
  ['its batch', settled([eu], [fresh('41')]), ['a = 41']],
  ['nothing', settled([eu], []), ['a absent']],
  ['one that was there before, by its id', settled([{ ...eu, seen: ['41'] }], [fresh('41')]), ['a absent']],
  [
    'one that was there before, by its age',
    settled([eu], [fresh('41', { createdAt: NOW - 1201 })]),
    ['a absent'],
  ],
  [
    'of the same second as the newest before',
    settled([eu], [fresh('41', { createdAt: NOW - 1200 })]),
    ['a = 41'],
  ],
  ['another time', settled([eu], [fresh('41', { executeAt: AT + 1 })]), ['a absent']],
  ['other game servers', settled([eu], [fresh('41', { on: US_SERVERS })]), ['a absent']],
  ['somebody owns it', settled([eu], [fresh('41')], { entries: { z: entry(['41']) } }), ['a absent']],
  ['two of them', settled([eu], [fresh('41'), fresh('42')]), ['a unclear 41,42']],
  ['without tasks yet', settled([eu], [fresh('41', { on: [] })]), ['a = 41']],
  [
    'only the first of a turn can have been sent',
    settled([eu, us], [fresh('42', { on: US_SERVERS })]),
    ['a absent', 'b unsent'],
  ],
  [
    'each turn has a first',
    settled([eu, once], [fresh('41'), fresh('42', { executeAt: null })]),
    ['a = 41', 'c = 42'],
  ],
  ['once, stamped with the present', settled([once], [fresh('41', { executeAt: NEW + 2 })]), ['c = 41']],
  ['once, for later', settled([once], [fresh('41', { executeAt: NEW + 301 })]), ['c absent']],
  ['a hundred newer ones', settled([eu], foreignCrowd(100, { createdAt: NEW })), ['a unclear']],
  [
    'ninety-nine newer ones',
    settled(
      [eu],
      [
        ...foreignCrowd(99, { createdAt: NEW }),
        fresh('7', { createdAt: NOW - 1200, template: COLLECT.name }),
      ],
    ),
    ['a absent'],
  ],
  [
    'a hundred newer ones, its own among them',
    settled([eu], [...foreignCrowd(99, { createdAt: NEW }), fresh('41')]),
    ['a = 41'],
  ],
];
for (const [what, found, expected] of table) it(what, () => assert.equal(found, expected));

it('a time that had passed may have become the present', () => {
  const late = intent('a', spec({ executeAt: NOW - 700 }), { since: NOW - 600 });
  assert.ok(mayBeNewBatchOf(late, fresh('41', { executeAt: NEW })));
  assert.not(mayBeNewBatchOf(eu, fresh('41', { executeAt: NEW })), 'a time still to come may not');
});

it('a batch without a time runs when it is made, give or take five minutes', () => {
  assert.ok(hasTimeOf(null, fresh('41', { executeAt: null })));
  assert.ok(hasTimeOf(null, fresh('41', { executeAt: NEW + 300 })));
  assert.not(hasTimeOf(null, fresh('41', { executeAt: NEW + 301 })));
  assert.ok(hasTimeOf(null, fresh('41', { createdAt: null })));
  assert.ok(hasTimeOf(AT, fresh('41')));
  assert.not(hasTimeOf(AT, fresh('41', { executeAt: null })));
});

it('with nothing in sight before, a full list may hide it', () => {
  const sight = (newest: number | null, batches: readonly ObservedBatch[]) =>
    sightOf({ newest }, batches, newestOf(batches));
  assert.is(sight(null, foreignCrowd(100)), 'overrun');
  assert.is(sight(null, foreignCrowd(99)), 'clear');
  assert.is(sight(NOW - 1200, foreignCrowd(100, { createdAt: NOW - 1200 })), 'clear');
  assert.is(sight(NOW - 1200, foreignCrowd(100, { createdAt: NOW - 1199 })), 'overrun');
});

it('a list without anything as new as what it showed before is behind', () => {
  const sight = (...batches: ObservedBatch[]) => sightOf({ newest: NOW - 1200 }, batches, newestOf(batches));
  assert.is(sight(), 'behind');
  assert.is(sight(fresh('7', { createdAt: NOW - 1201 })), 'behind');
  assert.is(sight(fresh('7', { createdAt: null })), 'behind');
  assert.is(sight(fresh('7', { createdAt: NOW - 1201 }), fresh('8', { createdAt: NOW - 1200 })), 'clear');
  assert.is(sightOf({ newest: null }, [], null), 'clear');
});

it('a list without what was just made is behind, unless a full one may have lost it', () => {
  assert.is(lacksMade([], []), false);
  assert.is(lacksMade([fresh('41')], ['41']), false);
  assert.is(lacksMade([fresh('41')], ['41', '42']), true);
  assert.is(lacksMade(foreignCrowd(99), ['42']), true);
  assert.is(lacksMade(foreignCrowd(100), ['42']), false);
});

it('a leftover intent is not absent from a list that is behind', () => {
  const { absent, unclear } = settleIntents(
    state({}, { intents: [eu] }),
    observation([fresh('7', { template: COLLECT.name })], { newestListed: NOW - 1201 }),
  );
  assert.equal([absent.length, unclear.map(({ sight }) => sight)], [0, ['behind']]);
});

it('recorded: found ones are bound, doubts stay, the rest is gone', () => {
  const before = state({ z: entry(['40']) }, { intents: [eu, us, { ...once, preventCancel: true }] });
  const batches = [fresh('41'), fresh('42'), fresh('43', { executeAt: null })];
  const after = withSettlement(before, settleIntents(before, observation(batches)));
  assert.equal(
    after.intents.map((one) => one.address),
    ['a'],
  );
  assert.equal(Object.keys(after.entries), ['z', 'c']);
  assert.equal(after.entries.c?.batchIds, ['43']);
  assert.is(after.entries.c?.preventCancel, true);
  assert.is(after.entries.c?.digest, once.digest);
});

it('an address is looked up among its own, whatever every object has', () => {
  assert.is(entryOf(state(), 'constructor'), undefined);
  assert.is(entryOf(null, 'a'), undefined);
  assert.equal(entryOf(state({ constructor: entry(['41']) }), 'constructor')?.batchIds, ['41']);
});

it.run();
