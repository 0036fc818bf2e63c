import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Status, StatusRow } from '../../src/model/status.ts';
import { displayWidth } from '../../src/render/display-width.ts';
import { renderStatus, statusToJson } from '../../src/render/status.ts';
import { renderTemplates, templatesToJson } from '../../src/render/templates.ts';
import { assertHarmless, matchesGolden } from './golden.ts';
import { AT_FOUR, HOSTILE, NOW, tasks } from './plans.ts';

const test = suite('render status');
const VIEW = { now: NOW, color: false, width: 80, timezone: 'Europe/Amsterdam' };

const ROW: StatusRow = {
  address: 'hotfix',
  template: 'Deploy build',
  targetText: 'fleet eu',
  executeAt: NOW - 300,
  batchIds: ['41'],
  phase: 'running',
  counts: tasks({ pending: 10, running: 6, done: 23, failed: 1 }),
  numTasks: 40,
  failures: [{ entityId: '6268349608002583795', resultText: 'disk full' }],
};
const STATUS: Status = {
  name: 'live-ops',
  api: 'sandbox',
  rows: [
    ROW,
    {
      ...ROW,
      address: 'nightly-restart[fleet:eu]',
      phase: 'scheduled',
      executeAt: AT_FOUR,
      counts: tasks({ pending: 40 }),
      failures: [],
    },
    {
      ...ROW,
      address: 'nightly-restart[region:ams]',
      phase: 'failed',
      counts: tasks({ done: 35, failed: 5 }),
      failures: [1, 2, 3, 4, 5].map((n) => ({
        entityId: String(n),
        resultText: n === 2 ? '' : `exit code ${n}`,
      })),
    },
    { ...ROW, address: 'done', phase: 'done', counts: tasks({ done: 40 }), failures: [] },
    { ...ROW, address: 'stopped', phase: 'stopped', counts: tasks({ done: 4, cancelled: 36 }), failures: [] },
    { ...ROW, address: 'gone', phase: 'missing', template: null, counts: tasks(), failures: [] },
    {
      ...ROW,
      address: 'new',
      phase: 'not applied',
      executeAt: null,
      batchIds: [],
      counts: tasks(),
      failures: [],
    },
  ],
  unmanaged: [
    { batchId: '71', template: 'Restart game server', executeAt: AT_FOUR, numTasks: 40, phase: 'scheduled' },
  ],
};

for (const width of [80, 120]) {
  test(`every phase at ${width} columns`, () => {
    const text = renderStatus(STATUS, { ...VIEW, width });
    matchesGolden(`status-${width}`, text);
    assert.ok(text.split('\n').every((line) => displayWidth(line) <= width));
  });
}

test('in colour it says the same', () => {
  const text = renderStatus(STATUS, { ...VIEW, color: true });
  assert.match(text, /\x1b\[31mfailed/);
  assert.is(text.replace(/\x1b\[[0-9;]*m/g, ''), renderStatus(STATUS, VIEW));
});

test('hostile results of a host agent stay on their line', () => {
  const row = {
    ...ROW,
    address: HOSTILE,
    template: HOSTILE,
    targetText: HOSTILE,
    failures: [{ entityId: '1', resultText: HOSTILE.repeat(500) }],
  };
  const text = renderStatus({ ...STATUS, name: HOSTILE, rows: [row] }, VIEW);
  assertHarmless(text);
  assert.is(text.split('\n').filter((line) => line.includes('game server 1')).length, 1);
});

test('nothing at all is said', () => {
  assert.match(renderStatus({ ...STATUS, rows: [], unmanaged: [] }, VIEW), /No batches/);
});

test('as JSON: the same rows', () => {
  assert.equal(JSON.parse(statusToJson(STATUS)), STATUS);
});

const TEMPLATES = [
  {
    id: '12',
    name: 'Deploy build',
    description:
      'Stops the game server, downloads the build that `buildId` names, installs it and starts the game server again.',
    requiredParams: ['buildId', 'channel'],
  },
  { id: '3', name: 'Restart game server', description: 'Stops it and starts it.', requiredParams: [] },
  { id: '100', name: '再起動', description: '', requiredParams: null },
];

test('templates, by id', () => {
  matchesGolden('templates', renderTemplates(TEMPLATES, { color: false, width: 80 }));
  assert.match(renderTemplates([], { color: false, width: 80 }), /No templates/);
  assert.equal(JSON.parse(templatesToJson(TEMPLATES)), TEMPLATES);
  assertHarmless(
    renderTemplates([{ id: HOSTILE, name: HOSTILE, description: HOSTILE, requiredParams: [HOSTILE] }], {
      color: true,
      width: 80,
    }),
  );
});

test('what only waits for somebody to resume it is paused, whatever its time', () => {
  const of = (phase: StatusRow['phase'], counts: StatusRow['counts']) =>
    renderStatus({ ...STATUS, rows: [{ ...ROW, phase, counts, failures: [] }] }, VIEW).split('\n');
  assert.ok(
    of('scheduled', tasks({ paused: 40 })).some((line) => /^hotfix +paused +0\/40, 40 paused$/.test(line)),
  );
  assert.ok(of('running', tasks({ paused: 40 })).some((line) => /^hotfix +paused /.test(line)));
  assert.ok(of('running', tasks({ paused: 39, running: 1 })).some((line) => /^hotfix +running /.test(line)));
});

/** Of 5,000 nights: some are over, one failed, one runs. */
function nights(count: number): StatusRow[] {
  return Array.from({ length: count }, (_, n): StatusRow => {
    const at = AT_FOUR + (n - 10) * 86_400;
    const phase = n === 2 ? 'failed' : n === 9 ? 'running' : n < 9 ? 'done' : 'scheduled';
    return {
      ...ROW,
      address: `nightly[fleet:eu]@${new Date(at * 1000).toISOString().slice(0, 19)}Z`,
      executeAt: at,
      phase,
    };
  });
}

test('of the occurrences of a block the next few are shown, and all that runs or failed', () => {
  const text = renderStatus(
    { ...STATUS, rows: [...nights(5000), { ...ROW, address: 'last' }], unmanaged: [] },
    VIEW,
  );
  const shown = [...text.matchAll(/^nightly\[fleet:eu\]@(\S+)/gm)].map(([, time]) => time!.slice(0, 10));
  assert.equal(shown, ['2026-11-23', '2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03']);
  assert.match(
    text,
    /^nightly\n {2}and 4995 more: 4987 scheduled until 2040-07-29 05:00 CEST \(03:00 UTC\),\s+8 done$/m,
  );
  assert.ok(text.indexOf('4995 more') < text.indexOf('\nlast'));
  assert.equal(JSON.parse(statusToJson({ ...STATUS, rows: nights(5000) })).rows.length, 5000);
});

test('an address is whole, and told from others, at every width; it closes with a line of all', () => {
  const rows = [1, 2].map((n) => ({
    ...ROW,
    address: `nightly-log-collection-for-the-archive[instances:626834960860258371${n}]@2026-11-28T11:00:00Z`,
  }));
  for (const width of [40, 80, 100, 140]) {
    for (const mayCut of [true, false]) {
      const text = renderStatus({ ...STATUS, rows, unmanaged: [] }, { ...VIEW, width, mayCut });
      for (const { address } of rows) assert.match(text.replaceAll('\n', ' '), ` ${address} `);
      assert.match(text, '\n\n2 running.\n');
    }
  }
});

test('one more is shown, not counted', () => {
  const rows = nights(14).filter(({ phase }) => phase === 'scheduled');
  const text = renderStatus({ ...STATUS, rows, unmanaged: [] }, VIEW);
  assert.is(text.match(/^nightly\[/gm)?.length, 4);
  assert.not.match(text, 'more');
});

test.run();
