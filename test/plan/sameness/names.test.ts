import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../../src/model/desired.ts';
import type { Move } from '../../../src/model/plan.ts';
import type { StateEntry } from '../../../src/model/state.ts';
import { composed, followNames, heldByUntold, renamed } from '../../../src/plan/sameness/names.ts';
import {
  AT,
  type BatchFields,
  desired,
  desiredBatch,
  EU,
  entry,
  observation,
  observedBatch,
  onFleet,
  spec,
  state,
  US,
  worldOf,
} from '../../support/builders.ts';
import { runs } from '../worlds.ts';
import '../../support/seed.ts';

const it = suite('names');

/** What is asked for by one letter: another time each, `!` behind it: without a time, another fleet each. */
function specOfLetter(letter: string) {
  const n = letter.charCodeAt(0) - 64;
  return letter.endsWith('!')
    ? spec({ ...onFleet(String(n)), executeAt: null })
    : spec({ executeAt: AT + n * 3600 });
}

function wanted(address: string, letter: string, fields: Partial<DesiredBatch> = {}): DesiredBatch {
  const { executeAt, fleets } = specOfLetter(letter);
  return desiredBatch(address, { executeAt, targets: onFleet(...fleets), ...fields });
}

/** `a=A b=B!`: by address, what the file asks for, or what was recorded. Batches have the ids 41, 42 … */
function follow(file: string, record: string, fields: Record<string, BatchFields> = {}) {
  const pairs = (text: string) =>
    text === '' ? [] : text.split(' ').map((one) => one.split('=') as [string, string]);
  const entries = new Map(
    pairs(record).map(([address, letter], i): [string, StateEntry] => [
      address,
      entry([String(41 + i)], specOfLetter(letter)),
    ]),
  );
  const batches = [...entries.values()].map(({ batchIds: [id], spec: { executeAt } }) =>
    observedBatch(id!, { executeAt, ...fields[id!] }),
  );
  const world = worldOf({
    desired: desired(pairs(file).map(([address, letter]) => wanted(address, letter))),
    state: state(Object.fromEntries(entries)),
    observation: observation(batches),
  });
  return { entries, ...followNames(entries, world) };
}

function told(...input: Parameters<typeof follow>): string[] {
  const { moves, questions, held } = follow(...input);
  return [
    ...moves.map(({ from, to }) => `${from} -> ${to}`),
    ...[...questions].map(([address, from]) => `${address} asks for what ${from} ran`),
    ...[...held].map(([address, by]) => `${address} is held for ${by}`),
  ];
}

const over = { phases: 'done' } as const;
const table: [string, string[], string[]][] = [
  ['nothing recorded', told('a=A', ''), []],
  ['all as it was', told('a=A b=B', 'a=A b=B'), []],
  ['a new name', told('b=A', 'a=A'), ['a -> b']],
  ['the old name is still in the file, and asks for something else', told('a=B b=A', 'a=A'), ['a -> b']],
  ['the old one still asks for it', told('a=A b=A', 'a=A'), []],
  ['nobody asks for it', told('b=B', 'a=A'), []],
  ['two names swap', told('a=B b=A', 'a=A b=B'), ['b -> a', 'a -> b']],
  [
    'three names shift: what is pushed out goes to the name that was left',
    told('a=B b=C', 'a=A b=B c=C'),
    ['b -> a', 'c -> b', 'a -> c'],
  ],
  ['a circle of three', told('a=B b=C c=A', 'a=A b=B c=C'), ['b -> a', 'c -> b', 'a -> c']],
  ['b takes over, and what it had goes where that came from', told('b=A', 'a=A b=B'), ['a -> b', 'b -> a']],
  ['two could have made it: the first one takes it', told('c=A', 'a=A b=A'), ['a -> c']],
  ['two could have made it: the one that has run', told('c=A', 'a=A b=A', { '42': over }), ['b -> c']],
  [
    'two could have made it: the one that failed',
    told('c=A', 'a=A b=A', { '42': { phases: 'failed' } }),
    ['b -> c'],
  ],
  [
    'two could have made it: not the cancelled one',
    told('c=A', 'a=A b=A', { '41': { phases: 'cancelled' } }),
    ['b -> c'],
  ],
  [
    'two could have made it: the one that runs',
    told('c=A', 'a=A b=A', { '42': { phases: 'running' } }),
    ['b -> c'],
  ],
  ['two ask for what one made: one of them only', told('b=A c=A', 'a=A'), ['a -> b']],
  ['once: a new name', told('b=A!', 'a=A!'), ['b asks for what a ran', 'a is held for b']],
  [
    'once: swapped',
    told('a=B! b=A!', 'a=A! b=B!'),
    ['a asks for what b ran', 'b asks for what a ran', 'b is held for a', 'a is held for b'],
  ],
  ['once: the old one still asks for it', told('a=A! b=A!', 'a=A!'), []],
  [
    'once: two have run it: both are held',
    told('c=A!', 'a=A! b=A!'),
    ['c asks for what a ran', 'a is held for c', 'b is held for c'],
  ],
  [
    'onto a name whose record is in question nothing moves',
    told('a=B b=A!', 'a=A! c=B'),
    ['b asks for what a ran', 'a is held for b'],
  ],
];
for (const [what, found, expected] of table) it(what, () => assert.equal(found, expected));

it('an address whose template nobody knows asks for something that nobody can tell: its entry stays', () => {
  const entries = new Map([['a', entry(['41'], specOfLetter('A'))]]);
  const world = worldOf({
    desired: desired([wanted('a', 'B', { template: { name: '?' } }), wanted('b', 'A')]),
    observation: observation([observedBatch('41')]),
  });
  assert.equal(followNames(entries, world).moves, []);
});

it('what is moved keeps all that is known of it, under the new name', () => {
  const { entries, moves } = follow('a=B b=A', 'a=A b=B');
  const after = renamed(entries, moves);
  assert.is(after.get('a'), entries.get('b'));
  assert.is(after.get('b'), entries.get('a'));
  assert.is(renamed(entries, []), entries);
});

it('two moves, one after the other, are one', () => {
  const move = (text: string): Move[] =>
    text === '' ? [] : text.split(' ').map((one) => ({ from: one[0]!, to: one[1]! }));
  const then = (first: string, second: string) =>
    composed(move(first), move(second))
      .map(({ from, to }) => from + to)
      .join(' ');
  assert.is(then('ab', ''), 'ab');
  assert.is(then('', 'ab'), 'ab');
  assert.is(then('ab', 'bc'), 'ac');
  assert.is(then('ab', 'cd'), 'ab cd');
  assert.is(then('ab', 'ba'), '');
});

it('whatever the names do, no entry gets lost, and none gets two', () => {
  const letters = fc.constantFrom('A', 'B', 'C', 'D', 'A!', 'B!');
  const some = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), letters);
  const text = (all: Record<string, string>) =>
    Object.entries(all)
      .map((pair) => pair.join('='))
      .join(' ');
  let moved = 0;
  fc.assert(
    fc.property(some, some, (file, record) => {
      const { entries, moves, held } = follow(text(file), text(record));
      moved += moves.length;
      const after = renamed(entries, moves);
      assert.is(after.size, entries.size);
      assert.equal(new Set([...after.values()]), new Set([...entries.values()]));
      assert.is(new Set(moves.map(({ to }) => to)).size, moves.length);
      for (const { from, to } of moves) {
        assert.not.equal(from, to);
        assert.not(held.has(from) || held.has(to), 'what is in question stays');
      }
    }),
    runs(1500),
  );
  assert.ok(moved > 500);
});

it('what is over a fleet of its own is no other fleet', () => {
  const entries = new Map([['a', entry(['41'], spec(onFleet(US)))]]);
  const world = worldOf({ desired: desired([desiredBatch('b', { targets: onFleet(EU) })]) });
  assert.equal(followNames(entries, world).moves, []);
});

it('a block whose template is unknown holds the records of that time that the file names no longer', () => {
  const gone = entry(['41'], spec({ executeAt: null }));
  const untold = desiredBatch('b', { template: { name: '?' }, executeAt: null });
  const held = (entries: Record<string, StateEntry>, ...batches: DesiredBatch[]) =>
    Object.fromEntries(
      heldByUntold(new Map(Object.entries(entries)), worldOf({ desired: desired(batches) })),
    );
  assert.equal(held({ a: gone }, untold), { a: 'b' });
  assert.equal(held({ a: gone }, { ...untold, executeAt: AT }), {}, 'another time');
  assert.equal(held({ a: gone }, desiredBatch('b', { executeAt: null })), {}, 'it is told');
  assert.equal(held({ a: gone }, untold, desiredBatch('a')), { a: 'b' }, 'its name is another one’s now');
  assert.equal(
    held({ a: gone }, untold, desiredBatch('a', { executeAt: null })),
    {},
    'it asks for it itself',
  );
  assert.equal(held({ a: gone, b: entry(['42']) }, untold), { a: 'b' }, 'whatever it has made itself');
  assert.equal(held({ a: gone, b: entry(['42']) }, untold, desiredBatch('a')), {});
});

it.run();
