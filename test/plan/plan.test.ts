/** What is cut from the whole, and what goes along. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  AT,
  desired,
  desiredBatch,
  entry,
  observation,
  observedBatch,
  planOf,
  spec,
  state,
} from '../support/builders.ts';

const it = suite('plan');

it('a chain of moves goes along as a whole, whichever end is selected', () => {
  const at = (i: number) => AT + i * 3600;
  const entries = Object.fromEntries(
    ['a', 'b', 'c'].map((name, i) => [name, entry([String(41 + i)], spec({ executeAt: at(i) }))]),
  );
  const moves = (...targets: string[]) =>
    planOf({
      desired: desired(['b', 'c', 'd'].map((name, i) => desiredBatch(name, { executeAt: at(i) }))),
      state: state(entries),
      observation: observation([41, 42, 43].map((id, i) => observedBatch(String(id), { executeAt: at(i) }))),
      options: { scope: { targets } },
    })
      .moves.map(({ from, to }) => `${from}${to}`)
      .join(' ');
  assert.equal([moves(), moves('a'), moves('b'), moves('d')], Array(4).fill('ab bc cd'));
});

it.run();
