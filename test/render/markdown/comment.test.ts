import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../../src/model/errors.ts';
import type { Change, Drift, Plan } from '../../../src/model/plan.ts';
import { summarise } from '../../../src/model/plan-summary.ts';
import { painter } from '../../../src/render/color.ts';
import { type MarkdownView, renderMarkdown } from '../../../src/render/markdown/comment.ts';
import { planSummaryLines } from '../../../src/render/summary.ts';
import * as plans from '../plans.ts';
import { assertLifeless, read } from './reading.ts';

const test = suite('markdown comment');
const VIEW: MarkdownView = {
  now: plans.NOW,
  timezone: 'Europe/Amsterdam',
  aliases: plans.ALIASES,
  cwd: '/repo/ops',
};
const ERROR: Diagnostic = {
  severity: 'error',
  code: 'plan.ambiguous',
  message: 'batches 41, 42 could each be this one',
  hint: 'Say which: `fleetform import hotfix 41`.',
  address: 'hotfix',
};
const DRIFT: readonly Drift[] = [
  {
    address: 'hotfix',
    kind: 'failed',
    batchIds: ['41'],
    count: 3,
    total: 40,
    servers: ['6268349608002583795'],
    texts: [{ server: '6268349608002583795', text: 'disk full\n```\n@ops look' }],
  },
  {
    address: 'nightly',
    kind: 'cancelled',
    batchIds: ['42'],
    count: 40,
    total: 40,
    servers: ['7', '8'],
    texts: [],
  },
  { address: 'gone', kind: 'vanished', batchIds: ['43'], count: 0, total: 0, servers: [], texts: [] },
  {
    address: 'weekly',
    kind: 'uncovered',
    batchIds: ['44'],
    count: 2,
    total: 42,
    servers: ['9', '10'],
    texts: [],
  },
];

const GOLDEN: Readonly<Record<string, Plan>> = {
  'every-action': plans.fullPlan(),
  schedules: plans.schedulePlan(),
  'only-skipped': plans.plan({ skipped: [plans.skippedNight(11), plans.skippedNight(12)] }),
  empty: plans.plan(),
  'no-changes': plans.plan({
    changes: [plans.NO_OP],
    unmanaged: plans.fullPlan().unmanaged,
    observation: { complete: false, batches: 100, tasks: 100 },
  }),
  errors: plans.plan({ changes: [plans.CREATE], diagnostics: [...plans.fullPlan().diagnostics, ERROR] }),
  destroy: plans.plan({ mode: 'destroy', changes: [plans.CANCEL, plans.CANCEL_CLAIMED] }),
  'refresh-only': plans.plan({ mode: 'refresh-only', drift: DRIFT }),
  'what-if': plans.plan({ at: '2026-12-24T12:00:00Z', changes: [plans.REPLACE] }),
  targets: plans.plan({
    changes: [plans.PAUSE],
    moves: [{ from: 'rollout-old', to: 'rollout' }],
    summary: summarise(
      [plans.PAUSE],
      { unmanaged: [], moves: [{ from: 'rollout-old', to: 'rollout' }], skipped: [] },
      0,
    ),
    scope: {
      targets: ['rollout', 'nightly[fleet:eu]'],
      excludes: ['hotfix'],
      replaces: [],
      refresh: false,
      assumeMissing: true,
      allowEmpty: false,
    },
  }),
};

for (const [name, plan] of Object.entries(GOLDEN)) {
  test(`golden: ${name}`, () => {
    const text = renderMarkdown(plan, VIEW);
    const file = `test/render/markdown/golden/${name}.md`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
    assert.fixture(text, readFileSync(file, 'utf8'), `${name} differs from ${file}`);
    assertLifeless(read(text));
  });

  test(`in the words of the terminal: ${name}`, () => {
    for (const maxLength of [2000, 60_000]) {
      const visible = renderMarkdown(plan, { ...VIEW, maxLength }).split('\n')[1]!;
      const words = planSummaryLines(plan, painter(false)).map((line) => `**${line}**`);
      assert.ok(visible.startsWith(words.join(' ')), visible);
    }
  });
}

test('the marker stays the same whatever such a plan says, and differs where another comment is meant', () => {
  const first = (fields: Partial<Plan>) => renderMarkdown(plans.plan(fields), VIEW).split('\n')[0]!;
  const scope = plans.plan().scope;
  assert.match(first({}), /^<!-- fleetform:plan:live-ops:[0-9a-f]{12} -->$/);
  assert.is(renderMarkdown(plans.fullPlan(), VIEW).split('\n')[0], first({}));
  for (const same of [
    { diagnostics: [ERROR] },
    { plannedAt: '2027-01-01T00:00:00Z' },
    { scope: { ...scope, replaces: ['hotfix'], assumeMissing: true } },
  ]) {
    assert.is(first(same), first({}), JSON.stringify(same));
  }
  const others = [
    first({}),
    first({ mode: 'destroy' }),
    first({ mode: 'refresh-only' }),
    first({ at: '2026-12-24T12:00:00Z' }),
    first({ at: '2026-12-24T12:00:00Z', mode: 'destroy' }),
    first({ scope: { ...scope, targets: ['a'] } }),
    first({ scope: { ...scope, targets: ['b'] } }),
    first({ scope: { ...scope, excludes: ['a'] } }),
    first({ api: 'https://staging.example' }),
    first({ name: 'other' }),
    first({ name: 'Other' }),
    first({ name: 'x.y' }),
    first({ name: 'x-y' }),
    first({ name: `${'x'.repeat(80)}1` }),
    first({ name: `${'x'.repeat(80)}2` }),
  ];
  assert.is(new Set(others).size, others.length, others.join('\n'));
  assert.match(first({ mode: 'destroy' }), /^<!-- fleetform:destroy:live-ops:/);
});

test('a marker tells nothing of the API, and what is hostile stays outside', () => {
  const [line = ''] = renderMarkdown(
    plans.plan({ name: 'x --> <b>@you', api: 'https://secret.example' }),
    VIEW,
  ).split('\n');
  assert.match(line, /^<!-- fleetform:plan:x------b--you:[0-9a-f]{12} -->$/);
});

test('where the zone is UTC, it is said once', () => {
  const text = (timezone: string) =>
    renderMarkdown(plans.plan({ changes: [plans.CREATE] }), { ...VIEW, timezone });
  for (const zone of ['UTC', 'Etc/UTC', 'Nowhere/At_All']) assert.match(text(zone), / Times in UTC\.$/m);
  assert.match(text('Europe/London'), / Times in `Europe\/London` and UTC\.$/m);
});

test('nothing to do is two lines', () => {
  assert.is(renderMarkdown(plans.plan({ changes: [plans.NO_OP] }), VIEW).split('\n').length, 3);
});

test('an error is never called no changes', () => {
  const text = renderMarkdown(plans.plan({ diagnostics: [ERROR] }), VIEW);
  assert.not.match(text, /No changes/);
  assert.match(text, /^\*\*1 error: nothing in this plan will be applied\.\*\*$/m);
});

test('findings in words, errors first; where there is no room for more, the others in numbers', () => {
  const warning: Diagnostic = { severity: 'warning', code: 'x', message: 'take care' };
  const diagnostics = [...Array.from({ length: 90 }, () => warning), ERROR, ERROR];
  const whole = renderMarkdown(plans.plan({ diagnostics }), VIEW);
  assert.is(whole.match(/^- \*\*warning:\*\*/gm)?.length, 90);
  assert.not.match(whole, /more warning/);
  const text = renderMarkdown(plans.plan({ diagnostics }), { ...VIEW, maxLength: 2000 });
  assert.is(text.match(/^- \*\*error:\*\*/gm)?.length, 2);
  const shown = text.match(/^- \*\*warning:\*\*/gm)?.length ?? 0;
  assert.ok(shown > 20 && shown < 90, `${shown} of 90`);
  assert.ok(text.indexOf('**error:**') < text.indexOf('**warning:**'));
  const rest = `- ${90 - shown} more warnings: see the page (\`--html\`) or \`fleetform show PLANFILE --json\`.`;
  assert.ok(text.split('\n').includes(rest), text);
});

test('what goes and what comes are marked in the first column', () => {
  const { fences } = read(renderMarkdown(plans.plan({ changes: [plans.REPLACE] }), VIEW));
  assert.equal(fences, [
    {
      language: 'diff',
      lines: [
        '  fleets:',
        '-   eu (1394296486561117717)',
        '+   us (1394296486561117718)',
        '- executeAt: 2026-12-01 04:00 CET (03:00 UTC)',
        '+ executeAt: 2026-12-01 05:00 CET (04:00 UTC), in 5 h 20 min',
        '  params:',
        '-   buildId = "8811"',
        '+   buildId = "8812"',
        '+   new = "y"',
        '-   old = "x"',
        '    script:',
        '      (2 lines unchanged)',
        '      sleep 10',
        '      sync',
        '      check',
        '-     start',
        '+     start --warm',
      ],
    },
  ]);
});

test('long values, and values that begin like marks, keep every character', () => {
  const long = (word: string) => `- ${word} ${'x'.repeat(80)}`;
  const change = {
    ...(plans.REPLACE as Extract<Change, { action: 'replace' }>),
    before: plans.spec({
      template: { id: '1', name: long('old') },
      params: [{ name: '~ p', value: long('1') }],
    }),
    after: plans.spec({
      template: { id: '2', name: long('new') },
      params: [{ name: '~ p', value: long('2') }],
    }),
  };
  const { fences } = read(renderMarkdown(plans.plan({ changes: [change] }), VIEW));
  assert.equal(fences[0]!.lines, [
    '  template:',
    `-   ${long('old')}`,
    `+   ${long('new')}`,
    '  params:',
    '    ~ p:',
    `-     "${long('1')}"`,
    `+     "${long('2')}"`,
  ]);
});

test('changes of which the same is to be told share one block', () => {
  const changes = ['eu', 'us', 'sa'].map((fleet) => ({ ...plans.CREATE, address: `hotfix[fleet:${fleet}]` }));
  const { fences, folds, tables } = read(renderMarkdown(plans.plan({ changes }), VIEW));
  assert.is(fences.length, 1);
  assert.equal(folds, ['Details: 3 to create']);
  assert.is(tables[0]!.rows.length, 1, 'the targets of a block are one row');
});

test('fourteen game servers of a block: one row, and each is named with its batch', () => {
  const changes = Array.from({ length: 14 }, (_, i): Change => {
    const id = String(6268349608002500101n + BigInt(i));
    const spec = { ...plans.CANCEL.before!, fleets: [], regions: [], labels: [], instances: [id] };
    return {
      ...plans.CANCEL,
      address: `rolling[instance:${id}]`,
      targetText: `game server ${id}`,
      before: spec,
      batchIds: [String(4100 + i)],
    } as Change;
  });
  const text = renderMarkdown(plans.plan({ changes }), VIEW);
  const { tables } = read(text);
  assert.is(tables[0]!.rows.length, 1);
  assert.equal(tables[0]!.rows[0]!.slice(1, 3), ['rolling', '14']);
  assert.match(text, '| 14 game servers |');
  for (const { address, batchIds } of changes) {
    assert.match(text, address);
    assert.match(text, `batch ${batchIds[0]}`);
  }
});

test('an address of a crafted plan does not come alive in the summary', () => {
  const changes = ['@org', '#1', '[x](http://evil.example)'].map(
    (address): Change => ({ ...plans.NO_OP, address, phase: 'failed' }) as Change,
  );
  const text = renderMarkdown(plans.plan({ changes }), VIEW);
  assert.match(text, '3 batches have failed: `@org`, `#1`');
  assertLifeless(read(text));
});

test('a bracket around what is code stands outside of it', () => {
  const message = 'both run on 30 game servers (6268349608002583717, 6268349608002583718)';
  const text = renderMarkdown(plans.plan({ diagnostics: [{ ...ERROR, message }] }), VIEW);
  assert.match(text, '(`6268349608002583717`, `6268349608002583718`)');
});

test('the drift of several occurrences is one row; of all tasks nobody is named, and there is no digest', () => {
  const drift = [1, 2, 3].map((day): Drift => {
    const address = `nightly@2026-12-0${day}T03:00:00Z`;
    return {
      address,
      kind: 'cancelled',
      batchIds: [`4${day}`],
      count: 24,
      total: 24,
      servers: ['7'],
      texts: [],
    };
  });
  const text = renderMarkdown(plans.plan({ mode: 'refresh-only', drift }), VIEW);
  assert.equal(read(text).tables[0]!.rows, [['cancelled', 'nightly (3)', 'all 72 tasks', '41, 42, 43']]);
  assert.not.match(text, 'sha256');
  assert.not.match(text, '<details>');
});

test('too short a limit is refused, not overrun', () => {
  assert.throws(() => renderMarkdown(plans.plan(), { ...VIEW, maxLength: 1999 }), /at least 2000/);
  assert.throws(() => renderMarkdown(plans.plan(), { ...VIEW, maxLength: Number.NaN }), /at least 2000/);
});

const LINKS = [
  { text: 'pull request 12', url: 'https://github.com/o/r/pull/12' },
  { text: 'commit 0a55f61', url: 'https://github.com/o/r/commit/0a55f61' },
];

test('links to what is under review, where there is room for them', () => {
  const line =
    'Under review: [pull request 12](<https://github.com/o/r/pull/12>), [commit `0a55f61`](<https://github.com/o/r/commit/0a55f61>).';
  for (const plan of [plans.fullPlan(), plans.plan()]) {
    const text = renderMarkdown(plan, { ...VIEW, links: LINKS });
    assert.ok(text.split('\n').includes(line), text.slice(0, 600));
    assertLifeless(read(text));
    assert.is(text.replace(`${line}\n\n`, '').replace(`\n${line}\n`, ''), renderMarkdown(plan, VIEW));
    assert.not.match(renderMarkdown(plan, { ...VIEW, links: LINKS, maxLength: 2000 }), 'Under review');
  }
});

test('a link that could be more than a link is left out, and its words stay words', () => {
  for (const url of [
    'javascript:alert(1)',
    'https://x.example/>)@ops',
    'https://x.example/a b',
    'https://x.example/\n\n# a',
    'https://x.example/&lt;',
    `https://x.example/${'a'.repeat(600)}`,
  ]) {
    const text = renderMarkdown(plans.plan(), { ...VIEW, links: [{ text: 'run', url }] });
    assert.is(text, renderMarkdown(plans.plan(), VIEW), url);
  }
  const hostile = { text: 'x](https://evil.example) @ops #1 <b>', url: 'https://x.example/run' };
  assertLifeless(read(renderMarkdown(plans.plan(), { ...VIEW, links: [hostile] })));
});

test.run();
