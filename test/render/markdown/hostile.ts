/** Plans full of text that wants to be more than text. */
import fc from 'fast-check';
import type { Diagnostic } from '../../../src/model/errors.ts';
import type { Change, Drift, Plan } from '../../../src/model/plan.ts';
import { summarise, tasksOf } from '../../../src/model/plan-summary.ts';
import type { Spec } from '../../../src/model/state.ts';
import * as plans from '../plans.ts';

const PIECES = [
  '|',
  '\\|',
  '\\\\|',
  '\\',
  '`',
  '``',
  '```',
  '~~~',
  '````\n',
  '\n',
  '\r\n',
  '\n\n',
  '\u2028',
  ' ',
  '  ',
  '\t',
  '@octocat',
  '@org/team',
  '#123',
  'GH-1',
  'org/repo#1',
  'org/repo@deadbeef',
  '!12',
  '~label',
  '%1',
  '&5',
  '$12',
  'deadbeefcafe',
  '0123456789abcdef0123456789abcdef01234567',
  'https://evil.example',
  'http:',
  'www.evil.example',
  'HTTPS://EVIL',
  'a@b.example',
  'mailto:a@b.example',
  '<img src=x onerror=alert(1)>',
  '<!--',
  '-->',
  '<details>',
  '</details>',
  '</summary>',
  '<b>',
  '&lt;',
  '&#64;you',
  '<!-- fleetform:plan:live-ops:0123456789ab -->',
  ':smile:',
  ':+1:',
  '[^1]',
  '$x$',
  '$`x`$',
  '$$',
  '[x](y)',
  '![x](y)',
  '[x]: y',
  '- [ ] a',
  '* a',
  '1. a',
  '# h',
  '> q',
  '---',
  '===',
  '**',
  '__',
  '*',
  '_',
  '~~',
  '/close',
  '+',
  '-',
  '->',
  '|---|',
  '| a | b |',
  'plain',
  'words,',
  'and',
  'a:',
  '(1)',
  '42',
  "it's",
  '"so"',
  '\u202e',
  '\u200b',
  '\x1b[31m',
  '\0',
  '\ud800',
  'é',
  '日本',
  '👩‍🚀',
  '\ufeff',
  'e\u0301',
  '﹫you',
];

/** A few pieces in a row, or anything at all; now and then very long. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 })
      .map((all) => all.join('')),
  },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 })
      .map((all) => all.join(' ')),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constantFrom(...PIECES).map((piece) => piece.repeat(300)) },
);

const texts = fc.array(hostileText, { maxLength: 3 });
const time = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
  fc.constantFrom(0, -1, 9_999_999_999_999, -9_999_999_999_999),
);
const servers = fc.option(fc.integer({ min: 0, max: 5000 }), { nil: null });
const counts = fc.record({
  pending: fc.nat(50),
  running: fc.nat(50),
  paused: fc.nat(5),
  done: fc.nat(50),
  failed: fc.nat(5),
  cancelled: fc.nat(5),
  unknown: fc.nat(5),
});

const spec: fc.Arbitrary<Spec> = fc.record({
  template: fc.record({ id: hostileText, name: hostileText }),
  fleets: texts,
  regions: texts,
  instances: texts,
  labels: fc.array(fc.record({ key: hostileText, value: hostileText }), { maxLength: 2 }),
  executeAt: time,
  params: fc.array(fc.record({ name: hostileText, value: hostileText }), { maxLength: 3 }),
  revision: fc.option(fc.nat(9), { nil: null }),
});

const change: fc.Arbitrary<Change> = fc
  .record({
    like: fc.constantFrom(...plans.EVERY_CHANGE),
    fields: fc.record({
      address: hostileText,
      reason: hostileText,
      targetText: hostileText,
      batchIds: texts,
      servers,
    }),
    tasks: counts,
    before: spec,
    after: spec,
    from: hostileText,
  })
  .map(({ like, fields, tasks, before, after, from }) => {
    const changed = { ...like, ...fields } as Record<string, unknown>;
    if (like.before !== null) changed.before = before;
    if (like.after !== null) changed.after = after;
    if ('tasks' in like) changed.tasks = tasks;
    if ('from' in like && like.from !== null) changed.from = from;
    return changed as unknown as Change;
  });

const diagnostic: fc.Arbitrary<Diagnostic> = fc.record(
  {
    severity: fc.constantFrom('error', 'warning', 'note'),
    code: hostileText,
    message: hostileText,
    hint: hostileText,
    address: hostileText,
    range: fc.record({
      file: hostileText,
      line: fc.nat(),
      column: fc.nat(),
      endLine: fc.nat(),
      endColumn: fc.nat(),
    }),
    snippet: hostileText,
  },
  { requiredKeys: ['severity', 'code', 'message'] },
);

const drift: fc.Arbitrary<Drift> = fc.record({
  address: hostileText,
  kind: fc.constantFrom('cancelled', 'paused', 'resumed', 'failed', 'vanished', 'uncovered'),
  batchIds: texts,
  count: fc.nat(40),
  total: fc.nat(40),
  servers: texts,
  texts: fc.array(fc.record({ server: hostileText, text: hostileText }), { maxLength: 3 }),
});

/** Any plan, with hostile text wherever there is text. */
export const hostilePlan: fc.Arbitrary<Plan> = fc
  .record({
    name: hostileText,
    api: hostileText,
    plannedAt: fc.oneof(hostileText, fc.constant('2026-11-30T22:40:00Z')),
    mode: fc.constantFrom('normal', 'destroy', 'refresh-only'),
    at: fc.option(hostileText, { nil: null }),
    scope: fc.record({
      targets: texts,
      excludes: texts,
      replaces: texts,
      refresh: fc.boolean(),
      assumeMissing: fc.boolean(),
      allowEmpty: fc.boolean(),
    }),
    observation: fc.record({ complete: fc.boolean(), batches: fc.nat(100), tasks: fc.nat(99_999) }),
    changes: fc.array(change, { maxLength: 12 }),
    moves: fc.array(fc.record({ from: hostileText, to: hostileText }), { maxLength: 3 }),
    drift: fc.array(drift, { maxLength: 4 }),
    unmanaged: fc.array(
      fc.record({
        batchId: hostileText,
        template: fc.option(hostileText, { nil: null }),
        executeAt: time,
        numTasks: fc.nat(100),
        phase: fc.constantFrom('scheduled', 'running'),
      }),
      { maxLength: 3 },
    ),
    diagnostics: fc.array(diagnostic, { maxLength: 4 }),
  })
  .map((fields) =>
    plans.plan({
      ...fields,
      summary: summarise(
        fields.changes,
        { unmanaged: fields.unmanaged, moves: fields.moves, skipped: [] },
        tasksOf(fields.changes),
      ),
    }),
  );
