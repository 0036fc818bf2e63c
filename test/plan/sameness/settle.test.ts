import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Observation, ObservedBatch } from '../../../src/model/observed.ts';
import type { PlanScope } from '../../../src/model/plan.ts';
import type { Intent, State } from '../../../src/model/state.ts';
import { WHOLE } from '../../../src/plan/review/selection.ts';
import {
  bySending,
  doubtLeft,
  sentByOurClock,
  settleIntents,
  withSettlement,
} from '../../../src/plan/sameness/settle.ts';
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
  server,
  servers,
  spec,
  state,
  US,
  US_SERVERS,
  worldOf,
} from '../../support/builders.ts';

const it = suite('settle');
const NEW = NOW - 500;
const fresh = (id: string, fields: BatchFields = {}) => observedBatch(id, { createdAt: NEW, ...fields });

function settle(
  intents: readonly Intent[],
  batches: readonly ObservedBatch[],
  fields: Partial<State> & Partial<Observation> = {},
) {
  const record = state(fields.entries ?? {}, { intents });
  const world = worldOf({ state: record, observation: observation(batches, fields) });
  return { ...settleIntents(record, world), asked: world.asked };
}

function settled(...input: Parameters<typeof settle>): string[] {
  const result = settle(...input);
  return [
    ...result.found.map((one) => `${one.intent.address} = ${one.batch.id}`),
    ...result.nothing.map((one) => `${one.address} nothing`),
    ...result.unclear.map((one) => `${one.intent.address} ${one.why} ${one.candidates.join(',')}`.trim()),
  ];
}

/** Of a hundred newer ones, where a person says that what is not seen is missing. */
function overruled(scope: Partial<PlanScope>): string[] {
  const record = state({}, { intents: [eu] });
  const look = observation(foreignCrowd(100, { createdAt: NEW }), { batchListFull: true });
  const all = { ...WHOLE, assumeMissing: true, ...scope };
  const { nothing, unclear } = settleIntents(
    record,
    worldOf({ state: record, observation: look, scope: all }),
  );
  return [...nothing.map(({ address }) => `${address} nothing`), ...unclear.map(({ why }) => why)];
}

it('what is out of sight, and said to be missing, is no more asked about, also where nobody wants it', () => {
  assert.equal(overruled({}), ['a nothing']);
  assert.equal(overruled({ targets: ['b'] }), ['overrun']);
  assert.equal(overruled({ assumeMissing: false }), ['overrun']);
});

const eu = intent('a');
const us = intent('b', spec(onFleet(US)));
const once = intent('c', spec({ executeAt: null }));
const sent = (one: Intent, sentAt: number | null) => ({ ...one, sentAt });
const NONE = { tasks: [], isFull: false };
const older = observedBatch('7', { on: [server(101)], createdAt: NOW - 1501 });
const notOlder = observedBatch('7', { on: [server(101)], createdAt: NOW - 1500 });
const crowded = foreignCrowd(100, { createdAt: NEW });
/** Looked up one by one: the list does not show it any more. */
const beyond = { batchListFull: true, listed: crowded.map(({ id }) => id), newestListed: NEW };
const told = (...ids: string[]) => ({
  tasks: ids.map((batchId) => ({ batchId, executeAt: AT })),
  isFull: false,
});
const full = { batchListFull: true };
const table: [string, string[], string[]][] = [
  ['its batch', settled([eu], [fresh('41')]), ['a = 41']],
  ['nothing', settled([eu], []), ['a nothing']],
  ['one that was there before, by its id', settled([{ ...eu, seen: ['41'] }], [fresh('41')]), ['a nothing']],
  [
    'one that was there before, by its age',
    settled([eu], [fresh('41', { createdAt: NOW - 1500 })]),
    ['a nothing'],
  ],
  [
    'just not certainly before, and long before it was intended',
    settled([eu], [fresh('41', { createdAt: NOW - 1499 })]),
    ['a candidates 41'],
  ],
  ['just too long before that', settled([eu], [fresh('41', { createdAt: NOW - 901 })]), ['a candidates 41']],
  [
    'as far as clocks may differ before that',
    settled([eu], [fresh('41', { createdAt: NOW - 900 })]),
    ['a = 41'],
  ],
  [
    'an old one beside its own: a person tells',
    settled([eu], [fresh('40', { createdAt: NOW - 1499 }), fresh('41')]),
    ['a candidates 40,41'],
  ],
  ['its time moved by a minute', settled([eu], [fresh('41', { executeAt: AT + 60 })]), ['a = 41']],
  ['its time moved by more', settled([eu], [fresh('41', { executeAt: AT + 61 })]), ['a candidates 41']],
  ['by five minutes', settled([eu], [fresh('41', { executeAt: AT + 300 })]), ['a candidates 41']],
  ['another time', settled([eu], [fresh('41', { executeAt: AT + 301 })]), ['a nothing']],
  ['other game servers', settled([eu], [fresh('41', { on: US_SERVERS })]), ['a nothing']],
  ['somebody owns it', settled([eu], [fresh('41')], { entries: { z: entry(['41']) } }), ['a nothing']],
  ['two of them', settled([eu], [fresh('41'), fresh('42')]), ['a candidates 41,42']],
  ['without tasks yet', settled([eu], [fresh('41', { on: [] })]), ['a candidates 41']],
  [
    'of another size',
    settled([{ ...eu, servers: 4 }], [fresh('41', { on: servers(101, 3) })]),
    ['a candidates 41'],
  ],
  [
    'of the size that it had then, and a game server has come since',
    settled([{ ...eu, servers: 3 }], [fresh('41', { on: servers(101, 3) })]),
    ['a candidates 41'],
  ],
  [
    'made long after all doubt',
    settled([{ ...eu, sentAt: NEW - 361 }], [fresh('41', { createdAt: NEW })]),
    ['a candidates 41'],
  ],
  [
    'made so late that clocks may explain it',
    settled([{ ...eu, sentAt: NEW - 360 }], [fresh('41', { createdAt: NEW })]),
    ['a = 41'],
  ],
  [
    'an old record: only the first of a turn can have been sent',
    settled([eu, us], [fresh('42', { on: US_SERVERS })]),
    ['b nothing', 'a nothing'],
  ],
  [
    'both were sent',
    settled([sent(eu, NEW), sent(us, NEW)], [fresh('42', { on: US_SERVERS })]),
    ['b = 42', 'a nothing'],
  ],
  ['it never was sent', settled([sent(eu, null)], [fresh('41')]), ['a nothing']],
  [
    'each turn has a first',
    settled([eu, once], [fresh('41'), fresh('42', { executeAt: null })]),
    ['a = 41', 'c = 42'],
  ],
  ['once, stamped with the present', settled([once], [fresh('41', { executeAt: NEW + 2 })]), ['c = 41']],
  ['once, a minute off', settled([once], [fresh('41', { executeAt: NEW + 60 })]), ['c = 41']],
  [
    'once, and for a time within minutes',
    settled([once], [fresh('41', { executeAt: NEW + 61 })]),
    ['c candidates 41'],
  ],
  ['once, for later', settled([once], [fresh('41', { executeAt: NEW + 301 })]), ['c nothing']],
  ['a hundred newer ones', settled([eu], foreignCrowd(100, { createdAt: NEW }), full), ['a overrun']],
  [
    'a hundred newer ones, its own among them',
    settled([eu], [...foreignCrowd(99, { createdAt: NEW }), fresh('41')], full),
    ['a = 41'],
  ],
  ['a full list that reaches back', settled([eu], foreignCrowd(100), full), ['a nothing']],
  ['a list that is behind', settled([eu], [], { newestListed: NOW - 1201 }), ['a behind']],
  [
    'behind, though doubt is not over',
    settled([sent(eu, NOW)], [], { newestListed: NOW - 1201 }),
    ['a behind'],
  ],
  ['sent a moment ago', settled([sent(eu, NOW - 59)], []), ['a doubt']],
  ['doubt is over', settled([sent(eu, NOW - 60)], []), ['a nothing']],
  ['found, though doubt is not over', settled([sent(eu, NOW - 5)], [fresh('41')]), ['a = 41']],
  [
    'the API does not know it, and its game servers tell of it',
    settled([sent(eu, NEW)], [], { ghosts: [fresh('41')], missing: ['41'] }),
    ['a = 41'],
  ],
  [
    'the same, as far as they tell',
    settled([sent(eu, NEW)], [], { ghosts: [fresh('41', { on: servers(101, 3) })], missing: ['41'] }),
    ['a candidates 41'],
  ],
  [
    'the same, once',
    settled([sent(once, NEW)], [], { ghosts: [fresh('41', { executeAt: NEW })], missing: ['41'] }),
    ['c = 41'],
  ],
  [
    'the API does not know another, which somebody owns',
    settled([sent(eu, NEW)], [], { ghosts: [fresh('41')], missing: ['41'], entries: { z: entry(['41']) } }),
    ['a nothing'],
  ],
  [
    'its game servers tell the same',
    settled([eu], [], { histories: { [server(101)]: NONE } }),
    ['a nothing'],
  ],
  [
    'its game servers do not reach back, and the list does: two sources enough',
    settled([eu], [], { histories: { [server(101)]: { ...told('9'), isFull: true } } }),
    ['a nothing'],
  ],
  [
    'its game servers do not answer, and the list reaches back',
    settled([eu], [], { histories: { [server(101)]: null, [server(102)]: null, [server(103)]: null } }),
    ['a nothing'],
  ],
  [
    'the list is overrun, and a game server that may be new tells of nothing',
    settled([eu], crowded, { ...full, histories: { [server(101)]: NONE } }),
    ['a overrun'],
  ],
  [
    'the list is overrun, and a game server reaches back by age',
    settled([eu], [...crowded, older], { ...beyond, histories: { [server(101)]: told('7') } }),
    ['a nothing'],
  ],
  [
    'the list is overrun, and a game server does not certainly reach back',
    settled([eu], [...crowded, notOlder], { ...beyond, histories: { [server(101)]: told('7') } }),
    ['a overrun'],
  ],
  [
    'the list is overrun, and a game server reaches back by id',
    settled([{ ...eu, seen: ['7'] }], [...crowded, notOlder], {
      ...beyond,
      histories: { [server(101)]: { ...told('7'), isFull: true } },
    }),
    ['a nothing'],
  ],
  [
    'its game servers reach back, and the list is behind',
    settled([eu], [older], { listed: [], newestListed: NOW - 1201, histories: { [server(101)]: told('7') } }),
    ['a behind'],
  ],
];
for (const [what, found, expected] of table) it(what, () => assert.equal(found, expected));

it('all tasks of a candidate are asked for, and the histories of what is not there', () => {
  const seen = settle([eu], [fresh('41', { isSeen: false })]).asked;
  assert.equal([...seen.tasks], [['41', 'all']]);
  assert.equal([...seen.fleets], []);
  assert.equal([...settle([eu], []).asked.histories], [server(101), server(102), server(103)]);
});

it('what a history tells of is looked at, unless it ran earlier', () => {
  const histories = {
    [server(101)]: told('77'),
    [server(102)]: { ...NONE, tasks: [{ batchId: '78', executeAt: AT - 301 }] },
  };
  const { asked } = settle([eu], [], { histories });
  assert.equal([...asked.batches], ['77']);
});

it('doubt ends a while after the sending; of an old record, after it was intended', () => {
  assert.is(sentByOurClock({ since: NOW, sentAt: NOW + 5 }), NOW + 5);
  assert.is(sentByOurClock({ since: NOW }), NOW);
  assert.is(sentByOurClock({ since: NOW, sentAt: NOW + 5, ahead: -30 }), NOW + 35);
  assert.is(settle([sent(eu, NOW - 5)], []).unclear[0]?.left, 55);
});

const clocks: [string, { ago: number; sentAhead?: number; now?: number; watched?: number }, number][] = [
  ['both clocks agree', { ago: 20 }, 40],
  ['another node answers, whose clock is ahead', { ago: 50, now: 30 }, 40],
  ['it is behind', { ago: -10, now: -30 }, 60],
  ['the one that was sent to was behind', { ago: 50, sentAhead: -30 }, 40],
  ['the one that was sent to was ahead', { ago: -10, sentAhead: 30 }, 60],
  ['our clock is wrong, as it was then', { ago: 20, sentAhead: 600, now: 600 }, 40],
  ["this machine's clock is far behind that of the one that sent it", { ago: 20, now: 3600 }, 60],
  ["this machine's clock is far ahead of it", { ago: 20, now: -3600 }, 40],
  ['an hour later', { ago: 3600, now: 3590 }, -3240],
  ['watched for a while', { ago: 20, now: 3600, watched: 25 }, 35],
  ['watched to the end', { ago: -3600, watched: 60 }, 0],
];
for (const [what, { ago, sentAhead = 0, now = 0, watched = 0 }, left] of clocks) {
  it(`how long it is in doubt: ${what}`, () => {
    const intended = { since: 0, sentAt: NOW - ago, ahead: sentAhead };
    const around = { now: NOW, observation: observation([], { clockAhead: now }), settle: 60, watched };
    assert.is(Math.max(doubtLeft(intended, around), -3240), left);
  });
}

it('one that says that it was sent takes nothing from one that does not say', () => {
  const { mayHaveBeenSent, unsent } = bySending([us, eu, sent(once, null)]);
  assert.equal(
    [mayHaveBeenSent, unsent].map((all) => all.map(({ address }) => address)),
    [['b'], ['a', 'c']],
  );
});

it('recorded: found ones are bound with their stamps, doubts stay, the rest is gone', () => {
  const before = state({ z: entry(['40']) }, { intents: [eu, us, { ...once, preventCancel: true }] });
  const batches = [fresh('41'), fresh('42'), fresh('43', { executeAt: null })];
  const world = worldOf({ state: before, observation: observation(batches) });
  const after = withSettlement(before, settleIntents(before, world));
  assert.equal(
    after.intents.map((one) => one.address),
    ['a'],
  );
  assert.equal(Object.keys(after.entries), ['z', 'c']);
  assert.equal(after.entries.c, {
    batchIds: ['43'],
    spec: once.spec,
    digest: once.digest,
    createdAt: once.since,
    phase: 'scheduled',
    preventCancel: true,
    notAfter: null,
    stamps: { 43: { createdAt: NEW, executeAt: null, taskId: '43000' } },
  });
});

it('until when it may be asked for goes with it', () => {
  const before = state({}, { intents: [{ ...eu, notAfter: AT + 300 }] });
  const world = worldOf({ state: before, observation: observation([fresh('41')]) });
  assert.is(withSettlement(before, settleIntents(before, world)).entries.a?.notAfter, AT + 300);
});

it('another template is none of its', () => {
  assert.equal(settled([eu], [fresh('41', { template: COLLECT.name })]), ['a nothing']);
});

it.run();
