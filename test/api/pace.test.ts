import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answer, createPace, type Pace } from '../../src/api/pace.ts';

const test = suite('pace');

/** All that may be in flight at once is sent, and answered `ms` later. Returns how many those were. */
function scene(bound: number): { pace: Pace; round(ms: number, answer?: Answer, kind?: string): number } {
  let now = 0;
  const pace = createPace(bound, () => now);
  return {
    pace,
    round(ms, answer = 'answered', kind = 'GET /x') {
      const sent = Array.from({ length: pace.places() }, () => pace.sent(kind));
      now += ms;
      for (const told of sent) told(answer);
      return sent.length;
    },
  };
}

for (const bound of [1, 3, 10]) {
  test(`begins with its bound, up to ten: ${bound}`, () => {
    const { pace, round } = scene(bound);
    assert.is(pace.places(), bound);
    for (let nth = 0; nth < 20; nth += 1) assert.is(round(50), bound);
  });
}

test('doubles with each round of quick answers, and never exceeds its bound', () => {
  const { round } = scene(50);
  assert.equal(
    [1, 2, 3, 4, 5].map(() => round(50)),
    [10, 20, 40, 50, 50],
  );
});

for (const bound of [1, 10, 50, 200]) {
  test(`a thousand calls take little more than their number of rounds: at most ${bound}`, () => {
    const { round } = scene(bound);
    let rounds = 0;
    for (let sent = 0; sent < 1000; rounds += 1) sent += round(50);
    // The doubling costs at most as much as the rounds that it takes.
    assert.ok(rounds <= Math.ceil(1000 / bound) + Math.max(0, Math.ceil(Math.log2(bound / 10))), `${rounds}`);
    if (bound <= 50) assert.ok(rounds <= Math.ceil(1000 / bound) * 1.15, `${rounds}`);
  });
}

test('a 429 halves once, however many there are of it; then each round adds one', () => {
  const { pace, round } = scene(40);
  for (const _ of [1, 2, 3]) round(50);
  assert.is(pace.places(), 40);
  round(50, 'throttled');
  assert.is(pace.places(), 20);
  assert.equal(
    [1, 2, 3].map(() => round(50)),
    [20, 21, 22],
  );
  for (let nth = 0; nth < 100; nth += 1) round(50);
  assert.is(pace.places(), 40);
});

test('the good answers to what went out before the 429 add nothing', () => {
  const { pace } = scene(40);
  const sent = Array.from({ length: 10 }, () => pace.sent('GET /x'));
  sent[0]!('throttled');
  assert.is(pace.places(), 5);
  for (const told of sent.slice(1)) told('answered');
  assert.is(pace.places(), 5);
});

test('always at least one', () => {
  const { pace, round } = scene(10);
  for (let nth = 0; nth < 10; nth += 1) round(50, 'throttled');
  assert.is(pace.places(), 1);
  round(50);
  assert.is(pace.places(), 2);
});

test('most of a round much slower than the quickest: halves, and learns anew what is quick', () => {
  const { pace, round } = scene(20);
  round(50);
  round(50);
  assert.is(pace.places(), 20);
  // The first half of it ends a round that began with quick ones.
  round(451);
  assert.is(pace.places(), 20);
  round(451);
  assert.is(pace.places(), 10);
  // As slow with half as many: it was not their number.
  assert.is(round(451), 10);
  assert.is(round(451), 11);
});

test('a few slow answers, and what is not four times as slow, halve nothing; slow ones add nothing', () => {
  const { pace, round } = scene(20);
  round(50);
  round(450);
  assert.is(pace.places(), 20);

  let now = 0;
  const other = createPace(50, () => now);
  other.sent('GET /x')('answered');
  assert.is(other.places(), 11);
  const late = other.sent('GET /x');
  now += 5000;
  late('answered');
  assert.is(other.places(), 11);
});

/** A round in which one request is answered while the others wait in vain. */
function lateRound(bound: number, kind = 'GET /x') {
  const { pace } = scene(bound);
  return () => {
    const sent = Array.from({ length: pace.places() }, () => pace.sent('GET /x'));
    pace.sent(kind)('answered');
    for (const told of sent) told('late');
    return pace.places();
  };
}

test('no answer within the deadline is a slow one where others of its kind are answered: down to five', () => {
  const round = lateRound(20);
  assert.equal([round(), round(), round(), round()], [5, 5, 5, 5]);
  assert.is(lateRound(3)(), 3);
});

test('an outage halves nothing, be it from the beginning, after good answers, or of one kind', () => {
  const { pace, round } = scene(40);
  for (let nth = 0; nth < 5; nth += 1) assert.is(round(30_000, 'late'), 10);
  round(50);
  round(50);
  assert.is(pace.places(), 40);
  for (let nth = 0; nth < 5; nth += 1) assert.is(round(30_000, 'late'), 40);
  const ofOneKind = lateRound(10, 'GET /other');
  for (let nth = 0; nth < 5; nth += 1) assert.is(ofOneKind(), 10);
});

test('below five a slow round takes nothing more', () => {
  const { pace, round } = scene(10);
  for (const _ of [1, 2]) round(50, 'throttled');
  assert.is(pace.places(), 2);
  round(50);
  for (const _ of [1, 2, 3]) round(5000);
  assert.ok(pace.places() >= 2);
});

test('a failure says nothing', () => {
  const young = scene(40);
  young.round(1, 'failed');
  assert.is(young.pace.places(), 10);
});

test('a kind of request that takes long is not compared with others', () => {
  const { pace, round } = scene(10);
  round(10);
  for (let nth = 0; nth < 5; nth += 1) round(3000, 'answered', 'GET /all');
  assert.is(pace.places(), 10);
});

test.run();
