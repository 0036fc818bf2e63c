import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../../src/model/errors.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { planDigest } from '../../../src/model/plan-text.ts';
import { renderMarkdown } from '../../../src/render/markdown/comment.ts';
import { type Entry, renderPlans } from '../../../src/render/markdown/plans.ts';
import * as plans from '../plans.ts';
import { hostilePlan, hostileText } from './hostile.ts';
import { assertLifeless, read } from './reading.ts';

const test = suite('several plans in one comment');
const seed = Number(process.env.FC_SEED ?? 20_261_130);
console.log(`fast-check seed ${seed}`);
const VIEW = { timezone: 'UTC', cwd: '/repo' };
const ERROR: Diagnostic = { severity: 'error', code: 'desired.invalid', message: 'the file is wrong' };

const named = (name: string, plan: Plan = plans.fullPlan()): Entry => ({
  file: `${name}.json`,
  plan: { ...plan, name },
});
const failed = (file: string, name: string | null = null, more: object = {}): Entry => ({
  file,
  plan: null,
  name,
  api: null,
  diagnostics: [ERROR],
  ...more,
});

/** Many blocks, so that there is always more to tell. */
function large(name: string, length = 600): Entry {
  const changes = Array.from({ length }, (_, index) => ({
    ...plans.CREATE,
    address: `block-${index}`,
    after: { ...plans.CREATE.after!, revision: index + 1 },
  }));
  return named(name, plans.plan({ changes: changes as unknown as Plan['changes'] }));
}

const sectionsOf = (text: string) => text.split(/^(?=### )/m).slice(1);

test('a table of all, then a section each, in the order given', () => {
  const entries = [named('live'), failed('staging.json'), named('empty', plans.plan())];
  const text = renderPlans(entries, VIEW);
  const reading = read(text, 2);
  assertLifeless(reading);
  assert.match(reading.marker, /^<!-- fleetform:plans:empty-json-live-json-staging-json:[0-9a-f]{12} -->$/);
  assert.is(text.split('\n')[1], '**3 plans: 1 with changes, 1 with errors.**');
  const [table] = reading.tables;
  assert.equal(
    table!.rows.map(([name]) => name),
    ['live', 'staging.json', 'empty'],
  );
  assert.equal(table!.rows[1]!.slice(1), ['**no plan: 1 error**', '']);
  const sections = sectionsOf(text);
  assert.equal(
    sections.map((section) => section.split('\n')[0]),
    ['### `live`', '### `staging.json`', '### `empty`'],
  );
  assert.match(sections[1]!, '- **error:** the file is wrong');
  for (const index of [0, 2]) {
    const digest = planDigest(entries[index]!.plan!);
    assert.is(table!.rows[index]![2], digest);
    assert.match(sections[index]!, digest);
  }
});

test('the marker is the same in any order and when one fails, another one for other files', () => {
  const marker = (...entries: Entry[]) => renderPlans(entries, VIEW).split('\n')[0]!;
  const both = marker(named('live'), named('staging'));
  assert.is(marker(named('staging'), failed('live.json')), both);
  assert.is.not(marker(named('live'), named('other')), both);
  assert.is.not(both, renderMarkdown(plans.plan(), { ...VIEW, now: plans.NOW }).split('\n')[0]);
});

test('one that failed alone is where its plan will be, if it is known which', () => {
  const plan = plans.plan();
  const { name, api, mode, at, scope } = plan;
  const first = (entry: Entry) => renderPlans([entry], VIEW).split('\n')[0]!;
  const marker = renderMarkdown(plan, { ...VIEW, now: plans.NOW }).split('\n')[0]!;
  assert.is(first(failed('p.json', name, { api, mode, at, scope })), marker);
  assert.match(first(failed('p.json')), /:plans:p-json:/);
});

test('plans of one name are told apart by their files', () => {
  const text = renderPlans(
    [
      { ...named('live'), file: 'a.json' },
      { ...named('live'), file: 'b.json' },
    ],
    VIEW,
  );
  assert.match(text, '### `live` (`a.json`)');
  assert.match(text, '### `live` (`b.json`)');
});

test('errors stand in the table, and no error is hidden by a fold', () => {
  const entry = named('live', plans.plan({ changes: [plans.CREATE], diagnostics: [ERROR] }));
  const text = renderPlans([entry, named('other')], VIEW);
  assert.match(text, /\| `live` \| \*\*1 error: nothing will be applied\*\*, 1 to create/);
  const section = sectionsOf(text)[0]!;
  assert.ok(section.indexOf('the file is wrong') < section.indexOf('<details>'), section);
});

test('room is shared out: what is small is whole, the large ones have as much as each other', () => {
  const entries = [large('a'), named('small'), large('b'), failed('c.json')];
  const text = renderPlans(entries, VIEW);
  assert.ok(Buffer.byteLength(text) < 60_000);
  assert.ok(Buffer.byteLength(text) > 55_000, 'what there is of room is used');
  const [a, small, b] = sectionsOf(text);
  assert.is(small, sectionsOf(renderPlans([named('small'), named('x')], VIEW))[0]);
  assert.ok(Math.abs(a!.length - b!.length) < 500, `${a!.length} and ${b!.length}`);
  assert.match(a!, 'Left out for length:');
  assert.match(b!, 'Left out for length:');
});

test('a hundred large plans: every count and digest is there, and what is missing is said', () => {
  const entries = Array.from({ length: 100 }, (_, index) => large(`env-${index}`, 90));
  const text = renderPlans(entries, VIEW);
  assert.ok(Buffer.byteLength(text) < 60_000);
  const [table] = read(text, 2).tables;
  assert.equal(
    table!.rows.map(([, , digest]) => digest),
    entries.map(({ plan }) => planDigest(plan!)),
  );
  assert.ok(
    table!.rows.every(([, result]) => result === '90 to create'),
    table!.rows[0]![1],
  );
  const told = sectionsOf(text).length;
  if (told < 100) assert.match(text, `the sections of ${100 - told} plans`);
  assert.throws(() => renderPlans([...entries, large('x')], VIEW), RangeError);
});

test('hostile text stays text, at every number and length', () => {
  const failure = hostileText.map((text) =>
    failed(text, text, { diagnostics: [{ ...ERROR, message: text, hint: text, address: text }] }),
  );
  const planned = fc.tuple(hostilePlan, hostileText).map(([plan, file]): Entry => ({ file, plan }));
  const some = fc.array(fc.oneof(planned, failure), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(some, fc.constantFrom(8000, 20_000, 60_000), (entries, maxLength) => {
      const text = renderPlans(entries, { ...VIEW, maxLength });
      assert.ok(Buffer.byteLength(text) < maxLength, `${Buffer.byteLength(text)} under ${maxLength}`);
      const reading = read(text, 2);
      assertLifeless(reading);
      assert.is(reading.tables[0]!.rows.length, entries.length);
      assert.not.ok(text.slice(text.indexOf('\n') + 1).includes('<!--'));
    }),
    { seed, numRuns: 40, includeErrorInReport: true },
  );
});

test.run();
