/** The list of moves: its mistakes are told as they are, and a long one is looked through about as fast as it is long. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readMoved } from '../../src/desired/moved.ts';
import { parse } from '../../src/desired/parse.ts';
import { Problems } from '../../src/desired/problems.ts';
import { SourceFile } from '../../src/desired/source.ts';
import type { DiagnosticsError } from '../../src/model/errors.ts';
import { blockOf, desiredBatch } from '../support/builders.ts';

const it = suite('moved');

/** What is told of the moves of a file, and how often its batches are read for it. */
async function looked(moves: readonly string[], names: readonly string[] = []) {
  const lines = moves.map((move) => move.replace(/(.*)>(.*)/, '  - { from: "$1", to: "$2" }'));
  const file = new SourceFile('/f.yaml', 'f.yaml', `moved:\n${lines.join('\n')}\n`);
  const problems = new Problems([file]);
  const parsed = await parse({ file, problems: [], before: '' }, problems);
  let reads = 0;
  const batches = names.map(
    (name) =>
      new Proxy(desiredBatch(name), {
        get(target, key, receiver) {
          reads += 1;
          return Reflect.get(target, key, receiver);
        },
      }),
  );
  const lookUps = { get: 0 };
  const { get } = Map.prototype;
  Map.prototype.get = function (key) {
    lookUps.get += 1;
    return get.call(this, key);
  };
  try {
    readMoved([parsed!], batches.map(blockOf), problems);
  } finally {
    Map.prototype.get = get;
  }
  const told = problems.any ? (problems.asError() as DiagnosticsError).diagnostics : [];
  return {
    told: told.map(({ message }) => message),
    places: told.map(({ range }) => range?.line),
    reads,
    lookUps: lookUps.get,
  };
}

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

for (const [what, moves, told] of [
  ['onto each other', ['a>b', 'b>x'], []],
  ['a circle', ['a>b', 'b>a'], ['2: the moves from "a", "b" form a cycle']],
  [
    'one that leads into it',
    ['z>a', 'a>b', 'b>c', 'c>b'],
    ['5: "b" is "to" of two moves; first at f.yaml:3:21', '3: '],
  ],
  ['to itself', ['a>a', 'b>b'], ['2: "a" would move to itself', '3: "b" would move to itself']],
  ['from what is in the file', ['x>n[a]', 'k>x'], ['2: "x" is still in the file, so it has not moved']],
  ['from a block that is in the file', ['n>x'], ['2: "n" is still in the file, so it has not moved']],
  ['from an address of a block that is in the file', ['n[b]>x'], []],
  ['to what is not', ['a>y', 'b>n'], ['2: the file has no batch "y" to move to; did you mean "x"?']],
] as const) {
  it(what, async () => {
    const { told: found, places } = await looked(moves, ['x', 'n[a]']);
    const lines = found.map((message, i) => `${places[i]}: ${message}`).sort();
    if (what === 'one that leads into it') assert.match(lines.join(), 'form a cycle');
    else assert.equal(lines, told);
  });
}

for (const [what, move, wanted] of [
  ['to as many batches', (i) => `a${i}>b${i}`, (i) => `b${i}`],
  ['to nowhere', (i) => `a${i}>c${i}`, (i) => `b${i}`],
  ['one after the other', (i, n) => (i === n - 1 ? `a${i}>b0` : `a${i}>a${i + 1}`), () => 'b0'],
  ['in one circle', (i, n) => `a${i}>a${(i + 1) % n}`, () => 'b0'],
  ['each to itself', (i) => `a${i}>a${i}`, () => 'b0'],
  ['all from one', (i) => `a>b${i}`, (i) => `b${i}`],
] as const satisfies readonly [string, (i: number, n: number) => string, (i: number) => string][]) {
  it(`twice as many moves, ${what}, are twice the work`, async () => {
    const of = async (n: number) => {
      const names = [...new Set(numbers(n).map(wanted))];
      const { reads, lookUps } = await looked(
        numbers(n).map((i) => move(i, n)),
        names,
      );
      return reads + lookUps;
    };
    const [one, two] = [await of(300), await of(600)];
    assert.ok(two / one < 2.6, `${one} for 300, ${two} for 600`);
  });
}

it('a circle of many names some of them', async () => {
  const { told } = await looked(numbers(600).map((i) => `a${i}>a${(i + 1) % 600}`));
  assert.is(told.length, 1);
  assert.match(told[0]!, 'and 588 more form a cycle');
  assert.ok(told[0]!.length < 200);
});

it.run();
