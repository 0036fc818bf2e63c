import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Intent, Spec } from '../../../src/model/state.ts';
import {
  isConfusable,
  isDue,
  newTimeVerdict,
  ranAtOnce,
  timeDistance,
  timeVerdict,
  turnOf,
  turnsOf,
} from '../../../src/plan/sameness/times.ts';
import { AT, COLLECT, intent, NOW, observedBatch, spec } from '../../support/builders.ts';

const it = suite('times');
const made = (createdAt: number | null, executeAt: number | null) =>
  observedBatch('41', { createdAt, executeAt });

it('a batch that starts within five minutes of its creation was made to run at once', () => {
  assert.equal(
    [300, 301, -300, -301].map((off) => ranAtOnce(made(NOW, NOW + off))),
    [true, false, true, false],
  );
  assert.ok(ranAtOnce(made(NOW, null)) && ranAtOnce(made(null, AT)));
});

const HOUR = 3600;
const EARLY = NOW - 7200;
const LATE = NOW - 600;
for (const [what, executeAt, batch, expected] of [
  ['the very time', AT, made(NOW, AT), 'yes'],
  ['a minute later', AT, made(NOW, AT + 60), 'yes'],
  ['a minute earlier', AT, made(NOW, AT - 60), 'yes'],
  ['a second more', AT, made(NOW, AT + 61), 'no'],
  ['a second more, earlier', AT, made(NOW, AT - 61), 'no'],
  ['no time is asked for, it ran at once', null, made(NOW, NOW + 2), 'yes'],
  ['no time is asked for, it is for later', null, made(NOW, AT), 'no'],
  ['made late, stamped with the present', LATE, made(LATE + 120, LATE + 120), 'maybe'],
  ['made late, without any time', LATE, made(LATE + 120, null), 'maybe'],
  ['made later than its deadline', LATE, made(LATE + HOUR + 61, LATE + HOUR + 61), 'no'],
  ['made within its deadline, as clocks go', LATE, made(LATE + HOUR + 60, LATE + HOUR + 60), 'maybe'],
  ['made before its time', LATE, made(LATE - 61, LATE - 61), 'no'],
  ['made early, for another time', LATE, made(EARLY, LATE + 200), 'no'],
  ['nothing is told', AT, made(null, null), 'maybe'],
] as const) {
  it(`${what}: ${expected}`, () => assert.is(timeVerdict(executeAt, batch, HOUR), expected));
}

const before = (executeAt: number | null) =>
  intent('a', spec({ executeAt }), { seen: ['40'], newest: NOW - 1200 });
for (const [what, executeAt, batch, expected] of [
  ['made since, its time', AT, made(NOW - 600, AT), 'yes'],
  ['a minute off', AT, made(NOW - 600, AT + 60), 'yes'],
  ['five minutes off', AT, made(NOW - 600, AT + 300), 'maybe'],
  ['more than that', AT, made(NOW - 600, AT + 301), 'no'],
  ['seen before', AT, { ...made(NOW - 600, AT), id: '40' }, 'no'],
  ['five minutes older than the newest before', AT, made(NOW - 1500, AT), 'no'],
  ['nearly five minutes older', AT, made(NOW - 1499, AT), 'yes'],
  ['nobody tells when it was made', AT, made(null, AT), 'yes'],
  ['once, ran at once', null, made(NOW - 600, NOW - 600), 'yes'],
  ['once, for later', null, made(NOW - 600, AT), 'no'],
  ['its time had passed: stamped with the present', LATE - HOUR, made(LATE, LATE), 'yes'],
  ['ran at once, before its time', AT, made(NOW - 600, NOW - 600), 'no'],
] as const) {
  it(`may be new: ${what}: ${expected}`, () => assert.is(newTimeVerdict(before(executeAt), batch), expected));
}

it('with nothing in sight before, any may be new', () => {
  assert.is(newTimeVerdict({ spec: spec(), seen: [], newest: null }, made(0, AT)), 'yes');
});

it('what has no time is at no distance', () => {
  assert.equal(
    [
      timeDistance(null, made(NOW, AT)),
      timeDistance(AT, made(NOW, null)),
      timeDistance(AT, made(NOW, AT - 5)),
    ],
    [0, 0, 5],
  );
});

const of = (executeAt: number | null, template = '1') =>
  spec({ executeAt, template: { id: template, name: COLLECT.name } });
it('what is to run within the hour takes turns with what is to run at once', () => {
  assert.is(turnOf(of(NOW + HOUR), NOW), turnOf(of(null), NOW));
  assert.not.equal(turnOf(of(NOW + HOUR + 1), NOW), turnOf(of(null), NOW));
  assert.not.equal(turnOf(of(null), NOW), turnOf(of(null, '2'), NOW));
  assert.not.equal(turnOf(of(AT), NOW), turnOf(of(AT + 1), NOW));
});

const create = (address: string, executeAt: number | null, more: Partial<Spec> = {}): Intent =>
  intent(address, { ...of(executeAt), ...more }, { since: NOW });
const turns = (...intents: Intent[]) =>
  turnsOf(intents).map((turn) => turn.map(({ address }) => address).join(' '));

it('times that the API may have rounded to each other take turns, one after the next', () => {
  const at = (address: string, seconds: number, more?: Partial<Spec>) => create(address, AT + seconds, more);
  assert.equal(turns(at('a', 0), at('b', 59), at('c', 118), at('d', 178)), ['a b c', 'd']);
  assert.equal(turns(at('a', 0), at('b', 60)), ['a', 'b']);
  assert.equal(turns(at('c', 40), at('x', 500), at('a', 0)), ['c a', 'x'], 'in the order in which they came');
  // What is at the same time is one turn, whatever it reaches, and brings its neighbours with it.
  const us = { fleets: ['2'] };
  assert.equal(turns(at('a', 0), at('b', 0, us), at('c', 20, us), at('d', 900)), ['a b c', 'd']);
});

it('what reaches no game server in common does not wait for each other', () => {
  const at = (seconds: number, more: Partial<Spec>) =>
    create(`${seconds}`, AT + seconds, { fleets: [], ...more });
  assert.equal(turns(at(0, { fleets: ['1'] }), at(9, { fleets: ['2'] })), ['0', '9']);
  assert.equal(turns(at(0, { instances: ['1'] }), at(9, { instances: ['2'] })), ['0', '9']);
  assert.equal(turns(at(0, { instances: ['1'] }), at(9, { instances: ['2', '1'] })), ['0 9']);
  for (const other of [{ regions: ['2'] }, { labels: [{ key: 'a', value: 'b' }] }, { instances: ['3'] }])
    assert.equal(turns(at(0, { fleets: ['1'] }), at(9, other)), ['0 9'], JSON.stringify(other));
  assert.equal(turns(at(0, { fleets: ['1'], instances: ['5'] }), at(9, { fleets: ['2'] })), ['0 9']);
});

it('what is at once, and another template, are their own', () => {
  const other = { template: { id: '2', name: COLLECT.name } };
  assert.equal(turns(create('a', null), create('b', AT), create('c', AT + 9, other)), ['a', 'b', 'c']);
  assert.equal(turns(create('a', null), create('b', NOW + HOUR), create('c', NOW + HOUR + 30)), ['a b c']);
});

const asked = (executeAt: number | null, since = NOW, template = '1') => ({
  spec: of(executeAt, template),
  since,
});
for (const [what, a, b, expected] of [
  ['the same time', asked(AT), asked(AT), true],
  ['about the same time', asked(AT), asked(AT + 300), true],
  ['another time', asked(AT), asked(AT + 301), false],
  ['another template', asked(AT), asked(AT, NOW, '2'), false],
  ['both once', asked(null), asked(null, NOW - HOUR), true],
  ['soon, and at once', asked(NOW + 1800), asked(null), true],
  ['later, and at once', asked(AT), asked(null), false],
  ['soon by now, and later when it was intended', asked(null), asked(NOW + 1800, NOW - 2 * HOUR), true],
  ['soon for the other one only', asked(NOW + 1800, NOW - 2 * HOUR), asked(null), true],
] as const) {
  it(`may be taken for each other: ${what}: ${expected}`, () => {
    assert.is(isConfusable(a, b), expected);
    assert.is(isConfusable(b, a), expected);
  });
}

it('late by less than its deadline is due, and without a time always', () => {
  const due = (late: number) => isDue({ executeAt: NOW - late, startingDeadline: 300, isKept: false }, NOW);
  assert.equal([due(-HOUR), due(299), due(300)], [true, true, false]);
  assert.ok(isDue({ executeAt: null, startingDeadline: 0, isKept: false }, NOW));
  assert.not.ok(isDue({ executeAt: NOW + HOUR, startingDeadline: 300, isKept: true }, NOW), 'what is kept');
});

it.run();
