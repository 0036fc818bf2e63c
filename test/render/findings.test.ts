import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../src/model/errors.ts';
import { renderDiagnostics } from '../../src/render/diagnostics.ts';
import { findingsOf, severitiesText } from '../../src/render/findings.ts';
import { renderMarkdown } from '../../src/render/markdown/comment.ts';
import { pageOf } from './html/pages.ts';
import * as plans from './plans.ts';

const test = suite('findings');

function about(day: number, fields: Partial<Diagnostic> = {}): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.small',
    message: 'no game server is in its target',
    hint: 'Look at the fleet.',
    address: `nightly-restart[fleet:eu]@2026-12-0${day}T03:30:00Z`,
    ...fields,
  };
}
const show = (all: readonly Diagnostic[]) => renderDiagnostics(all, { color: false, width: 200 });
const WEEK = [1, 2, 3, 4, 5, 6, 7];

test('what differs in the occurrence alone is said once, on screen, in the comment and on the page', () => {
  const diagnostics = WEEK.map((day) => about(day));
  assert.is(
    show(diagnostics),
    'warning: nightly-restart[fleet:eu], 7 occurrences: no game server is in its target\n  hint: Look at the fleet.\n',
  );
  const plan = plans.plan({ diagnostics });
  const comment = renderMarkdown(plan, { now: plans.NOW, timezone: 'UTC' });
  assert.match(comment, '- **warning:** `nightly-restart[fleet:eu]`, 7 occurrences: no game server');
  assert.is(comment.match(/warning/g)?.length, 1);
  assert.match(pageOf(plan), '<code>nightly-restart[fleet:eu]</code>, 7 occurrences: no game server');
});

test('times of the first are said to be its own', () => {
  const late = WEEK.map((day) => about(day, { message: `its time was 2026-12-0${day}T03:30:00Z` }));
  assert.match(show(late), '7 occurrences, of the first: its time was 2026-12-01T03:30:00Z');
});

test('anything else that differs is another finding', () => {
  const others: Partial<Diagnostic>[] = [
    { severity: 'note' },
    { code: 'plan.other' },
    { message: 'another one' },
    { hint: 'Look elsewhere.' },
    { address: 'nightly-restart[fleet:us]@2026-12-02T03:30:00Z' },
    { address: 'nightly-restart[fleet:eu]' },
    { range: { file: 'a', line: 1, column: 1, endLine: 1, endColumn: 2 } },
  ];
  for (const other of others) {
    const counts = findingsOf([about(1), about(2, other), about(3)]).map(({ count }) => count);
    assert.equal([...counts].sort(), [1, 2], JSON.stringify(other));
  }
});

test('the same words of no occurrence are not put together', () => {
  const { address: _, ...same } = about(1);
  assert.is(findingsOf([same, same]).length, 2);
  const named = { ...same, address: 'nightly' };
  assert.is(findingsOf([named, named]).length, 2);
});

test('what is left out is counted by diagnostics, not by findings', () => {
  const many = Array.from({ length: 30 }, (_, n) =>
    [1, 2].map((day) => about(day, { message: `m${'x'.repeat(n)}` })),
  );
  assert.ok(show(many.flat()).endsWith('… and 20 more (20 warnings)\n'));
  assert.is(severitiesText(findingsOf(many.flat()), 'more '), '60 more warnings');
});

test.run();
