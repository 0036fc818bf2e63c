import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../src/model/desired.ts';
import type { Batch } from '../../src/model/observed.ts';
import type { State } from '../../src/model/state.ts';
import { inventoryLooks, taskLooks, unlistedBatches } from '../../src/plan/looks.ts';
import { WHOLE } from '../../src/plan/review/selection.ts';
import {
  AT,
  type BatchFields,
  desired,
  desiredBatch,
  EU,
  entry,
  intent,
  NOW,
  observedBatch,
  onFleet,
  spec,
  specOf,
  state,
  TEMPLATES,
  targets,
  US,
} from '../support/builders.ts';

const it = suite('looks');

const wanted = desiredBatch('a');
const moved = spec({ executeAt: AT + 60 });
const PAST = NOW - 600;
const past = desiredBatch('a', { executeAt: PAST });
const batch = (fields: BatchFields = {}) => observedBatch('41', { isSeen: false, ...fields });

function look(
  batches: readonly Batch[],
  of: readonly DesiredBatch[],
  record: State | null = null,
  claims: string[] = [],
) {
  return {
    desired: desired(of, { claims: { templates: claims.map((name) => ({ name })) } }),
    state: record,
    templates: TEMPLATES,
    batches,
    now: NOW,
    scope: WHOLE,
    isDrift: false,
  };
}

const bound = (of = spec()) => state({ a: entry(['41'], of) });
const once = desiredBatch('a', { executeAt: null });
const tasks: [string, Parameters<typeof look>, Record<string, string>][] = [
  ['a candidate by its time', [[batch()], [wanted]], { 41: 'sample' }],
  ['a candidate that is over', [[batch({ phases: 'done' })], [wanted]], { 41: 'sample' }],
  ['another time', [[batch({ executeAt: AT + 1 })], [wanted]], {}],
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
  ['bound, another spec, waits', [[batch({ executeAt: AT + 60 })], [wanted], bound(moved)], {}],
  ['bound, another spec, runs', [[batch({ executeAt: PAST })], [wanted], bound(specOf(past))], { 41: 'all' }],
  ['bound, another spec, over', [[batch({ phases: 'done' })], [wanted], bound(moved)], {}],
  ['no longer wanted, runs', [[batch({ executeAt: PAST })], [], bound(specOf(past))], { 41: 'all' }],
  ['no longer wanted, cancelled', [[batch({ phases: 'cancelled' })], [], bound()], {}],
  [
    'the file says something about pausing',
    [[batch()], [desiredBatch('a', { paused: false })], bound()],
    { 41: 'all' },
  ],
  [
    'about pausing what is over',
    [[batch({ phases: 'done' })], [desiredBatch('a', { paused: true })], bound()],
    {},
  ],
  ['once, no state', [[batch({ executeAt: null })], [once]], { 41: 'sample' }],
  ['once, with a state', [[batch({ executeAt: null })], [once], state()], {}],
  [
    'what a leftover intent may have made',
    [[batch({ createdAt: NOW - 500 })], [], state({}, { intents: [intent('a')] })],
    { 41: 'sample' },
  ],
  ['what was there before a leftover intent', [[batch()], [], state({}, { intents: [intent('a')] })], {}],
  ['claims, live', [[batch()], [], null, ['Collect logs']], { 41: 'all' }],
  ['claims, over', [[batch({ phases: 'done' })], [], null, ['Collect logs']], {}],
  [
    "another address's entry may be too old: what it would make",
    [[batch(), observedBatch('42', { isSeen: false })], [wanted], bound(moved)],
    { 42: 'sample' },
  ],
  [
    'what a vanished one would be made anew as',
    [[observedBatch('42', { isSeen: false })], [wanted], bound()],
    { 42: 'sample' },
  ],
  [
    'a twin of what is bound and well',
    [[batch(), observedBatch('42', { isSeen: false })], [wanted], bound()],
    {},
  ],
];
for (const [what, input, expected] of tasks) {
  it(`tasks: ${what}`, () => assert.equal(Object.fromEntries(taskLooks(look(...input))), expected));
}

const both = desiredBatch('a', { targets: targets({ fleets: [EU], regions: ['42'] }) });
const inventory: [string, Parameters<typeof look>, string][] = [
  ['what is to be created or found', [[], [both]], `${EU} / 42`],
  ['each once', [[], [both, desiredBatch('b')]], `${EU} / 42`],
  [
    'named game servers need none',
    [[], [desiredBatch('a', { targets: targets({ instances: ['7'] }) })]],
    ' / ',
  ],
  ['bound and well', [[batch()], [wanted], bound()], ' / '],
  ['bound and over', [[batch({ phases: 'failed' })], [wanted], bound()], ' / '],
  ['bound to something else', [[batch()], [wanted], bound(moved)], `${EU} / `],
  ['bound and gone', [[], [wanted], bound()], `${EU} / `],
  ['bound and cancelled', [[batch({ phases: 'cancelled' })], [wanted], bound()], `${EU} / `],
  ['no longer wanted', [[batch()], [], bound()], ' / '],
  ['in doubt', [[], [], state({}, { intents: [intent('a', spec(onFleet(US)))] })], `${US} / `],
];
for (const [what, input, expected] of inventory) {
  it(`inventory: ${what}`, () => {
    const { fleets, regions } = inventoryLooks(look(...input));
    assert.is(`${fleets.join()} / ${regions.join()}`, expected);
  });
}

it('bound batches that the list does not show are asked for one by one, each once', () => {
  const record = state({ a: entry(['41', '42']), b: entry(['43']), c: entry(['43']) });
  assert.equal(unlistedBatches(record, [batch()]), ['42', '43']);
  assert.equal(unlistedBatches(null, [batch()]), []);
});

it.run();
