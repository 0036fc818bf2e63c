import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shown } from '../../src/desired/quote.ts';
import { CUT_SNIPPET_COLUMN, SourceFile } from '../../src/desired/source.ts';
import { nearest } from '../../src/model/suggest.ts';

const source = suite('desired: places and words');
const at = (text: string, needle: string) => {
  const start = text.indexOf(needle);
  return { file: new SourceFile('/x/a.yaml', 'a.yaml', text), span: { start, end: start + needle.length } };
};

source('lines and columns count from 1, also behind CRLF', () => {
  const { file, span } = at('a: 1\r\nb: two\r\n', 'two');
  assert.equal(file.range(span), { file: 'a.yaml', line: 2, column: 4, endLine: 2, endColumn: 7 });
  assert.is(file.snippet(span), 'b: two');
});

source('a span over several lines ends with its first one', () => {
  const { file, span } = at('a:\n  b: 1\n  c: 2\n', 'b: 1\n  c: 2');
  assert.equal(file.range(span), { file: 'a.yaml', line: 2, column: 3, endLine: 2, endColumn: 7 });
});

source('the end of the file has a place', () => {
  const file = new SourceFile('/x/a.yaml', 'a.yaml', 'a: 1\n');
  assert.equal(file.range({ start: 5, end: 6 }), {
    file: 'a.yaml',
    line: 2,
    column: 1,
    endLine: 2,
    endColumn: 2,
  });
  assert.is(file.snippet({ start: 5, end: 6 }), '');
});

source('a long line is cut around the place', () => {
  for (const before of [0, 50, 119, 120, 400, 1000]) {
    for (const after of [0, 30, 500]) {
      const { file, span } = at(`${'a'.repeat(before)}HERE${'b'.repeat(after)}`, 'HERE');
      const snippet = file.snippet(span);
      assert.ok(snippet.length <= 160);
      const column = snippet.startsWith('…') ? CUT_SNIPPET_COLUMN : file.range(span).column;
      assert.is(snippet.slice(column - 1, column + 3), 'HERE', `${before} ${after}`);
    }
  }
});

source('the nearest word', () => {
  const words = ['template', 'target', 'targets', 'executeAt', 'eu', 'us-east'];
  for (const [typo, right] of [
    ['executAt', 'executeAt'],
    ['executeat', 'executeAt'],
    ['templat', 'template'],
    ['targts', 'targets'],
    ['ue', 'eu'],
    ['schedule', undefined],
    ['x', undefined],
  ] as const) {
    assert.is(nearest(typo, words), right, typo);
  }
});

source('text in messages is cut and harmless', () => {
  assert.is(shown('a\u001b[31m\u202eb\n'), 'a\\u{1b}[31m\\u{202e}b\\u{a}');
  assert.is(shown('\ud83d\ude00 é'), '\ud83d\ude00 é');
  assert.is(shown('x'.repeat(100)), `${'x'.repeat(60)}…`);
  assert.is(shown(`${'x'.repeat(59)}\ud83d\ude00`), `${'x'.repeat(59)}…`);
});

source.run();
