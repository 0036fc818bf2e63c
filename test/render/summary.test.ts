/** What a plan without changes says of what is wanted and not there; the comment and the page say it, too. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change, Plan } from '../../src/model/plan.ts';
import { painter } from '../../src/render/color.ts';
import { renderMarkdown } from '../../src/render/markdown/comment.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { planSummaryLines } from '../../src/render/summary.ts';
import { pageOf } from './html/pages.ts';
import * as plans from './plans.ts';

const test = suite('render summary');
const VIEW = { now: plans.NOW, timezone: 'Europe/Amsterdam' };
const MORE = '`fleetform plan --refresh-only` shows more.';

type Phase = Extract<Change, { action: 'no-op' }>['phase'];

const ended = (phase: Phase, ...addresses: string[]) =>
  addresses.map((address) => ({ ...plans.NO_OP, address, phase }) as Change);
const missed = (...addresses: string[]) =>
  addresses.map((address): Change => ({ ...plans.MISSED, address }) as Change);
const linesOf = (plan: Plan) => planSummaryLines(plan, painter(false));

const CASES: readonly (readonly [string, Plan, readonly string[]])[] = [
  [
    'one that is missed',
    plans.plan({ changes: missed('a') }),
    ['No changes.', '1 batch of the file is missed: its time has passed, and it will not be created.'],
  ],
  [
    'several that are missed, beside what is well',
    plans.plan({ changes: [...missed('a', 'b'), plans.NO_OP] }),
    [
      'No changes.',
      '2 batches of the file are missed: their times have passed, and they will not be created.',
    ],
  ],
  [
    'cancelled from outside',
    plans.plan({ changes: ended('cancelled', 'a', 'b') }),
    ['No changes.', `2 batches were cancelled, and are not created again: a, b. ${MORE}`],
  ],
  [
    'cancelled in part',
    plans.plan({ changes: ended('stopped', 'a', 'b') }),
    ['No changes.', `2 batches were cancelled in part, and are not created again: a, b. ${MORE}`],
  ],
  [
    'vanished',
    plans.plan({ changes: ended('unknown', 'a', 'b') }),
    ['No changes.', `2 batches are no longer known to the API, and are not created again: a, b. ${MORE}`],
  ],
  [
    'all of it: a line each, and where to look is said once',
    plans.plan({
      changes: [
        ...missed('m'),
        ...ended('failed', 'f'),
        ...ended('stopped', 's'),
        ...ended('unknown', 'u'),
        ...ended('cancelled', 'c'),
      ],
    }),
    [
      'No changes.',
      '1 batch of the file is missed: its time has passed, and it will not be created.',
      '1 batch was cancelled, and is not created again: c.',
      '1 batch is no longer known to the API, and is not created again: u.',
      '1 batch was cancelled in part, and is not created again: s.',
      `1 batch has failed: f. ${MORE}`,
    ],
  ],
  [
    'a part of a file',
    plans.plan({
      changes: ended('cancelled', 'a'),
      scope: { ...plans.plan().scope, targets: ['a'] },
    }),
    ['No changes.', `1 batch was cancelled, and is not created again: a. ${MORE}`],
  ],
];

for (const [name, plan, lines] of CASES) {
  test(`${name}: no changes, and never a match`, () => {
    assert.equal(linesOf(plan), lines);
    const shown = renderPlan(plan, { ...VIEW, color: false, width: 80 });
    assert.ok(shown.endsWith(`${lines.join('\n')}\n`), shown);
    assert.not.match(shown, 'match');
  });

  test(`${name}: the comment and the page have the words of the terminal`, () => {
    const comment = renderMarkdown(plan, VIEW);
    for (const line of lines) {
      // An address is quoted there.
      assert.match(comment.replace(/(?<=[ :])`([a-z])`(?=[.,])/g, '$1'), `**${line}**`);
    }
    const page = pageOf(plan);
    const [first, ...others] = lines;
    assert.match(page, `id="summary-title">${first}</h2>`);
    for (const line of others) assert.match(page, `<p class="summary-more">${line}</p>`);
    for (const text of [comment, page]) assert.not.match(text, /match(?:es)? the desired state/);
  });
}

test('what has run is a match, however it went, and so is what is to come', () => {
  const lines = linesOf(plans.plan({ changes: ended('failed', 'a') }));
  assert.is(lines[0], 'No changes. The batches match the desired state.');
  for (const phase of ['scheduled', 'running', 'done'] as const) {
    assert.equal(linesOf(plans.plan({ changes: ended(phase, 'a') })), [
      'No changes. The batches match the desired state.',
    ]);
  }
});

test('four are named, of five three', () => {
  const told = (...addresses: string[]) =>
    linesOf(plans.plan({ changes: ended('cancelled', ...addresses) }))[1];
  assert.is(
    told('a', 'b', 'c', 'd'),
    `4 batches were cancelled, and are not created again: a, b, c, d. ${MORE}`,
  );
  assert.is(
    told('a', 'b', 'c', 'd', 'e'),
    `5 batches were cancelled, and are not created again: a, b, c and 2 more. ${MORE}`,
  );
});

test('beside changes and errors it is the counts that are told', () => {
  const changes = [...ended('cancelled', 'a'), ...missed('m')];
  assert.equal(linesOf(plans.plan({ changes: [...changes, plans.CREATE] })), [
    'Plan: 1 to create, 0 to replace, 0 to cancel, 0 to update, 0 to adopt, 1 missed.',
  ]);
  const diagnostics = [{ severity: 'error', code: 'plan.ambiguous', message: 'x' }] as const;
  assert.equal(linesOf(plans.plan({ changes, diagnostics })), [
    '1 error: nothing in this plan will be applied.',
  ]);
});

test.run();
