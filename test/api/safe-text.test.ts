import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { legible, safeJson, safeText } from '../../src/model/safe-text.ts';
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
  [
    'what is ignored by default',
    '88\u034f12 \ufe0f\u{e0100}\u180e',
    '88\\u{34f}12 \\u{fe0f}\\u{e0100}\\u{180e}',
  ],
  [
    'letters and symbols that look blank',
    'a\u2800\u3164\uffa0\u115f',
    'a\\u{2800}\\u{3164}\\u{ffa0}\\u{115f}',
  ],
  ['blanks that are no plain space', 'a\u00a0b\u3000c\u2009d', 'a\\u{a0}b\\u{3000}c\\u{2009}d'],
  ['what nobody has drawn', 'a\ue000\u{fdd0}', 'a\\u{e000}\\u{fdd0}'],
  ['a mark on its letter', 'e\u0301 हिन्दी ไทย', 'e\u0301 हिन्दी ไทย'],
  ['marks on nothing', '\u0301a \u0301', '\\u{301}a \\u{301}'],
  ['marks on a digit', '88\u033812', '88\\u{338}12'],
  ['a mark of another script', 'a\u17d2', 'a\\u{17d2}'],
  ['a stack of marks', `a${'\u0301'.repeat(5)}`, 'a\u0301\u0301\u0301\\u{301}\\u{301}'],
  ['a command at the start', '::add-mask::x', ':\\u{3a}add-mask::x'],
  ['a command that wrapping may bring to the start', 'a ::group::b', 'a :\\u{3a}group::b'],
  ['a command behind a line break', 'a\n\t::group::b', 'a  :\\u{3a}group::b'],
  [
    'a command anywhere',
    'a##[Group]b ##VSO[x ##teamcity[y',
    'a#\\u{23}[Group]b #\\u{23}VSO[x #\\u{23}teamcity[y',
  ],
  ['what only resembles a command', 'std::map [::1] ## x #[y]', 'std::map [::1] ## x #[y]'],
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

test('the last look leaves lines, tabs and our own colours', () => {
  const painted = '\x1b[31m- a\x1b[0m\n\t+ b\n';
  assert.is(legible(painted, true), painted);
  assert.is(legible(painted, false), '\\u{1b}[31m- a\\u{1b}[0m\n\t+ b\n');
  assert.is(legible('\x1b[2J\x1b[8', true), '\\u{1b}[2J\\u{1b}[8');
  assert.is(legible('a\n  ::stop-commands::x\n', true), 'a\n  :\\u{3a}stop-commands::x\n');
  assert.is(legible('\x1b[2m::debug::x', true), '\x1b[2m:\\u{3a}debug::x');
});

test('JSON says the same, by escapes of its own', async () => {
  await fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '##[x]', '\u009b2J', ' ::x::'),
      (text, more) => {
        const json = JSON.stringify({ [text]: [more, `${more}${text}`] }, null, 2);
        const safe = safeJson(json);
        assert.equal(JSON.parse(safe), JSON.parse(json));
        assert.is(legible(safe, false), safe);
      },
    ),
  );
});

test('a megabyte is cut in no time worth speaking of', () => {
  assert.is(safeText('x'.repeat(1_000_000), 10), 'xxxxxxxxx…');
});

test('whatever goes in: nothing unsafe comes out, never longer than asked, and a second time changes nothing', async () => {
  await fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 40 }), (text, maxLength) => {
      const shown = safeText(text, maxLength);
      assert.ok(shown.length <= maxLength);
      assert.not.match(shown, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      assert.not.match(shown, /\p{Default_Ignorable_Code_Point}|(?! )\p{Zs}|(?:^|\s)::|##\w*\[/u);
      assert.is(safeText(shown, maxLength), shown);
      assert.is(legible(shown, false), shown);
      if (safeText(text).length <= maxLength) assert.is(shown, safeText(text));
    }),
    { verbose: 1 },
  );
});

test.run();
