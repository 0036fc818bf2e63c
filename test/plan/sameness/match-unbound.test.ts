import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../../src/model/desired.ts';
import type { ObservedBatch } from '../../../src/model/observed.ts';
import { matchUnbound } from '../../../src/plan/sameness/match-unbound.ts';
import type { Known } from '../../../src/plan/sameness/sight.ts';
import {
  AT,
  type BatchFields,
  COLLECT,
  desired,
  desiredBatch,
  NOW,
  observation,
  observedBatch,
  onFleet,
  US,
  US_SERVERS,
  worldOf,
} from '../../support/builders.ts';

const it = suite('match unbound');

const KNOWN: Known = { newest: NOW - 1200, ids: new Set(['7']), open: new Set(['9']), unsure: new Set() };
function match(
  batches: readonly DesiredBatch[],
  free: readonly ObservedBatch[],
  known: Known | null = KNOWN,
) {
  const world = worldOf({ desired: desired(batches), observation: observation(free) });
  const found = matchUnbound(world.runs, free, world, () => known);
  const told = [...found]
    .map(([address, one]) => {
      if (one.verdict === 'found') return `${address} = ${one.batch.id}`;
      return one.verdict === 'absent' ? `${address} absent` : `${address} unclear ${one.candidates}`;
    })
    .sort()
    .join(', ');
  return { told, asked: world.asked };
}

const timed = desiredBatch('a');
const once = desiredBatch('a', { executeAt: null });
const LATE = NOW - 600;
const late = desiredBatch('a', { executeAt: LATE, startingDeadline: 3600 });
const batch = (fields: BatchFields = {}, id = '41') => observedBatch(id, { createdAt: NOW - 300, ...fields });
const atOnce = (createdAt: number, fields: BatchFields = {}, id?: string) =>
  batch({ createdAt, executeAt: createdAt, phases: 'running', ...fields }, id);
const OLD = NOW - 1500;
const CANCELLED = { phases: 'cancelled', finishedAt: OLD } as const;
const ONCE_CANCELLED = atOnce(OLD - 9000, CANCELLED);
for (const [what, wanted, seen, known, expected] of [
  ['its time and game servers', timed, batch(), KNOWN, 'a = 41'],
  ['the same, made before the state last looked', timed, batch({ createdAt: NOW - 86_400 }), KNOWN, 'a = 41'],
  ['a minute off', timed, batch({ executeAt: AT + 60 }), KNOWN, 'a = 41'],
  ['a minute earlier', timed, batch({ executeAt: AT - 60 }), KNOWN, 'a = 41'],
  ['another time', timed, batch({ executeAt: AT + 61 }), KNOWN, ''],
  ['another fleet', timed, batch({ on: US_SERVERS }), KNOWN, ''],
  ['another template', timed, batch({ template: COLLECT.name }), KNOWN, ''],
  ['cancelled before it ran', timed, batch({ phases: 'cancelled' }), KNOWN, ''],
  ['over', timed, batch({ phases: 'done' }), KNOWN, 'a = 41'],
  ['late, stamped with the present', late, atOnce(LATE + 60 + 5), KNOWN, 'a unclear 41'],
  ['late, within the tolerance', late, atOnce(LATE + 60), KNOWN, 'a = 41'],
  ['late, but known of', late, atOnce(LATE + 100, {}, '7'), KNOWN, ''],
  ['once, newer than the state', once, atOnce(NOW - 300), KNOWN, 'a unclear 41'],
  ['once, just not certainly older', once, atOnce(OLD + 1), KNOWN, 'a unclear 41'],
  ['once, older than the state', once, atOnce(OLD), KNOWN, ''],
  ['once, known of', once, atOnce(NOW - 300, {}, '7'), KNOWN, ''],
  ['once, old, and in question before', once, atOnce(OLD - 9000, {}, '9'), KNOWN, 'a unclear 9'],
  ['once, old, and there is no state', once, atOnce(OLD - 9000), null, 'a unclear 41'],
  ['once, cancelled, old, and there is no state', once, ONCE_CANCELLED, null, 'a unclear 41'],
  ['once, cancelled, newer than the state', once, atOnce(NOW - 300, CANCELLED), KNOWN, 'a unclear 41'],
  ['once, cancelled, older than the state', once, ONCE_CANCELLED, KNOWN, ''],
  ['once, another fleet', once, atOnce(NOW - 300, { on: US_SERVERS }), KNOWN, ''],
  ['once, for a time of its own', once, batch({ executeAt: NOW + 301, createdAt: null }), KNOWN, ''],
  ['once, about to run', once, batch({ executeAt: NOW + 300, createdAt: null }), KNOWN, 'a unclear 41'],
] as const) {
  it(`${what}: ${expected || 'none'}`, () => assert.is(match([wanted], [seen], known).told, expected));
}

it('all runs and all batches at once', () => {
  const us = desiredBatch('b', { targets: onFleet(US) });
  const onUs = batch({ on: US_SERVERS }, '42');
  assert.is(match([timed, us], [onUs, batch()]).told, 'a = 41, b = 42');
  assert.is(match([timed, us], [onUs]).told, 'b = 42');
  assert.is(match([timed], [batch(), batch({}, '43')]).told, 'a unclear 41,43');
});

it('what the record knows is asked of each run', () => {
  const old = atOnce(OLD - 9000);
  const b = { ...once, address: 'b' };
  const world = worldOf({ desired: desired([once, b]), observation: observation([old]) });
  const found = matchUnbound(world.runs, [old], world, ({ desired: { address } }) =>
    address === 'a' ? KNOWN : null,
  );
  assert.equal([...found.keys()], ['b'], 'of a it knows, of b nothing');
});

it('of two runs whose times are nearly the same each gets the batch of exactly its own', () => {
  const b = desiredBatch('b', { executeAt: AT + 30 });
  assert.is(match([timed, b], [batch({}, '41'), batch({ executeAt: AT + 30 }, '42')]).told, 'a = 41, b = 42');
  assert.is(match([timed, b], [batch({}, '41')]).told, 'a = 41, b unclear 41');
});

it('many batches of many times: each run meets those of its own', () => {
  const hours = Array.from({ length: 24 }, (_, i) => i);
  const wanted = hours.map((i) => desiredBatch(`h${i}`, { executeAt: AT + i * 3600 }));
  const seen = hours.map((i) => batch({ executeAt: AT + i * 3600 }, String(100 + i)));
  const expected = hours.map((i) => `h${i} = ${100 + i}`).sort();
  assert.is(match([...wanted].reverse(), [...seen].reverse()).told, expected.join(', '));
});

it('of a candidate a sample is looked at; all of one that was cancelled when its time had come', () => {
  assert.equal([...match([timed], [batch({ isSeen: false })]).asked.tasks], [['41', 'sample']]);
  assert.equal([...match([timed], [batch({ isSeen: false, executeAt: AT + 61 })]).asked.tasks], []);
  const cancelled = batch({ isSeen: false, phases: 'cancelled', executeAt: LATE, finishedAt: NOW });
  assert.equal([...match([late], [cancelled]).asked.tasks], [['41', 'all']]);
});

it.run();
