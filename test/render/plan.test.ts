import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/model/plan.ts';
import { displayWidth } from '../../src/render/display-width.ts';
import { type PlanView, renderPlan } from '../../src/render/plan.ts';
import { assertHarmless, matchesGolden } from './golden.ts';
import * as plans from './plans.ts';

const test = suite('render plan');
const VIEW: PlanView = {
  now: plans.NOW,
  color: false,
  width: 80,
  timezone: 'Europe/Amsterdam',
  aliases: plans.ALIASES,
  cwd: '/repo/ops',
};
const show = (fields: Parameters<typeof plans.plan>[0], view: Partial<PlanView> = {}) =>
  renderPlan(plans.plan(fields), { ...VIEW, ...view });
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);
/** The closing line has a fixed form, however long. */
const longest = (text: string) =>
  Math.max(
    ...text
      .split('\n')
      .filter((line) => !line.startsWith('Plan: '))
      .map(displayWidth),
  );

for (const width of [80, 120]) {
  test(`every action at ${width} columns`, () => {
    const text = renderPlan(plans.fullPlan(), { ...VIEW, width });
    matchesGolden(`plan-every-action-${width}`, text);
    assert.ok(longest(text) <= width, `a line of ${longest(text)} columns`);
    assertHarmless(text);
  });
}

test('in colour it says the same', () => {
  const text = renderPlan(plans.fullPlan(), { ...VIEW, color: true });
  matchesGolden('plan-every-action-colour', text);
  assert.is(text.replace(/\x1b\[[0-9;]*m/g, ''), renderPlan(plans.fullPlan(), VIEW));
});

test('the closing line counts each action, in a fixed order', () => {
  const three = [1, 2, 3].map((n) => ({ ...plans.CREATE, address: `a${n}` }));
  assert.is(
    lastLine(show({ changes: three })),
    'Plan: 3 to create, 0 to replace, 0 to cancel, 0 to update, 0 to adopt.',
  );
  assert.is(
    lastLine(renderPlan(plans.fullPlan(), VIEW)),
    'Plan: 2 to create, 1 to replace, 2 to cancel, 2 to update, 2 to adopt, 1 missed, 1 to move, 1 to forget.',
  );
});

test('nothing to do', () => {
  assert.is(lastLine(show({ changes: [plans.NO_OP] })), 'No changes. The batches match the desired state.');
  const failed = ['a', 'b'].map((address) => ({ ...plans.NO_OP, address, phase: 'failed' as const }));
  assert.match(String(lastLine(show({ changes: failed }))), '2 batches have failed: a, b.');
  assert.match(
    String(lastLine(show({ changes: [failed[0]!] }))),
    '1 batch has failed: a. `fleetform plan --refresh-only`',
  );
  assert.is(lastLine(show({ mode: 'destroy', changes: [] })), 'Nothing live to cancel.');
});

test('what was asked for and is not there is no match', () => {
  for (const [phase, words] of [
    ['cancelled', '1 batch was cancelled, and is not created again: a.'],
    ['unknown', '1 batch is no longer known to the API, and is not created again: a.'],
    ['stopped', '1 batch was cancelled in part, and is not created again: a.'],
  ] as const) {
    const text = show({ changes: [{ ...plans.NO_OP, address: 'a', phase } as Change] }, { width: 200 });
    assert.match(text, `No changes.\n${words} \`fleetform plan --refresh-only\``);
    assert.not.match(text, 'match the desired state');
  }
});

test('only forgets: no changes, and a line about them', () => {
  const text = show({ changes: [plans.FORGET, { ...plans.FORGET, address: 'other' }] });
  assert.match(text, /^No changes\. The batches match the desired state\.$/m);
  assert.is(lastLine(text), '2 batches that are over are no longer wanted and will be forgotten.');
  assert.not.match(text, /last-week/);
});

test('with an error, no plan claims that all is well', () => {
  const diagnostics = [
    {
      severity: 'error',
      code: 'plan.ambiguous',
      message: 'batches 1, 2 could each be this one',
      address: 'a',
    },
  ] as const;
  const text = show({ diagnostics });
  assert.not.match(text, /No changes/);
  assert.is(lastLine(text), '1 error: nothing in this plan will be applied.');
  assert.is(
    lastLine(show({ diagnostics, changes: [plans.CREATE] })),
    '1 error: nothing in this plan will be applied.',
  );
  assert.not.match(show({ diagnostics }, { diagnostics: false }), /ambiguous|could each/);
});

test('unchanged batches: few are listed, many counted, none when concise', () => {
  const some = (count: number) =>
    Array.from({ length: count }, (_, n): Change => ({ ...plans.NO_OP, address: `steady-${n}` }));
  assert.is(show({ changes: some(10) }).match(/steady-/g)?.length, 10);
  const many = show({ changes: some(11) });
  assert.not.match(many, /steady-/);
  assert.match(many, /11 batches are unchanged/);
  assert.not.match(show({ changes: some(10) }, { concise: true }), /unchanged/);
});

test('ten unmanaged batches are listed, the others counted', () => {
  const unmanaged = Array.from({ length: 25 }, (_, n) => ({
    batchId: String(100 + n),
    template: 'Restart game server',
    executeAt: plans.AT_FOUR,
    numTasks: 5,
    phase: 'scheduled' as const,
  }));
  const text = show({ unmanaged });
  assert.match(text, /25 unmanaged batches, left alone:/);
  assert.is(text.match(/^ {2}1\d\d {2}scheduled/gm)?.length, 10);
  assert.match(text, /… and 15 more/);
});

test('destroy says so, a full list too', () => {
  const text = show({
    mode: 'destroy',
    changes: [plans.CANCEL],
    observation: { complete: false, batches: 100, tasks: 100 },
  });
  assert.match(text, /^live-ops at https:\/\/api\.i3d\.net, to be destroyed$/m);
  assert.match(text.replaceAll('\n', ' '), /the list is full, older batches are out of sight/);
});

test('hostile text reaches the screen as escapes only', () => {
  const { HOSTILE, spec } = plans;
  const hostile = spec({
    template: { id: '7', name: HOSTILE },
    labels: [{ key: HOSTILE, value: HOSTILE }],
    params: [{ name: HOSTILE, value: HOSTILE }],
  });
  const named = {
    address: HOSTILE,
    reason: HOSTILE,
    targetText: HOSTILE,
    batchIds: [HOSTILE],
    follows: [HOSTILE],
  };
  const text = show({
    name: HOSTILE,
    api: HOSTILE,
    plannedAt: HOSTILE,
    changes: [
      { ...plans.CREATE, ...named, after: hostile } as Change,
      { ...plans.REPLACE, ...named, before: hostile } as Change,
      {
        ...plans.REPLACE,
        ...named,
        after: hostile,
        before: spec({ fleets: [HOSTILE], params: [{ name: HOSTILE, value: 'x\x1b\ny' }] }),
      } as Change,
      { ...plans.ADOPT_PAUSED, ...named } as Change,
      { ...plans.NO_OP, ...named } as Change,
    ],
    moves: [{ from: HOSTILE, to: HOSTILE }],
    unmanaged: [{ batchId: HOSTILE, template: HOSTILE, executeAt: null, numTasks: 1, phase: 'running' }],
    diagnostics: [
      {
        severity: 'warning',
        code: 'x',
        message: HOSTILE,
        hint: HOSTILE,
        address: HOSTILE,
        snippet: HOSTILE,
        range: { file: HOSTILE, line: 1, column: 3, endLine: 1, endColumn: 9 },
      },
    ],
  });
  assertHarmless(text);
  assert.match(text, /evil/);
  matchesGolden('plan-hostile', text);
});

test('huge values stay small and quick', () => {
  const instances = (from: number) => Array.from({ length: 3000 }, (_, n) => String(from + n * 7));
  const lines = (word: string) => Array.from({ length: 20_000 }, (_, n) => `${word} ${n}`).join('\n');
  const change: Change = {
    ...(plans.REPLACE as Extract<Change, { action: 'replace' }>),
    before: plans.spec({ instances: instances(1), params: [{ name: 'script', value: lines('a') }] }),
    after: plans.spec({ instances: instances(2), params: [{ name: 'script', value: lines('b') }] }),
  };
  const text = show({ changes: [change] });
  assert.ok(text.split('\n').length < 350, 'some screens');
  assert.match(text, /- a 98\n +… 19901 of 20000 lines left out/);
  assert.match(text, /\+ b 98\n +… 19901 of 20000 lines left out/);
  assert.match(text, /… 2951 of 3000 items left out/);
});

test.run();
