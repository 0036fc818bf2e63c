import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { safeText } from '../../src/model/safe-text.ts';
import '../support/seed.ts';

const test = suite('safe text');

for (const [name, text, shown] of [
  ['plain text', 'Restart game server', 'Restart game server'],
  ['letters of any script', 'größe 東京 עברית 🎮', 'größe 東京 עברית 🎮'],
  ['an escape sequence', '\x1b[2Jgone', '\\u{1b}[2Jgone'],
  ['a C1 control sequence', '\x9b2J', '\\u{9b}2J'],
  ['backspace, NUL, bell, DEL', 'a\b\0\x07\x7f', 'a\\u{8}\\u{0}\\u{7}\\u{7f}'],
  ['line breaks and tabs', 'a\r\nb\nc\rd\te\u2028f\u2029g', 'a b c d e f g'],
  ['next line (C1)', 'a\x85b', 'a\\u{85}b'],
  ['bidirectional controls', 'a\u202eb\u2066c\u200fd\u061ce', 'a\\u{202e}b\\u{2066}c\\u{200f}d\\u{61c}e'],
  ['zero-width characters', 'a\u200bb\u200dc\u2060d\ufeffe', 'a\\u{200b}b\\u{200d}c\\u{2060}d\\u{feff}e'],
  ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
  ['lone surrogates', 'a\ud800b\udc00', 'a\\u{d800}b\\u{dc00}'],
  ['nothing', '', ''],
] as const) {
  test(name, () => assert.is(safeText(text), shown));
}

for (const [text, maxLength, shown] of [
  ['abcdef', 6, 'abcdef'],
  ['abcdefg', 6, 'abcde…'],
  ['ab\x1bcd', 6, 'ab…'],
  ['abcd🎮', 6, 'abcd🎮'],
  ['abcde🎮', 6, 'abcde…'],
  ['abcd🎮e', 6, 'abcd…'],
  ['a\r\nb\r\nc', 5, 'a b c'],
  ['abc', 1, '…'],
  ['abc', 0, ''],
  ['', 0, ''],
] as const) {
  test(`"${safeText(text)}" cut to ${maxLength}`, () => assert.is(safeText(text, maxLength), shown));
}

test('a megabyte is cut in no time worth speaking of', () => {
  assert.is(safeText('x'.repeat(1_000_000), 10), 'xxxxxxxxx…');
});

test('whatever goes in: nothing unsafe comes out, never longer than asked, and a second time changes nothing', async () => {
  await fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 40 }), (text, maxLength) => {
      const shown = safeText(text, maxLength);
      assert.ok(shown.length <= maxLength);
      assert.not.match(shown, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      assert.is(safeText(shown, maxLength), shown);
      if (safeText(text).length <= maxLength) assert.is(shown, safeText(text));
    }),
    { verbose: 1 },
  );
});

test.run();
