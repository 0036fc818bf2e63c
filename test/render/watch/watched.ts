/** Statuses to be watched, and what every frame of them has to be. */
import * as assert from 'uvu/assert';
import { addressOf } from '../../../src/model/addresses.ts';
import type { StatusRow } from '../../../src/model/status.ts';
import { displayWidth } from '../../../src/render/display-width.ts';
import type { Watched } from '../../../src/render/watch/frame.ts';
import { assertHarmless } from '../golden.ts';
import { NOW, tasks } from '../plans.ts';

export const VIEW = { now: NOW, timezone: 'Europe/Amsterdam', color: false, width: 100, height: 30 };

export const ROW: StatusRow = {
  address: 'hotfix',
  template: 'Deploy build',
  targetText: 'fleet eu',
  executeAt: NOW - 1800,
  batchIds: ['41'],
  phase: 'running',
  counts: tasks({ pending: 10, running: 6, done: 24 }),
  numTasks: 40,
  failures: [],
};

const BROKEN = Array.from({ length: 7 }, (_, n) => ({
  entityId: String(6268349608002583795n + BigInt(n)),
  resultText: n < 4 ? 'disk full' : `exit code ${n}`,
}));

export const ROWS: readonly StatusRow[] = [
  { ...ROW, address: 'done', phase: 'done', counts: tasks({ done: 40 }), executeAt: NOW - 3600 },
  ...[1, 2, 3, 4, 5, 6].map((n): StatusRow => {
    const at = NOW + n * 3600;
    return {
      ...ROW,
      address: addressOf('hourly[fleet:eu]', at),
      executeAt: at,
      phase: 'scheduled',
      counts: tasks({ pending: 40 }),
    };
  }),
  ROW,
  {
    ...ROW,
    address: 'broken',
    phase: 'failed',
    counts: tasks({ done: 33, failed: 7 }),
    failures: BROKEN,
    executeAt: NOW - 5400,
  },
  {
    ...ROW,
    address: 'new',
    phase: 'not applied',
    executeAt: null,
    batchIds: [],
    counts: tasks(),
    numTasks: 0,
  },
];

export function watched(rows: readonly StatusRow[] = ROWS): Watched {
  return {
    status: { name: 'live-ops', api: 'https://api.i3d.net', rows, unmanaged: [] },
    timeline: { now: NOW, lanes: [] },
  };
}

export function assertFits(
  lines: readonly string[],
  { width, height }: { width: number; height: number },
): void {
  assert.ok(lines.length <= height, `${lines.length} lines in ${width}x${height}`);
  for (const one of lines) {
    assert.not.match(one, '\n');
    assertHarmless(one);
    const columns = displayWidth(one.replace(/\x1b\[[0-9;]*m/g, ''));
    assert.ok(columns <= width, `${columns} columns in ${width}x${height}: ${one}`);
  }
}
