/** The rules of `escape.ts`, one by one, with what lies just on either side of each. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cellCode, code, fence, prose } from '../../../src/render/markdown/escape.ts';
import { read } from './reading.ts';

const it = suite('markdown escape');

/** A code span as a reader of CommonMark shows it. */
function shown(span: string): string | undefined {
  return read(`<!-- fleetform:plan:x:0123456789ab -->\n\na: ${span}\n`).spans[0];
}

it('a span is padded where the reader would take a backtick or a space away, and nowhere else', () => {
  const cases: [string, string][] = [
    ['a', '`a`'],
    ['`a', '`` `a ``'],
    ['a`', '`` a` ``'],
    ['a`b', '``a`b``'],
    [' a ', '`  a  `'],
    [' a', '` a`'],
    ['a ', '`a `'],
    ['  ', '`""`'],
  ];
  for (const [text, expected] of cases) assert.is(code(text), expected, JSON.stringify(text));
  for (const text of ['a', '`a', 'a`', '`', ' a ', '  a  ', ' a', 'a ', '` a', ' `a` ', '``']) {
    assert.is(shown(code(text)), text, JSON.stringify(text));
  }
});

it('what may be the name of a commit is seven hex digits, and no fewer', () => {
  assert.is(prose('a facade of defaced words', 200), 'a facade of `defaced` words');
  assert.is(prose('a DEFACED Facade', 200), 'a `DEFACED` Facade');
  assert.is(prose('an undefaced one', 200), 'an `undefaced` one');
  assert.is(prose('of 123456 tasks', 200), 'of 123456 tasks');
  assert.is(prose('of 1234567 tasks', 200), 'of `1234567` tasks');
});

it('a fence is longer than what it holds, and three at the least', () => {
  assert.is(fence('text', ['a']), '```text\na\n```');
  assert.is(fence('text', ['``']), '```text\n``\n```');
  assert.is(fence('text', ['```']), '````text\n```\n````');
  assert.is(fence('text', ['a````', 'b```']), '`````text\na````\nb```\n`````');
});

it('a pipe in a cell has one backslash, and is spelled out behind one', () => {
  assert.is(cellCode('a|b|'), '`a\\|b\\|`');
  assert.is(cellCode('a\\|b'), '`a\\\\u{7c}b`');
  assert.is(code('a|b'), '`a|b`');
});

it.run();
