import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/model/plan.ts';
import { changeRows, rowName, timeless } from '../../src/render/groups.ts';
import { renderMarkdown } from '../../src/render/markdown/comment.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { assertHarmless, matchesGolden } from './golden.ts';
import * as plans from './plans.ts';

const test = suite('groups of occurrences');
const VIEW = {
  now: plans.NOW,
  color: false,
  width: 80,
  timezone: 'UTC',
  aliases: plans.ALIASES,
};
const sizes = (changes: readonly Change[]) => changeRows(changes).map((row) => row.length);

test('occurrences of one block are one row; every change is in exactly one', () => {
  const made = plans.schedulePlan().changes;
  assert.equal(sizes(made), [14, 3, 2, 5, 3, 1]);
  assert.equal(changeRows(made).map(rowName), [
    'nightly-restart',
    'nightly-restart',
    'nightly-restart',
    'weekly',
    'old-nights',
    'hotfix',
  ]);
  assert.equal(new Set(changeRows(made).flat()), new Set(made));
});

test('without occurrences nothing is grouped', () => {
  const twins = [1, 2, 3].map((n) => ({ ...plans.CREATE, address: `nightly[fleet:f${n}]` }));
  assert.equal(
    sizes([...plans.EVERY_CHANGE, ...twins]),
    [...plans.EVERY_CHANGE, ...twins].map(() => 1),
  );
});

test('what differs in more than time and target has a row of its own', () => {
  const { CREATE } = plans;
  const common = plans.night(CREATE as Extract<Change, { action: 'create' }>, 0);
  const after = (fields: Parameters<typeof plans.spec>[0]) => ({ after: { ...common.after, ...fields } });
  const others: Partial<typeof common>[] = [
    after({ params: [{ name: 'buildId', value: '8813' }] }),
    after({ template: { id: '8', name: 'Deploy build' } }),
    after({ revision: 2 }),
    after({ instances: ['1', '2'] }),
    after({ executeAt: null }),
    { paused: false },
    { preventCancel: false },
    { reason: 'another one' },
    { address: 'nightly-restart[fleet:eu]' },
    { address: 'nightly-restart-2[fleet:eu]@2026-12-01T03:30:00Z' },
  ];
  for (const other of others) {
    assert.equal(
      sizes([common, { ...common, ...other }, plans.night(CREATE, 1)]),
      [2, 1],
      JSON.stringify(other),
    );
  }
});

test('a replace is grouped with what changes in the same way', () => {
  const replace = plans.REPLACE as Extract<Change, { action: 'replace' }>;
  const retimed = (day: number) => {
    const one = plans.night(replace, day);
    return { ...one, before: { ...one.before, executeAt: one.after.executeAt! - 3600 } };
  };
  const retargeted = (day: number) => {
    const one = plans.night(replace, day);
    return { ...one, before: { ...one.before, fleets: [plans.US] } };
  };
  const rows = changeRows(
    [0, 1].flatMap((day) => [plans.night(replace, day), retimed(day), retargeted(day)]),
  );
  assert.equal(
    rows.map((row) => row.length),
    [2, 2, 2],
  );
  const text = renderPlan(plans.plan({ changes: rows.flat() }), VIEW);
  assert.match(text, /executeAt {2}- 1 and 2 Dec, 02:30 UTC\n +\+ 1 and 2 Dec, 03:30 UTC\n/);
});

test('a reason that differs in times or ids alone is that of the first, and says so', () => {
  const missed = [0, 1, 2].map((day) => ({
    ...plans.night(plans.MISSED, -day),
    reason: `${day + 1} s late, after 2026-12-0${day + 1}T03:30:00Z and batch 4${day}`,
  }));
  assert.equal(sizes(missed), [3]);
  assert.match(renderPlan(plans.plan({ changes: missed }), VIEW), 'reason     of the first: 1 s late, after');
  assert.is(
    timeless('at 2026-12-01 04:30 CET (03:30 UTC)'),
    timeless('at 2026-12-02 05:30 UTC+2 (2026-12-02 03:30 UTC)'),
  );
  assert.is.not(timeless('build 8812'), timeless('build 8813'));
});

for (const width of [80, 120]) {
  test(`the plan on screen at ${width} columns`, () => {
    const text = renderPlan(plans.schedulePlan(), { ...VIEW, width });
    matchesGolden(`plan-schedules-${width}`, text);
    assertHarmless(text);
  });
}

test('in colour it says the same, and what is missed or skipped is a warning', () => {
  const text = renderPlan(plans.schedulePlan(), { ...VIEW, color: true });
  matchesGolden('plan-schedules-colour', text);
  assert.is(text.replace(/\x1b\[[0-9;]*m/g, ''), renderPlan(plans.schedulePlan(), VIEW));
});

test('a value of words is broken between them on a narrow terminal, and another one is left alone', () => {
  const [change] = plans.schedulePlan().changes.filter(({ action }) => action === 'create');
  const shown = (value: string, width: number) => {
    const after = { ...change!.after!, params: [{ name: 'note', value }] };
    const changes = [{ ...change!, after }] as never;
    return renderPlan(plans.plan({ changes }), { ...VIEW, width });
  };
  assert.match(
    shown('a word and many others in a row', 40),
    /params {5}note = "a word and\n {19}many others in a row"\n/,
  );
  assert.match(shown('a word  and many others in a row', 40), '"a word  and many others in a row"\n');
  assert.match(shown('a word and many others in a row', 60), '"a word and many others in a row"\n');
});

test('the same of several batches names them all', () => {
  const missed = ['4004', '4005', '4007'].map((id, day) => ({
    ...plans.night(plans.MISSED, -day),
    reason: `batch ${id} was cancelled outside fleetform before it ran`,
  }));
  assert.match(
    renderPlan(plans.plan({ changes: missed }), { ...VIEW, width: 200 }),
    'reason     batches 4004, 4005 and 4007 were cancelled outside fleetform before they ran\n',
  );
});

test('only skipped: no changes, and how many', () => {
  const text = renderPlan(plans.plan({ skipped: [plans.skippedNight(0), plans.skippedNight(1)] }), VIEW);
  assert.match(text, 'nightly-restart  2 skipped: 1 and 2 Dec (finals, until 14 Dec 00:00 UTC)\n');
  assert.match(text, 'No changes.');
  assert.ok(text.endsWith('2 occurrences skipped, by a freeze.\n'));
});

test('windows of one freeze are counted, doubt is not told as certainty', () => {
  const windows = [0, 1, 2].map((day) =>
    plans.skippedNight(day, { until: plans.HALF_PAST_FOUR + day * 86_400 + 60 }),
  );
  const doubts = [4, 5].map((day) => plans.skippedNight(day, { isCertain: false }));
  const text = renderPlan(plans.plan({ skipped: [...windows, ...doubts] }), { ...VIEW, width: 200 });
  assert.match(text, '3 skipped: 1, 2 and 3 Dec (finals, 3 windows, the last until 3 Dec 03:31 UTC)\n');
  assert.match(text, '2 may be frozen: 5 and 6 Dec (finals, until 14 Dec 00:00 UTC); it cannot be told');
});

test('5,000 occurrences are a short text', () => {
  const days = Array.from({ length: 2500 }, (_, n) => n);
  const made = plans.plan({
    schedules: [plans.NIGHTLY],
    changes: [...plans.nights(plans.CREATE, days), ...plans.nights(plans.NO_OP, days, 'steady')],
    skipped: days.map((day) => plans.skippedNight(day)),
  });
  const text = renderPlan(made, VIEW);
  assert.ok(text.split('\n').length < 30);
  assert.match(
    text.replace(/\s+/g, ' '),
    '2500 runs, every 24 h from 1 Dec 04:30 to 4 Oct 2033 05:30 Europe/Amsterdam',
  );
});

test('occurrences that move with their block are one row, others are none', () => {
  const moves = [1, 2, 3].map((day) => ({
    from: `nightly[fleet:eu]@2026-12-0${day}T03:30:00Z`,
    to: `restart[fleet:eu]@2026-12-0${day}T03:30:00Z`,
  }));
  const plan = plans.plan({ moves: [...moves, { from: 'a', to: 'b' }, { from: 'a[x]', to: 'b[x]' }] });
  const text = renderPlan(plan, VIEW);
  assert.match(
    text,
    '  > nightly  3 occurrences move to restart\n  > a  moves to b\n  > a[x]  moves to b[x]\n',
  );
  assert.match(text, '5 to move');
  const comment = renderMarkdown(plan, VIEW);
  assert.match(comment, '- `nightly` 3 occurrences move to `restart`\n- `a` moves to `b`\n');
  assert.match(comment, '5 moved addresses');
});

test('hostile names stay harmless', () => {
  const { HOSTILE } = plans;
  const made = plans.plan({
    schedules: [{ ...plans.NIGHTLY, timezone: HOSTILE }],
    changes: plans
      .nights(plans.CREATE, [0, 1])
      .map((change) => ({ ...change, targetText: HOSTILE, reason: HOSTILE })),
    skipped: [plans.skippedNight(0, { freeze: HOSTILE }), plans.skippedNight(1, { address: HOSTILE })],
  });
  assertHarmless(renderPlan(made, VIEW));
});

test.run();
