/** What holds for every comment. Plans are drawn at random; the seed is printed, and FC_SEED=… draws others. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change, Plan } from '../../../src/model/plan.ts';
import { summarise, tasksOf } from '../../../src/model/plan-summary.ts';
import { type MarkdownView, renderMarkdown } from '../../../src/render/markdown/comment.ts';
import { cellCode, code, fence, prose } from '../../../src/render/markdown/escape.ts';
import * as plans from '../plans.ts';
import { hostilePlan, hostileText } from './hostile.ts';
import { assertLifeless, read } from './reading.ts';

const test = suite('markdown properties');
const seed = Number(process.env.FC_SEED ?? 20_261_130);
console.log(`fast-check seed ${seed}`);
const RUNS = { seed, includeErrorInReport: true };
const VIEW: MarkdownView = {
  now: plans.NOW,
  timezone: 'Europe/Amsterdam',
  aliases: plans.ALIASES,
  cwd: '/repo',
};
const LIMITS = [2000, 2500, 4000, 10_000, 60_000];
const MARKER = '<!-- fleetform:plan:live-ops:0123456789ab -->\n';

function assertShort(text: string, limit: number): void {
  assert.ok(text.length < limit, `${text.length} code units under ${limit}`);
  assert.ok(Buffer.byteLength(text) < limit, `${Buffer.byteLength(text)} bytes under ${limit}`);
}

test('hostile text stays text, at every length', () => {
  fc.assert(
    fc.property(hostilePlan, fc.constantFrom(...LIMITS), hostileText, (plan, maxLength, timezone) => {
      const text = renderMarkdown(plan, { ...VIEW, timezone, maxLength });
      assertShort(text, maxLength);
      assertLifeless(read(text));
      const rest = text.slice(text.indexOf('\n') + 1);
      assert.not.ok(rest.includes('<!--'), 'no marker but our own');
      assert.not.match(
        text.replaceAll('\n', ''),
        /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
      );
    }),
    { ...RUNS, numRuns: 300 },
  );
});

test('a sentence, a span, a cell and a fence say what they were given', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const row = `| a |\n| --- |\n| ${cellCode(text, 5000)} |`;
      const whole = `${MARKER}\nb: ${prose(text, 5000)}\n\nc: ${code(text, 5000)}\n\n${row}\n\n${fence('text', [` ${text}`])}\n`;
      const reading = read(whole);
      assertLifeless(reading);
      assert.is(reading.fences[0]!.lines.length, 1);
      assert.is(reading.tables[0]!.rows.length, 1);
    }),
    { ...RUNS, numRuns: 1000 },
  );
});

test('plain words are left alone, quoted ones become code', () => {
  assert.is(
    prose('it is late by 300 s (so) it is not created.', 200),
    'it is late by 300 s (so) it is not created.',
  );
  assert.is(
    prose('give it a new `executeAt`, or see x.example.', 200),
    'give it a new `executeAt`, or see `x.example`.',
  );
  assert.is(prose('2 of 14 (15 %), more than', 200), '2 of 14 (15 %), more than');
  assert.is(prose('ask @ops/eu #12, then GH-1', 200), 'ask `@ops/eu #12`, then `GH-1`');
  assert.is(prose('`a``b`', 200), '`ab`');
  assert.is(cellCode('a|b'), '`a\\|b`');
  assert.is(code('a`b``'), '``` a`b`` ```');
  assert.is(code('a ``` b'), '````a ``` b````');
  assert.is(code(''), '`""`');
  assert.is(code('<!-- fleetform:x -->'), '`\\u{3c}!-- fleetform:x -->`');
});

const ACTIONS = ['create', 'cancel', 'replace', 'pause', 'resume', 'adopt', 'missed'] as const;

/** Changes of a table, by action, however it counts them. */
function countedInTables(text: string): Record<string, number> {
  const found: Record<string, number> = Object.fromEntries(ACTIONS.map((action) => [action, 0]));
  for (const { head, rows } of read(text).tables) {
    if (head[0] !== 'Action') continue;
    const column = head.indexOf('Changes');
    for (const row of rows) {
      const action = row[0]!.split(' ')[1]!;
      found[action] = (found[action] ?? Number.NaN) + (column === -1 ? 1 : Number(row[column]));
    }
  }
  return found;
}

/** Tasks of creates and replaces: a row's game servers, or what is counted. */
function tasksInTables(text: string): number {
  return read(text)
    .tables.filter(({ head }) => head[0] === 'Action')
    .flatMap(({ head, rows }) =>
      rows.map(
        (row) => [row[0]!, row[head.indexOf(head.includes('Changes') ? 'Tasks' : 'Game servers')]!] as const,
      ),
    )
    .filter(([action]) => / (create|replace)$/.test(action))
    .reduce((sum, [, servers]) => sum + (Number.parseInt(servers, 10) || 0), 0);
}

/** Of lists that are folded, or left out and counted. */
function listed(text: string, what: string): number {
  return Number(new RegExp(`(\\d+) ${what}`).exec(text)?.[1] ?? 0);
}

function assertSums(plan: Plan, text: string): void {
  const { summary } = plan;
  const found = countedInTables(text);
  assert.is(found.create, summary.create);
  assert.is(found.cancel, summary.cancel);
  assert.is(found.replace, summary.replace);
  assert.is(found.pause! + found.resume!, summary.update);
  assert.is(found.adopt, summary.adopt);
  assert.is(found.missed, summary.missed);
  assert.is(listed(text, 'moved address'), summary.move);
  assert.is(listed(text, 'batch(es)? to forget'), summary.forget);
  assert.is(listed(text, 'unmanaged batch'), summary.unmanaged);
  assert.is(listed(text, 'unchanged batch'), plan.changes.filter(({ action }) => action === 'no-op').length);
  if (summary.create + summary.replace > 0) assert.is(tasksInTables(text), summary.tasks);
  assert.ok(text.split('\n')[1]!.includes(`${summary.create} to create`));
}

/** Changes of all kinds, spread over some blocks. */
function largePlan(sizes: readonly number[], perBlock: number): Plan {
  const changes = plans.EVERY_CHANGE.flatMap((change, kind) =>
    Array.from(
      { length: sizes[kind] ?? 0 },
      (_, n): Change => ({
        ...change,
        address: `block-${Math.floor(n / perBlock)}[fleet:f${n}]`,
        servers: n % 7 === 0 ? null : n % 50,
      }),
    ),
  );
  const moves = Array.from({ length: sizes[0] ?? 0 }, (_, n) => ({ from: `old-${n}`, to: `new-${n}` }));
  const unmanaged = Array.from({ length: sizes[1] ?? 0 }, (_, n) => ({
    ...plans.fullPlan().unmanaged[0]!,
    batchId: String(n),
  }));
  return plans.plan({
    changes,
    moves,
    unmanaged,
    // They overlap: what is counted together is tasks.
    summary: summarise(changes, { unmanaged, moves, skipped: [] }, Math.min(49, tasksOf(changes))),
  });
}

/** How many changes of an action have a row of their own. */
function rowsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { head, rows } of read(text).tables.filter((table) => table.head.includes('Address'))) {
    const column = head.indexOf('Changes');
    for (const row of rows) {
      const action = row[0]!.split(' ')[1]!;
      counts.set(action, (counts.get(action) ?? 0) + (column < 0 ? 1 : Number(row[column])));
    }
  }
  return counts;
}

const IN_TABLE = ['cancel', 'replace', 'missed', 'pause', 'resume', 'create', 'adopt'] as const;

/** As many rows as there is room for, in the order of what they take away; the others are said, by action. */
function assertFilled(plan: Plan, text: string, limit: number): void {
  const rows = rowsOf(text);
  const total = (action: string) => plan.changes.filter((change) => change.action === action).length;
  const shown = IN_TABLE.map((action) => rows.get(action) ?? 0);
  const firstLacking = IN_TABLE.findIndex((action, at) => shown[at]! < total(action));
  if (firstLacking === -1) return;
  for (const later of shown.slice(firstLacking + 1)) assert.is(later, 0, 'a row before those that go first');
  const [, left = ''] = /^Left out for length: the rows of (.*?)(?:, the details|;)/m.exec(text) ?? [];
  for (const [at, action] of IN_TABLE.entries()) {
    const missing = total(action) - shown[at]!;
    const said = new RegExp(`(\\d+) (?:to )?${action}\\b`).exec(left)?.[1];
    if (!left.endsWith('changes')) assert.is(Number(said ?? 0), missing, `${action} in ${left}`);
  }
  const room = limit - Buffer.byteLength(text);
  assert.ok(room < LONGEST_ROW, `${room} bytes are left for one more row`);
}

/** Of the plans here, in bytes, with what the count of the others may change by. */
const LONGEST_ROW = 260;

test('rows and what is counted add up to the summary, at every length', () => {
  const sizes = fc.array(fc.nat(60), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(
      sizes,
      fc.integer({ min: 1, max: 80 }),
      fc.constantFrom(...LIMITS),
      (all, perBlock, maxLength) => {
        const plan = largePlan([1 + all[0]!, ...all.slice(1)], perBlock);
        const text = renderMarkdown(plan, { ...VIEW, maxLength });
        assertShort(text, maxLength);
        assertLifeless(read(text));
        assertSums(plan, text);
        assertFilled(plan, text, maxLength);
      },
    ),
    { ...RUNS, numRuns: 60 },
  );
});

test('ten thousand changes in two thousand characters, and in all between', () => {
  const plan = largePlan([2000, 500, 2000, 2000, 0, 500, 500, 500, 500, 500, 500, 500], 40);
  assert.is(plan.changes.length, 10_000);
  for (const maxLength of [2000, 3000, 8000, 20_000, 60_000]) {
    const text = renderMarkdown(plan, { ...VIEW, maxLength });
    assertShort(text, maxLength);
    assertSums(plan, text);
    assertFilled(plan, text, maxLength);
    assert.match(text, /Left out for length: (?:the rows of .*, )?the details of /);
  }
});

const DAYS = Array.from({ length: 1250 }, (_, n) => n);

test('five thousand occurrences are a few rows that add up, at every length', () => {
  const changes = [
    ...plans.nights(plans.CREATE, DAYS),
    ...plans.nights(plans.CANCEL, DAYS, 'old-nights'),
    ...plans.EVERY_CHANGE,
  ];
  const skipped = DAYS.map((day) => plans.skippedNight(day));
  const plan = plans.plan({ schedules: [plans.NIGHTLY], changes, skipped });
  for (const maxLength of [2000, 3000, 60_000]) {
    const text = renderMarkdown(plan, { ...VIEW, maxLength });
    assertShort(text, maxLength);
    assertLifeless(read(text));
    assertSums(plan, text);
    assert.match(text, /1250 skipped/);
  }
  assert.ok(renderMarkdown(plan, VIEW).length < 8000);
});

test('what a schedule and a freeze are called stays text', () => {
  fc.assert(
    fc.property(hostileText, fc.constantFrom(...LIMITS), fc.boolean(), (name, maxLength, isCertain) => {
      const changes = [0, 1, 2, 3].map((day) => ({
        ...plans.night(plans.CREATE, day),
        targetText: `${name}${day}`,
        reason: name,
      }));
      const skipped = [0, 1].map((day) => plans.skippedNight(day, { freeze: name, isCertain }));
      const others = [plans.skippedNight(2, { address: name, until: Number.MAX_SAFE_INTEGER })];
      const plan = plans.plan({
        schedules: [{ ...plans.NIGHTLY, timezone: name }],
        changes,
        skipped: [...skipped, ...others],
      });
      const text = renderMarkdown(plan, { ...VIEW, maxLength });
      assertShort(text, maxLength);
      assertLifeless(read(text));
    }),
    { ...RUNS, numRuns: 200 },
  );
});

/** The cases that a person meets: floods of one kind, a few that take away among many that do not, long names. */
const FLOODS: Readonly<Record<string, Plan>> = {
  'only creates': flood([[plans.CREATE, 1500]]),
  'only cancels': flood([[plans.CANCEL, 3000]]),
  'a few cancels': flood([
    [plans.CREATE, 1440],
    [plans.CANCEL, 60],
  ]),
  'cancels and replaces': flood([
    [plans.CREATE, 900],
    [plans.REPLACE, 40],
    [plans.CANCEL, 40],
    [plans.PAUSE, 300],
  ]),
};

function flood(kinds: readonly (readonly [Change, number])[], name = 'batch'): Plan {
  const changes = kinds.flatMap(([change, count], kind) =>
    Array.from({ length: count }, (_, n): Change => ({ ...change, address: `${name}-${kind}-${n}` })),
  );
  return plans.plan({
    changes,
    summary: summarise(changes, { unmanaged: [], moves: [], skipped: [] }, tasksOf(changes)),
  });
}

for (const [name, plan] of Object.entries(FLOODS)) {
  test(`a row for each as far as there is room: ${name}`, () => {
    for (const maxLength of LIMITS) {
      const text = renderMarkdown(plan, { ...VIEW, maxLength });
      assertShort(text, maxLength);
      assertSums(plan, text);
      assertFilled(plan, text, maxLength);
    }
  });
}

test('what takes away has its row, whatever else there is', () => {
  const rows = rowsOf(renderMarkdown(FLOODS['a few cancels']!, VIEW));
  assert.is(rows.get('cancel'), 60);
  assert.ok(rows.get('create')! > 400, `${rows.get('create')} creates`);
});

test('names of many bytes cost rows, never half of one', () => {
  const long = flood(
    [
      [plans.CREATE, 300],
      [plans.CANCEL, 60],
    ],
    '日'.repeat(90),
  );
  for (const maxLength of LIMITS) {
    const text = renderMarkdown(long, { ...VIEW, maxLength });
    assertShort(text, maxLength);
    assertLifeless(read(text));
    assertSums(long, text);
  }
});

test('every list has as many of its own as there is room for, and counts the others', () => {
  const forget = plans.EVERY_CHANGE.find((change) => change.action === 'forget')!;
  const many = <T>(of: (n: number) => T): T[] => Array.from({ length: 3000 }, (_, n) => of(n));
  const unmanaged = many((n) => ({ ...plans.fullPlan().unmanaged[0]!, batchId: String(n) }));
  const cases: readonly (readonly [string, Partial<Plan>, RegExp])[] = [
    ['moved addresses', { moves: many((n) => ({ from: `old-${n}`, to: `new-${n}` })) }, /moves to/g],
    ['unmanaged batches', { unmanaged }, /^\| `\d+` \| scheduled/gm],
    ['batches to forget', { changes: many((n) => ({ ...forget, address: `b-${n}` })) }, /`b-\d+`/g],
    ['unchanged batches', { changes: many((n) => ({ ...plans.NO_OP, address: `b-${n}` })) }, /`b-\d+`/g],
  ];
  for (const [what, fields, entry] of cases) {
    const changes = [plans.CREATE, ...(fields.changes ?? [])];
    for (const maxLength of [4000, 20_000]) {
      const text = renderMarkdown(plans.plan({ ...fields, changes }), { ...VIEW, maxLength });
      const shown = text.match(entry)?.length ?? 0;
      assert.ok(text.includes(`${3000 - shown} of 3000 ${what}`), `${shown} shown: ${text.slice(0, 1500)}`);
      assert.ok(text.includes(`and ${3000 - shown} more\n`), what);
      assertShort(text, maxLength);
      assert.ok(maxLength - Buffer.byteLength(text) < 120, `${maxLength - Buffer.byteLength(text)}, ${what}`);
    }
  }
});

test('findings of drift have a row each as far as there is room, the others a count per kind', () => {
  const drift = Array.from({ length: 3000 }, (_, n) => ({
    address: `b-${n}`,
    kind: n % 3 === 0 ? ('failed' as const) : ('vanished' as const),
    batchIds: ['41'],
    count: 3,
    total: 40,
    servers: ['6268349608002583795'],
    texts: [],
  }));
  for (const maxLength of [2000, 20_000]) {
    const text = renderMarkdown(plans.plan({ mode: 'refresh-only', drift }), { ...VIEW, maxLength });
    const shown = (kind: string) => (text.match(new RegExp(`^\\| ${kind} \\| \``, 'gm')) ?? []).length;
    const more = (kind: string) => Number(new RegExp(`^\\| ${kind} \\| (\\d+)`, 'm').exec(text)?.[1] ?? 0);
    assert.is(shown('vanished') + more('vanished'), 2000);
    assert.is(shown('failed') + more('failed'), 1000);
    assert.match(text, `the rows of ${3000 - shown('vanished') - shown('failed')} findings`);
    assert.ok(maxLength - Buffer.byteLength(text) < 150);
  }
});

test('details go before rows, and what went is said with numbers that add up', () => {
  const sizes = [30, 0, 30, 30];
  const plan = largePlan(sizes, 1);
  const whole = renderMarkdown(plan, VIEW);
  assert.not.match(whole, /Left out/);
  const shorter = renderMarkdown(plan, { ...VIEW, maxLength: Buffer.byteLength(whole) - 1000 });
  assert.equal(read(shorter).tables[0], read(whole).tables[0]);
  const [, left = ''] = /Left out for length: (.*); see/.exec(shorter) ?? [];
  for (const action of ['create', 'replace', 'cancel']) {
    const kept = new RegExp(`Details: (\\d+)(?: of 30)? to ${action}`).exec(shorter)?.[1] ?? 0;
    const gone = new RegExp(`details of (\\d+) to ${action}`).exec(left)?.[1] ?? 0;
    assert.is(Number(kept) + Number(gone), 30, action);
  }
});

test('in the brief form, too, the details that are shown are not counted as left out', () => {
  const names = Array.from({ length: 5 }, (_, n) => `${'日'.repeat(60)}-${n}`);
  const { scope } = plans.fullPlan();
  const changes = [plans.CREATE, plans.CANCEL, plans.PAUSE, plans.REPLACE].flatMap((change) => [
    change,
    { ...change, address: 'another', reason: `${change.reason}, too` },
  ]);
  const drift = [
    { address: 'a', kind: 'failed', batchIds: ['41'], count: 9, total: 40, servers: ['7'], texts: [] },
  ] as const;
  const seen = new Set<boolean>();
  for (const found of [[], drift]) {
    for (let maxLength = 2000; maxLength < 2900; maxLength += 25) {
      const plan = plans.plan({
        changes,
        drift: found,
        scope: { ...scope, targets: names, excludes: names },
      });
      const text = renderMarkdown(plan, { ...VIEW, maxLength });
      assertShort(text, maxLength);
      const kept = [...text.matchAll(/>Details: (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
      const [, left = ''] = /^Left out for length: (.*); see/m.exec(text) ?? [];
      const gone = [...left.matchAll(/details of (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
      assert.is(kept + gone, changes.length, `${maxLength}: ${kept} shown, but: ${left}`);
      const isFoldShown = text.includes('>Game servers of 1 finding');
      assert.is(isFoldShown || left.includes('the game servers of 1 finding'), found.length > 0);
      if (kept > 0 && /details of \d+ changes/.test(left)) seen.add(found.length > 0);
    }
  }
  assert.is(seen.size, 2, 'some are shown and some are not, without findings and with them');
});

test('a flood of findings leaves room for the numbers', () => {
  const diagnostics = Array.from({ length: 500 }, (_, n) => ({
    severity: n % 2 === 0 ? ('error' as const) : ('warning' as const),
    code: 'x',
    message: `日本語 ${'`'.repeat(40)} ${n} `.repeat(40),
    hint: 'ﬀ'.repeat(400),
  }));
  for (const maxLength of LIMITS) {
    const text = renderMarkdown(plans.plan({ changes: plans.EVERY_CHANGE, diagnostics }), {
      ...VIEW,
      maxLength,
    });
    assertShort(text, maxLength);
    const shown = (severity: string) => (text.match(new RegExp(`^- \\*\\*${severity}:`, 'gm')) ?? []).length;
    assert.is(shown('error') + listed(text, '(more )?errors?[,:] (?!nothing)'), 250);
    assert.is(shown('warning') + listed(text, '(more )?warnings?:'), 250);
  }
});

test('no plan is too much for the shortest comment', () => {
  const many = <T>(one: T): T[] => Array.from({ length: 1000 }, () => one);
  const long = '日'.repeat(300);
  const count = 900_000_000;
  const tasks = {
    pending: count,
    running: count,
    paused: count,
    done: count,
    failed: 0,
    cancelled: 0,
    unknown: count,
  };
  const kinds = ['cancelled', 'paused', 'resumed', 'failed', 'vanished', 'uncovered'] as const;
  const changes = plans.EVERY_CHANGE.flatMap((change) => {
    const servers = [count, null].map((some) => ({ ...change, address: long, servers: some }));
    return servers.map((one) => ('tasks' in one ? { ...one, tasks } : one)).flatMap(many) as Change[];
  });
  const moves = many({ from: long, to: long });
  const plan = plans.plan({
    name: long,
    api: long,
    at: '2026-12-24T12:00:00Z',
    mode: 'destroy',
    scope: {
      targets: many(long),
      excludes: many(long),
      replaces: many(long),
      refresh: false,
      assumeMissing: true,
      allowEmpty: true,
    },
    changes,
    moves,
    drift: kinds.flatMap((kind) =>
      many({ address: long, kind, batchIds: [], count, total: count, servers: [], texts: [] }),
    ),
    diagnostics: many({ severity: 'error', code: 'x', message: long }),
    summary: summarise(changes, { unmanaged: [], moves, skipped: [] }, tasksOf(changes)),
  });
  const text = renderMarkdown(plan, { ...VIEW, maxLength: 2000 });
  assertShort(text, 2000);
  assertLifeless(read(text));
  assert.match(text, /Destroy:/);
  assert.match(text, /^\*\*Plan: 4000 to create, 2000 to replace, 4000 to cancel, .*1000 errors: nothing/m);
});

test.run();
