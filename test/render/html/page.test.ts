/** The page as text: its policy, its numbers, its links, and that words stay words. */
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../../src/model/plan.ts';
import { renderPlanPage, renderStatusPage } from '../../../src/render/html/page.ts';
import {
  CREATE,
  EU,
  fullPlan,
  MISSED,
  NO_OP,
  NOW,
  plan,
  REPLACE,
  schedulePlan,
  spec,
  tasks,
} from '../plans.ts';
import { fortyPlan, hostilePlan, pageOf, reviewPage, reviewPlan, timelineFor, VIEW } from './pages.ts';

const it = suite('render page');

const STATUS = {
  name: 'live-ops',
  api: 'https://api.i3d.net',
  rows: [
    {
      address: 'hotfix',
      template: 'Deploy build',
      targetText: 'fleet eu',
      executeAt: VIEW.now - 600,
      batchIds: ['41'],
      phase: 'failed' as const,
      counts: tasks({ done: 3, failed: 1 }),
      numTasks: 4,
      failures: [{ entityId: '6268349608002583795', resultText: 'disk <full> & "bad"' }],
    },
  ],
  unmanaged: [],
};

const pages: readonly (readonly [string, string])[] = [
  ['every action', pageOf(fullPlan())],
  ['forty changes', pageOf(fortyPlan())],
  ['nothing to do', pageOf(plan(), 0)],
  ['hostile words', pageOf(hostilePlan())],
  [
    'what if, and a part',
    pageOf(plan({ at: '2026-12-02T00:00:00Z', scope: { ...plan().scope, targets: ['hotfix'] } })),
  ],
  ['to review', reviewPage().replace(/<ul class="links".*?<\/ul>/s, '')],
  ['status', renderStatusPage(STATUS, timelineFor(plan()), VIEW)],
];

for (const [name, page] of pages) {
  it(`${name}: nothing but its own style sheet is allowed, by its hash`, () => {
    const css = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(css).digest('base64');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/
      .exec(page)?.[1]
      ?.replaceAll('&#39;', "'");
    assert.is(policy, `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    assert.is(page.match(/<style/g)?.length, 1);
    assert.not.match(page, /<(script|img|iframe|link|object|embed|form|svg)\b/i);
    const withoutValues = page.replace(css, '').replace(/"[^"]*"/g, '""');
    assert.not.match(withoutValues, /<[^>]*\s(style|on\w+|src)=/i);
    assert.not.match(css, /url\(|@import|expression/);
  });

  it(`${name}: ids are there once, and every link leads somewhere`, () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    assert.is(new Set(ids).size, ids.length, 'an id stands twice');
    for (const id of ids) assert.match(id!, /^[a-z]+[\w-]*$/);
    for (const [, target] of page.matchAll(/ href="([^"]*)"/g)) {
      assert.ok(target?.startsWith('#') && ids.includes(target.slice(1)), `${target} leads nowhere`);
    }
    for (const [, labelled] of page.matchAll(/ (?:aria-labelledby|for)="([^"]*)"/g)) {
      assert.ok(ids.includes(labelled!), `${labelled} is no id`);
    }
  });

  it(`${name}: headings are in order, and there is one of the first`, () => {
    const levels = [...page.matchAll(/<h(\d)\b/g)].map(([, level]) => Number(level));
    assert.is(levels.filter((level) => level === 1).length, 1);
    for (const [index, level] of levels.entries()) {
      assert.ok(level <= (levels[index - 1] ?? 0) + 1, `h${level} after h${levels[index - 1]}`);
    }
  });
}

it('the legend tells the signs that there are, and what a place means', () => {
  const [, markup = ''] = /legend"[^>]*>(.*?)<\/div>/s.exec(pageOf(fullPlan())) ?? [];
  const legend = markup.replace(/<[^>]*>/g, '');
  for (const sign of ['+ new', '± replacement', '− goes away', '~ paused or resumed', '← adopted']) {
    assert.match(legend, sign);
  }
  assert.not.match(legend, 'is running');
  assert.match(legend, 'Days are those of Europe/Amsterdam');
});

it('in a crowded hour a change is drawn, and what stays is counted', () => {
  const on = { fleets: [EU], executeAt: VIEW.now + 86_400 };
  const stays = Array.from({ length: 30 }, (_, index) => ({
    ...NO_OP,
    address: `stays-${index}`,
    after: spec(on),
  }));
  const crowded = (count: number) => {
    const comes = Array.from({ length: count }, (_, index) => ({
      ...CREATE,
      address: `new-${index}`,
      after: spec(on),
    }));
    return pageOf(plan({ changes: [...stays, ...comes] as Change[] }), 0);
  };
  const few = crowded(3);
  assert.is(few.match(/<li class="item add[^"]*" /g)?.length, 3);
  assert.is(few.match(/>\+28 more here</g)?.length, 1, 'week');
  assert.match(crowded(20), />\+35, 5 changing</);
});

it('one that would be counted alone is drawn, and what is counted is named by what, where and when', () => {
  const stays = (count: number) => {
    const changes = [0, 1].flatMap((day) =>
      Array.from({ length: count }, (_, index) => ({
        ...NO_OP,
        address: `stays-${day}-${index}`,
        after: spec({ fleets: [EU], executeAt: VIEW.now + (2 + day * 9) * 86_400 }),
      })),
    );
    return pageOf(plan({ changes: changes as Change[] }), 0);
  };
  assert.not.match(stays(6), 'cluster only-all');
  const page = stays(9);
  const names = [...page.matchAll(/cluster only-all[^>]*><a [^>]*aria-label="([^"]*)">([^<]*)/g)];
  assert.equal(
    names.map(([, name]) => name),
    [
      '+4 more here, fleet eu, 2026-12-02 23:40 CET (22:40 UTC): stays-0-5, stays-0-6, stays-0-7, stays-0-8',
      '+4 more here, fleet eu, 2026-12-11 23:40 CET (22:40 UTC): stays-1-5, stays-1-6, stays-1-7, stays-1-8',
    ],
  );
});

it('the legend of a zoom has the signs that are drawn at it', () => {
  const on = (days: number) => ({ fleets: [EU], executeAt: VIEW.now + days * 86_400 });
  const changes = [
    { ...CREATE, address: 'soon', after: spec(on(0.5)) },
    { ...NO_OP, address: 'late', after: spec(on(9)) },
  ] as Change[];
  const legend = /<ul class="signs">.*?<\/ul>/.exec(pageOf(plan({ changes }), 0))?.[0];
  assert.is(
    legend,
    '<ul class="signs"><li class="not-hours"><b>+</b> new</li><li class="not-day not-hours"><b>·</b> scheduled</li></ul>',
  );
});

it('what has no time moves to none: it is replaced where it is', () => {
  const before = spec({ executeAt: null, revision: 1, fleets: [EU] });
  const once = { ...REPLACE, address: 'once', batchIds: ['41'], before, after: { ...before, revision: 2 } };
  const page = pageOf(plan({ changes: [once as Change] }), 0);
  assert.match(page, 'once will be replaced, once, when applied, ');
  assert.match(page, '<td>once, when applied</td>');
  assert.not.match(page, /moves|in its place/);
  const timed = { ...once, after: { ...before, executeAt: NOW + 86_400 } } as Change;
  const words = pageOf(plan({ changes: [timed] }), 0);
  assert.not.match(words, /moves/);
  assert.match(words, 'once will be made in its place, 2026-12-01 23:40 CET');
});

it('sections and glance have one order', () => {
  const made = plan({
    changes: [MISSED, CREATE],
    skipped: schedulePlan().skipped,
    moves: [{ from: 'a', to: 'b' }],
    summary: { ...plan().summary, create: 1 },
  });
  const order = (pattern: RegExp) => [...pageOf(made).matchAll(pattern)].map(([, words]) => words);
  const titles = order(/<section class="group[^>]*><h3>\d+ ([a-z ]+)/g);
  assert.equal(titles, ['to create', 'skipped', 'missed', 'to move']);
  assert.equal(order(/<li class="[a-z]+"><p><b>\d+<\/b> ([a-z ]+)/g), titles);
});

it('its numbers are those of the plan', () => {
  const made = fullPlan();
  const page = pageOf(made);
  assert.match(page, 'Plan: 2 to create, 1 to replace, 2 to cancel, 2 to update, 2 to adopt');
  assert.match(page, `Creates and replaces reach ${made.summary.servers} game servers.`);
  const blocks = page.match(/<article class="block/g)?.length;
  const shown = made.changes.filter(({ action }) => action !== 'no-op' && action !== 'forget').length;
  assert.is(blocks, shown);
  for (const [, group, servers] of page.matchAll(/<h3>(\d+ to create)<span class="quiet">, ([^<]*)</g)) {
    assert.equal([group, servers], ['2 to create', '40 tasks, and those of some that are unknown']);
  }
});

it('a time has its zone and UTC; what can be stopped, what was planned when, and what is said of it, is there', () => {
  const page = pageOf(fullPlan());
  for (const text of [
    'planned 2026-11-30 23:40 CET (22:40 UTC)',
    '2026-12-01 04:00 CET (03:00 UTC)',
    '36 to 39 of 40 can still be stopped: 36 pending, 3 running, 1 done',
    'fleetform.yaml:31:3',
    'too-late:',
  ]) {
    assert.ok(page.includes(text), text);
  }
});

it('errors, a what-if, a part and drift are said aloud', () => {
  const broken = pageOf(plan({ diagnostics: [{ severity: 'error', code: 'x', message: 'it cannot be' }] }));
  assert.match(broken, '1 error: nothing in this plan will be applied.');
  const whatIf = pageOf(plan({ at: '2026-12-02T00:00:00Z' }));
  assert.match(whatIf, 'It cannot be applied.');
  const part = pageOf(
    plan({ scope: { ...plan().scope, targets: ['hotfix'], excludes: ['hotfix[fleet:eu]'] } }),
  );
  assert.match(part, 'Only <code>hotfix</code>');
  assert.match(part, 'Without <code>hotfix[fleet:eu]</code>');
  const drift = pageOf(hostilePlan());
  assert.match(drift, 'Changed outside fleetform');
});

it('words from outside are words', () => {
  const page = pageOf(hostilePlan());
  assert.not.match(page, /<img|<script|<b>&amp;/);
  assert.not.match(page, /\u202e/);
  assert.is(page.match(/<\/title>/g)?.length, 1);
  assert.match(page, '&lt;img src=x onerror=alert(1)&gt;');
});

it('a status tells phases, tasks and what failed', () => {
  const page = renderStatusPage(STATUS, timelineFor(plan()), VIEW);
  for (const text of [
    '1 failed.',
    '3 done, 1 failed',
    '6268349608002583795',
    'disk &lt;full&gt; &amp; &quot;bad&quot;',
  ]) {
    assert.ok(page.includes(text), text);
  }
});

it('a thousand changes are folded, and stay small', () => {
  const [first] = fullPlan().changes;
  const changes = Array.from({ length: 1000 }, (_, i) => ({ ...first!, address: `hotfix-${i}` }));
  const page = pageOf(plan({ changes }));
  assert.match(page, '960 more to create');
  assert.ok(page.length < 3_000_000, `${page.length} characters`);
});

it('an earlier run that failed is told quietly, after what the plan does', () => {
  const { now, lanes } = timelineFor(plan({ changes: [CREATE] }), 0);
  const failed = (address: string, isPast: boolean) => ({
    ...lanes[0]!.items[0]!,
    kind: 'ran' as const,
    address,
    isPast,
    phase: 'failed' as const,
    action: null,
    at: NOW - 600,
  });
  const items = [failed('of-old', true), failed('of-now', false), ...lanes[0]!.items];
  const made = plan({ changes: [CREATE] });
  const page = renderPlanPage(made, { now, lanes: [{ ...lanes[0]!, items }] }, VIEW);
  const rows = [
    ...page.matchAll(
      /<tr class="([a-z]+)" id="l\d+"><td>[^<]*<\/td><td>[^<]*<\/td><td>.*?<\/td><td>([^<]*)<\/td>/g,
    ),
  ];
  assert.equal(
    rows.map(([, tone, words]) => [tone, words]),
    [
      ['bad', 'failed'],
      ['add', 'will be created'],
      ['past', 'failed earlier'],
    ],
  );
  assert.match(page, /<li class="item past[^"]*"[^>]*>.*?of-old failed earlier/);
});

it('where the zone is UTC, it is said once', () => {
  const page = (timezone: string) => renderPlanPage(plan(), timelineFor(plan()), { ...VIEW, timezone });
  assert.match(page('UTC'), /· times in UTC<\/footer>/);
  assert.match(page('Europe/Amsterdam'), /· times in Europe\/Amsterdam, and in UTC<\/footer>/);
});

it('occurrences of a block are one block of the page, with each of them folded', () => {
  const page = pageOf(schedulePlan());
  assert.match(page, /<code>nightly-restart<\/code> <span class="quiet">14 batches will be created<\/span>/);
  assert.match(page, '7 nights from 4 to 10 Dec, 04:30 Europe/Amsterdam, first in 3 d 4 h');
  assert.match(page, '<summary>All 14, one by one</summary>');
  for (const { address } of schedulePlan().changes) assert.match(page, address);
  assert.is(page.match(/ id="c\d+"/g)?.length, 6);
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const [, id] of page.matchAll(/ href="#([^"]+)"/g)) assert.ok(ids.has(id), `#${id} is nowhere`);
});

it('what a freeze leaves out is told in words, and has its place on the timeline', () => {
  const page = pageOf(schedulePlan());
  assert.match(page, /<code>nightly-restart<\/code> <span class="quiet">2 skipped<\/span>/);
  assert.match(page, '<dd>12 and 13 Dec</dd>');
  assert.match(page, 'nightly-restart[fleet:eu]@2026-12-12T03:30:00Z is skipped, 2026-12-12 04:30 CET');
  assert.match(page, 'other[fleet:eu]@2026-12-01T03:30:00Z may be skipped');
  assert.match(page, /<li class="item skipped[^"]*" id="t\d+"><a class="chip" href="#s1"/);
});

it('on a lane neither the target nor the time is in a short name', () => {
  assert.match(pageOf(schedulePlan()), '>nightly-restart</span> <time aria-hidden="true">04:30</time>');
});

it('every change is linked at the top, before anything else but errors', () => {
  const page = reviewPage();
  const [, list = ''] = /<ul class="glance">([\s\S]*?)<section/.exec(page) ?? [];
  const linked = new Set([...list.matchAll(/href="#(\w+)"/g)].map(([, id]) => id));
  for (const [, id] of page.matchAll(/<article class="block[^>]* id="([cs]\d+)"/g))
    assert.ok(linked.has(id), id);
  assert.match(list, /weekly-restart<\/a> <span[^>]*>×12<\/span> <span class="quiet">3 Dec 04:00</);
  assert.match(list, '20 nights from 1 to 20 Dec, 04:30 Europe/Amsterdam');
  const order = ['class="glance"', 'id="changes-title"', 'id="findings-title"', 'id="timeline-title"'];
  assert.equal(
    order,
    [...order].sort((a, b) => page.indexOf(a) - page.indexOf(b)),
  );
  const error = { severity: 'error' as const, code: 'x', message: 'it cannot be' };
  const broken = pageOf(plan({ changes: [CREATE], diagnostics: [...fullPlan().diagnostics, error] }));
  assert.ok(broken.indexOf('it cannot be') < broken.indexOf('id="changes-title"'));
  assert.ok(broken.indexOf('too-late') > broken.indexOf('id="changes-title"'));
});

it('a block is told once: what its targets share, their sum, and each of them', () => {
  const page = reviewPage();
  assert.is(page.match(/<code>weekly-restart<\/code>/g)?.length, 1);
  assert.match(page, '480 of 480 can still be stopped');
  assert.match(page, '<summary>8 more targets</summary>');
  assert.match(page, /<code>weekly-restart\[fleet:[^\]]*\]<\/code> <span class="quiet">[^<]*batch 500</);
  assert.not.match(page, '1 batch, ');
  for (const { address } of reviewPlan().changes) assert.ok(page.includes(address), address);
});

it('what differs between the targets of a block is told with whose it is', () => {
  const changes = ['eu', 'us', 'asia'].map((name, index) => ({
    ...CREATE,
    address: `hotfix[fleet:${name}]`,
    after: spec({ params: [{ name: 'buildId', value: index < 2 ? 'same' : 'other' }] }),
  })) as Change[];
  const words = pageOf(plan({ changes }))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
  assert.match(
    words,
    'params [fleet:eu], [fleet:us] buildId = &quot;same&quot; [fleet:asia] buildId = &quot;other&quot;',
  );
});

it('a replace in place and one that moves look alike; game servers are named, below their fleet', () => {
  const page = reviewPage();
  const toneOf = (words: string) =>
    new RegExp(`<tr class="(\\w+)" id="l\\d+">(?:(?!<tr).)*<td>${words}</td>`).exec(page)?.[1];
  assert.equal(['moves away from here', 'will be replaced', 'moves here'].map(toneOf), [
    'replaced',
    'change',
    'change',
  ]);
  const lanes = [...page.matchAll(/-title">((?:fleet|region|game server) [^<]*)<\/h3>/g)].map(
    ([, name]) => name,
  );
  assert.equal(lanes.slice(0, 4), [
    'fleet eu',
    'game server 6268349608002583790',
    'game server 6268349608002583791',
    'fleet eu-1',
  ]);
  assert.match(page, />nightly-restart<\/span> <i aria-hidden="true">\d+ Dec<\/i> <time/);
});

it('a block is one chip per time and row, and its replacement in place is no second one', () => {
  const at = (index: number) => ({
    ...spec({ fleets: [], instances: [`626834960800258${3000 + index}`] }),
    executeAt: NOW + 86_400 + 40 * index,
  });
  const changes = Array.from({ length: 14 }, (_, index) => ({
    ...REPLACE,
    address: `rolling[instances:626834960800258${3000 + index}]`,
    batchIds: [String(700 + index)],
    before: at(index),
    after: at(index),
  })) as Change[];
  const page = pageOf(plan({ changes }), 0);
  assert.is(page.match(/<a class="chip"/g)?.length, 1);
  assert.match(page, 'rolling</span> <span class="times" aria-hidden="true">×14</span>');
  assert.match(page, 'The timeline as a list (14)');
  assert.match(page, 'rolling, 14 batches: each will be replaced, ');
  for (const { address } of changes) assert.ok(page.includes(address), address);
});

it('links to the review are web addresses, and words of them are words', () => {
  assert.match(
    reviewPage(),
    '<a href="https://github.com/acme/ops/pull/12" rel="noopener noreferrer">pull request 12</a>',
  );
  const links = [
    { text: '<b>', url: 'https://x.example/"><img src=x>' },
    { text: 'bad', url: 'javascript:alert(1)' },
  ];
  const page = renderPlanPage(plan(), timelineFor(plan()), { ...VIEW, links });
  assert.match(page, 'href="https://x.example/&quot;&gt;&lt;img src=x&gt;"');
  assert.not.match(page, /javascript:|<img/);
});

it.run();
