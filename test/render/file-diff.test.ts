/** A file's two versions as a unified diff, for people and for programs. */
import { applyPatch } from 'diff';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fileDiff, renderFileDiff } from '../../src/render/file-diff.ts';

const it = suite('file diff');

const name = 'live/fleetform.yaml';
const numbered = (count: number, mark = '') =>
  Array.from({ length: count }, (_, index) => `line ${index}${mark}\n`).join('');

it('three lines around each change', () => {
  const before = numbered(20);
  const after = before.replace('line 9\n', 'line nine\n');
  assert.is(
    fileDiff({ name, before, after }),
    [
      '--- a/live/fleetform.yaml',
      '+++ b/live/fleetform.yaml',
      '@@ -7,7 +7,7 @@',
      ' line 6',
      ' line 7',
      ' line 8',
      '-line 9',
      '+line nine',
      ' line 10',
      ' line 11',
      ' line 12',
      '',
    ].join('\n'),
  );
});

it('the same is nothing', () => {
  assert.is(fileDiff({ name, before: 'a\n', after: 'a\n' }), '');
  assert.is(renderFileDiff({ name, before: 'a\n', after: 'a\n' }, true), '');
});

it('a program can apply it, whatever is in it', () => {
  for (const [before, after] of [
    ['', 'a\nb\n'],
    ['a\nb\n', ''],
    ['a', 'a\n'],
    ['a\r\nb\r\n', 'a\nb\n'],
    ['\ufeffa: \u0007\n', 'a: \u0007\n'],
    [numbered(300), numbered(300).replace('line 3\n', '').replace('line 200\n', 'x\ny\n')],
  ] as const) {
    const patch = fileDiff({ name, before, after });
    assert.is(applyPatch(before, patch, { autoConvertLineEndings: false }), after, patch);
  }
  assert.match(fileDiff({ name, before: '', after: 'a\n' }), '@@ -0,0 +1 @@');
});

it('on a terminal nothing moves the cursor', () => {
  const before = 'a: \u001b[31mred\u202e\tb\rc\r\n';
  const shown = renderFileDiff({ name: 'x\u001b[0m', before, after: 'a: red\n' }, false);
  assert.not.match(shown, /[\u0000-\u0008\u000b-\u001f\u202e]/);
  assert.match(shown, '-a: \\u{1b}[31mred\\u{202e}\tb\\u{d}c\\r');
  assert.match(shown, '--- a/x\\u{1b}[0m');
});

it('colours say what goes and what comes', () => {
  const shown = renderFileDiff({ name, before: 'a\n--- b\n', after: 'a\n+++ c\n' }, true);
  assert.match(shown, '\u001b[1m--- a/live');
  assert.match(shown, '\u001b[36m@@ -1,2 +1,2 @@');
  assert.match(shown, '\u001b[31m---- b\u001b');
  assert.match(shown, '\u001b[32m++++ c\u001b');
  assert.match(shown, '\n a\n');
});

it('a line that looks like a head is none', () => {
  const shown = renderFileDiff({ name, before: '-- x\n', after: '++ y\n' }, true);
  assert.match(shown, '\u001b[31m--- x');
  assert.match(shown, '\u001b[32m+++ y');
});

it('wholly different files end in good time', () => {
  const shown = fileDiff({ name, before: numbered(20_000), after: numbered(15_000, ' new') });
  assert.is(
    shown,
    '--- a/live/fleetform.yaml\n+++ b/live/fleetform.yaml\n# the whole file is rewritten: 20000 lines -> 15000 lines\n',
  );
});

it.run();
