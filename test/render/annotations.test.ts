import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../src/model/errors.ts';
import { annotations } from '../../src/render/annotations.ts';
import { HOSTILE } from './plans.ts';

const test = suite('annotations');
const VIEW = { folders: ['/repo'], redact: (text: string) => text.replaceAll('s3cr%t', '***') };

const at = (file: string, more: Partial<Diagnostic> = {}): Diagnostic => ({
  severity: 'error',
  code: 'desired.invalid',
  message: 'it is wrong',
  range: { file, line: 3, column: 5, endLine: 3, endColumn: 9 },
  ...more,
});

test('a finding at its line, its path relative to the repository', () => {
  assert.is(
    annotations([at('/repo/live/fleetform.yaml', { hint: 'Mend it.' })], VIEW),
    '::error file=live/fleetform.yaml,line=3,col=5,title=fleetform%3A desired.invalid::it is wrong%0AHint: Mend it.\n',
  );
  assert.match(annotations([at('/repo/a', { severity: 'warning' })], VIEW), /^::warning file=a,/);
  assert.is(annotations([at('/repo/a', { severity: 'note' })], VIEW), '');
});

test('what is elsewhere, or has no file, is told without one', () => {
  const title = 'title=fleetform%3A desired.invalid';
  assert.is(annotations([at('/repository/a')], VIEW), `::error ${title}::it is wrong (/repository/a:3)\n`);
  const { range, ...placeless } = at('/repo/a');
  assert.is(annotations([placeless], VIEW), `::error ${title}::it is wrong\n`);
});

test('commas, colons and percent signs of a path end no property', () => {
  assert.match(
    annotations([at('/repo/a,line=9:b%0A.yaml')], VIEW),
    /^::error file=a%2Cline=9%3Ab%250A\.yaml,line=3,/,
  );
});

test('the first ten of each, errors first', () => {
  const many = Array.from({ length: 24 }, (_, index) =>
    at('/repo/a', { severity: index % 2 === 0 ? 'warning' : 'error', message: `number ${index}` }),
  );
  const lines = annotations(many, VIEW).trimEnd().split('\n');
  assert.is(lines.length, 20);
  assert.ok(lines.slice(0, 10).every((line) => line.startsWith('::error ')));
  assert.ok(lines.slice(10).every((line) => line.startsWith('::warning ')));
  assert.match(lines[0]!, 'number 1');
});

test('no word of a file or an answer is obeyed, none of the key is left', () => {
  const texts = [
    ...HOSTILE,
    'a\n::add-mask::b',
    'a\r::stop-commands::b',
    '%0A::set-output name=x::y',
    '##[group]x',
    '\x1b]0;x\x07',
    'a\u2028::error::b',
  ];
  for (const text of texts) {
    const out = annotations(
      [at(text, { message: text, hint: text, address: text, code: text }), at(`/repo/${text}`)],
      VIEW,
    );
    for (const line of out.trimEnd().split('\n')) assert.match(line, /^::error [^:]*::/);
    assert.not.match(out, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]|%(?!0A(?:Hint|$)|25|3A|2C)/);
    assert.not.match(out.replace(/^::error [^:]*::/gm, ''), /(?:^|\s|%0A)::|##\[/);
  }
  assert.not.match(annotations([at('/repo/a', { message: 'key s3cr%t' })], VIEW), 's3cr');
});

test.run();
