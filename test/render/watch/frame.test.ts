import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatusRow } from '../../../src/model/status.ts';
import { watchFrame } from '../../../src/render/watch/frame.ts';
import { matchesGolden } from '../golden.ts';
import { HOSTILE, tasks } from '../plans.ts';
import { assertFits, ROW, ROWS, VIEW, watched } from './watched.ts';

const it = suite('a frame of a live view');

for (const [width, height] of [
  [120, 40],
  [100, 30],
  [80, 24],
  [40, 24],
  [80, 8],
  [40, 8],
] as const) {
  it(`${width}x${height}`, () => {
    const lines = watchFrame(watched(), { ...VIEW, width, height });
    assertFits(lines, { width, height });
    matchesGolden(`watch-${width}x${height}`, `${lines.join('\n')}\n`);
  });
}

const HOSTILE_ROWS: StatusRow[] = ['再起動', '👩‍👩‍👧‍👦'.repeat(9), HOSTILE].flatMap((text, n) => [
  {
    ...ROW,
    address: `b${n}[label:${text.repeat(4)}]`,
    template: text,
    phase: 'failed' as const,
    failures: [{ entityId: text, resultText: text.repeat(50) }],
    counts: tasks({ done: 39, failed: 1 }),
  },
  { ...ROW, address: `b${n}[fleet:${text}]`, template: text.repeat(9), phase: 'scheduled' as const },
]);

it('fits every window, whatever the names', () => {
  for (const rows of [[...ROWS, ...HOSTILE_ROWS], []]) {
    for (const color of [true, false]) {
      for (let height = 1; height <= 45; height += height < 9 ? 2 : 13) {
        for (let width = 1; width <= 170; width += width < 50 ? 6 : 30) {
          assertFits(watchFrame(watched(rows), { ...VIEW, color, width, height }), { width, height });
        }
      }
    }
  }
});

it('in colour it says the same', () => {
  const colour = watchFrame(watched(), { ...VIEW, color: true }).join('\n');
  assert.match(colour, /\x1b\[31m/);
  assert.is(colour.replace(/\x1b\[[0-9;]*m/g, ''), watchFrame(watched(), VIEW).join('\n'));
});

it('what is left out is counted, and is the least important', () => {
  const many = Array.from({ length: 30 }, (_, n) => ({ ...ROWS[1]!, address: `later-${n}` }));
  const rows = [...many, ...ROWS];
  for (let height = 7; height < 60; height += 1) {
    const lines = watchFrame(watched(rows), { ...VIEW, height });
    const shown = lines.filter((line) => /^[✖▶○✔+] \S/.test(line)).length;
    const more = lines.map((line) => /^\+(\d+) more: /.exec(line)?.[1]).find((count) => count !== undefined);
    assert.is(shown + Number(more ?? 0), rows.length, `of ${height} lines`);
    assert.ok(lines.some((line) => line.startsWith('✖ broken ')));
    assert.ok(lines.some((line) => line.startsWith('▶ hotfix ')));
  }
});

it('one failing batch does not hide another, nor what runs, behind its reasons', () => {
  const failures = Array.from({ length: 50 }, (_, n) => ({ entityId: `${n}`, resultText: `reason ${n}` }));
  const failing = { ...ROW, phase: 'failed' as const, failures, counts: tasks({ failed: 40 }) };
  const rows = [{ ...failing, address: 'a' }, { ...failing, address: 'b' }, ROW];
  const text = watchFrame(watched(rows), { ...VIEW, height: 7 }).join('\n');
  for (const head of [/^✖ a /m, /^✖ b /m, /^▶ hotfix /m]) assert.match(text, head);
  assert.match(text, /reason 0 \+49 more$/m);
});

it('what is nothing but paused is told as that', () => {
  const rows = [{ ...ROW, counts: tasks({ paused: 40 }) }];
  assert.match(watchFrame(watched(rows), VIEW).join('\n'), /hotfix +paused .* 40 paused/);
});

it.run();
