import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assign, type Edge, edge } from '../../../src/plan/sameness/match.ts';
import { observedBatch } from '../../support/builders.ts';

const it = suite('match');

/** `a 41 yes 0.5 30`: address, batch, verdict, likeness, seconds off; the last two may be left out. */
function one(text: string): Edge {
  const [address = '', id = '', verdict, likeness = '1', distance = '0'] = text.split(' ');
  return {
    address,
    batch: observedBatch(id),
    verdict: verdict === 'yes' ? 'yes' : 'maybe',
    likeness: Number(likeness),
    distance: Number(distance),
  };
}

function match(...edges: string[]): string[] {
  return [...assign(edges.map(one))]
    .sort()
    .map(([address, found]) =>
      found.verdict === 'found'
        ? `${address} = ${found.batch.id}`
        : `${address} ${found.verdict}${found.verdict === 'unclear' ? ` ${found.candidates.join(',')}` : ''}`,
    );
}

const table: [string, string[], string[]][] = [
  ['nothing', match(), []],
  ['one for one', match('a 41 yes'), ['a = 41']],
  ['what may be is none, and none that is absent', match('a 41 maybe'), ['a unclear 41']],
  ['each its own', match('b 42 yes', 'a 41 yes'), ['a = 41', 'b = 42']],
  ['two alike', match('a 41 yes', 'a 43 yes'), ['a unclear 41,43']],
  ['candidates by number, not by letter', match('a 100 yes', 'a 99 yes'), ['a unclear 99,100']],
  ['one clearly better', match('a 40 yes 0.6', 'a 41 yes 0.8'), ['a = 41']],
  ['one better by less than the margin', match('a 40 yes 0.61', 'a 41 yes 0.8'), ['a unclear 40,41']],
  ['one that may be it beside one that is', match('a 41 yes', 'a 42 maybe 0'), ['a unclear 41,42']],
  ['both want the only one', match('a 41 yes', 'b 41 yes'), ['a unclear 41', 'b unclear 41']],
  ['one of the two is clearly it', match('a 41 yes', 'b 41 yes 0.7'), ['a = 41', 'b absent']],
  ['the other may be it', match('a 41 yes', 'b 41 maybe 0.1'), ['a unclear 41', 'b unclear 41']],
  ['nearer in time by more than the tolerance', match('a 41 yes 0.6 0', 'a 42 yes 1 61'), ['a = 41']],
  ['nearer in time by the tolerance', match('a 41 yes 0.6 0', 'a 42 yes 1 60'), ['a = 42']],
  ['nearer than what may be it', match('a 41 yes 0.6 0', 'a 42 maybe 0 61'), ['a = 41']],
  [
    'what is taken frees the rest: a chain is settled from its clear end',
    match('a 41 yes 1', 'a 42 yes 0.5', 'b 42 yes 0.6'),
    ['a = 41', 'b = 42'],
  ],
  [
    'a circle stays open',
    match('a 41 yes', 'a 42 yes', 'b 41 yes', 'b 42 yes'),
    ['a unclear 41,42', 'b unclear 41,42'],
  ],
  [
    'two times half a minute apart, and a batch of exactly each',
    match('a 41 yes 1 0', 'a 42 yes 1 30', 'b 41 yes 1 30', 'b 42 yes 1 0'),
    ['a = 41', 'b = 42'],
  ],
  [
    'the same, and neither is exactly at its time',
    match('a 41 yes 1 1', 'a 42 yes 1 31', 'b 41 yes 1 29', 'b 42 yes 1 1'),
    ['a unclear 41,42', 'b unclear 41,42'],
  ],
  [
    'a batch of exactly the one time: it may be the other all the same',
    match('a 41 yes 1 0', 'b 41 yes 1 30'),
    ['a = 41', 'b unclear 41'],
  ],
  [
    'the same, clearly: it is not the other',
    match('a 41 yes 1 0', 'b 41 yes 0.5 30'),
    ['a = 41', 'b absent'],
  ],
  [
    'the same, and what may be the other is no more than that',
    match('a 41 yes 1 0', 'b 41 maybe 0 30'),
    ['a = 41', 'b absent'],
  ],
  [
    'exactly at its time, and less alike: it is nobody’s',
    match('a 41 maybe 1 0', 'b 41 yes 1 30'),
    ['a unclear 41', 'b unclear 41'],
  ],
  [
    'what is clear comes before what is exact',
    match('a 41 yes 1 0', 'a 42 yes 1 30', 'b 42 yes 0.5 0', 'b 41 yes 0.5 30'),
    ['a = 41', 'b = 42'],
  ],
  [
    'each has its own, so nobody misses another’s',
    match('a 41 yes 1 0', 'b 41 yes 1 30', 'b 42 yes 1 0', 'a 42 yes 1 30', 'c 42 yes 1 45'),
    ['a = 41', 'b = 42', 'c unclear 42'],
  ],
];
for (const [what, found, expected] of table) it(what, () => assert.equal(found, expected));

it('the order of the pairs changes nothing', () => {
  const edges = ['a 41 yes 1', 'a 42 yes 0.5', 'b 42 yes 0.6', 'c 42 maybe', 'd 43 yes', 'd 44 yes 0.9'];
  assert.equal(match(...[...edges].reverse()), match(...edges));
});

it('the time has a say: what may be at that time is no more than may be', () => {
  const yes = { verdict: 'yes', likeness: 1 } as const;
  const made = (time: 'yes' | 'maybe' | 'no', evidence: Parameters<typeof edge>[2] = yes) =>
    edge('a', observedBatch('41'), evidence, time)?.verdict;
  assert.equal(
    [made('yes'), made('maybe'), made('no'), made('yes', { verdict: 'no', likeness: 0 })],
    ['yes', 'maybe', undefined, undefined],
  );
});

it.run();
