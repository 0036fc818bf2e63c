/** The calendar's page: its policy, its links, what it says of each run, and what a browser makes of it. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Calendar } from '../../../src/model/calendar.ts';
import type { DesiredBlock } from '../../../src/model/desired.ts';
import { calendarTimeline } from '../../../src/plan/review/calendar-timeline.ts';
import { renderCalendarPage } from '../../../src/render/html/calendar.ts';
import { desired, onFleet, scheduledBlock } from '../../support/builders.ts';
import { folder } from '../../support/cli.ts';
import { needs, pathOf } from '../../support/tools.ts';
import { blocks, calendar, FINALS, WEEKENDS } from '../calendars.ts';

const it = suite('render calendar page');
const seen = needs(suite('render calendar page in a browser'), 'chromium');

function pageOf(of: Calendar, from: readonly DesiredBlock[]): string {
  const timeline = calendarTimeline(of, desired([], { blocks: from }));
  const view = { now: of.from, timezone: 'Europe/Amsterdam', fleetformVersion: '0.1.0' };
  return renderCalendarPage(of, timeline, view);
}

const attack = '</style><script>alert(1)</script>"><img src=x onerror=alert(2)>\u202e';
const HOSTILE = [scheduledBlock('n', {}, { block: attack, targetText: attack, template: { name: attack } })];
const FULL = pageOf(calendar(undefined, undefined, '2026-12-09', 14), blocks());
const CROWD = Array.from({ length: 14 }, (_, index) =>
  scheduledBlock(`n${index}`, { cron: '0 */6 * * *' }, { targets: onFleet('7') }),
);
const PAGES: readonly (readonly [string, string])[] = [
  ['everything', FULL],
  ['nothing', pageOf(calendar([], []), [])],
  ['a year', pageOf(calendar(undefined, undefined, '2026-12-09', 365), blocks())],
  ['a crowd', pageOf(calendar(CROWD, [FINALS]), CROWD)],
  ['hostile', pageOf({ ...calendar(HOSTILE, [{ ...WEEKENDS, name: attack }]), name: attack }, HOSTILE)],
];

for (const [name, page] of PAGES) {
  it(`${name}: only its own style sheet, no script, and nobody's markup`, () => {
    const css = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(css).digest('base64');
    assert.match(page, `style-src &#39;sha256-${hash}&#39;`);
    assert.not.match(page, /<(script|img|iframe|link|object|embed|form|svg)\b/i);
    assert.not.match(page, '\u202e');
  });

  it(`${name}: ids are there once, and every link leads somewhere`, () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    assert.is(new Set(ids).size, ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) assert.ok(ids.includes(target), target);
  });
}

it('skipped ones say so in words, on the timeline and in the list', () => {
  const words = FULL.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  assert.match(words, 'skipped nightly-restart');
  assert.match(words, 'refused hotfix');
  assert.match(words, 'skipped? logs');
  assert.match(
    words,
    'nightly-restart[fleet:eu] is skipped, 2026-12-12 04:30 CET (03:30 UTC), freeze finals, Restart game server',
  );
  assert.match(words, 'fleet eu Restart game server skipped: finals until Mon 14 Dec 01:00');
  assert.match(words, '14 days: 34 runs, 2 skipped (finals)');
  assert.match(words, 'cleanup on region ams, Restart game server');
});

it('each freeze is a band with its name, from its start to its end', () => {
  const bands = [...FULL.matchAll(/<li class="band" id="(t\d+)" title="freeze (\w+)">/g)];
  assert.equal(
    bands.map(([, , freeze]) => freeze),
    ['weekends', 'finals', 'weekends'],
  );
  const rule = (id = '') => new RegExp(`#${id}\\{([^}]*)\\}`).exec(FULL)?.[1];
  // From Wednesday 9, 00:00: Friday 18:00 for 60 hours, and Saturday 01:00 for two days.
  assert.is(rule(bands[0]?.[1]), '--x:66;--g:0;--n:60;--m:0;--r:0');
  assert.is(rule(bands[1]?.[1]), '--x:73;--g:0;--n:48;--m:0;--r:1');
});

it('the list has every run, however many the timeline leaves out', () => {
  const year = PAGES[2]?.[1] ?? '';
  assert.match(year, /<a class="" href="#(timeline-list|d\d+)"[^>]*>\d+ later<\/a>/);
  assert.is(year.match(/<td>nightly-restart<\/td><td>fleet eu, fleet us</g)?.length, 363);
});

it('an empty one says so', () => {
  const [, empty = ''] = PAGES[1] ?? [];
  assert.match(empty, 'Nothing in the file runs in these 7 days.');
  assert.not.match(empty, 'Nothing ran');
});

seen('fits a phone, in either colour scheme, and prints every row', async () => {
  const browser = await chromium.launch({
    executablePath: pathOf('chromium')!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  try {
    const file = join(folder(), 'calendar.html');
    writeFileSync(file, FULL);
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme });
      await page.goto(pathToFileURL(file).href);
      const look = await page.evaluate(() => {
        const { scrollWidth } = document.documentElement;
        const table = document.querySelector('.calendar')?.getBoundingClientRect();
        return { scrollWidth, right: table?.right ?? 999 };
      });
      assert.is(look.scrollWidth, 390);
      assert.ok(look.right <= 390, 'the list reaches over the edge');
      const style = await page
        .locator('.item.skipped .chip')
        .first()
        .evaluate((chip) => {
          const { borderTopStyle, backgroundImage } = getComputedStyle(chip);
          return `${borderTopStyle} ${backgroundImage.split('(')[0]}`;
        });
      assert.is(style, 'dashed repeating-linear-gradient');
      await page.emulateMedia({ media: 'print' });
      assert.is(await page.locator('.timeline-section').isVisible(), false);
      assert.is(await page.locator('.calendar tbody td:first-child').first().isVisible(), true);
      await page.close();
    }
  } finally {
    await browser.close();
  }
});

it.run();
seen.run();
