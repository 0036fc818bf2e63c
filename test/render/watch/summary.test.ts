import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { watchSummary } from '../../../src/render/watch/summary.ts';
import { matchesGolden } from '../golden.ts';
import { HOSTILE, NOW } from '../plans.ts';
import { assertFits, ROW, ROWS, VIEW, watched } from './watched.ts';

const it = suite('what stays of a live view');
const END = { since: NOW - 125, isInterrupted: false };

it('says why it ended, what failed, and what comes next', () => {
  matchesGolden('watch-summary', watchSummary(watched(), END, VIEW));
  assert.match(
    watchSummary(watched(), { ...END, isInterrupted: true }, VIEW),
    /^live-ops .*: stopped watching after 2 min 5 s\n/,
  );
});

it('is short, counts the rest, and is harmless', () => {
  const rows = Array.from({ length: 5000 }, (_, n) => ({ ...ROW, address: `b${n}[label:${HOSTILE}]` }));
  const lines = watchSummary(watched([...rows, ...ROWS]), END, VIEW)
    .trimEnd()
    .split('\n');
  assertFits(lines, { width: VIEW.width, height: 30 });
  assert.ok(lines.some((line) => line.startsWith('✖ broken ')));
  assert.match(lines.at(-1) ?? '', /^\+4990 more: /);
});

it.run();
