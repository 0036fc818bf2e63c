/// <reference lib="dom" />
/** The page in a real browser, headless: what it looks like to a person, a keyboard, a screen reader and a printer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folder } from '../../support/cli.ts';
import { needs, pathOf } from '../../support/tools.ts';
import { fullPlan, plan } from '../plans.ts';
import { fortyPlan, hostilePlan, pageOf } from './pages.ts';

const it = needs(suite('render page in a browser'), 'chromium');
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
let browser: Browser | undefined;

it.before(async () => {
  browser = await chromium.launch({ executablePath: pathOf('chromium')!, args: ARGS });
});
it.after(async () => {
  await browser?.close();
});

const files = new Map<string, string>();

/** Opens it from a file; whatever else it would load is refused, and told, as is each word on the console. */
async function open(
  html: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; trouble: string[] }> {
  const path = files.get(html) ?? join(folder(), 'plan.html');
  if (!files.has(html)) writeFileSync(path, html);
  files.set(html, path);
  const context = await browser!.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const trouble: string[] = [];
  const url = pathToFileURL(path).href;
  page.on('console', (message) => trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.route('**', (route) => {
    if (route.request().url() === url) return route.continue();
    trouble.push(`asks for ${route.request().url()}`);
    return route.abort();
  });
  await page.goto(url);
  return { page, trouble };
}

async function done({ page, trouble }: { page: Page; trouble: string[] }): Promise<void> {
  await page.context().close();
  assert.equal(trouble, []);
}

const FORTY = pageOf(fortyPlan(), 20);

interface Box {
  readonly lane: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxesOn(page: Page): Promise<Box[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.track')].flatMap((track, lane) =>
      [...track.querySelectorAll('.item')]
        .filter((item) => getComputedStyle(item).visibility !== 'hidden')
        .map((item) => {
          const { left, right, top, bottom } = item.getBoundingClientRect();
          return { lane, left, right, top, bottom };
        }),
    ),
  );
}

it('at each zoom no item covers another, and the zoom makes a difference', async () => {
  const opened = await open(FORTY);
  const { page } = opened;
  const widths: number[] = [];
  for (const zoom of ['All', 'Next day', '3 hours']) {
    await page.getByLabel(zoom, { exact: true }).check({ force: true });
    const boxes = await boxesOn(page);
    assert.ok(boxes.length > (zoom === 'All' ? 5 : -1), `${boxes.length} items`);
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        const covers =
          a.lane === b.lane && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        assert.not.ok(covers, `${zoom}: ${JSON.stringify([a, b])}`);
      }
    }
    widths.push(await page.evaluate(() => document.querySelector('.day')!.getBoundingClientRect().width));
  }
  assert.ok(widths[1]! > 3 * widths[0]! && widths[2]! > 3 * widths[1]!, widths.join());
  await done(opened);
});

it('what does not fit at one place is counted, and told in the list', async () => {
  const opened = await open(FORTY);
  const earlier = opened.page.locator('.item.past:not(.not-all):not(.only-day):not(.only-hours)');
  assert.not.ok(await earlier.first().isVisible(), 'what ran is folded');
  await opened.page.getByLabel('Earlier runs').check();
  assert.ok(await earlier.first().isVisible(), 'and unfolds');
  const more = opened.page
    .getByText(/^\+\d+ earlier$/)
    .locator('visible=true')
    .first();
  assert.match((await more.textContent()) ?? '', /^\+\d+ earlier$/);
  await more.click();
  assert.ok(await opened.page.locator('#timeline-list table').isVisible(), 'the list opens');
  await done(opened);
});

it('"now" stands at its time, between what ran and what is to come', async () => {
  const opened = await open(FORTY);
  const [now, ran, later] = await opened.page.evaluate(() =>
    ['#now', '.item.past', '.item.add'].map(
      (selector) => document.querySelector(selector)!.getBoundingClientRect().left,
    ),
  );
  assert.ok(ran! < now! && now! < later!, `${ran} < ${now} < ${later}`);
  await done(opened);
});

it('nothing but the timeline and tables scrolls sideways, on a phone or a wide screen', async () => {
  for (const width of [360, 768, 1440]) {
    for (const html of [FORTY, pageOf(fullPlan()), pageOf(hostilePlan())]) {
      const opened = await open(html, { viewport: { width, height: 800 } });
      const scroll = await opened.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(scroll <= width, `${scroll} > ${width}`);
      await done(opened);
    }
  }
});

it('by keyboard: the skip link, the zoom, the timeline and the changes are reached, and it is seen where one is', async () => {
  const opened = await open(FORTY);
  const { page } = opened;
  const seen: string[] = [];
  for (let i = 0; i < 80; i += 1) {
    await page.keyboard.press('Tab');
    if (i > 0 && (await page.evaluate(() => document.activeElement === document.body))) break;
    seen.push(
      await page.evaluate(() => {
        const at = document.activeElement!;
        const shown = at.matches('input') ? at.nextElementSibling! : at;
        const { outlineStyle } = getComputedStyle(shown);
        return `${at.className || at.id || at.textContent} ${outlineStyle}`;
      }),
    );
  }
  assert.match(seen[0] ?? '', 'skip');
  for (const name of ['zoom-all', 'show-past', 'Go to now', 'only-all', 'timeline', 'chip']) {
    assert.ok(
      seen.some((one) => one.startsWith(name)),
      `${name} is not reached: ${seen.join(' | ')}`,
    );
  }
  assert.ok(
    seen.every((one) => !one.endsWith(' none')),
    seen.join(' | '),
  );
  await page.getByLabel('All', { exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  assert.ok(await page.getByLabel('Next day', { exact: true }).isChecked());
  await page.keyboard.press('ArrowLeft');
  await page.locator('a.chip').first().focus();
  await page.keyboard.press('Enter');
  assert.match(page.url(), /#c\d+$/);
  await done(opened);
});

it('for a screen reader: landmarks, headings, and items as sentences', async () => {
  const opened = await open(FORTY);
  const tree = await opened.page.locator('body').ariaSnapshot();
  for (const text of [
    'heading "live-ops" [level=1]',
    'heading "Timeline" [level=2]',
    'heading "fleet eu" [level=3]',
    'heading "Changes" [level=2]',
    '- main',
    '- banner',
    'region "Timeline, scrolls sideways"',
    'radio "All" [checked]',
    /link "night-1\[fleet:eu\] will be created, 2026-12-02 04:00 CET \(03:00 UTC\), Deploy build, \d+ game servers"/,
    /night-3\[fleet:eu\] moves away from here, .*, to 2026-12-04 05:30 CET/,
  ]) {
    assert.match(tree, text);
  }
  await done(opened);
});

it('words from outside make no element, no dialog, no request', async () => {
  const opened = await open(pageOf(hostilePlan()));
  const found = await opened.page.evaluate(() => document.querySelectorAll('img, script, b b').length);
  assert.is(found, 0);
  await done(opened);
});

it('light and dark differ, and both can be read: 4.5 to 1 at the least', async () => {
  const grounds: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const opened = await open(FORTY, { colorScheme });
    const { ground, worst } = await opened.page.evaluate(() => {
      const channels = (color: string) => color.match(/[\d.]+/g)!.map(Number);
      const luminance = (color: string) => {
        const [r, g, b] = channels(color).map((value) => {
          const share = value / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const groundOf = (element: Element): string => {
        for (let one: Element | null = element; one !== null; one = one.parentElement) {
          const color = getComputedStyle(one).backgroundColor;
          if (channels(color)[3] !== 0) return color;
        }
        return 'rgb(255, 255, 255)';
      };
      const ratios = [...document.querySelectorAll('body *')]
        .filter((element) =>
          [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim()),
        )
        .map((element) => {
          const [a, b] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          return {
            ratio,
            what: `${element.className || element.tagName}: ${element.textContent?.slice(0, 40)}`,
          };
        });
      ratios.sort((a, b) => a.ratio - b.ratio);
      return { ground: getComputedStyle(document.body).backgroundColor, worst: ratios[0]! };
    });
    assert.ok(worst.ratio >= 4.5, `${colorScheme}: ${worst.ratio} at ${worst.what}`);
    grounds.push(ground);
    await done(opened);
  }
  assert.is.not(grounds[0], grounds[1]);
});

it('on paper: the timeline as a list, what is folded is there, and nothing is dark', async () => {
  const opened = await open(pageOf(fullPlan()), { colorScheme: 'dark' });
  const { page } = opened;
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.not.ok(await page.locator('.timeline').isVisible());
  const height = await page.evaluate(
    () => document.querySelector('#timeline-list table')!.getBoundingClientRect().height,
  );
  assert.ok(height > 50, `${height} px of list`);
  assert.is(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  assert.ok((await page.pdf({ format: 'A4' })).length > 10_000);
  await done(opened);
});

it('a plan with nothing in it says so', async () => {
  const opened = await open(pageOf(plan(), 0));
  assert.ok(await opened.page.getByText('No changes. The batches match the desired state.').isVisible());
  assert.ok(await opened.page.getByText('Nothing ran, and nothing is scheduled.').isVisible());
  await done(opened);
});

it.run();
