/** The door: what is answered for a run, in the words of its answer; what it hangs on has tests of its own. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../../src/model/desired.ts';
import type { Observation, ObservedBatch, TaskPhase } from '../../../src/model/observed.ts';
import type { State } from '../../../src/model/state.ts';
import { WHOLE } from '../../../src/plan/review/selection.ts';
import { findSameness } from '../../../src/plan/sameness/sameness.ts';
import { specDigest } from '../../../src/plan/world/spec.ts';
import type { WorldInput } from '../../../src/plan/world/world.ts';
import {
  AMS,
  AT,
  type BatchFields,
  COLLECT,
  desired,
  desiredBatch,
  EU,
  entry,
  foreignCrowd,
  intent,
  NO_INVENTORY,
  NOW,
  observation,
  observedBatch,
  onFleet,
  server,
  servers,
  spec,
  specOf,
  state,
  targets,
  US,
  US_SERVERS,
  worldOf,
} from '../../support/builders.ts';

const it = suite('sameness');

function find(
  wanted: readonly DesiredBatch[],
  record: State | null,
  batches: readonly ObservedBatch[],
  fields: Partial<Observation> = {},
  other: Partial<WorldInput> = {},
) {
  return findSameness(
    worldOf({ desired: desired(wanted), state: record, observation: observation(batches, fields), ...other }),
  );
}

function answers(...input: Parameters<typeof find>): string {
  return [...find(...input).answers]
    .map(([address, one]) => {
      if (one.verdict === 'this')
        return `${address} is ${one.entry.batchIds}${one.madeBy === null ? '' : ' of an intent'}${one.isRestated === true ? ' in other words' : ''}`;
      if (one.verdict === 'found') return `${address} found ${one.batch.id}`;
      if (one.verdict === 'unclear')
        return `${address} ${one.why.kind}${'ids' in one.why ? ` ${one.why.ids}` : ''}`;
      return `${address} none${one.before === null ? '' : ` beside ${one.before.batchIds}`}${one.inTheWay.live.map((id) => ` after ${id}`).join('')}`;
    })
    .join(', ');
}

const a = desiredBatch('a');
const digestOf = (of: DesiredBatch) => specDigest(specOf(of));
const once = desiredBatch('a', { executeAt: null });
const sight = { newest: NOW - 1200, ids: [] };
const empty = state({}, { sight });
const bound = (of = spec(), fields = {}) => state({ a: entry(['41'], of, fields) }, { sight });
const other = spec({ executeAt: AT + 7200 });
const batch = (fields = {}, id = '41') => observedBatch(id, fields);
const gone = { missing: ['41'] };
const settling = state({}, { sight, intents: [intent('a', spec(), { sentAt: NOW })] });
const assume = { scope: { ...WHOLE, assumeMissing: true } };
const replace = { scope: { ...WHOLE, replaces: ['a'] } };
const quiet = { [server(101)]: { tasks: [], isFull: false } };
const tells = (executeAt: number, isFull = false) => ({
  [server(101)]: { tasks: [{ batchId: '7', executeAt }], isFull },
});
const DAY_AGO = NOW - 86_400;
const full = { batchListFull: true };
const newer = foreignCrowd(100, { createdAt: NOW - 60 });
const long = (count: number) => foreignCrowd(count, { createdAt: NOW - 60 });
const table: [string, string, string][] = [
  ['nothing', answers([a], null, []), 'a none'],
  ['bound', answers([a], bound(), [batch()]), 'a is 41'],
  ['found', answers([a], empty, [batch()]), 'a found 41'],
  ['may be it', answers([a], empty, [batch({ isSeen: false })]), 'a candidates 41'],
  ['may be it, --assume-missing', answers([a], empty, [batch({ isSeen: false })], {}, assume), 'a none'],
  [
    'bound to something else',
    answers([a], bound(other), [batch({ executeAt: AT + 7200 })]),
    'a none beside 41',
  ],
  [
    'the same, and what is asked for is found',
    answers([a], bound(other), [batch({ executeAt: AT + 7200, phases: 'done' }), batch({}, '42')]),
    'a found 42',
  ],
  [
    'the same, beside what lives',
    answers([a], bound(other), [batch({ executeAt: AT + 7200 }), batch({}, '42')]),
    'a beside 42',
  ],
  ['cancelled before it ran', answers([a], bound(), [batch({ phases: 'cancelled' })]), 'a none beside 41'],
  [
    'the same, and it was made anew',
    answers([a], bound(), [batch({ phases: 'cancelled' }), batch({}, '42')]),
    'a found 42',
  ],
  [
    'once, cancelled before it ran',
    answers([once], bound(spec({ executeAt: null })), [batch({ executeAt: null, phases: 'cancelled' })]),
    'a is 41',
  ],
  ['--replace', answers([a], bound(), [batch()], {}, replace), 'a none beside 41'],
  [
    'half replaced',
    answers([a], bound(spec(), { replacing: true }), [
      batch({ phases: ['cancelled', 'pending', 'pending', 'pending'] }),
    ]),
    'a none beside 41',
  ],
  [
    'half cancelled by somebody',
    answers([a], bound(), [batch({ phases: ['cancelled', 'pending', 'pending', 'pending'] })]),
    'a is 41',
  ],
  ['gone, to come', answers([a], bound(), [], gone), 'a none beside 41'],
  ['gone, it had begun', answers([a], bound(spec(), { phase: 'running' }), [], gone), 'a is 41'],
  [
    'gone, past',
    answers([desiredBatch('a', { executeAt: NOW })], bound(spec({ executeAt: NOW })), [], gone),
    'a is 41',
  ],
  ['gone, young', answers([a], bound(spec(), { createdAt: NOW - 59 }), [], gone), 'a not-believed 41'],
  [
    'gone, just old enough',
    answers([a], bound(spec(), { createdAt: NOW - 60 }), [], gone),
    'a none beside 41',
  ],
  [
    'gone, told of',
    answers([a], bound(), [], {
      ...gone,
      histories: { [server(101)]: { tasks: [{ batchId: '41', executeAt: AT }], isFull: false } },
    }),
    'a not-believed 41',
  ],
  ['given away', answers([a], bound(), [batch({ executeAt: AT + 900 })]), 'a given-away 41'],
  ['in doubt', answers([a], settling, []), 'a left-in-doubt'],
  ['in doubt, --assume-missing', answers([a], settling, [], {}, assume), 'a none'],
  [
    'behind what is in doubt',
    answers([desiredBatch('b', { targets: onFleet(US) })], settling, []),
    'b behind-unsettled',
  ],
  [
    'another time than what is in doubt',
    answers([desiredBatch('b', { executeAt: AT + 301 })], settling, []),
    'b none',
  ],
  ['found of what was in doubt', answers([a], settling, [batch({ createdAt: NOW })]), 'a is 41 of an intent'],
  [
    'a live one may be the same run',
    answers([desiredBatch('b', { executeAt: AT + 30 })], bound(), [batch()]),
    'b none after 41',
  ],
  [
    'one that ran may be the same run',
    answers([desiredBatch('b', { executeAt: AT + 30 })], bound(), [batch({ phases: 'done' })]),
    'b ran-elsewhere 41',
  ],
  [
    'the same, --assume-missing',
    answers([desiredBatch('b', { executeAt: AT + 30 })], bound(), [batch({ phases: 'done' })], {}, assume),
    'b none',
  ],
  ['out of sight', answers([a], null, foreignCrowd(), { batchListFull: true }), 'a out-of-sight'],
  [
    'out of sight, --assume-missing',
    answers([a], null, foreignCrowd(), { batchListFull: true }, assume),
    'a none',
  ],
  [
    'out of sight, and a game server that may be new tells of nothing',
    answers([a], null, foreignCrowd(), { ...full, histories: quiet }),
    'a out-of-sight',
  ],
  [
    'out of sight, and a game server tells of what is older',
    answers([a], null, foreignCrowd(), { ...full, histories: tells(DAY_AGO - 301) }),
    'a none',
  ],
  [
    'the same, not certainly older, and all that it ever had',
    answers([a], null, foreignCrowd(), { ...full, histories: tells(DAY_AGO - 300) }),
    'a none',
  ],
  [
    'the same, beside a game server that may be new',
    answers([a], null, foreignCrowd(), {
      ...full,
      histories: { ...tells(DAY_AGO - 300), [server(102)]: { tasks: [], isFull: false } },
    }),
    'a out-of-sight',
  ],
  [
    'the same, as far as it tells: without a state it may be older still',
    answers([a], null, foreignCrowd(), { ...full, histories: tells(DAY_AGO - 301, true) }),
    'a out-of-sight',
  ],
  ['a full list that does not reach back to the state', answers([a], empty, newer, full), 'a out-of-sight'],
  ['the same, --assume-missing', answers([a], empty, newer, full, assume), 'a none'],
  [
    'the same, and a game server tells of what the state knew, as far as it tells',
    answers([a], empty, newer, { ...full, histories: tells(NOW - 1501, true) }),
    'a none',
  ],
  [
    'the same, not certainly older than the state',
    answers([a], empty, newer, { ...full, histories: tells(NOW - 1500) }),
    'a out-of-sight',
  ],
  [
    'the same, and a game server that may be new tells of nothing',
    answers([a], empty, newer, { ...full, histories: quiet }),
    'a out-of-sight',
  ],
  [
    'rows may be missing: 75 that show nothing of what the state knew',
    answers([a], empty, long(75), { histories: quiet }),
    'a out-of-sight',
  ],
  ['74 are not full', answers([a], empty, long(74), { histories: quiet }), 'a none'],
  ['75, and nobody answers', answers([a], empty, long(75)), 'a out-of-sight'],
  [
    'a full list, and the state could not tell of this one',
    answers([a], { ...empty, sight: { ...sight, unsure: [digestOf(a)] } }, foreignCrowd(), full),
    'a out-of-sight',
  ],
  [
    'a full list, and the state knows',
    answers([a], empty, foreignCrowd(), { batchListFull: true }),
    'a none',
  ],
  ['a new name', answers([desiredBatch('b')], bound(), [batch()]), 'b is 41'],
  [
    'a new name of what runs once',
    answers([desiredBatch('b', { executeAt: null })], bound(spec({ executeAt: null })), [
      batch({ executeAt: null }),
    ]),
    'b renamed',
  ],
  [
    'held',
    answers(
      [desiredBatch('a', { executeAt: null, targets: onFleet(US) }), desiredBatch('b', { executeAt: null })],
      bound(spec({ executeAt: null })),
      [batch({ executeAt: null })],
    ),
    'a held, b renamed',
  ],
];
for (const [what, found, expected] of table) it(`${what}: ${expected}`, () => assert.is(found, expected));

it('what may be the batch of anything in question is in question, and is remembered so', () => {
  const collect = desiredBatch('a', { template: { id: COLLECT.id }, executeAt: null });
  const fresh = batch({ template: COLLECT.name, executeAt: null, createdAt: NOW });
  assert.equal([...find([collect], empty, [fresh]).inQuestion], ['41']);
  assert.equal([...find([a], settling, [batch({ createdAt: NOW, isSeen: false })]).inQuestion], ['41']);
  assert.equal([...find([], settling, [batch({ createdAt: NOW, isSeen: false })]).inQuestion], ['41']);
  assert.equal([...find([a], empty, [batch()]).inQuestion], []);
});

it('what the file no longer names is given up on no single answer', () => {
  const kinds = (...input: Parameters<typeof find>) =>
    [...find(...input).questions].map(([address, { kind }]) => `${address} ${kind}`);
  assert.equal(kinds([], bound(), [batch()]), []);
  assert.equal(kinds([], bound(), [batch({ executeAt: AT + 900 })]), ['a given-away']);
  assert.equal(kinds([], bound(spec(), { createdAt: NOW - 59 }), [], gone), ['a not-believed']);
  assert.equal(kinds([], bound(), [], gone), []);
  assert.equal(kinds([a], bound(), [batch({ executeAt: AT + 900 })]), []);
});

it('where all is to be destroyed no name is followed', () => {
  assert.equal(find([desiredBatch('b')], bound(), [batch()], {}, { mode: 'destroy' }).moves, []);
});

it('a twin of what is made, where only the state tells them apart', () => {
  const twins = (...batches: ObservedBatch[]) =>
    find([once], empty, batches).twins.map((one) => one.batch.id);
  assert.equal(twins(batch({ executeAt: null })), ['41']);
  assert.equal(twins(batch({ executeAt: null, phases: 'done' })), []);
  assert.equal(twins(batch({ executeAt: null, on: servers(101, 2) })), []);
  assert.equal(twins(batch({ executeAt: null, on: US_SERVERS })), []);
});

const PAST = NOW - 120;
const wasNamed = spec({ ...targets({ instances: servers(101, 4) }), executeAt: PAST });
const past = desiredBatch('a', { executeAt: PAST });
const ranThen = (fields = {}) => batch({ executeAt: PAST, phases: 'done', ...fields });
const onceNamed = { ...wasNamed, executeAt: null };
const lookedAt = (fields: BatchFields, ...record: Parameters<typeof bound>) =>
  answers([past], bound(...record), [ranThen(fields)], { inventory: NO_INVENTORY });
const trusting = { scope: { ...WHOLE, refresh: false } };
const restated: [string, string, string][] = [
  ['other targets', answers([past], bound(wasNamed), [ranThen()]), 'a is 41 in other words'],
  ['it runs', answers([past], bound(wasNamed), [ranThen({ phases: 'running' })]), 'a is 41 in other words'],
  ['it failed', answers([past], bound(wasNamed), [ranThen({ phases: 'failed' })]), 'a is 41 in other words'],
  ['it waits', answers([a], bound({ ...wasNamed, executeAt: AT }), [batch()]), 'a none beside 41'],
  [
    'it was cancelled before it did anything',
    answers([past], bound(wasNamed), [ranThen({ phases: 'cancelled' })]),
    'a none beside 41',
  ],
  [
    'it was cancelled after it had begun',
    answers([past], bound(wasNamed), [ranThen({ phases: 'cancelled', actionIdx: 1 })]),
    'a is 41 in other words',
  ],
  [
    'the API does not know it, its time has come',
    answers([past], bound(wasNamed), [], gone),
    'a is 41 in other words',
  ],
  ['the same, once', answers([once], bound(onceNamed), [], gone), 'a is 41 in other words'],
  [
    'the same, on other game servers',
    answers([past], bound({ ...wasNamed, ...onFleet(US) }), [], gone),
    'a none beside 41',
  ],
  [
    'the API does not know it, its time is to come',
    answers([a], bound({ ...wasNamed, executeAt: AT }), [], gone),
    'a none beside 41',
  ],
  [
    'nobody looked, and the record says that it ran',
    answers([past], bound(wasNamed, { phase: 'done' }), [], {}, trusting),
    'a is 41 in other words',
  ],
  [
    'nobody looked, and the record says that it was cancelled',
    answers([past], bound(wasNamed, { phase: 'cancelled' }), [], {}, trusting),
    'a none beside 41',
  ],
  [
    'nobody looked, and the record says that it waits',
    answers([past], bound(wasNamed), [], {}, trusting),
    'a none beside 41',
  ],
  [
    'a minute off',
    answers([past], bound(spec({ executeAt: PAST - 60 })), [ranThen({ executeAt: PAST - 60 })]),
    'a is 41 in other words',
  ],
  [
    'more than a minute off',
    answers([past], bound(spec({ executeAt: PAST - 61 })), [ranThen({ executeAt: PAST - 61 })]),
    'a none beside 41',
  ],
  [
    'other game servers',
    answers([past], bound({ ...wasNamed, ...onFleet(US) }), [ranThen({ on: US_SERVERS })]),
    'a none beside 41',
  ],
  [
    'half of the game servers',
    answers([past], bound({ ...wasNamed, instances: servers(101, 2) }), [ranThen({ on: servers(101, 2) })]),
    'a none beside 41',
  ],
  [
    'nobody could read its tasks, and what was asked for tells',
    answers([past], bound(wasNamed), [ranThen({ isSeen: false })]),
    'a is 41 in other words',
  ],
  [
    'what was asked for does not tell, and its tasks do',
    answers(
      [past],
      bound(spec({ ...targets({ labels: [{ key: 'tier', value: 'gold' }] }), executeAt: PAST })),
      [ranThen()],
    ),
    'a is 41 in other words',
  ],
  ['nothing tells', lookedAt({}, wasNamed), 'a candidates 41'],
  [
    'nothing tells, --assume-missing',
    answers([past], bound(wasNamed), [ranThen()], { inventory: NO_INVENTORY }, assume),
    'a none beside 41',
  ],
  [
    'nothing tells, and it waits',
    lookedAt({ phases: 'pending', executeAt: AT }, { ...wasNamed, executeAt: AT }),
    'a none beside 41',
  ],
  [
    'nothing tells, and what is asked for is found',
    answers([past], bound(wasNamed), [ranThen({ isSeen: false }), { ...ranThen(), id: '42' }], {
      inventory: { ...NO_INVENTORY, fleets: { [EU]: servers(101, 4) }, unavailable: null, homes: new Map() },
    }),
    'a is 41 in other words',
  ],
  ['--replace', answers([past], bound(wasNamed), [ranThen()], {}, replace), 'a none beside 41'],
  ['once', answers([once], bound(onceNamed), [ranThen({ executeAt: null })]), 'a is 41 in other words'],
  [
    'once, of another revision',
    answers([{ ...once, revision: 2 }], bound(onceNamed), [ranThen({ executeAt: null })]),
    'a none beside 41',
  ],
  [
    'once, with other params',
    answers([{ ...once, params: [{ name: 'n', value: '1' }] }], bound(onceNamed), [
      ranThen({ executeAt: null }),
    ]),
    'a none beside 41',
  ],
  [
    'of several, not all of them are it',
    answers([past], state({ a: entry(['41', '42'], { ...wasNamed, ...onFleet(US) }) }, { sight }), [
      ranThen(),
      { ...ranThen({ on: US_SERVERS }), id: '42' },
    ]),
    'a none beside 41,42',
  ],
];
for (const [what, found, expected] of restated)
  it(`said in other words, ${what}: ${expected}`, () => assert.is(found, expected));

const ghost = (fields = {}) => ({ ghosts: [batch(fields)], missing: ['41'] });
it('what the API does not know, and shows tasks of, is a candidate like any other', () => {
  assert.is(answers([a], empty, [], ghost()), 'a found 41');
  assert.is(answers([a], empty, [], ghost({ isSeen: false })), 'a candidates 41');
  assert.is(answers([once], empty, [], ghost({ executeAt: NOW, createdAt: NOW })), 'a candidates 41');
  assert.is(answers([a], bound(), [], ghost()), 'a not-believed 41', 'it is owned');
});

const collected = (fields = {}, id = '41') => batch({ executeAt: null, ...fields }, id);
const LONG_AGO = { createdAt: NOW - 86_400, phases: 'done' };
it('what it could not be told of stays in question as without a state, until it is bound', () => {
  const unsure = [digestOf(once)];
  const record = state({}, { sight: { ...sight, unsure } });
  assert.is(answers([once], empty, [collected(LONG_AGO)]), 'a none', 'the state knows: it is new');
  assert.is(answers([once], record, [collected(LONG_AGO)]), 'a candidates 41');
  assert.is(answers([{ ...once, revision: 2 }], record, [collected(LONG_AGO)]), 'a none');
  const left = (...input: Parameters<typeof find>) => [...find(...input).unanswered.unsure];
  assert.equal(left([once], null, [collected(LONG_AGO)]), unsure, 'asked');
  assert.equal(left([once], record, [collected(LONG_AGO)]), unsure, 'still asked');
  assert.equal(left([], record, []), unsure, 'the file leaves it out');
  assert.equal(left([once], bound(spec({ executeAt: null })), [collected()]), []);
  const boundNow = state({ a: entry(['41'], specOf(once)) }, { sight: { ...sight, unsure } });
  assert.equal(left([once], boundNow, [collected()]), [], 'bound since');
  assert.equal(left([a], null, foreignCrowd(), full), [digestOf(a)], 'out of sight');
  assert.equal(left([a], empty, [batch()]), [digestOf(a)], 'found, and not bound yet');
  const ended = [batch({ phases: 'cancelled' }), batch({}, '42')];
  assert.equal(left([a], bound(), ended), [digestOf(a)], 'what is bound came to nothing');
  const everything: Partial<WorldInput> = { mode: 'destroy' };
  assert.equal(left([a], null, [], {}, everything), ['a', digestOf(a)], 'a destroy asks about nothing');
  const young = batch({ createdAt: NOW });
  assert.equal(left([a], empty, [], {}, everything), [], 'unless the record knows all that is there');
  assert.equal(left([a], empty, [young], {}, everything), ['a', digestOf(a)], 'newer than the record');
  assert.equal(left([a], empty, newer, full, everything), ['a', digestOf(a)], 'out of sight');
  const was = state({}, { sight, former: [{ id: '41', address: 'a', createdAt: NOW }] });
  assert.equal(left([a], was, [young], {}, everything), [], 'it was its own');
  const given = state({}, { sight, former: [{ id: '41', address: 'a', createdAt: 1 }] });
  assert.equal(left([a], given, [young], {}, everything), ['a', digestOf(a)], 'the id has been given away');
  assert.equal(left([a], bound(), [batch()], {}, everything), [], 'bound');
});

it('--assume-missing answers all questions, and of a part those of nobody', () => {
  const record = state({}, { sight: { ...sight, unsure: ['d1'], open: ['7'] } });
  const left = (other: Partial<WorldInput>) => {
    const { open, unsure } = find([once], record, [collected({ createdAt: NOW })], {}, other).unanswered;
    return [...open, ...unsure];
  };
  assert.equal(left({}), ['7', '41', 'd1', digestOf(once)]);
  assert.equal(left(assume), []);
  assert.equal(left({ scope: { ...assume.scope, targets: ['b'] } }), ['7', '41', 'd1', digestOf(once)]);
  assert.equal(left({ scope: { ...assume.scope, excludes: ['a'] } }), ['7', '41', 'd1', digestOf(once)]);
});

it('--assume-missing for one address settles what was asked about it, and nothing else', () => {
  const record = state({}, { sight: { ...sight, unsure: ['d1', digestOf(once), 'a'], open: ['7', '41'] } });
  const left = (address: string) => {
    const scope = { ...assume.scope, targets: [address] };
    const { open, unsure } = find([once], record, [collected({ createdAt: NOW })], {}, { scope }).unanswered;
    return [...open, ...unsure];
  };
  assert.equal(left('a'), ['7', 'd1'], '41 is none of it');
  assert.equal(left('b'), ['7', '41', 'd1', digestOf(once), 'a'], 'that was not the question');
});

it('whatever the question of a run is, what may be its batch is nobody else’s meanwhile', () => {
  const asked = (...input: Parameters<typeof find>) => [...find(...input).inQuestion];
  const fresh = collected({ createdAt: NOW }, '42');
  const renamed = [desiredBatch('b', { executeAt: null })];
  assert.equal(
    asked(renamed, bound(spec({ executeAt: null })), [collected({ phases: 'done' }), fresh]),
    ['42'],
    'renamed',
  );
  const away = [batch({ executeAt: AT + 7200 }), batch({}, '42')];
  assert.equal(asked([a], bound(other, { stamps: { 41: { createdAt: NOW, executeAt: AT } } }), away), [
    '41',
    '42',
  ]);
});

/** The fleet has grown since \`b0\` was sent; the region happens to be what the fleet was then. */
const region = desiredBatch('b1', { targets: targets({ regions: [AMS] }), targetText: 'region ams' });
const inDoubt = state({}, { sight, intents: [intent('b0', spec(), { sentAt: NOW - 600 })] });
const grown = {
  inventory: {
    fleets: { [EU]: servers(1, 5) },
    regions: { [AMS]: servers(1, 3) },
    homes: null,
    unavailable: null,
  },
};
it('what may be the batch of a create in doubt is found by no other address', () => {
  const made = batch({ on: servers(1, 3), createdAt: NOW - 590 });
  const found = find([desiredBatch('b0'), region], inDoubt, [made], grown);
  assert.is(
    answers([desiredBatch('b0'), region], inDoubt, [made], grown),
    'b0 left-in-doubt, b1 behind-unsettled',
  );
  assert.equal([...found.inQuestion], ['41']);
});

it('nor is a run made that it may be, be it of another template', () => {
  const collect = desiredBatch('b1', { template: { id: COLLECT.id } });
  const made = (fields = {}) => [
    batch({ createdAt: NOW - 590, ...fields }),
    batch({ createdAt: NOW - 590, ...fields }, '42'),
  ];
  const both = [desiredBatch('b0'), collect];
  assert.is(answers(both, inDoubt, made({ isSeen: false })), 'b0 left-in-doubt, b1 candidates 41,42');
  assert.is(
    answers(both, inDoubt, made()),
    'b0 left-in-doubt, b1 none',
    'they certainly are of the other one',
  );
  assert.is(answers([collect], inDoubt, made({ isSeen: false })), 'b1 candidates 41,42');
  const own = [...made({ isSeen: false }), batch({ template: COLLECT.name, createdAt: NOW - 9000 }, '43')];
  assert.is(answers(both, inDoubt, own), 'b0 left-in-doubt, b1 found 43');
});

const collectNamed = specOf(
  desiredBatch('a', {
    template: { id: COLLECT.id },
    executeAt: null,
    targets: targets({ instances: servers(101, 4) }),
  }),
);
const collectFleet = (address: string) =>
  desiredBatch(address, { template: { id: COLLECT.id }, executeAt: null });
const ranOnce = batch({ template: COLLECT.name, executeAt: null, phases: 'done' });
it('the record of what may be the run that another address asks for is held', () => {
  const found = find([collectFleet('c')], bound(collectNamed), [ranOnce]);
  assert.equal([...found.held], [['a', 'c']]);
  const us = { ...collectFleet('a'), targets: onFleet(US) };
  assert.is(answers([us, collectFleet('c')], bound(collectNamed), [ranOnce]), 'a held, c ran-elsewhere 41');
  assert.is(answers([collectFleet('c'), us], bound(collectNamed), [ranOnce]), 'c ran-elsewhere 41, a held');
  assert.equal([...find([collectFleet('c')], bound(collectNamed), [ranOnce], {}, assume).held], []);
});

it('who holds it hangs on no order of the file', () => {
  const asks = (...names: string[]) =>
    [...find(names.map(collectFleet), bound(collectNamed), [ranOnce]).held].join();
  assert.equal([asks('c', 'd'), asks('d', 'c')], ['a,c', 'a,c']);
  const exactly = { ...collectFleet('e'), targets: targets({ instances: servers(101, 4) }) };
  const held = (...all: DesiredBatch[]) => [...find(all, bound(collectNamed), [ranOnce]).held].join();
  assert.equal([held(collectFleet('c'), exactly), held(exactly, collectFleet('c'))], ['a,e', 'a,e']);
  const own = { ...collectFleet('a'), executeAt: AT };
  const cloudy = batch({ isSeen: false, createdAt: NOW }, '42');
  const told = (...all: DesiredBatch[]) =>
    answers(all, bound(collectNamed), [ranOnce, cloudy]).split(', ').sort().join(', ');
  assert.is(told(own, collectFleet('c')), told(collectFleet('c'), own));
});

it('the way out that is told for it does not run it again', () => {
  const moved = state({ c: entry(['41'], collectNamed) }, { sight });
  assert.is(answers([collectFleet('c')], moved, [ranOnce]), 'c is 41 in other words');
});

it('a renamed run tells whether its new name is free', () => {
  const why = (...input: Parameters<typeof find>) => {
    const answer = find(...input).answers.get('b');
    return answer?.verdict === 'unclear' && answer.why.kind === 'renamed' ? answer.why.isFree : null;
  };
  const b = desiredBatch('b', { executeAt: null });
  const done = collected({ phases: 'done' });
  assert.is(why([b], bound(spec({ executeAt: null })), [done]), true);
  const taken = state(
    { a: entry(['41'], specOf(b)), b: entry(['42'], spec({ executeAt: null, revision: 7 })) },
    { sight },
  );
  assert.is(why([b], taken, [done, { ...done, id: '42' }]), false);
});

it('what the API does not know is believed gone by another source than its word', () => {
  const why = (fields: Partial<Observation>, record = bound()) => {
    const answer = find([a], record, foreignCrowd(fields.listed?.length ?? 100, { createdAt: NOW - 60 }), {
      ...gone,
      ...fields,
    }).answers.get('a');
    return answer?.verdict === 'unclear' && answer.why.kind === 'not-believed'
      ? answer.why.why
      : answer?.verdict;
  };
  const few = { listed: foreignCrowd(3).map(({ id }) => id) };
  const mine = { [server(102)]: { tasks: [{ batchId: '41', executeAt: AT }], isFull: false } };
  assert.is(why(few), 'none', 'a list that is not full would show it');
  assert.is(why({}), 'alone');
  assert.is(why({ histories: tells(NOW - 3600 - 301) }), 'none', 'it reaches back to when it was bound');
  assert.is(why({ histories: tells(NOW - 3600 - 300) }), 'alone');
  assert.is(why({ ...few, histories: mine }), 'seen');
  assert.is(why({ ...few, histories: mine }, bound(spec(), { createdAt: NOW })), 'young');
});

it('what is past and not known is over, unless its game servers tell of tasks that are not', () => {
  const then = spec({ executeAt: NOW - 600 });
  const late = desiredBatch('a', { executeAt: NOW - 600, startingDeadline: 7200, targets: onFleet(US) });
  const told = (phases: TaskPhase) => ({
    ...gone,
    ghosts: [batch({ executeAt: NOW - 600, phases })],
    histories: tells(NOW),
  });
  assert.is(answers([late], bound(then), [], told('paused')), 'a not-believed 41', 'another target');
  assert.is(answers([late], bound(then), [], told('done')), 'a none beside 41');
  const left = (phases: TaskPhase) => [...find([], bound(then), [], told(phases)).questions.keys()];
  assert.equal(left('paused'), ['a'], 'no longer wanted');
  assert.equal(left('running'), ['a']);
  assert.equal(left('done'), []);
  const world = worldOf({ desired: desired([late]), state: bound(then), observation: observation([], gone) });
  findSameness(world);
  assert.ok(world.asked.histories.has(server(101)), 'they are asked');
});

it('of several batches, each one that is not known counts', () => {
  const two = state({ a: entry(['41', '42'], spec({ executeAt: AT + 7200 })) }, { sight });
  const over = { ...batch({ executeAt: AT + 7200, phases: 'cancelled' }), id: '42' };
  const alone = { ...gone, listed: foreignCrowd().map(({ id }) => id) };
  assert.is(answers([a], two, [...foreignCrowd(), over], alone), 'a not-believed 41');
  assert.equal([...find([], two, [...foreignCrowd(), over], alone).questions.keys()], ['a']);
});

it('what the address had run before it was used for something else is not made again', () => {
  const late = desiredBatch('a', { executeAt: NOW - 600, startingDeadline: 7200 });
  const was = (fields = {}) =>
    state({}, { sight, ran: [{ digest: digestOf(late), batchIds: ['41'], notAfter: NOW + 1, ...fields }] });
  assert.is(answers([late], was(), [], gone), 'a has-run 41');
  assert.is(answers([late], was({ notAfter: NOW }), [], gone), 'a none');
  assert.is(answers([late], was(), [], gone, assume), 'a none');
  assert.is(answers([late], was(), [], gone, replace), 'a none');
  assert.is(answers([a], was(), [], gone), 'a none', 'another run');
  const then = { executeAt: NOW - 600 };
  assert.is(answers([late], was(), [batch({ ...then, phases: 'done' })]), 'a found 41', 'it is in sight');
  const off = batch({ ...then, phases: 'cancelled', finishedAt: NOW - 700 });
  assert.is(answers([late], was(), [off]), 'a none', 'it came to nothing');
});

it('what is too late to be made is not asked about', () => {
  const late = desiredBatch('a', { executeAt: NOW - 600, startingDeadline: 300 });
  assert.is(answers([late], null, long(100), full), 'a none');
  const due = desiredBatch('a', { executeAt: NOW - 600, startingDeadline: 900 });
  assert.is(answers([due], null, long(100), full), 'a out-of-sight');
});

it('params and named game servers are what is asked for, too', () => {
  const one = desiredBatch('b', { targets: targets({ instances: [server(1)] }) });
  const record = state({ x: entry(['41'], specOf(one)) }, { sight });
  assert.is(answers([one], record, [batch({ on: [server(1)] })]), 'b is 41');
  const params = { ...one, params: [{ name: 'n', value: '1' }] };
  assert.is(answers([params], record, [batch({ on: [server(1)] })]), 'b none after 41');
});

it('a block whose template is unknown holds what it may have made under another name', () => {
  const untold = desiredBatch('b', { template: { name: '?' }, executeAt: null });
  const { held } = find([untold], bound(spec({ executeAt: null })), [
    batch({ executeAt: null, phases: 'done' }),
  ]);
  assert.equal([...held], [['a', 'b']]);
});

it.run();
