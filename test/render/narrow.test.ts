/** On a narrow screen: nothing is cut, and a line is only too wide for a word that is longer than it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { State } from '../../src/model/state.ts';
import type { Status } from '../../src/model/status.ts';
import { renderCalendar } from '../../src/render/calendar.ts';
import { displayWidth } from '../../src/render/display-width.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { renderEntry, renderState } from '../../src/render/state.ts';
import { renderStatus } from '../../src/render/status.ts';
import { renderTemplates } from '../../src/render/templates.ts';
import { entry, spec, state } from '../support/builders.ts';
import { calendar } from './calendars.ts';
import * as plans from './plans.ts';

const test = suite('narrow screens');
const VIEW = { now: plans.NOW, color: false, timezone: 'Europe/Amsterdam', mayCut: true };
const STATE: State = state({
  'nightly-restart[fleet:eu]': entry(['41'], spec({ executeAt: plans.AT_FOUR })),
});
const TARGETS = { 'nightly-restart[fleet:eu]': 'fleet eu' };

const ROW: Status['rows'][number] = {
  address: 'hotfix',
  template: 'Deploy build',
  targetText: 'fleet eu and 12 other fleets of this game',
  executeAt: plans.NOW - 300,
  batchIds: ['41', '42'],
  phase: 'running',
  counts: plans.tasks({ pending: 10, running: 6, done: 23, failed: 1 }),
  numTasks: 40,
  failures: [
    { entityId: '6268349608002583795', resultText: 'the disk is full, and nothing could be written to it' },
  ],
};
const night = (day: number) => ({
  ...ROW,
  address: `nightly-restart[fleet:eu]@2026-12-${String(day).padStart(2, '0')}T03:30:00Z`,
  phase: day < 1 ? ('done' as const) : ('scheduled' as const),
  executeAt: plans.HALF_PAST_FOUR + day * 86_400,
  counts: plans.tasks({ pending: 40 }),
  failures: [],
});
const STATUS: Status = {
  name: 'live-ops',
  api: 'https://api.i3d.net',
  rows: [
    ROW,
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(night),
    { ...ROW, address: 'nightly-restart[region:ams]', phase: 'failed', counts: plans.tasks({ failed: 5 }) },
    { ...ROW, address: 'stopped', phase: 'stopped', counts: plans.tasks({ done: 4, cancelled: 36 }) },
    {
      ...ROW,
      address: 'rollout',
      counts: plans.tasks({ pending: 1, running: 2, done: 3000, failed: 400, cancelled: 1200, paused: 800 }),
      numTasks: 5403,
    },
    { ...ROW, address: 'paused', counts: plans.tasks({ done: 4, paused: 36 }), failures: [] },
    { ...ROW, address: 'gone', phase: 'missing', template: null, counts: plans.tasks(), failures: [] },
    { ...ROW, address: 'new', phase: 'not applied', executeAt: null, batchIds: [], counts: plans.tasks() },
  ],
  unmanaged: plans.fullPlan().unmanaged,
};

const SCREENS: Readonly<Record<string, (width: number) => string>> = {
  plan: (width) => renderPlan(plans.fullPlan(), { ...VIEW, width }),
  'a brief plan': (width) => renderPlan(plans.fullPlan(), { ...VIEW, width, concise: true }),
  'the plan of schedules': (width) => renderPlan(plans.schedulePlan(), { ...VIEW, width }),
  state: (width) => renderState(STATE, { ...VIEW, width, targets: TARGETS }),
  entry: (width) =>
    renderEntry('nightly-restart[fleet:eu]', Object.values(STATE.entries)[0]!, null, 'fleet eu', {
      ...VIEW,
      width,
    }),
  calendar: (width) => renderCalendar(calendar(undefined, undefined, '2026-12-11', 3), { ...VIEW, width }),
  status: (width) => renderStatus(STATUS, { ...VIEW, width }),
  'a status of nothing': (width) => renderStatus({ ...STATUS, rows: [], unmanaged: [] }, { ...VIEW, width }),
  templates: (width) =>
    renderTemplates(
      [
        {
          id: '7',
          name: 'Restart game server',
          description: 'Stops it, and starts it.',
          requiredParams: ['a', 'b'],
        },
      ],
      { ...VIEW, width },
    ),
};

for (const [name, show] of Object.entries(SCREENS)) {
  test(`${name}: words go on below, and none is cut`, () => {
    const whole = words(show(200)).filter((word) => word !== 'REQUIRED');
    for (const width of [30, 40, 60, 80]) {
      const text = show(width);
      for (const line of text.split('\n')) {
        const isOneWord = /^\s*(?:\S+ )?\S+$/.test(line);
        assert.ok(displayWidth(line) <= width || isOneWord, `${width}: ${line}`);
      }
      if (width < 60) for (const word of whole) assert.ok(text.includes(word), `${width}: ${word}`);
    }
  });
}

/** Where a line ends, it may end without the comma. */
function words(text: string): string[] {
  const all = text.split(/\s+/).map((word) => word.replace(/,$/, ''));
  return all.filter((word) => !word.includes('…') && !/[─^]/.test(word));
}

test.run();
