import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listText } from '../../src/model/words.ts';
import { painter } from '../../src/render/color.ts';
import { displayWidth, truncate, wrap } from '../../src/render/display-width.ts';
import { bar, countsText, stoppableText } from '../../src/render/phrases.ts';
import { tableLines } from '../../src/render/table.ts';
import { tasks } from './plans.ts';

const test = suite('render table');

test('width: wide characters two, combining marks none, colours none', () => {
  const cases: [string, number][] = [
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['🎮', 2],
    ['한글', 4],
    ['é', 1],
    ['\x1b[31mred\x1b[39m', 3],
    ['…', 1],
    ['👩‍🚀', 2],
    ['🇳🇱', 2],
    ['👍🏽', 2],
    ['ｆｕｌｌ', 8],
  ];
  for (const [text, width] of cases) assert.is(displayWidth(text), width, text);
});

test('truncate never exceeds its width', () => {
  assert.is(truncate('fleet', 5), 'fleet');
  assert.is(truncate('fleets', 5), 'flee…');
  assert.is(truncate('日本語', 4), '日…');
  assert.is(truncate('日本語', 5), '日本…');
  assert.is(truncate('日本語', 1), '…');
  assert.is(truncate('a👩‍🚀b👩‍🚀', 4), 'a👩‍🚀…');
  assert.is(truncate('e\u0301e\u0301e\u0301', 2), 'e\u0301…');
  assert.is(truncate('abc', 0), '');
});

test('wrap breaks at spaces and leaves long words whole', () => {
  assert.equal(wrap('one two three', 7), ['one two', 'three']);
  assert.equal(wrap('a waytoolongword b', 6), ['a', 'waytoolongword', 'b']);
  assert.equal(wrap('日本 日本 日本', 9), ['日本 日本', '日本']);
  assert.equal(wrap('', 9), ['']);
});

test('columns line up by display width, and the flexible one gives way', () => {
  const rows = [
    [{ text: '1' }, { text: '日本の再起動' }, { text: 'x' }],
    [{ text: '222' }, { text: 'Restart game server now' }, { text: 'y' }],
  ];
  const paint = painter(false);
  assert.equal(tableLines(rows, { width: 80, paint }), [
    '1    日本の再起動             x',
    '222  Restart game server now  y',
  ]);
  const long = [...rows, [{ text: 'a'.repeat(50) }, { text: 'Restart game server now' }, { text: 'z' }]];
  const narrow = tableLines(long, { width: 68, paint, flexible: [1] });
  assert.ok(narrow.every((line) => displayWidth(line) <= 68));
  assert.equal(
    tableLines(rows, { width: 22, paint, flexible: [1], mayCut: false }),
    tableLines(rows, { width: 80, paint }),
  );
  assert.match(narrow[1] ?? '', /^222 +Resta.*….*now {2}y$/);
});

test('where columns have no room, each row is a paragraph that cuts nothing', () => {
  const paint = painter(false);
  const rows = [
    [{ text: '04:30' }, { text: 'nightly-restart' }, { text: '' }, { text: 'Restart game server' }],
  ];
  const shown = (width: number) => tableLines(rows, { width, paint, indent: 2, flexible: [3] });
  assert.equal(shown(50), ['  04:30  nightly-restart    Restart game server']);
  assert.equal(shown(40), ['  04:30  nightly-restart', '    Restart game server']);
  assert.equal(shown(20), ['  04:30', '    nightly-restart', '    Restart game', '    server']);
  assert.equal(
    tableLines([[{ text: 'a'.repeat(60) }, { text: 'b'.repeat(60) }]], { width: 80, paint, flexible: [1] }),
    [`${'a'.repeat(60)}  bbbbbbbbb…bbbbbbbb`],
  );
  assert.equal(
    tableLines([[{ text: 'a'.repeat(70) }, { text: 'b'.repeat(60) }]], { width: 80, paint, flexible: [1] }),
    ['a'.repeat(70), `  ${'b'.repeat(60)}`],
  );
});

test('a bar is full only when all is done, and empty only when nothing is', () => {
  assert.is(bar(0, 40), '░░░░░░░░░░');
  assert.is(bar(1, 4000), '█░░░░░░░░░');
  assert.is(bar(3999, 4000), '█████████░');
  assert.is(bar(40, 40), '██████████');
  assert.is(bar(0, 0), '░░░░░░░░░░');
  assert.is(bar(9, 3), '██████████');
});

test('what can still be stopped', () => {
  assert.is(
    stoppableText(tasks({ pending: 36, running: 3, done: 1 })),
    '36 to 39 of 40 can still be stopped: 36 pending, 3 running, 1 done',
  );
  assert.is(
    stoppableText(tasks({ paused: 2, unknown: 3, failed: 1 })),
    '2 to 5 of 6 can still be stopped: 0 pending, 0 running, 0 done, 2 paused, 1 failed, 3 not looked at',
  );
  assert.is(stoppableText(tasks()), 'none seen');
  assert.is(countsText(tasks({ pending: 3, failed: 1 })), '3 pending, 1 failed');
});

test('lists name the first few', () => {
  assert.is(listText(['1', '2', '3', '4']), '1, 2, 3, 4');
  assert.is(listText(['1', '2', '3', '4', '5']), '1, 2, 3 and 2 more');
});

test.run();
