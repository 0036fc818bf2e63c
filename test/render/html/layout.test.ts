/** Days, the window, and the rows of a lane: by properties. A failing run prints its seed. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TimelineItem } from '../../../src/model/timeline.ts';
import { daysBetween } from '../../../src/render/html/days.ts';
import { pack } from '../../../src/render/html/packing.ts';
import { placeOf, windowOf } from '../../../src/render/html/window.ts';

const it = suite('render page layout');
const DAY = 86_400;
const HOUR = 3600;
const seed = { seed: Number(process.env.FC_SEED ?? 20_261_130) };

const at = (text: string) => Date.parse(text) / 1000;

it('days follow each other without a gap, each of 23, 24 or 25 hours, in any zone', () => {
  const zones = [
    'UTC',
    'Europe/Amsterdam',
    'America/Sao_Paulo',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Pacific/Chatham',
    'Nowhere/Land',
  ];
  fc.assert(
    fc.property(
      fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') }),
      fc.integer({ min: 0, max: 20 }),
      fc.constantFrom(...zones),
      (from, count, zone) => {
        const to = from + count * DAY;
        const days = daysBetween(from, to, zone);
        assert.ok(days[0]!.start <= from && from < days[0]!.end, 'the first day holds the first moment');
        assert.ok(days.at(-1)!.start <= to && to < days.at(-1)!.end, 'the last day holds the last moment');
        for (const [index, day] of days.entries()) {
          const hours = (day.end - day.start) / HOUR;
          assert.ok(hours >= 23 && hours <= 25, `${hours} h in ${zone}`);
          if (index > 0) assert.is(day.start, days[index - 1]!.end);
        }
      },
    ),
    { ...seed, numRuns: 300 },
  );
});

it('the days on which the clock is changed are shorter and longer by an hour', () => {
  const lengths = (day: string) => {
    const [only] = daysBetween(at(day), at(day), 'Europe/Amsterdam');
    return [(only!.end - only!.start) / HOUR, only!.label, only!.isWeekend];
  };
  assert.equal(lengths('2026-03-29T12:00:00Z'), [23, 'Sun 29 Mar', true]);
  assert.equal(lengths('2026-10-25T12:00:00Z'), [25, 'Sun 25 Oct', true]);
  assert.equal(lengths('2026-12-01T12:00:00Z'), [24, 'Tue 1 Dec', false]);
});

const packable = fc.record({
  at: fc.double({ min: 0, max: 500, noNaN: true }),
  day: fc.constant(0),
  kind: fc.constantFrom('change' as const, 'staying' as const, 'past' as const),
});

it('no two items of a row are nearer than a width, and every item is placed or counted', () => {
  fc.assert(
    fc.property(
      fc.array(packable, { maxLength: 120 }),
      fc.double({ min: 0.5, max: 40, noNaN: true }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 9 }),
      (items, width, staying, changes) => {
        const sorted = [...items].sort((a, b) => a.at - b.at);
        const { rows, clusters, height } = pack(sorted, width, { staying, changes, past: 2 });
        const boxes = [
          ...rows.flatMap((row, index) => (row < 0 ? [] : [{ row, x: sorted[index]!.at }])),
          ...clusters.map(({ members, row }) => ({ row, x: sorted[members[0]!]!.at })),
        ];
        for (const [index, a] of boxes.entries()) {
          for (const b of boxes.slice(index + 1)) {
            assert.ok(a.row !== b.row || Math.abs(a.x - b.x) >= width, 'two cover each other');
          }
          assert.ok(a.row < height);
        }
        const counted = clusters.flatMap(({ members }) => members).sort((a, b) => a - b);
        assert.equal(
          counted,
          [...rows.keys()].filter((index) => rows[index] === -1),
        );
        assert.ok(
          clusters.every(({ members }) => members.length > 1),
          'one thing is hidden by one thing',
        );
      },
    ),
    { ...seed, numRuns: 500 },
  );
});

it('what is counted together is of one day, and stands at its first', () => {
  const items = [20, 22, 25, 26].map((at) => ({
    at,
    kind: 'change' as const,
    day: Math.floor(at / 24),
  }));
  const { clusters, height } = pack(items, 20, { staying: 0, changes: 0, past: 0 });
  assert.equal(
    clusters.map(({ members, row }) => [members, row]),
    [
      [[0, 1], 0],
      [[2, 3], 1],
    ],
  );
  assert.is(height, 2);
});

it('what stays never takes the place of a change', () => {
  fc.assert(
    fc.property(
      fc.array(packable, { maxLength: 120 }),
      fc.double({ min: 0.5, max: 40, noNaN: true }),
      (items, width) => {
        const sorted = [...items].sort((a, b) => a.at - b.at);
        const most = { staying: 3, changes: 5, past: 2 };
        const { rows } = pack(sorted, width, most);
        const alone = pack(
          sorted.filter((item) => item.kind === 'change'),
          width,
          most,
        );
        // Below those, one that nothing else is hidden with stands where it would be counted.
        const own = (row: number) => (row < most.changes ? row : -1);
        assert.equal(
          rows.filter((_, index) => sorted[index]!.kind === 'change').map(own),
          alone.rows.map(own),
        );
      },
    ),
    { ...seed, numRuns: 300 },
  );
});

it('what is past stands below all else, in rows of its own', () => {
  fc.assert(
    fc.property(fc.array(packable, { maxLength: 60 }), (items) => {
      const sorted = [...items].sort((a, b) => a.at - b.at);
      const { rows, present, height } = pack(sorted, 20, { staying: 3, changes: 5, past: 2 });
      const of = (isPast: boolean) =>
        rows.filter((row, index) => row >= 0 && (sorted[index]!.kind === 'past') === isPast);
      assert.ok(Math.max(-1, ...of(false)) < Math.min(Number.POSITIVE_INFINITY, ...of(true)));
      assert.ok(of(true).every((row) => row >= present && row < height));
    }),
    { ...seed, numRuns: 300 },
  );
});

it('an earlier run makes no room of its own far back', () => {
  const now = Date.parse('2026-12-01T12:00:00Z') / 1000;
  const lanes = (isPast: boolean) => [
    { kind: 'others' as const, name: '', items: [{ ...itemAt(now - 6 * 86_400), isPast }, itemAt(now)] },
  ];
  const daysOf = (isPast: boolean) => windowOf({ now, lanes: lanes(isPast) }, 'UTC').start;
  assert.ok(daysOf(true) > now - 86_400);
  assert.ok(daysOf(false) < now - 5 * 86_400);
});

function itemAt(moment: number): TimelineItem {
  return {
    kind: 'scheduled',
    run: 'a',
    address: 'a',
    isPast: false,
    action: null,
    template: null,
    batchIds: [],
    at: moment,
    isOnce: false,
    until: null,
    otherEnd: null,
    phase: 'scheduled',
    servers: null,
    targetText: '',
  };
}

it('later is further to the right, and quiet days are folded', () => {
  const now = at('2026-11-23T12:00:00Z');
  const moments = [now, now + 10 * DAY, now + 10 * DAY + 1800, now + 11 * DAY];
  const lanes = [{ kind: 'fleet' as const, name: 'eu', items: moments.map(itemAt) }];
  const window = windowOf({ now, lanes }, 'Europe/Amsterdam');
  assert.equal(
    window.segments.map(({ label }) => label),
    ['Mon 23 Nov', '9 quiet days', 'Thu 3 Dec', 'Fri 4 Dec'],
  );
  assert.equal(
    moments.map((moment) => placeOf(moment, window)),
    [
      { hours: 13, gaps: 0 },
      { hours: 37, gaps: 1 },
      { hours: 37.5, gaps: 1 },
      { hours: 61, gaps: 1 },
    ],
  );
  assert.equal(window.edge, { hours: 72, gaps: 1 });
});

it('one batch in half a year does not make the rest small', () => {
  const now = at('2026-11-23T12:00:00Z');
  const lanes = [{ kind: 'fleet' as const, name: 'eu', items: [itemAt(now), itemAt(now + 180 * DAY)] }];
  assert.is(windowOf({ now, lanes }, 'UTC').segments.length, 1);
});

it.run();
