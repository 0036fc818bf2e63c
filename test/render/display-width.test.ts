/** Plain text takes a short way to what the libraries say; both ways agree. */
import fc from 'fast-check';
import stringWidth from 'string-width';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import wrapAnsi from 'wrap-ansi';
import { displayWidth, wrap } from '../../src/render/display-width.ts';

const it = suite('display width');

const word = fc.string({ minLength: 1, maxLength: 9 });
const text = fc
  .array(fc.oneof(word, fc.constantFrom('', 'a', 'é', '漢字', '…', '\x1b[1mbold\x1b[22m')), { maxLength: 12 })
  .map((words) => words.join(' '));

it('measures and wraps as the libraries do', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 24 }), (any, width) => {
      assert.is(displayWidth(any), stringWidth(any));
      // Only what may not be broken is ours alone.
      if (!/\d (?:s|min|h|d)/.test(any)) assert.equal(wrap(any, width), wrapAnsi(any, width).split('\n'));
    }),
    { seed: Number(process.env.FC_SEED ?? 1), numRuns: 2000 },
  );
});

it('never breaks between a number and its unit of time', () => {
  assert.equal(wrap('first in 17 h 26 min', 11), ['first in', '17 h 26 min']);
  assert.equal(wrap('first in 17 h 26 min', 13), ['first in 17 h', '26 min']);
  assert.equal(wrap('é first in 17 h', 13), ['é first in', '17 h']);
  assert.equal(wrap('batch 17 has', 8), ['batch 17', 'has']);
});

it.run();
