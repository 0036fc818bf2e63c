import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatusRow } from '../../../src/model/status.ts';
import { painter } from '../../../src/render/color.ts';
import { segments } from '../../../src/render/watch/rows.ts';
import { runsOf } from '../../../src/render/watch/runs.ts';
import { timelineLines } from '../../../src/render/watch/timeline.ts';
import { NOW, tasks } from '../plans.ts';
import { ROW, ROWS, VIEW, watched } from './watched.ts';

const it = suite('the hours around now');

function hours(rows: readonly StatusRow[], view: Partial<typeof VIEW> = {}, height = 20): string[] {
  const { status, timeline } = watched(rows);
  return timelineLines(runsOf(status, timeline), 10, height, { ...VIEW, ...view }, painter(false));
}

it('every mark stands under its time, at every width', () => {
  for (let width = 60; width < 220; width += 1) {
    const [axis = '', lane = ''] = hours([{ ...ROW, phase: 'scheduled', executeAt: NOW + 20 * 60 }], {
      width,
    });
    const midnight = axis.indexOf('00:00');
    assert.ok(midnight > 0, axis);
    assert.is(lane.indexOf('○'), midnight, `${axis}\n${lane}`);
    assert.ok(lane.indexOf('│') < midnight && axis[lane.indexOf('│')] !== ' ', `${axis}\n${lane}`);
  }
});

it('in a zone of half hours as well', () => {
  const rows = [{ ...ROW, phase: 'scheduled' as const, executeAt: NOW + 50 * 60 }];
  const [axis = '', lane = ''] = hours(rows, { timezone: 'Asia/Kolkata' });
  assert.is(lane.indexOf('○'), axis.indexOf('05:00'), `${axis}\n${lane}`);
});

it('what runs reaches from its start to now; what comes later than it shows is told at its edge', () => {
  assert.match(hours([ROW])[1] ?? '', /━▶$/);
  const [, lane = ''] = hours([{ ...ROW, phase: 'scheduled', executeAt: NOW + 86_400 * 9 }]);
  assert.is(lane.length, VIEW.width);
  assert.match(lane, /│ +›$/);
});

it('too many addresses share the lane of their block, too many blocks are counted', () => {
  const of = (name: (n: number) => string) =>
    Array.from({ length: 30 }, (_, n) => ({ ...ROW, address: name(n) }));
  assert.is(hours(of((n) => `b[fleet:f${n}]`)).length, 2);
  const lines = hours(
    of((n) => `b${n}`),
    {},
    10,
  );
  assert.is(lines.length, 10);
  assert.is(lines.at(-1), '+22 more');
});

it('what is long past has no lane, and what is to be seen comes before what is later', () => {
  const rows = [
    { ...ROW, address: 'past', phase: 'done' as const, executeAt: NOW - 86_400 },
    { ...ROW, address: 'later', phase: 'scheduled' as const, executeAt: NOW + 86_400 },
    { ...ROW, address: 'soon', phase: 'not applied' as const, executeAt: NOW + 600 },
  ];
  assert.equal(
    hours(rows)
      .slice(1)
      .map((line) => line.split(' ')[0]),
    ['soon', 'later'],
  );
});

it('none where there is no room, or no time', () => {
  assert.equal(hours(ROWS, {}, 1), []);
  assert.equal(hours(ROWS, { width: 20 }), []);
  assert.equal(hours([{ ...ROW, executeAt: null }]), []);
});

it('a bar is as wide as it should be, and shows whatever there is', () => {
  for (const cells of [6, 10, 20]) {
    for (const counts of [
      tasks(),
      tasks({ done: 997, failed: 1, cancelled: 1, pending: 1 }),
      tasks({ failed: 40 }),
    ]) {
      const numTasks = counts.done + counts.failed + counts.cancelled + counts.pending;
      const bar = segments({ counts, numTasks }, cells);
      assert.is(bar.length, cells);
      assert.is(bar.includes('▓'), counts.failed > 0);
      assert.is(bar.includes('▒'), counts.cancelled > 0);
    }
  }
});

it.run();
