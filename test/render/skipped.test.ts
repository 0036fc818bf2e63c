/** Of a schedule whose zone has changed, each time is told on the clock that it was made on, and a freeze's on the file's. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressOf } from '../../src/model/addresses.ts';
import type { Change } from '../../src/model/plan.ts';
import { renderMarkdown } from '../../src/render/markdown/comment.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { zonesOf } from '../../src/render/skipped.ts';
import { pageOf } from './html/pages.ts';
import * as plans from './plans.ts';

const test = suite('render skipped');
const FILE = 'Europe/Amsterdam';
const NEW_YORK = 'America/New_York';
const MOVED = { ...plans.NIGHTLY, timezone: NEW_YORK };
/** 2026-12-01 04:30 in New York. */
const THERE = Date.UTC(2026, 11, 1, 9, 30) / 1000;
const DAY = 86_400;

function cancelled(at: number): Change {
  const before = plans.spec({ executeAt: at });
  return { ...plans.CANCEL, address: addressOf('nightly-restart[fleet:eu]', at), before } as Change;
}

function created(at: number): Change {
  const after = plans.spec({ executeAt: at });
  return { ...plans.CREATE, address: addressOf('nightly-restart[fleet:eu]', at), after } as Change;
}

/** Those of the old clock are cancelled, those of the new one made. */
const plan = plans.plan({
  timezone: FILE,
  schedules: [MOVED],
  changes: [
    ...[0, 1, 2].map((day) => cancelled(plans.HALF_PAST_FOUR + day * DAY)),
    ...[0, 1, 2].map((day) => created(THERE + day * DAY)),
  ],
});
const terminal = (of = plan) =>
  renderPlan(of, { now: plans.NOW, color: false, width: 200, timezone: FILE }).replace(/\s+/g, ' ');
const comment = (of = plan) => renderMarkdown(of, { now: plans.NOW, timezone: FILE });

test("what is cancelled is told on the file's clock with the schedule's beside it", () => {
  assert.match(terminal(), `1, 2 and 3 Dec, 04:30 ${FILE} (22:30 the day before ${NEW_YORK})`);
  assert.match(terminal(), `1, 2 and 3 Dec, 04:30 ${NEW_YORK} (10:30 ${FILE})`);
});

test('the comment and the page say the same', () => {
  assert.match(comment(), `04:30 \`${FILE}\` (22:30 the day before \`${NEW_YORK}\`)`);
  assert.match(comment(), `04:30 \`${NEW_YORK}\` (10:30 \`${FILE}\`)`);
  assert.match(comment(), ', unless a zone is named');
  assert.match(pageOf(plan), `04:30 ${FILE} (22:30 the day before ${NEW_YORK})`);
});

test("what was made on the schedule's own clock is told on that, cancelled or not", () => {
  // Over a change of the clocks of one of the two: 04:30 in New York is 09:30 in Amsterdam for a week.
  const week = Date.UTC(2027, 2, 27, 8, 30) / 1000;
  const days = [0, 1, 2, 3].map((day) => cancelled(week + day * DAY));
  const own = plans.plan({ timezone: FILE, schedules: [MOVED], changes: days });
  const zones = zonesOf(own, FILE);
  for (const { address } of days) assert.is(zones.get(address), undefined, address);
  assert.is(zones.get('nightly-restart'), NEW_YORK);
  assert.match(terminal(own), `04:30 ${NEW_YORK}`);
});

test('one that a freeze cancels, and all that a destroy does, stay on the clock of the schedule', () => {
  const at = plans.HALF_PAST_FOUR;
  const [one] = [cancelled(at)];
  const frozen = plans.plan({
    schedules: [MOVED],
    changes: [one!],
    skipped: [plans.skippedNight(0, { address: one!.address, executeAt: at })],
  });
  assert.is(zonesOf(frozen, FILE).get(one!.address), undefined);
  const destroyed = plans.plan({ mode: 'destroy', schedules: [MOVED], changes: [one!] });
  assert.is(zonesOf(destroyed, FILE).get(one!.address), undefined);
  assert.is(zonesOf(plans.plan({ schedules: [MOVED], changes: [one!] }), FILE).get(one!.address), FILE);
});

test("a freeze ends on the file's clock, whatever the schedule's", () => {
  // Midnight in Amsterdam is 18:00 of the day before in New York.
  const until = Date.UTC(2026, 11, 13, 23) / 1000;
  const skipped = [11, 12].map((day) =>
    plans.skippedNight(day, {
      address: addressOf('nightly-restart[fleet:eu]', THERE + day * DAY),
      executeAt: THERE + day * DAY,
      until,
    }),
  );
  const frozen = plans.plan({ timezone: FILE, schedules: [MOVED], skipped });
  assert.match(terminal(frozen), '2 skipped: 12 and 13 Dec (finals, until 14 Dec 00:00 CET)');
  assert.match(comment(frozen), 'until 14 Dec 00:00 CET');
  assert.match(pageOf(frozen), 'until 14 Dec 00:00 CET');
  for (const text of [terminal(frozen), comment(frozen), pageOf(frozen)])
    assert.not.match(text, 'until 13 Dec');
});

test.run();
