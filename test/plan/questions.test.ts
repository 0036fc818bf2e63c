/** Which closer looks a plan asks for: as few as its decisions take, and none that they need is left out. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../src/model/desired.ts';
import type { Inventory, Observation, ObservedBatch } from '../../src/model/observed.ts';
import type { State } from '../../src/model/state.ts';
import type { PlanOptions } from '../../src/plan/input.ts';
import { questionsOf } from '../../src/plan/think.ts';
import { specDigest } from '../../src/plan/world/spec.ts';
import {
  AT,
  type BatchFields,
  COLLECT,
  desired,
  desiredBatch,
  EU,
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
  specOf,
  state,
  targets,
  US,
} from '../support/builders.ts';

const it = suite('questions');

const wanted = desiredBatch('a');
const moved = spec({ executeAt: AT + 3600 });
const PAST = NOW - 600;
const past = desiredBatch('a', { executeAt: PAST });
const batch = (fields: BatchFields = {}) => observedBatch('41', { isSeen: false, ...fields });
const beside = observedBatch('42', { isSeen: false });
/** Nobody has asked for any game server yet. */
const NOTHING: Inventory = { fleets: {}, regions: {}, homes: null, unavailable: null };

function asked(
  batches: readonly ObservedBatch[],
  of: readonly DesiredBatch[],
  record: State | null = null,
  claims: string[] = [],
  options: PlanOptions = {},
  fields: Partial<Observation> = {},
) {
  return questionsOf({
    desired: desired(of, { claims: { templates: claims.map((name) => ({ name })) } }),
    state: record,
    observation: observation(batches, { inventory: NOTHING, ...fields }),
    now: NOW,
    options,
  });
}

const sight = { newest: NOW - 1200, ids: [] };
const bound = (of = spec(), fields = {}) => {
  const stamps = { '41': { createdAt: NOW - 3600, executeAt: of.executeAt, taskId: '41000' } };
  return state({ a: entry(['41'], of, { stamps, ...fields }) }, { sight });
};
const empty = state({}, { sight });
const once = desiredBatch('a', { executeAt: null });
const drift = { mode: 'refresh-only' } as const;
const tasks: [string, Parameters<typeof asked>, Record<string, string>][] = [
  ['a candidate by its time', [[batch()], [wanted]], { 41: 'sample' }],
  ['a candidate within the tolerance', [[batch({ executeAt: AT + 60 })], [wanted]], { 41: 'sample' }],
  ['a candidate that is over', [[batch({ phases: 'done' })], [wanted]], { 41: 'sample' }],
  ['another time', [[batch({ executeAt: AT + 301 })], [wanted]], {}],
  [
    'another time, and so near that both run at once',
    [[batch({ executeAt: AT + 61 })], [wanted]],
    { 41: 'sample' },
  ],
  ['no tasks to look at', [[batch({ on: [] })], [wanted]], {}],
  ['nothing is wanted', [[batch()], []], {}],
  ['its template is unknown', [[batch()], [desiredBatch('a', { template: { name: '?' } })]], {}],
  ['bound, same spec', [[batch()], [wanted], bound()], {}],
  ['bound, same spec, over', [[batch({ phases: 'done' })], [wanted], bound()], {}],
  ['bound, same spec, runs', [[batch({ executeAt: PAST })], [past], bound(specOf(past))], {}],
  ['bound, same spec, cancelled before its time', [[batch({ phases: 'cancelled' })], [wanted], bound()], {}],
  [
    'bound, same spec, cancelled when its time had come: any task may have begun',
    [
      [batch({ phases: 'cancelled', executeAt: PAST, finishedAt: NOW - 60 })],
      [{ ...past, startingDeadline: 3600 }],
      bound(specOf(past)),
    ],
    { 41: 'all' },
  ],
  [
    'bound, same spec, cancelled, and too late to be made again',
    [[batch({ phases: 'cancelled', executeAt: PAST })], [past], bound(specOf(past))],
    {},
  ],
  [
    'a candidate that was cancelled when its time had come',
    [[batch({ phases: 'cancelled', executeAt: PAST })], [{ ...past, startingDeadline: 3600 }]],
    { 41: 'all' },
  ],
  ['bound, another spec, waits', [[batch({ executeAt: AT + 3600 })], [wanted], bound(moved)], { 41: 'one' }],
  ['bound, another spec, runs', [[batch({ executeAt: PAST })], [wanted], bound(specOf(past))], { 41: 'all' }],
  [
    'bound, another spec, over',
    [[batch({ phases: 'done', executeAt: AT + 3600 })], [wanted], bound(moved)],
    {},
  ],
  ['no longer wanted, runs', [[batch({ executeAt: PAST })], [], bound(specOf(past))], { 41: 'all' }],
  ['no longer wanted, cancelled', [[batch({ phases: 'cancelled' })], [], bound()], {}],
  [
    'the file says something about pausing',
    [[batch()], [desiredBatch('a', { paused: false })], bound()],
    { 41: 'all' },
  ],
  ['about pausing what is found', [[observedBatch('41')], [desiredBatch('a', { paused: true })]], {}],
  [
    'about pausing what is over',
    [[batch({ phases: 'done' })], [desiredBatch('a', { paused: true })], bound()],
    {},
  ],
  ['once, no state', [[batch({ executeAt: null })], [once]], { 41: 'sample' }],
  [
    'once, made before the state last looked, and over',
    [[batch({ executeAt: null, phases: 'done' })], [once], empty],
    {},
  ],
  [
    'once, made before the state last looked, and live: a twin',
    [[batch({ executeAt: null })], [once], empty],
    { 41: 'sample' },
  ],
  [
    'once, newer than the state',
    [[batch({ executeAt: null, createdAt: NOW, phases: 'done' })], [once], empty],
    { 41: 'sample' },
  ],
  [
    'what a leftover intent may have made',
    [[batch({ createdAt: NOW - 500 })], [], state({}, { intents: [intent('a')] })],
    { 41: 'all' },
  ],
  ['what was there before a leftover intent', [[batch()], [], state({}, { intents: [intent('a')] })], {}],
  ['claims, live', [[batch()], [], null, ['Collect logs']], { 41: 'all' }],
  [
    'claims, of another template',
    [[observedBatch('41', { on: servers(1, 40) })], [], null, ['Collect logs']],
    {},
  ],
  ['claims, over', [[batch({ phases: 'done' })], [], null, ['Collect logs']], {}],
  [
    "another address's entry may be too old: what it would make",
    [[batch({ executeAt: AT + 3600 }), beside], [wanted], bound(moved)],
    { 41: 'one', 42: 'sample' },
  ],
  [
    'what a vanished one would be made anew as',
    [[beside], [wanted], bound(), [], {}, { missing: ['41'] }],
    { 42: 'sample' },
  ],
  [
    'said in other words: where it ran',
    [
      [batch({ executeAt: PAST, phases: 'done' })],
      [past],
      bound(spec({ ...targets({ labels: [{ key: 'tier', value: 'gold' }] }), executeAt: PAST })),
    ],
    { 41: 'sample' },
  ],
  [
    'what was in question once, however old',
    [
      [batch({ executeAt: null, phases: 'done', createdAt: 0 })],
      [once],
      state({}, { sight: { ...sight, open: ['41'] } }),
    ],
    { 41: 'sample' },
  ],
  [
    'what could not be told once, however old what may be it',
    [
      [batch({ executeAt: null, phases: 'done', createdAt: 0 })],
      [once],
      state({}, { sight: { ...sight, unsure: [specDigest(specOf(once))] } }),
    ],
    { 41: 'sample' },
  ],
  ['a twin of what is bound and well', [[batch(), beside], [wanted], bound()], { 42: 'sample' }],
  ['drift: what failed', [[batch({ phases: 'failed' })], [wanted], bound(), [], drift], { 41: 'all' }],
  ['drift: what waits', [[batch()], [wanted], bound(), [], drift], { 41: 'all' }],
  ['drift: what is done', [[batch({ phases: 'done' })], [wanted], bound(), [], drift], {}],
  ['the bound one, which may be given away', [[batch({ executeAt: AT + 900 })], [wanted], bound()], {}],
];
for (const [what, input, expected] of tasks) {
  it(`tasks: ${what}`, () => assert.equal(Object.fromEntries(asked(...input).tasks), expected));
}

const both = desiredBatch('a', { targets: targets({ fleets: [EU], regions: ['42'] }) });
const seen = (fields: BatchFields = {}) => observedBatch('41', fields);
const inventory: [string, Parameters<typeof asked>, string][] = [
  ['what is to be created or found', [[], [both]], `${EU} / 42`],
  ['each once', [[], [both, desiredBatch('b', { executeAt: AT + 3600 })]], `${EU} / 42`],
  [
    'named game servers need none',
    [[], [desiredBatch('a', { targets: targets({ instances: ['7'] }) })]],
    ' / ',
  ],
  ['bound and well', [[batch()], [wanted], bound()], ' / '],
  ['bound and over', [[batch({ phases: 'failed' })], [wanted], bound()], ' / '],
  ['bound to something else', [[batch({ executeAt: AT + 3600 })], [wanted], bound(moved)], `${EU} / `],
  ['bound and gone', [[], [wanted], bound(), [], {}, { missing: ['41'] }], `${EU} / `],
  ['bound and cancelled', [[batch({ phases: 'cancelled' })], [wanted], bound()], `${EU} / `],
  ['no longer wanted', [[batch()], [], bound()], ' / '],
  ['in doubt', [[], [], state({}, { intents: [intent('a', spec(onFleet(US)))] })], `${US} / `],
  ['drift: what waits', [[seen()], [wanted], bound(), [], drift], `${EU} / `],
];
for (const [what, input, expected] of inventory) {
  it(`inventory: ${what}`, () => {
    const { fleets, regions } = asked(...input);
    assert.is(`${[...fleets].join()} / ${[...regions].join()}`, expected);
  });
}

it('homes are asked for before a yes, and where a candidate ran on game servers of which lists tell half at most', () => {
  const eu = { fleets: { [EU]: servers(101, 4) }, regions: {}, homes: null, unavailable: null };
  const homes = (on: readonly string[], inventory: Inventory = eu, of = wanted) =>
    asked([seen({ on })], [of], null, [], {}, { inventory }).homes;
  assert.ok(homes(servers(101, 4)), 'it would be a yes, and one answer may lack rows');
  assert.ok(homes(servers(901, 4)), 'nothing tells of them');
  const us = { ...eu, fleets: { ...eu.fleets, [US]: servers(201, 4) } };
  assert.not(homes(servers(201, 4), us), 'they certainly are of another fleet');
  const region = { ...eu, regions: { 42: servers(201, 4) } };
  assert.ok(homes(servers(201, 4), region), 'of which fleet is not told');
  assert.not(homes(servers(201, 4), { ...region, homes: new Map() }), 'asked already');
  const named = desiredBatch('a', { targets: targets({ instances: servers(101, 4) }) });
  assert.not(homes(servers(101, 4), eu, named), 'named game servers need none');
  assert.not(asked([batch()], [wanted], bound()).homes, 'bound and well');
});

it('bound batches that the list does not show are asked for one by one, each once', () => {
  const record = state({ a: entry(['41', '42']), b: entry(['43']), c: entry(['43']) });
  const asks = (...input: Parameters<typeof asked>) => [...asked(...input).batches];
  assert.equal(asks([batch()], [], record), ['42', '43']);
  assert.equal(asks([batch()], [], record, [], { scope: { refresh: false } }), []);
  assert.equal(asks([batch()], [], record, [], {}, { missing: ['42'] }), ['43']);
  assert.equal(asks([batch()], []), []);
});

it('what was in question is looked at by its id, as long as anything is open', () => {
  const record = state({ a: entry(['41']) }, { sight: { ...sight, open: ['43'] } });
  const asks = (...of: DesiredBatch[]) => [...asked([batch()], of, record).batches];
  assert.equal(asks(wanted), []);
  assert.equal(asks(wanted, desiredBatch('b', { executeAt: null })), ['43']);
});

it('game servers are asked for their last tasks only where nothing else can tell', () => {
  const inventory = { fleets: { [EU]: servers(101, 4) }, regions: {}, homes: null, unavailable: null };
  const full = { batchListFull: true, inventory };
  const asks = (record: State | null, fields: Partial<Observation>, batches: ObservedBatch[] = []) => [
    ...asked(batches, [wanted], record, [], {}, { inventory, ...fields }).histories,
  ];
  const three = [101, 102, 103].map(server);
  assert.equal(asks(null, {}), []);
  assert.equal(asks(null, full, foreignCrowd()), three);
  assert.equal(asks(empty, full, foreignCrowd(100, { createdAt: NOW })), three);
  assert.equal(asks(empty, full, foreignCrowd()), [], 'the list reaches back');
  const since = (count: number) => foreignCrowd(count, { createdAt: NOW });
  assert.equal(asks(empty, {}, since(75)), three, 'rows may be missing');
  assert.equal(asks(empty, {}, since(74)), []);
  const told = Object.fromEntries(
    three.map((id) => [id, { tasks: [{ batchId: '7', executeAt: null }], isFull: false }]),
  );
  const { batches } = asked(since(100), [wanted], empty, [], {}, { ...full, histories: told });
  assert.equal([...batches], ['7'], 'when it was made is asked for');
  assert.equal(asks(bound(), { missing: ['41'] }), three, 'a 404 needs a second source');
  assert.equal(asks(state({}, { intents: [intent('a')] }), {}), three);
});

it('what is found of another template asks for nothing more', () => {
  assert.equal([...asked([seen({ template: COLLECT.name })], [wanted]).tasks], []);
});

it.run();
